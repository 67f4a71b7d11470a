"""Grades that people give."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HandGrade(models.Model):
    """One person's grade of one answer. A draft (``slot`` empty) is saved as she goes and may change; a given grade holds a slot and never
    changes: 1, 2 where two graders are wanted, 3 where those two were far apart and a third decides.

    ``given`` holds the points by criterion in the order of the rubric; ``percent`` is the share of 100 that they, or she herself, make it.
    """

    attempt = models.ForeignKey("assessments.Attempt", models.PROTECT, related_name="hand_grades")
    version = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, related_name="+")
    grader = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    given = models.JSONField(default=list, blank=True)
    comment = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "version", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "version", "grader"], name="hand_grade_once_a_grader"),
            models.UniqueConstraint(fields=["attempt", "version", "slot"], condition=Q(slot__isnull=False), name="hand_grade_once_a_slot"),
            models.CheckConstraint(condition=Q(slot__isnull=True) | Q(percent__isnull=False), name="hand_grade_given_has_percent"),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100), name="hand_grade_percent",
                                   violation_error_message=_("A grade lies between 0 and 100 %.")),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.version_id}: {self.percent}"
