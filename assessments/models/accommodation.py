"""What one person is given in every quiz because she needs it (time, attempts): the right to fair conditions, UU 8/2016 art. 24."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccommodationQuerySet(models.QuerySet):
    def running(self, *, on):
        """Those in force on the day ``on``."""
        return self.filter(Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on), ended_at__isnull=True)


class Accommodation(models.Model):
    """Effective for all quizzes of one person. ``reason`` is private: only the HR screen that grants it shows it, never a trainer's page."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="accommodations")
    time_percent = models.PositiveSmallIntegerField(_("Time in percent of the limit"), default=100, help_text=_("150 means one and a half times."))
    has_no_time_limit = models.BooleanField(_("No time limit"), default=False)
    extra_attempts = models.PositiveSmallIntegerField(_("Attempts more in each quiz"), default=0)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True, help_text=_("Empty: until it is ended."))
    reason = models.TextField(_("Reason"), help_text=_("Only HR reads it. Write what is needed, not a diagnosis."))
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.Account", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="accommodation_one_open"),
            models.CheckConstraint(condition=Q(time_percent__gte=100), name="accommodation_never_less_time"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.time_percent} %"
