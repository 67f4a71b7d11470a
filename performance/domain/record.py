"""The improvement record: append-only history of what changed. Not the official e-Kinerja record; text for it comes from the apps above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from people.models import Account
from performance.enums import RecordKind, RecordState
from performance.models import Gap, PerformanceRecord

FINAL_AFTER = timedelta(days=7)
MAX_NOTE = 2000
DONE_WORDS = frozenset({"none", "guidance", "counselling", "course"})


@dataclass(frozen=True)
class Entry:
    """What to propose. The same ``key`` is the same entry. ``done_before`` says what had been done before the measurement, ``["none"]``
    included, so that nobody credits training for chance (decisions 20)."""

    person: Account
    kind: str
    key: str
    gap: Gap | None
    summary: str
    before: dict
    after: dict
    evidence: Sequence[dict]
    done_before: Sequence[str]
    by: Account | None = None


def append(entry: Entry, *, at: datetime | None = None) -> PerformanceRecord:
    """Propose one entry; see ``append_many``."""
    return append_many([entry], at=at)[0]


@transaction.atomic
def append_many(entries: Sequence[Entry], *, at: datetime | None = None) -> list[PerformanceRecord]:
    """Propose entries, in their order and in three statements; a known ``key`` gives the first entry back and changes nothing.

    ``ValueError``: a malformed entry. The caller holds the gaps or completions; were two to write one key at once, the later transaction ends.
    """
    moment = at or timezone.now()
    rows = {entry.key: _row(entry, moment) for entry in entries}
    known = {row.key: row for row in PerformanceRecord.objects.filter(key__in=list(rows))}
    fresh = [row for key, row in rows.items() if key not in known]
    PerformanceRecord.objects.bulk_create(fresh, batch_size=200)
    audit.record_many(_proposed(row) for row in fresh)
    return [known.get(entry.key) or rows[entry.key] for entry in entries]


def _row(entry: Entry, at: datetime) -> PerformanceRecord:
    listed, done = list(entry.evidence), list(dict.fromkeys(entry.done_before)) or ["none"]
    if entry.kind not in RecordKind.values or not entry.key or not set(done) <= DONE_WORDS:
        raise ValueError(f"not an entry of the record: {entry.kind!r}, {entry.key!r}, {done!r}")
    if any(not {"kind", "id", "sha256", "snapshot"} <= set(piece) for piece in listed):
        raise ValueError("every piece of evidence needs kind, id, sha256 and snapshot")
    return PerformanceRecord(
        key=entry.key,
        person=entry.person,
        kind=entry.kind,
        gap=entry.gap,
        summary=entry.summary[:300],
        before=entry.before,
        after=entry.after,
        evidence=listed,
        done_before=done,
        by=entry.by,
        at=at,
    )


def _proposed(row: PerformanceRecord) -> AuditEvent:
    body = {"before": row.before, "after": row.after, "evidence": [piece["sha256"] for piece in row.evidence]}
    detail = {"kind": str(row.kind), "gap": row.gap_id}
    return audit.event("record.proposed", row, by=row.by, subject=row.person, after=body, detail=detail, at=row.at)


def may_acknowledge(entry: PerformanceRecord, *, note: str = "", by: Account) -> list[str]:
    reasons = []
    if by.pk != entry.person_id:
        reasons.append(_("Only the person herself answers a proposed entry."))
    if entry.state == RecordState.FINAL:
        reasons.append(_("This entry is final already."))
    if len(note.strip()) > MAX_NOTE:
        reasons.append(_("Write at most %(limit)d characters.") % {"limit": MAX_NOTE})
    return reasons


@transaction.atomic
def acknowledge(entry: PerformanceRecord, *, note: str = "", by: Account, at: datetime | None = None) -> PerformanceRecord:
    """The person has seen the proposed entry and may add her note; it is then final. ``RuleViolation``: see ``may_acknowledge``."""
    moment = at or timezone.now()
    locked = PerformanceRecord.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if reasons := may_acknowledge(locked, note=note, by=by):
        raise RuleViolation(reasons)
    entry.state, entry.final_at, entry.acknowledged_at, entry.person_note = RecordState.FINAL, moment, moment, note.strip()
    entry.save(update_fields=["state", "final_at", "acknowledged_at", "person_note"])
    audit.record("record.acknowledged", entry, by=by, subject=entry.person, detail={"has_note": bool(note.strip())}, at=moment)
    return entry


def finalise_due(*, at: datetime | None = None, at_once: int = 500) -> int:
    """Proposed entries older than 7 days become final without a word of the person; how many. Daily.

    ``at_once`` entries a transaction, so that learners' answers are saved meanwhile; what was interrupted goes on the next time.
    """
    moment, count = at or timezone.now(), 0
    while done := _finalise_some(at_once, at=moment):
        count += done
    return count


@transaction.atomic
def _finalise_some(at_most: int, *, at: datetime) -> int:
    waiting = PerformanceRecord.objects.select_for_update(of=("self",)).filter(state=RecordState.PROPOSED, at__lte=at - FINAL_AFTER)
    due = list(waiting.select_related("person").order_by("pk")[:at_most])
    for entry in due:
        entry.state, entry.final_at = RecordState.FINAL, at
    PerformanceRecord.objects.bulk_update(due, ["state", "final_at"], batch_size=200)
    audit.record_many(audit.event("record.became_final", entry, by=None, subject=entry.person, at=at) for entry in due)
    return len(due)
