"""Where a person works, in which post, under whom, from when to when (decisions 9)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PlacementQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ends_on__isnull=True)

    def on(self, day):
        """The placement that held on ``day`` (an unknown start counts as *before our records*)."""
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day)).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def visible_to(self, user):
        from people.models.account import Account

        return self.filter(person__in=Account.objects.visible_to(user))


class Placement(models.Model):
    person = models.ForeignKey("people.Account", models.CASCADE, related_name="placements")
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, related_name="placements")
    position = models.ForeignKey("people.Position", models.PROTECT, related_name="placements", null=True, blank=True)
    superior = models.ForeignKey("people.Account", models.SET_NULL, related_name="staff_placements", null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True, help_text=_("Empty: before our records."))
    ends_on = models.DateField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ends_on__isnull=True), name="placement_one_open",
                                    violation_error_message=_("This person already has a current placement.")),
            models.CheckConstraint(condition=Q(superior__isnull=True) | ~Q(superior=F("person")), name="placement_superior_not_self",
                                   violation_error_message=_("Nobody is her own superior.")),
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                                   name="placement_dates_in_order", violation_error_message=_("The end lies before the start.")),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"
