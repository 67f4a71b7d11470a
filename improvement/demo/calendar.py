"""When the demo story happens: the last four completed quarters before the first filling (decisions 26), told relative to them.

``after(2, 17)`` is the seventeenth day after the second quarter; ``recent(0.4)`` lies four tenths of the way from the end of the fourth quarter
to now. Nothing lies in the future but what is planned, whatever the day of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.dates import instant_on, local_date, next_working_instant, quarter_of, quarter_span


@dataclass(frozen=True)
class Calendar:
    now: datetime
    quarters: tuple[tuple[date, date], ...]

    @property
    def today(self) -> date:
        return local_date(self.now)

    def end(self, quarter: int) -> date:
        """Last day of quarter 1 (oldest) to 4."""
        return self.quarters[quarter - 1][1]

    def after(self, quarter: int, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """So many days after the end of a quarter, in the past."""
        return min(instant_on(self.end(quarter) + timedelta(days=days), hour, minute), self.now - timedelta(hours=1))

    def recent(self, share: float) -> datetime:
        """Between the end of the last quarter and now: 0 is its last evening, 1 is now."""
        begin = instant_on(self.end(4), 20)
        return begin + (self.now - begin) * share

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def ahead(self, days: int, hour: int = 9) -> datetime:
        """A planned instant: the first working day from then on."""
        planned = next_working_instant(instant_on(self.today + timedelta(days=days), 8))
        return instant_on(local_date(planned), hour)


def anchor_on(now: datetime) -> date:
    """Last day of the last completed quarter."""
    year, quarter = quarter_of(local_date(now))
    year, quarter = (year - 1, 4) if quarter == 1 else (year, quarter - 1)
    return quarter_span(year, quarter)[1]


def calendar_for(anchor: date, *, now: datetime) -> Calendar:
    year, quarter = quarter_of(anchor)
    spans = []
    for _step in range(4):
        spans.append(quarter_span(year, quarter))
        year, quarter = (year - 1, 4) if quarter == 1 else (year, quarter - 1)
    return Calendar(now=now, quarters=tuple(reversed(spans)))
