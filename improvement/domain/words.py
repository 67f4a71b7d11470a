"""Sentences about gaps that are stored or sent: facts first, in plain words, nothing about the person's worth."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.domain.numbers import NBSP, format_number, format_percent
from performance.enums import GapKind
from performance.models import Gap


def stored_language():
    """Texts that are kept (records, reasons) are written in the language of the installation, whoever acts."""
    return translation.override(settings.LANGUAGE_CODE)


def language_of(person):
    """Texts for one person are written in her language."""
    return translation.override(person.language or settings.LANGUAGE_CODE)


def plain(value: Decimal | None) -> str | None:
    """A number as a JSON text that is the same on every database: ``71.0000`` -> ``"71"``."""
    if value is None:
        return None
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measure(value: Decimal | str | None, unit: str) -> str:
    """``71 %``, ``12,5 menit``; number and unit never part."""
    if value is None or value == "":
        return ""
    if unit.strip() == "%":
        return format_percent(value)
    return f"{format_number(value)}{NBSP}{unit}".strip()


def gap_title(gap: Gap) -> str:
    """What the gap is about: the indicator's name, or the axis."""
    if gap.indicator_id:
        return gap.indicator.name
    return str(_("Work behaviour")) if gap.kind == GapKind.BEHAVIOUR else str(_("Work result"))


def gap_fact(gap: Gap) -> str:
    """``KK selesai dalam 24 jam 71 %, target 90 %`` or ``Hasil kerja di bawah ekspektasi``."""
    if gap.indicator_id and gap.value is not None:
        unit = gap.indicator.unit_of_measure
        return _("%(indicator)s %(value)s, target %(target)s") % {
            "indicator": gap.indicator.name, "value": measure(gap.value, unit), "target": measure(gap.target, unit),
        }
    return _("%(axis)s below expectation") % {"axis": gap_title(gap)}


def gap_reason(gap: Gap) -> str:
    """The reason of an assignment in plain words, with the period it comes from."""
    return _("%(fact)s (%(period)s).") % {"fact": gap_fact(gap), "period": gap.last_missed_period.label}


def assignment_reason(gap: Gap, words: str = "") -> str:
    """What the learner reads: the measured fact first, always; then the words of whoever gives the course, if any."""
    fact, words = gap_reason(gap), words.strip()
    if fact in words:
        return words
    return f"{fact} {words}".strip()
