"""A second pair of eyes on a question: asked for, given, with words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import ReviewVerdict
from assessments.models.bank import AppendOnly


class QuestionReview(AppendOnly):
    """One step of the review of one version. A new version begins without any: what was agreed on is what was read."""

    version = models.ForeignKey("assessments.QuestionVersion", models.CASCADE, related_name="reviews")
    verdict = models.CharField(max_length=8, choices=ReviewVerdict.choices)
    words = models.TextField(_("Words"), blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.verdict}"
