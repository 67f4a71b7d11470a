"""Evaluations of persons and their scores per indicator."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Placement, scope_of
from performance.enums import Direction, EvaluationSource, EvaluationState, Predicate, Rating


def person_scope(user, prefix: str) -> Q | None:
    """Q over rows whose person (field path ``prefix``) ``user`` may read performance data of: oneself, direct staff, own HR and
    evaluator units; ``Q()`` for central HR and auditors; None for nobody. The technical administrator sees none."""
    if not getattr(user, "is_authenticated", False):
        return None
    scope = scope_of(user)
    if scope.has("hr_central", "auditor"):
        return Q()
    staff = Q(superior_id=user.pk)
    for path in scope.unit_paths:
        staff |= Q(unit__path__startswith=path)
    open_placements = Placement.objects.filter(staff, ends_on__isnull=True)
    return Q(**{f"{prefix}_id": user.pk}) | Q(**{f"{prefix}_id__in": open_placements.values("person_id")})


class ByPersonQuerySet(models.QuerySet):
    """Rows that belong to a person (field ``person``)."""

    def visible_to(self, user):
        wanted = person_scope(user, "person")
        return self.none() if wanted is None else self.filter(wanted)


class EvaluationQuerySet(ByPersonQuerySet):
    def visible_to(self, user):
        """As for every performance row; besides, an appraiser sees what stands under her name. A draft is seen by its author only."""
        wanted = person_scope(user, "person")
        if wanted is None:
            return self.none()
        readable = wanted | Q(appraiser_id=user.pk) if wanted else Q()  # an empty Q means all of them
        return self.filter(readable).filter(~Q(state=EvaluationState.DRAFT) | Q(created_by_id=user.pk))

    def final(self):
        return self.filter(state=EvaluationState.FINAL)

    def in_date_order(self):
        return self.order_by("period__starts_on", "period__ends_on", "pk")


class Evaluation(models.Model):
    """One person, one period, two ratings. Frozen once final: a correction is a new version with a reason (decisions 13)."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="evaluations")
    period = models.ForeignKey("performance.EvaluationPeriod", models.PROTECT, related_name="evaluations")
    source = models.CharField(max_length=8, choices=EvaluationSource.choices, default=EvaluationSource.IMPORTED)
    state = models.CharField(max_length=10, choices=EvaluationState.choices, default=EvaluationState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    reason = models.CharField(_("Reason of the correction"), max_length=300, blank=True)
    result_rating = models.CharField(_("Work result"), max_length=5, choices=Rating.choices, blank=True)
    behaviour_rating = models.CharField(_("Work behaviour"), max_length=5, choices=Rating.choices, blank=True)
    predicate = models.CharField(
        _("Predicate"), max_length=20, choices=Predicate.choices, blank=True, help_text=_("As imported, never computed by us.")
    )
    is_contradictory = models.BooleanField(default=False, help_text=_("The predicate does not follow from the 3x3 table."))
    appraiser = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="appraised")
    appraiser_name = models.CharField(max_length=150, blank=True)
    unit = models.ForeignKey("people.OrgUnit", models.SET_NULL, null=True, blank=True, related_name="+")
    position_name = models.CharField(max_length=200, blank=True)
    remarks = models.TextField(_("Remarks"), blank=True)
    import_run = models.ForeignKey("people.ImportRun", models.SET_NULL, null=True, blank=True, related_name="evaluations")
    content_hash = models.CharField(
        max_length=64, blank=True, help_text="Ratings, predicate, appraiser and scores, to tell an unchanged row."
    )
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    finalised_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-period__starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period", "source"], condition=Q(state="final"), name="evaluation_one_final"
            ),
            models.UniqueConstraint(fields=["person", "period", "source", "version"], name="evaluation_version_once"),
        ]
        indexes = [models.Index(fields=["period", "state"], name="evaluation_period_state")]

    def __str__(self) -> str:
        return f"{self.person} · {self.period}"

    @property
    def is_internal(self) -> bool:
        return self.source == EvaluationSource.INTERNAL


class Score(models.Model):
    """One indicator of one evaluation. ``distance`` = how far the realisation misses the target, in % of it (0 when met)."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="scores")
    indicator = models.ForeignKey("performance.Indicator", models.PROTECT, related_name="scores")
    target = models.DecimalField(max_digits=14, decimal_places=4)
    realisation = models.DecimalField(max_digits=14, decimal_places=4)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    is_met = models.BooleanField()
    distance = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, help_text="null: target 0, severity by hand"
    )
    sample_size = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "indicator"], name="score_once")]
        ordering = ["indicator__name"]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.realisation}"
