"""E1: an internal measurement of one person and period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.domain.dates import format_span
from core.domain.numbers import format_number
from performance.domain.evaluation_facts import ScoreFacts
from performance.domain.measuring import Expected
from performance.domain.periods import Span
from performance.enums import Rating
from performance.forms.fields import CountField, QuantityField
from performance.models import Evaluation

NOT_RATED = ("", _("Not rated"))


class PeriodChoiceForm(forms.Form):
    """Which period is measured; a GET form."""

    periode = forms.ChoiceField(label=_("Evaluation period"), required=False)

    def __init__(self, *args, spans: Sequence[Span], **kwargs):
        super().__init__(*args, **kwargs)
        self.spans = {span_code(span): span for span in spans}
        self.fields["periode"].choices = [(code, format_span(*span)) for code, span in self.spans.items()]

    def chosen(self) -> Span:
        """The stated period, else the newest that is on offer: for showing only, never for saving (``names_one``)."""
        return self.spans.get(self._wanted) or next(iter(self.spans.values()))

    def names_one(self) -> bool:
        return self._wanted in self.spans

    @property
    def _wanted(self) -> str:
        return self.data.get("periode", "") if self.is_bound else ""


def span_code(span: Span) -> str:
    return f"{span[0].isoformat()}:{span[1].isoformat()}"


class MeasureForm(forms.Form):
    result_rating = forms.ChoiceField(
        label=_("Work result"), choices=[*Rating.choices, NOT_RATED], required=False, widget=forms.RadioSelect
    )
    behaviour_rating = forms.ChoiceField(
        label=_("Work behaviour"), choices=[*Rating.choices, NOT_RATED], required=False, widget=forms.RadioSelect
    )
    remarks = forms.CharField(
        label=_("How it was measured"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where the figures come from. The person reads it."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason of the correction"), max_length=300, required=False)

    def __init__(
        self,
        *args,
        expected: Iterable[Expected],
        draft: Evaluation | None,
        final: Evaluation | None,
        names_period: bool = True,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.expected, self.names_period = list(expected), names_period
        shown = draft or final
        scores = {score.indicator_id: score for score in shown.scores.all()} if shown else {}
        if shown:
            self.initial |= {name: getattr(shown, name) for name in ("result_rating", "behaviour_rating", "remarks")}
        self.initial["reason"] = draft.reason if draft else ""
        if final is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
        for one in self.expected:
            known = scores.get(one.indicator.pk)
            self.fields[f"value_{one.indicator.pk}"] = self._value_field(one, known.realisation if known else None)
            self.fields[f"cases_{one.indicator.pk}"] = CountField(
                label=_("Number of cases"), required=False, initial=known.sample_size if known else None
            )

    def _value_field(self, one: Expected, initial) -> QuantityField:
        unit = f" {one.indicator.unit_of_measure}" if one.indicator.unit_of_measure else ""
        hint = _("Target %(target)s%(unit)s") % {"target": format_number(one.target), "unit": unit}
        if one.last_value is not None:
            hint = _("%(hint)s; last %(value)s%(unit)s, %(period)s") % {
                "hint": hint, "value": format_number(one.last_value), "unit": unit, "period": one.last_period.label,
            }  # fmt: skip
        return QuantityField(label=one.indicator.name, required=False, initial=initial, help_text=hint)

    def ratings(self):
        return [self["result_rating"], self["behaviour_rating"]]

    def pairs(self):
        """Value and number of cases of each indicator."""
        return [(self[f"value_{one.indicator.pk}"], self[f"cases_{one.indicator.pk}"]) for one in self.expected]

    def clean(self):
        data = super().clean()
        if not self.names_period:
            raise forms.ValidationError(
                _("The period of this page is not on offer any more. Look at the period shown above, then save again.")
            )
        values = [data.get(f"value_{one.indicator.pk}") for one in self.expected]
        if not self.errors and not (
            data.get("result_rating") or data.get("behaviour_rating") or any(v is not None for v in values)
        ):
            raise forms.ValidationError(_("Give a rating or the value of an indicator."))
        return data

    def scores(self) -> list[ScoreFacts]:
        data = self.cleaned_data
        return [
            ScoreFacts(one.indicator.pk, one.target, value, one.direction, data.get(f"cases_{one.indicator.pk}"))
            for one in self.expected
            if (value := data.get(f"value_{one.indicator.pk}")) is not None
        ]
