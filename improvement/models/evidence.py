"""Evidence on a gap and reviews by a person: snapshots with kind, id and SHA-256, no foreign key upwards (decisions 4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from improvement.enums import ReviewVerdict
from improvement.models.remedy import ByGapQuerySet


class Evidence(models.Model):
    """A thing that happened for a gap: assignment, completion, certificate, guidance, transfer answer, review."""

    gap = models.ForeignKey("performance.Gap", models.PROTECT, related_name="deeds")
    kind = models.CharField(max_length=30)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    snapshot = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = ByGapQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["gap", "kind", "object_kind", "object_id"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.gap}: {self.kind}"


class Review(models.Model):
    """A re-evaluation by somebody other than the learner: an internal finding with evidence (decisions 18)."""

    gap = models.ForeignKey("performance.Gap", models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=ReviewVerdict.choices)
    finding = models.TextField(_("What was seen"), max_length=1000)
    value = models.DecimalField(_("Measured value"), max_digits=14, decimal_places=4, null=True, blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ByGapQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.gap}: {self.verdict}"


class UnitSummary(models.Model):
    """Precomputed figures of a unit and everything below it, for HR's overview (70,000 people in <= 2 s)."""

    unit = models.OneToOneField("people.OrgUnit", models.CASCADE, related_name="summary")
    figures = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit}"
