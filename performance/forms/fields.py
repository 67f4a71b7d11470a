"""Form fields of performance: numbers as people here write them, days, many choices."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.numbers import format_number
from performance.importers.quantities import parse_quantity

MOST_CASES = 2_000_000_000


class QuantityField(forms.CharField):
    """``71,5`` or ``71.5``; what can be read in two ways is asked back with a sentence."""

    def __init__(self, *, places: int = 4, **more: Any):
        super().__init__(max_length=40, **more)
        self.places = places
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return format_number(value).replace("\u2212", "-") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_quantity(text).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        except RuleViolation as violation:
            raise ValidationError(violation.reasons)


class CountField(forms.CharField):
    """A whole number of cases; no separators, because ``1.000`` can be read in two ways."""

    def __init__(self, **more: Any):
        super().__init__(max_length=10, **more)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= MOST_CASES):
            raise ValidationError(_("Write a whole number without points, e.g. 1250."))
        return int(text)


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)
