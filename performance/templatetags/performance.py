"""Filters of the performance screens: ``{% load performance %}``."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.domain.numbers import NBSP, format_number
from performance.enums import Predicate, Rating
from performance.models import GapRule, Indicator, SourceProfile

register = template.Library()


@register.filter
def measure(value, indicator: Indicator | None) -> str:
    """``71,5 %``: a value with the unit of its indicator; nothing for no value."""
    text = format_number(value)
    unit = indicator.unit_of_measure if indicator is not None else ""
    return f"{text}{NBSP}{unit}" if text and unit else text


@register.filter
def meanings(profile: SourceProfile) -> list[str]:
    """What the codes of a source profile mean: ratings in one line, predicates in another."""
    told = ((profile.rating_codes, dict(Rating.choices)), (profile.predicate_codes, dict(Predicate.choices)))
    return ["; ".join(f"{code} = {names[value]}" for code, value in sorted(codes.items())) for codes, names in told if codes]


@register.filter
def legal_bases(rows: Iterable) -> str:
    """The legal bases of some rows, each once."""
    return "; ".join(dict.fromkeys(row.legal_basis for row in rows if row.legal_basis)) or "–"


@register.filter
def in_words(rule: GapRule) -> str:
    """What a rule decides, as one sentence."""
    count = rule.consecutive_misses
    parts = [
        _("one miss opens a gap") if count == 1 else _("%(n)d misses in a row open a gap") % {"n": count},
        _("medium from %(medium)s %%, large above %(large)s %%")
        % {"medium": format_number(rule.medium_from), "large": format_number(rule.large_from)},
    ]
    if rule.cool_down_days:
        parts.append(ngettext("%(n)d day of rest after a closed gap", "%(n)d days of rest after a closed gap", rule.cool_down_days)
                     % {"n": rule.cool_down_days})  # fmt: skip
    if rule.consecutive_misses > 1:
        parts.append(ngettext("within %(n)d month", "within %(n)d months", rule.evidence_months) % {"n": rule.evidence_months})
    return "; ".join(parts)
