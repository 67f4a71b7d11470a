"""Work that the clock asks for. An app registers it in ``tasks.py``; each turn becomes a Job with the turn in its key, so that no turn runs
twice however many clocks tick, and a turn that was missed while the machine was off is caught up the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from core.domain.dates import JAKARTA
from core.domain.outbox import enqueue
from core.models import Job


@dataclass(frozen=True)
class Turn:
    kind: str
    at: time | None = None
    minutes: int = 0

    def slot(self, now: datetime) -> str | None:
        """The name of the turn that ``now`` belongs to; None when today's has not come yet."""
        local = now.astimezone(JAKARTA)
        if self.at is not None:
            return f"{local:%Y-%m-%d}" if local.time() >= self.at else None
        return str(int(now.timestamp()) // (self.minutes * 60))


_turns: dict[str, Turn] = {}
_enqueued: dict[str, str] = {}  # what this process has put into the outbox already


def daily(kind: str, *, at: time) -> None:
    """A job of ``kind`` every day from ``at`` (Jakarta time) on; its handler is registered with ``outbox.handler(kind)``."""
    _turns[kind] = Turn(kind, at=at)


def every(kind: str, *, minutes: int) -> None:
    """A job of ``kind`` every so many minutes."""
    _turns[kind] = Turn(kind, minutes=minutes)


def turns() -> tuple[Turn, ...]:
    return tuple(_turns.values())


def tick(*, at: datetime | None = None) -> int:
    """Once a minute by the clock (Celery beat): put the turns that are due into the outbox. Returns how many were new."""
    now, new = at or timezone.now(), 0
    for turn in _turns.values():
        slot = turn.slot(now)
        if slot is None or (at is None and _enqueued.get(turn.kind) == slot):
            continue
        key = f"{turn.kind}:{slot}"
        if not Job.objects.filter(key=key).exists():
            enqueue(turn.kind, key, run_after=at)
            new += 1
        if at is None:
            _enqueued[turn.kind] = slot
    return new
