"""A gap is a finding: what was measured lies below what is expected. It knows nothing of training."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from performance.enums import FINAL_STATUSES, Cause, ContextKind, GapKind, GapStatus, Severity
from performance.models.evaluation import ByPersonQuerySet
from performance.models.standards import LegalRow, dates_in_order


class GapRule(LegalRow):
    """When misses become a gap (decisions 14). A row is switched on only after its simulation was shown."""

    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(
        _("Kind"),
        max_length=10,
        choices=[(k, label) for k, label in GapKind.choices if k in ("result", "behaviour", "indicator")],
    )
    indicators = models.ManyToManyField(
        "performance.Indicator", blank=True, related_name="gap_rules", help_text=_("None chosen: all indicators.")
    )
    consecutive_misses = models.PositiveSmallIntegerField(_("Consecutive misses"), default=1)
    cool_down_days = models.PositiveSmallIntegerField(_("Cool-down in days"), default=0)
    evidence_months = models.PositiveSmallIntegerField(_("Evidence window in months"), default=18)
    medium_from = models.DecimalField(_("Medium distance from (%)"), max_digits=5, decimal_places=2, default=10)
    large_from = models.DecimalField(_("Large distance above (%)"), max_digits=5, decimal_places=2, default=25)
    is_active = models.BooleanField(_("Switched on"), default=False)
    default_remedies = models.JSONField(default=list, blank=True, help_text='e.g. ["guidance", "course"], domain.md §1.6')

    class Meta:
        verbose_name = _("gap rule")
        verbose_name_plural = _("gap rules")
        constraints = [
            models.CheckConstraint(condition=Q(consecutive_misses__gte=1), name="rule_misses_positive"),
            models.CheckConstraint(
                condition=Q(large_from__gte=F("medium_from")),
                name="rule_bands_in_order",
                violation_error_message=_("The band for a large distance must not start below the medium band."),
            ),
            dates_in_order("rule_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class GapQuerySet(ByPersonQuerySet):
    def unfinished(self):
        return self.exclude(status__in=FINAL_STATUSES)

    def cases(self):
        """Gaps that stand for themselves (``Gap.is_case``, asked of the database)."""
        outlived = Q(parent__status__in=FINAL_STATUSES) & ~Q(status__in=FINAL_STATUSES)
        return self.filter(Q(parent__isnull=True) | outlived)


class Gap(models.Model):
    """Result and behaviour gaps are cases; indicator gaps of the same evaluation are children of the result gap (decisions 15).

    At most one non-final gap per (person, kind, indicator): partial unique constraints (decisions 16).
    """

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="gaps")
    kind = models.CharField(max_length=10, choices=GapKind.choices)
    indicator = models.ForeignKey("performance.Indicator", models.PROTECT, null=True, blank=True, related_name="gaps")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    former = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    rule = models.ForeignKey(GapRule, models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=15, choices=GapStatus.choices, default=GapStatus.OPEN)
    opened_by = models.ForeignKey("performance.Evaluation", models.PROTECT, related_name="opened_gaps")
    last_missed_period = models.ForeignKey("performance.EvaluationPeriod", models.PROTECT, related_name="+")
    misses = models.PositiveSmallIntegerField(default=1)
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    # The measured facts at the last miss, so that a list needs no join.
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)
    cause_note = models.CharField(max_length=300, blank=True)
    cause_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    cause_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    addressed_at = models.DateTimeField(null=True, blank=True)
    awaiting_since = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_evaluation = models.ForeignKey(
        "performance.Evaluation", models.PROTECT, null=True, blank=True, related_name="closed_gaps"
    )
    judged_by = models.ForeignKey("performance.Evaluation", models.PROTECT, null=True, blank=True, related_name="judged_gaps")
    closing_reason = models.CharField(max_length=300, blank=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(indicator__isnull=True) & ~Q(status__in=["improved", "waived"]),
                name="gap_one_open_case",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "indicator"],
                condition=Q(indicator__isnull=False) & ~Q(status__in=["improved", "waived"]),
                name="gap_one_open_indicator",
            ),
            models.CheckConstraint(
                condition=Q(kind="indicator", indicator__isnull=False) | ~Q(kind="indicator"), name="gap_indicator_named"
            ),
        ]
        indexes = [models.Index(fields=["status", "kind"], name="gap_status_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    @property
    def is_case(self) -> bool:
        """What is shown, counted and talked about by itself: a gap without a parent, and an unfinished one whose parent is closed."""
        return self.parent_id is None or (self.parent.is_final and not self.is_final)


class GapEvidence(models.Model):
    """Each evaluation that spoke about the gap: a miss that opened or added to it, or the measurement that judged it."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="evidence")
    evaluation = models.ForeignKey("performance.Evaluation", models.PROTECT, related_name="gap_evidence")
    is_miss = models.BooleanField()
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["gap", "evaluation"], name="gap_evidence_once")]

    def __str__(self) -> str:
        return f"{self.gap}: {'miss' if self.is_miss else 'met'}"


class GapChangeQuerySet(models.QuerySet):
    def judgements(self):
        """The gap was found improved or persisting, or ended without measurement; each owes the record one entry."""
        return self.filter(to_status__in=(GapStatus.PERSISTING, *FINAL_STATUSES), is_reversal=False)


class GapChange(models.Model):
    """Every change of status, append-only: from, to, who, why. ``is_reversal``: a confirmation was taken back, no transition of decisions 17."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=15, blank=True)
    to_status = models.CharField(max_length=15, choices=GapStatus.choices)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    is_reversal = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = GapChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.gap}: {self.to_status}"


class GapContext(models.Model):
    """The person's own words on a gap: context or an objection (L7); answered by superior or HR."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="contexts")
    kind = models.CharField(max_length=9, choices=ContextKind.choices)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.gap}: {self.get_kind_display()}"
