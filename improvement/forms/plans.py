"""H9: the plan of a cell."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from improvement.forms.fields import day_field
from improvement.models import RemedyRule


class PlanOfCellForm(forms.ModelForm):
    within_days = forms.IntegerField(
        label=_("Talk within days"), required=False, min_value=1, max_value=365, help_text=_("Empty: without a date.")
    )
    improvement_months = forms.IntegerField(
        label=_("Time to improve in months"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("HR reads until which day it lasts, counted from the finding. Empty: no such time."),
    )
    valid_from = day_field(_("Valid from"), required=False)
    valid_to = day_field(_("Valid to"), required=False)

    class Meta:
        model = RemedyRule
        fields = ("within_days", "improvement_months", "note", "legal_basis", "valid_from", "valid_to")


class LaterPlanForm(PlanOfCellForm):
    valid_from = day_field(_("Valid from"), help_text=_("The present row ends the day before."))
