"""Numbers as people here write them: ``71,5``, ``68.485``, ``71 %`` (a space that does not break between number and unit)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import get_language, ngettext

NBSP = "\u00a0"
LEARNING_HOUR_MINUTES = 45


def to_decimal(value) -> Decimal | None:
    """``value`` as a Decimal, or None where it is no finite number (also for None and empty text)."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def format_number(value, places: int | None = None) -> str:
    """``68485`` -> ``68.485``; ``71.50`` -> ``71,5``; ``places`` fixes the decimals. No number gives an empty text.

    Without ``places`` at most two decimals are shown and trailing zeros dropped; halves round away from zero.
    """
    number = to_decimal(value)
    if number is None:
        return ""
    digits = 2 if places is None else places
    text = f"{abs(number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)):,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if (get_language() or "id").startswith("id"):
        text = text.translate(str.maketrans(",.", ".,"))
    return f"\u2212{text}" if number < 0 and text.strip("0,.") else text


def format_percent(value, places: int | None = None) -> str:
    """``71.5`` -> ``71,5 %`` (the value is already in percent)."""
    text = format_number(value, places)
    return f"{text}{NBSP}%" if text else ""


def format_minutes(minutes) -> str:
    """Minutes in words: ``6 menit``, ``1 jam 20 menit``."""
    number = to_decimal(minutes)
    if number is None:
        return ""
    total = max(int(number.to_integral_value(ROUND_HALF_UP)), 0)
    hours, rest = divmod(total, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": format_number(hours)})
    if rest or not hours:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts).replace(" ", NBSP, 1)


def format_learning_hours(minutes) -> str:
    """Minutes of the ledger as whole learning hours (1 JP = 45 minutes, rounded down; domain.md §3.2): ``225`` -> ``5 JP``."""
    number = to_decimal(minutes)
    if number is None:
        return ""
    hours = int(abs(number)) // LEARNING_HOUR_MINUTES
    return f"{format_number(-hours if number < 0 else hours)}{NBSP}JP"
