"""How a source system codes ratings and predicates: the same number means different things in different systems."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceProfile(models.Model):
    """``rating_codes`` and ``predicate_codes`` map the code as text (``"1"``) to our value (``"above"``, ``"very_good"``).

    A bare number is read only when the importing person declares the profile; the product never guesses one.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    rating_codes = models.JSONField(default=dict)
    predicate_codes = models.JSONField(default=dict, blank=True)
    remarks = models.CharField(_("Remarks"), max_length=300, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        verbose_name = _("source profile")
        verbose_name_plural = _("source profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
