"""Days and years as Jakarta counts them; instants are stored in UTC."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

JAKARTA = ZoneInfo("Asia/Jakarta")


def local_date(instant: datetime) -> date:
    """The day of ``instant`` (aware) in Asia/Jakarta."""
    return instant.astimezone(JAKARTA).date()


def local_today() -> date:
    return local_date(timezone.now())


def local_year(instant: datetime) -> int:
    return local_date(instant).year
