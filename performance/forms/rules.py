"""H9: a gap rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from performance.enums import GapKind
from performance.forms.fields import QuantityField, day_field
from performance.models import GapRule, Indicator

REMEDIES = (
    ("guidance", _("Guidance talk")),
    ("course", _("Course")),
    ("counselling", _("Confidential support")),
)


class RuleForm(forms.ModelForm):
    indicators = forms.ModelMultipleChoiceField(
        label=_("Indicators"), queryset=Indicator.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them. A rule that names indicators stands before the general one."),
    )  # fmt: skip
    consecutive_misses = forms.IntegerField(
        label=_("Consecutive misses"), min_value=1, max_value=12, initial=1,
        help_text=_("How many measurements in a row lie below before it counts as a gap."),
    )  # fmt: skip
    cool_down_days = forms.IntegerField(
        label=_("Cool-down in days"), min_value=0, max_value=3650, initial=0,
        help_text=_("Days after a gap was closed in which no new one is opened."),
    )  # fmt: skip
    evidence_months = forms.IntegerField(
        label=_("Evidence window in months"), min_value=1, max_value=120, initial=18,
        help_text=_("Misses further apart than this do not count together."),
    )  # fmt: skip
    medium_from = QuantityField(label=_("Medium distance from (%)"), places=2)
    large_from = QuantityField(label=_("Large distance above (%)"), places=2)
    valid_from = day_field(_("For periods that end on or after"), required=False)
    valid_to = day_field(_("For periods that end on or before"), required=False)
    default_remedies = forms.MultipleChoiceField(
        label=_("First remedies to talk about"), choices=REMEDIES, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = GapRule
        fields = (
            "name", "kind", "indicators", "consecutive_misses", "cool_down_days", "evidence_months", "medium_from", "large_from",
            "valid_from", "valid_to", "default_remedies", "legal_basis",
        )  # fmt: skip
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = self.instance.indicators.values_list("pk", flat=True) if self.instance.pk else []
        self.fields["indicators"].queryset = Indicator.objects.filter(is_active=True) | Indicator.objects.filter(pk__in=chosen)
        self.fields["kind"].choices = [choice for choice in self.fields["kind"].choices if choice[0]]

    def clean_default_remedies(self):
        """In the order in which they are offered; behaviour never begins with a course."""
        return [value for value, _label in REMEDIES if value in self.cleaned_data["default_remedies"]]

    def clean(self):
        data = super().clean()
        if data.get("kind") != GapKind.INDICATOR and data.get("indicators"):
            self.add_error("indicators", _("Only a rule about indicators names indicators."))
        if data.get("kind") == GapKind.BEHAVIOUR and data.get("default_remedies") == ["course"]:
            self.add_error("default_remedies", _("Behaviour is first talked about; a course alone is not the answer."))
        return data
