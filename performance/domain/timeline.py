"""The story of one person and one thing that is measured, told from the measurements alone.

Given all its measurements, whatever the order in which they were imported, the same misses open the same episodes and the same measurements
close them. An episode is what a gap is made from; what people did about the gap is not known here (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from core.domain.dates import add_months

OrderKey = tuple[date, date, int]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one final evaluation says about one thing. ``distance`` in percent of the target, None where it has none."""

    evaluation_id: int
    period_id: int
    period_kind: str
    starts_on: date
    ends_on: date
    is_miss: bool
    value: Decimal | None = None
    target: Decimal | None = None
    distance: Decimal | None = None

    @property
    def order(self) -> OrderKey:
        return self.ends_on, self.starts_on, self.period_id


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What of a gap rule decides here. ``valid_from`` and ``valid_to`` speak of the last day of a period."""

    pk: int | None
    consecutive_misses: int
    cool_down_days: int
    evidence_months: int
    medium_from: Decimal
    large_from: Decimal
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Closing:
    """A gap that was closed by a person (or whose closing measurement is no longer one): nothing before ``after`` reaches beyond it."""

    after: OrderKey
    gap_id: int
    closed_on: date


@dataclass(slots=True)
class Episode:
    """Misses from the one that opened it to the measurement that closed it. ``misses`` holds the run that led to the opening, too."""

    opened_by: Measurement
    rule: RuleFacts | None
    misses: list[Measurement] = field(default_factory=list)
    judged_by: Measurement | None = None
    closed_by: Measurement | None = None
    closed_by_gap: int | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_by is None and self.closed_by_gap is None

    @property
    def last_miss(self) -> Measurement:
        return self.misses[-1]

    def is_judged_by(self, measurement: Measurement) -> bool:
        """Decisions 18: the same period type, and the period starts after the last missed one of that type."""
        same = [miss for miss in self.misses if miss.period_kind == measurement.period_kind]
        return bool(same) and measurement.starts_on > same[-1].ends_on


def tell(
    measurements: Iterable[Measurement],
    rules: Sequence[RuleFacts],
    *,
    opened_before: Collection[int] = (),
    closings: Sequence[Closing] = (),
) -> list[Episode]:
    """All episodes in order. ``opened_before``: periods whose miss has opened a gap already; it opens again, whatever the rules say today."""
    story = _Story(rules, frozenset(opened_before))
    pending = sorted(closings, key=lambda closing: closing.after)
    for measurement in sorted(measurements, key=lambda one: one.order):
        while pending and pending[0].after < measurement.order:
            story.end(pending.pop(0))
        story.hear(measurement)
    for closing in pending:
        story.end(closing)
    return story.episodes


class _Story:
    def __init__(self, rules: Sequence[RuleFacts], opened_before: frozenset[int]):
        self.episodes: list[Episode] = []
        self._rules, self._opened_before = rules, opened_before
        self._current: Episode | None = None
        self._runs: dict[str, list[Measurement]] = {}
        self._closed_on: date | None = None

    def hear(self, measurement: Measurement) -> None:
        if measurement.is_miss:
            self._miss(measurement)
        else:
            self._met(measurement)

    def end(self, closing: Closing) -> None:
        if self._current is not None:
            self._current.closed_by_gap = closing.gap_id
            self._close(closing.closed_on)

    def _miss(self, miss: Measurement) -> None:
        if self._current is not None:
            if self._current.is_judged_by(miss):
                self._current.judged_by = miss
            self._current.misses.append(miss)
            return
        run = self._runs.setdefault(miss.period_kind, [])
        run.append(miss)
        rule = next((rule for rule in self._rules if self._opens(rule, run)), None)
        if rule is not None or miss.period_id in self._opened_before:
            kept = rule or next(iter(self._rules), None)
            counted = _within(run, kept.evidence_months) if kept else run[-1:]
            self._current = Episode(opened_by=miss, rule=rule, misses=counted)
            self.episodes.append(self._current)

    def _met(self, measurement: Measurement) -> None:
        self._runs.pop(measurement.period_kind, None)
        if self._current is not None and self._current.is_judged_by(measurement):
            self._current.closed_by = self._current.judged_by = measurement
            self._close(measurement.ends_on)

    def _close(self, on: date) -> None:
        self._current, self._closed_on = None, on
        self._runs.clear()

    def _opens(self, rule: RuleFacts, run: list[Measurement]) -> bool:
        """Enough misses one after the other inside the evidence window, the rule valid, the cool-down since the last closing over."""
        latest = run[-1]
        if not rule.is_valid_on(latest.ends_on) or len(_within(run, rule.evidence_months)) < rule.consecutive_misses:
            return False
        cools_until = self._closed_on + timedelta(days=rule.cool_down_days) if self._closed_on and rule.cool_down_days else None
        return cools_until is None or latest.ends_on > cools_until


def _within(run: list[Measurement], months: int) -> list[Measurement]:
    """The misses of a run that ended at most ``months`` before its last one."""
    earliest = add_months(run[-1].ends_on, -months)
    return [miss for miss in run if miss.ends_on >= earliest]
