"""Days and years as Jakarta counts them; instants are stored in UTC. Written dates: ``24 November 2026``, times ``14.30 WIB``."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation

JAKARTA = ZoneInfo("Asia/Jakarta")
FIRST_YEAR, LAST_YEAR = 1900, 2100

MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

WORKDAY_BEGINS, WORKDAY_ENDS = time(7, 30), time(16, 0)

_NUMBERED_MONTHS = {name[:length].lower(): number for names in MONTHS.values() for number, name in enumerate(names, 1)
                    for length in {3, 4, len(name)}} | {"agt": 8, "ags": 8, "sept": 9, "nop": 11, "nopember": 11, "pebruari": 2, "peb": 2}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_WORDED = re.compile(r"(?:[A-Za-z']+, *)?(\d{1,2})[\s\-]+([A-Za-z]+)\.?[\s\-,]+(\d{4})")


def local_date(instant: datetime) -> date:
    """The day of ``instant`` (aware) in Asia/Jakarta."""
    return instant.astimezone(JAKARTA).date()


def local_today() -> date:
    return local_date(timezone.now())


def local_year(instant: datetime) -> int:
    return local_date(instant).year


def day_start(day: date) -> datetime:
    """00.00 WIB of ``day`` as an aware instant."""
    return datetime.combine(day, time.min, tzinfo=JAKARTA)


def instant_on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """``day`` at the given Jakarta time."""
    return datetime.combine(day, time(hour, minute), tzinfo=JAKARTA)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier), the last of the month where it does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_span(year: int, first_month: int, last_month: int) -> tuple[date, date]:
    """First and last day of the months ``first_month``..``last_month`` of one year. ``RuleViolation`` when they are no months in order."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= first_month <= 12 and 1 <= last_month <= 12):
        raise RuleViolation(_("%(first)s to %(last)s %(year)s are not months of a year.") % {"first": first_month, "last": last_month, "year": year})
    if last_month < first_month:
        raise RuleViolation(_("The last month lies before the first."))
    return date(year, first_month, 1), date(year, last_month, monthrange(year, last_month)[1])


def quarter_of(day: date) -> tuple[int, int]:
    """``(year, 1..4)``."""
    return day.year, (day.month - 1) // 3 + 1


def quarter_span(year: int, quarter: int) -> tuple[date, date]:
    return month_span(year, quarter * 3 - 2, quarter * 3)


def next_working_instant(instant: datetime) -> datetime:
    """``instant`` itself inside working hours (Monday to Friday, 07.30 to 16.00 WIB), else the next beginning of work."""
    local = instant.astimezone(JAKARTA)
    if local.weekday() < 5 and WORKDAY_BEGINS <= local.time() < WORKDAY_ENDS:
        return instant
    day = local.date() if local.time() < WORKDAY_BEGINS else local.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, WORKDAY_BEGINS, tzinfo=JAKARTA)


def month_name(month: int, *, language: str | None = None) -> str:
    return MONTHS[_language(language)][month - 1]


def format_day(day: date | datetime | None, *, language: str | None = None, short: bool = False) -> str:
    """``24 November 2026``, short ``24 Nov 2026``; an instant is taken to Jakarta first; None is an empty text."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local_date(day)
    name = month_name(day.month, language=language)
    return f"{day.day} {name[:3] if short else name} {day.year}"


def format_time(instant: datetime | None) -> str:
    """``14.30 WIB``."""
    return "" if instant is None else f"{instant.astimezone(JAKARTA):%H.%M} WIB"


def format_daytime(instant: datetime | None, *, language: str | None = None) -> str:
    """``24 November 2026, 14.30 WIB``."""
    return "" if instant is None else f"{format_day(instant, language=language)}, {format_time(instant)}"


def format_span(first: date | None, last: date | None, *, language: str | None = None) -> str:
    """``April–Juni 2026`` for whole months, else ``3–24 November 2026``, ``3 Oktober – 2 November 2026``; an open end stays open."""
    if first is None or last is None:
        return f"{format_day(first, language=language)} – {format_day(last, language=language)}".strip()
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    names = [month_name(day.month, language=language) for day in (first, last)]
    if whole and first.year == last.year:
        months = names[0] if first.month == last.month else f"{names[0]}–{names[1]}"
        return f"{months} {last.year}"
    if whole:
        return f"{names[0]} {first.year} – {names[1]} {last.year}"
    if first == last:
        return format_day(first, language=language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last, language=language)}"
    if first.year == last.year:
        return f"{first.day} {names[0]} – {format_day(last, language=language)}"
    return f"{format_day(first, language=language)} – {format_day(last, language=language)}"


def parse_day(text: object) -> date:
    """A written day: ISO, day first (``24/11/2026``, ``24-11-2026``, ``24.11.2026``), or with the month's name in Indonesian or English.

    ``RuleViolation`` with a sentence for anything else, an impossible day, or a year outside 1900..2100.
    """
    raw = " ".join(str(text if text is not None else "").split())
    if not raw:
        raise RuleViolation(_("The date is missing."))
    parts = _day_parts(raw)
    if parts is None:
        raise RuleViolation(_("“%(text)s” is not a date. Write it like 24-11-2026 or 24 November 2026.") % {"text": raw[:40]})
    year, month, day = parts
    try:
        found = date(year, month, day)
    except ValueError:
        raise RuleViolation(_("“%(text)s” is not a day in the calendar.") % {"text": raw[:40]})
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RuleViolation(_("The year %(year)d is outside 1900 to 2100.") % {"year": found.year})
    return found


def _day_parts(raw: str) -> tuple[int, int, int] | None:
    if not raw.isascii():
        return None
    if match := _ISO.fullmatch(raw):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(raw):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _WORDED.fullmatch(raw)) and (month := _NUMBERED_MONTHS.get(match[2].lower())):
        return int(match[3]), month, int(match[1])
    return None


def _language(language: str | None) -> str:
    code = (language or get_language() or "id")[:2]
    return code if code in MONTHS else "id"
