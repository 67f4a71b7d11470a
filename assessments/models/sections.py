"""Parts of a quiz, in their order: a heading, a few words, its own pool and how many of it are drawn."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import Difficulty


class QuizSection(models.Model):
    """With ``has_source`` its pool is also what the bank holds on a shelf (that of the quiz, or ``shelf``) with this tag, objective and
    difficulty when the quiz is published. Questions of the pool that stand in no section form the beginning of the quiz."""

    quiz = models.ForeignKey("assessments.Quiz", models.CASCADE, related_name="sections")
    sort_order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("Title"), max_length=120)
    introduction = models.TextField(_("Introduction"), blank=True)
    is_case = models.BooleanField(_("Case study: the introduction stands above every question of this part"), default=False)
    draw = models.PositiveSmallIntegerField(_("Questions drawn"), null=True, blank=True, validators=[MinValueValidator(1)],
                                            help_text=_("Empty: all of this part."))
    has_source = models.BooleanField(_("Take questions from the bank by themselves"), default=False,
                                     help_text=_("What fits when the quiz is published becomes part of this version."))
    shelf = models.ForeignKey("wagtailcore.Collection", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Shelf"))
    tag = models.CharField(_("Tag"), max_length=100, blank=True)
    objective = models.ForeignKey("assessments.Objective", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Objective"))
    difficulty = models.PositiveSmallIntegerField(_("Difficulty"), null=True, blank=True, choices=Difficulty.choices)

    class Meta:
        verbose_name = _("part of a quiz")
        verbose_name_plural = _("parts of a quiz")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.title
