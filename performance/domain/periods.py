"""Evaluation periods: reading them as written, finding or making the row (domain.md §1.2: a range of days with a kind)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.domain.dates import FIRST_YEAR, LAST_YEAR, MONTHS, local_date, local_today, month_span, parse_day
from core.domain.errors import RuleViolation
from performance.enums import PeriodKind
from performance.models import EvaluationPeriod

_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_NAMED = re.compile(
    r"(triwulan|tw|kuartal|quarter|q|semester|smt|sem)[\s.\-]*(iv|iii|ii|i|[1-4])[\s,/\-]*(?:tahun\s*)?(\d{4})",
    re.IGNORECASE | re.ASCII,
)
_YEAR = re.compile(r"(?:tahun(?:an)?\s*)?(\d{4})", re.IGNORECASE | re.ASCII)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTH_NUMBERS = {
    name[:length].lower(): number
    for names in MONTHS.values()
    for number, name in enumerate(names, 1)
    for length in {3, 4, len(name)}
} | {"agt": 8, "nop": 11, "nopember": 11, "pebruari": 2, "peb": 2}

Span = tuple[date, date]


def parse_period(text: str) -> Span:
    """``2025-04:2025-06``, ``2025-04/2025-06``, whole days, ``Triwulan II 2025``, ``TW2 2025``, ``Semester I 2025``, ``2025``.

    ``RuleViolation`` with a sentence for anything else.
    """
    raw = " ".join(str(text or "").split())
    for mark in (":", "/", " s.d. ", " sd ", "–"):
        first, found, last = raw.partition(mark)
        if found:
            return in_order(_edge(first.strip(), is_end=False), _edge(last.strip(), is_end=True))
    if match := _NAMED.fullmatch(raw):
        number = _ROMAN.get(match[2].lower()) or int(match[2])
        if match[1].lower().startswith("s"):
            if number > 2:
                raise RuleViolation(_("A year has two semesters; “%(text)s” names another.") % {"text": raw[:40]})
            return month_span(int(match[3]), number * 6 - 5, number * 6)
        return month_span(int(match[3]), number * 3 - 2, number * 3)
    if match := _MONTH.fullmatch(raw):
        return month_span(int(match[1]), int(match[2]), int(match[2]))
    if match := _YEAR.fullmatch(raw):
        return month_span(int(match[1]), 1, 12)
    raise RuleViolation(_("“%(text)s” is no period. Write it like 2025-04:2025-06 or Triwulan II 2025.") % {"text": raw[:40]})


def span_of_columns(*, first_year: str, first_month: str, last_year: str, last_month: str) -> Span:
    """Year and month columns of a row. Without months it is the whole year; the last year defaults to the first."""
    start_year = _year(first_year)
    end_year = _year(last_year) if last_year.strip() else start_year
    if not first_month.strip() and not last_month.strip():
        return in_order(date(start_year, 1, 1), date(end_year, 12, 31))
    if not first_month.strip() or not last_month.strip():
        raise RuleViolation(_("Only one of the two months of the period is given."))
    begin, end = _month(first_month), _month(last_month)
    return in_order(date(start_year, begin, 1), date(end_year, end, monthrange(end_year, end)[1]))


def kind_of(starts_on: date, ends_on: date) -> PeriodKind:
    """What a range of whole months is: a month, a quarter, a semester, a year; everything else is *other*."""
    whole = starts_on.day == 1 and ends_on.day == monthrange(ends_on.year, ends_on.month)[1] and starts_on.year == ends_on.year
    months = ends_on.month - starts_on.month + 1
    kinds = {1: PeriodKind.MONTH, 3: PeriodKind.QUARTER, 6: PeriodKind.SEMESTER, 12: PeriodKind.YEAR}
    if whole and months in kinds and (starts_on.month - 1) % months == 0:
        return kinds[months]
    return PeriodKind.OTHER


def find_or_make(starts_on: date, ends_on: date) -> EvaluationPeriod:
    """The period with these days; made when it is not there yet."""
    period, _created = EvaluationPeriod.objects.get_or_create(
        starts_on=starts_on, ends_on=ends_on, defaults={"kind": kind_of(starts_on, ends_on)}
    )
    return period


def has_ended(ends_on: date, *, at: datetime | None = None) -> bool:
    return ends_on < (local_date(at) if at else local_today())


def in_order(starts_on: date, ends_on: date) -> Span:
    if ends_on < starts_on:
        raise RuleViolation(_("The period ends before it begins."))
    return starts_on, ends_on


def _edge(text: str, *, is_end: bool) -> date:
    if match := _MONTH.fullmatch(text):
        first, last = month_span(int(match[1]), int(match[2]), int(match[2]))
        return last if is_end else first
    return parse_day(text)


def _year(text: str) -> int:
    raw = text.strip().removesuffix(".0")
    if not raw:
        raise RuleViolation(_("The year of the period is missing."))
    if not (raw.isascii() and raw.isdigit() and len(raw) == 4 and FIRST_YEAR <= int(raw) <= LAST_YEAR):
        raise RuleViolation(_("“%(text)s” is no year.") % {"text": raw[:40]})
    return int(raw)


def _month(text: str) -> int:
    raw = text.strip().removesuffix(".0")
    if raw.lower() in _MONTH_NUMBERS:
        return _MONTH_NUMBERS[raw.lower()]
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 2 and 1 <= int(raw) <= 12):
        raise RuleViolation(_("“%(text)s” is no month. Write a number from 1 to 12 or its name.") % {"text": text.strip()[:40]})
    return int(raw)
