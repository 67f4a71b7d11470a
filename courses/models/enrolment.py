"""A person in a course: precomputed progress, completion, and the ledger of learning hours."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.enums import DevelopmentForm, EnrolmentOrigin, EnrolmentState
from people.models import Placement, scope_of
from performance.models.standards import EVER


def learners_of(user) -> Q | None:
    """Q on field ``person`` for learning data: oneself, direct staff, own HR units; everybody for central HR and auditors."""
    if not getattr(user, "is_authenticated", False):
        return None
    scope = scope_of(user)
    if scope.has("hr_central", "auditor"):
        return Q()
    staff = Q(superior_id=user.pk)
    for path in scope.hr_paths:
        staff |= Q(unit__path__startswith=path)
    return Q(person_id=user.pk) | Q(person_id__in=Placement.objects.filter(staff, ends_on__isnull=True).values("person_id"))


class LearnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        wanted = learners_of(user)
        return self.none() if wanted is None else self.filter(wanted)


class EnrolmentQuerySet(LearnerQuerySet):
    def running(self):
        return self.filter(state__in=[EnrolmentState.NOT_STARTED, EnrolmentState.ACTIVE])

    def overdue(self, *, on):
        return self.running().filter(due_on__lt=on)


class Enrolment(models.Model):
    """Tied to the release the person began (decisions 21). Progress changes in the transaction of the event that changes it."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="enrolments")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="enrolments")
    release = models.ForeignKey("courses.CourseRelease", models.PROTECT, related_name="enrolments")
    origin = models.CharField(max_length=8, choices=EnrolmentOrigin.choices, default=EnrolmentOrigin.SELF)
    state = models.CharField(max_length=11, choices=EnrolmentState.choices, default=EnrolmentState.NOT_STARTED)
    due_on = models.DateField(null=True, blank=True)
    done_positions = models.JSONField(default=list, help_text="Positions of finished lessons, sorted.")
    percent = models.PositiveSmallIntegerField(default=0)
    resume_position = models.PositiveSmallIntegerField(default=1)
    resume_anchor = models.CharField(max_length=60, blank=True)
    best_score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    pre_score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    is_quiz_passed = models.BooleanField(default=False)
    has_no_pre_test_left = models.BooleanField(default=False, help_text=_("The pre-test was used before she came back; it is left out."))
    has_no_attempt_left = models.BooleanField(default=False, help_text=_("All attempts of the final quiz are used; a trainer may grant one."))
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"], condition=Q(state__in=["not_started", "active"]), name="enrolment_one_running"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="enrolment_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.release}"

    @property
    def is_running(self) -> bool:
        return self.state in (EnrolmentState.NOT_STARTED, EnrolmentState.ACTIVE)

    @property
    def is_completed(self) -> bool:
        return self.state == EnrolmentState.COMPLETED

    @property
    def look(self) -> str:
        """The state as ``state_chip`` knows it."""
        return "in_progress" if self.state == EnrolmentState.ACTIVE else self.state

    @property
    def context_key(self) -> str:
        """What ``assessments`` knows of it."""
        return f"enrolment:{self.pk}"


class LessonEvent(models.Model):
    """Append-only: a check question answered or a lesson finished."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="events")
    lesson = models.ForeignKey("courses.ReleasedLesson", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=[("check", "check"), ("done", "done")])
    check_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], condition=Q(kind="done"), name="lesson_done_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind}"


class Completion(models.Model):
    """The fact that a course was completed; the snapshot of what was proved."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="completion")
    person = models.ForeignKey("people.Account", models.PROTECT, related_name="completions")
    course = models.ForeignKey("courses.CoursePage", models.PROTECT, related_name="completions")
    release = models.ForeignKey("courses.CourseRelease", models.PROTECT, related_name="completions")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    attempt_id = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField()

    objects = LearnerQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} · {self.release}"


class LearningHours(models.Model):
    """The JP ledger in minutes: entries and reversals, no edits (domain.md §3.2). ``year`` in Asia/Jakarta."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="learning_hours")
    form = models.CharField(max_length=12, choices=DevelopmentForm.choices, default=DevelopmentForm.ELEARNING)
    title = models.CharField(max_length=255)
    minutes = models.IntegerField(help_text=_("Negative in a reversal."))
    uncapped_minutes = models.IntegerField()
    key = models.CharField(max_length=120, unique=True, help_text="One entry per (person, course, validity cycle).")
    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    completed_on = models.DateField()
    year = models.PositiveSmallIntegerField()
    is_assigned = models.BooleanField(default=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning hours")
        verbose_name_plural = _("learning hours")
        ordering = ["-completed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, minutes__gt=0) | Q(reverses__isnull=False, minutes__lt=0), name="hours_sign"
            ),
            models.CheckConstraint(condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")), name="hours_not_self"),
        ]
        indexes = [models.Index(fields=["person", "year"], name="hours_person_year")]

    def __str__(self) -> str:
        return f"{self.title}: {self.minutes} min"


class HoursTarget(models.Model):
    """Yearly figures by status: PNS at least 20 JP; PPPK 24 JP as a warning on assigned hours, never a block."""

    status = models.CharField(max_length=12)
    is_minimum = models.BooleanField(help_text=_("False: a ceiling that only warns."))
    jp = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("status", "is_minimum", Coalesce("valid_from", EVER), name="hours_target_once")]

    def __str__(self) -> str:
        return f"{self.status}: {self.jp} JP"
