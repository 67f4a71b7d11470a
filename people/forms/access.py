"""A3: giving a role."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from people.domain.grants import grantable_roles
from people.domain.organisation import unit_choices
from people.enums import Role
from people.models import Account, OrgUnit


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=OrgUnit.objects.none(),
        required=False,
        help_text=_("HR of a unit and evaluators need one; the role holds for it and all units below."),
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, by: Account, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = grantable_roles(by)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in allowed]
        units = OrgUnit.objects.order_by("path")
        self.fields["unit"].queryset = units
        self.fields["unit"].choices = [("", _("Everywhere")), *unit_choices(units)]
