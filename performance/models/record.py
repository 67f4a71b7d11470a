"""The improvement record: append-only history of what changed (not the official e-Kinerja record, domain.md §0.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from performance.enums import RecordKind, RecordState
from performance.models.evaluation import ByPersonQuerySet


class PerformanceRecord(models.Model):
    """One entry: before, after, evidence, who, when. Proposed first; final on acknowledgement or after 7 days (decisions 20).

    ``evidence`` is a list of ``{"kind", "id", "sha256", "snapshot"}``; ``done_before`` says what had been done before the
    measurement: ``["none"]`` or any of ``guidance``, ``counselling``, ``course``; so that nobody credits training for chance.
    """

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="performance_records")
    kind = models.CharField(max_length=10, choices=RecordKind.choices)
    key = models.CharField(max_length=120, unique=True)
    gap = models.ForeignKey("performance.Gap", models.PROTECT, null=True, blank=True, related_name="records")
    summary = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    done_before = models.JSONField(default=list)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RecordState.choices, default=RecordState.PROPOSED)
    final_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    person_note = models.TextField(_("Your note"), max_length=2000, blank=True)

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance record")
        verbose_name_plural = _("performance records")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.summary
