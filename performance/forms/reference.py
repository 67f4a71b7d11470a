"""H9: indicators, standards, periods."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from people.domain.organisation import unit_choices
from people.models import OrgUnit, Position
from performance.domain.periods import kind_of
from performance.forms.fields import QuantityField, day_field
from performance.models import EvaluationPeriod, Indicator, PerformanceStandard

LEGAL = _("e.g. a decree or regulation with number and year")


class IndicatorForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = ("name", "aspect", "unit_of_measure", "direction", "description", "is_active")
        widgets = {"direction": forms.RadioSelect, "description": forms.Textarea(attrs={"rows": 3})}
        labels = {"is_active": _("Is measured now")}
        help_texts = {
            "name": _("As a person would say it: “KK selesai paling lama 24 jam”."),
            "unit_of_measure": _("%, minutes, files …"),
        }


class StandardForm(forms.ModelForm):
    target = QuantityField(label=_("Target"))
    post = forms.CharField(
        label=_("Post"), max_length=200, required=False, help_text=_("Exactly as in the list of people. Empty: every post.")
    )
    valid_from = day_field(_("Valid from"), required=False)
    valid_to = day_field(_("Valid to"), required=False)

    class Meta:
        model = PerformanceStandard
        fields = ("indicator", "target", "post", "unit", "valid_from", "valid_to", "legal_basis")
        labels = {"unit": _("Unit and everything below it")}
        help_texts = {"legal_basis": LEGAL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = Indicator.objects.filter(is_active=True)
        self.fields["unit"].choices = [("", _("Every unit")), *unit_choices(OrgUnit.objects.order_by("path"))]
        self.fields["post"].widget.attrs["list"] = "posts"
        if self.instance.position_id:
            self.initial["post"] = self.instance.position.name

    def clean_post(self):
        name = " ".join(self.cleaned_data["post"].split())
        found = Position.objects.filter(name__iexact=name).order_by("pk").first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is no post of this name."))
        self.instance.position = found
        return name


class PeriodForm(forms.ModelForm):
    starts_on = day_field(_("Starts on"))
    ends_on = day_field(_("Ends on"))

    class Meta:
        model = EvaluationPeriod
        fields = ("starts_on", "ends_on")

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["starts_on"] <= data["ends_on"]:
            self.instance.kind = kind_of(data["starts_on"], data["ends_on"])
        return data
