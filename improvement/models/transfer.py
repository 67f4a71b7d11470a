"""Application at work after a course: the if-then plan and the questions of days 30, 60 and 90 (decisions 17)."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import LearnerQuerySet
from improvement.enums import Barrier, TransferAnswerChoice, TransferDay


class TransferPlan(models.Model):
    """*Bila* situation, *saya akan* action, *mulai* date. One per completed enrolment."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="transfer_plans")
    enrolment = models.OneToOneField("courses.Enrolment", models.PROTECT, related_name="transfer_plan")
    situation = models.CharField(_("When"), max_length=300)
    action = models.CharField(_("I will"), max_length=300)
    starts_on = models.DateField(_("From"))
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = LearnerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.action


class TransferQuestion(models.Model):
    """A question of day 30, 60 or 90 that opens on its day while the gap awaits its review."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="transfer_questions")
    enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT, related_name="transfer_questions")
    gap = models.ForeignKey("performance.Gap", models.PROTECT, null=True, blank=True, related_name="transfer_questions")
    day = models.CharField(max_length=2, choices=TransferDay.choices)
    opens_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=10, choices=TransferAnswerChoice.choices, blank=True)
    barrier = models.CharField(_("Barrier"), max_length=10, choices=Barrier.choices, blank=True)
    example = models.CharField(_("One example"), max_length=500, blank=True)
    help_offered = models.CharField(_("One helpful act"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        ordering = ["opens_on", "pk"]
        constraints = [models.UniqueConstraint("enrolment", "day", Coalesce("gap", 0), name="transfer_question_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} day {self.day}"
