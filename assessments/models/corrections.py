"""Keys that were corrected after people answered, and what became of each result."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import Ruling
from assessments.models.bank import AppendOnly


class KeyCorrection(AppendOnly):
    """One correction of the key of one version. ``before`` and ``after`` = ``{"key", "explanation", "feedback", "ruling"}``, the whole secret
    half; what learners were shown (the version) stays as it is."""

    version = models.ForeignKey("assessments.QuestionVersion", models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=4, choices=Ruling.choices)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(_("Reason"))
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "-number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="key_correction_once")]

    def __str__(self) -> str:
        return f"{self.version} key {self.number}"


class Regrade(AppendOnly):
    """What a correction changed in one attempt; attempts in which it changes nothing have none. Scores are empty where a person's grade is
    still awaited. ``keeps_pass``: the points would no longer do, the pass stays. ``told_at``: when its person got the notice."""

    attempt = models.ForeignKey("assessments.Attempt", models.PROTECT, related_name="regrades")
    correction = models.ForeignKey(KeyCorrection, models.PROTECT, related_name="regrades")
    fraction_before = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    fraction_after = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    score_before = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score_after = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    points_before = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    points_after = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    is_passed_before = models.BooleanField(null=True)
    is_passed_after = models.BooleanField(null=True)
    keeps_pass = models.BooleanField(default=False)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt", "pk"]
        constraints = [models.UniqueConstraint(fields=["attempt", "correction"], name="regrade_once")]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.score_before} -> {self.score_after}"
