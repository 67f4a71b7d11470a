"""From gap to remedy: default plans per cell, proposals with their reasons, assignments that a person confirmed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import LearnerQuerySet
from improvement.enums import AssignmentState, ProposalState, Remedy, RequestKind, RequestState
from performance.enums import Rating
from performance.models import person_scope
from performance.models.standards import EVER, LegalRow, dates_in_order


class RemedyRule(LegalRow):
    """Default plan of one cell (domain.md §1.6); configurable, never law: by when one talks, how long there is time to improve, and what
    whoever decides reads with it. Which remedies are offered at all is said by the gap rule (``GapRule.default_remedies``)."""

    result_rating = models.CharField(max_length=5, choices=Rating.choices)
    behaviour_rating = models.CharField(max_length=5, choices=Rating.choices)
    note = models.CharField(_("Advice to whoever decides"), max_length=300, blank=True)
    within_days = models.PositiveSmallIntegerField(_("Talk within days"), null=True, blank=True)
    improvement_months = models.PositiveSmallIntegerField(_("Time to improve in months"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "result_rating",
                "behaviour_rating",
                Coalesce("valid_from", EVER),
                name="remedy_rule_once",
                violation_error_message=_("This cell has a plan with this beginning already."),
            ),
            dates_in_order("remedy_rule_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.result_rating} x {self.behaviour_rating}"


class ByGapQuerySet(models.QuerySet):
    """Rows of a gap (field ``gap``)."""

    def visible_to(self, user):
        wanted = person_scope(user, "gap__person")
        return self.none() if wanted is None else self.filter(wanted)


class Proposal(models.Model):
    """One remedy proposed for a gap, with the stored reason (decisions 19). At most three courses a gap."""

    gap = models.ForeignKey("performance.Gap", models.PROTECT, related_name="proposals")
    remedy = models.CharField(max_length=12, choices=Remedy.choices)
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, null=True, blank=True, related_name="+")
    release = models.ForeignKey("courses.CourseRelease", models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(default=1)
    reason = models.JSONField(default=dict, help_text="indicator, value, target, period, level, jp: what was true when it was proposed")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    decision_reason = models.CharField(max_length=300, blank=True)

    objects = ByGapQuerySet.as_manager()

    class Meta:
        ordering = ["gap", "rank"]
        constraints = [
            models.UniqueConstraint("gap", "remedy", Coalesce("course", 0), condition=Q(state="proposed"), name="proposal_once"),
            models.CheckConstraint(condition=Q(remedy="course", course__isnull=False) | ~Q(remedy="course"), name="proposal_course_named"),
        ]

    def __str__(self) -> str:
        return f"{self.gap}: {self.get_remedy_display()}"


class BulkAssignment(models.Model):
    """One deed for many people; undone as one within 10 minutes."""

    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="+")
    criteria = models.JSONField(default=dict)
    reason = models.CharField(_("Reason in plain words"), max_length=500)
    due_on = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="bulk_assignments")
    created_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.course} x {self.count}"


class AssignmentQuerySet(LearnerQuerySet):
    def active(self):
        return self.filter(state=AssignmentState.ACTIVE)

    def standing(self):
        """What counts as having been given: everything but what was taken back within the undo time."""
        return self.exclude(state=AssignmentState.UNDONE)

    def overdue(self, *, on):
        return self.active().filter(due_on__lt=on)

    def may_be_taken_back(self, *, at):
        """Within the undo time: nobody has been told yet."""
        return self.active().filter(undo_until__gt=at)


class TrainingAssignment(models.Model):
    """A course given to a person, by a person, with a reason; for a gap or without one."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="assignments")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="assignments")
    enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT, null=True, blank=True, related_name="assignments")
    gap = models.ForeignKey("performance.Gap", models.PROTECT, null=True, blank=True, related_name="assignments")
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, blank=True, related_name="assignment")
    bulk = models.ForeignKey(BulkAssignment, models.PROTECT, null=True, blank=True, related_name="assignments")
    state = models.CharField(max_length=10, choices=AssignmentState.choices, default=AssignmentState.ACTIVE)
    reason = models.CharField(max_length=500)
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    undo_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("training assignment")
        verbose_name_plural = _("training assignments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint("person", "course", Coalesce("gap", 0), condition=Q(state="active"), name="assignment_one_active"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.course}"


class LearnerRequest(models.Model):
    """The learner asks for another course or date, or adds context, to an assignment."""

    assignment = models.ForeignKey(TrainingAssignment, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    text = models.TextField(max_length=1000)
    wanted_on = models.DateField(null=True, blank=True)
    wanted_course = models.ForeignKey("courses.CoursePage", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["assignment"], condition=Q(state="open"), name="request_one_open")]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_kind_display()}"
