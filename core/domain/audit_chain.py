"""Sealing and checking the audit trail (decisions 5).

Events are inserted unchained, inside business transactions, so that nobody waits for anybody. One sealer chains them in batches every ten
seconds: ``hash = sha256(previous hash + canonical body)``. Changing, cutting out or re-ordering anything breaks the chain; cutting off its end
leaves it whole, therefore the head is also kept outside the database (``audit_head.json`` in the data directory, and in the log).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import AuditEvent, AuditLink

log = logging.getLogger("bina.audit")

GENESIS = "0" * 64
BATCH = 2_000
# A slow transaction may commit an event with a lower id after higher ones were sealed; the sealer looks back this far for such events.
LOOK_BACK = 20_000
_LOCK = 0x42494E41
FIELDS = ("pk", "at", "actor_id", "verb", "object_kind", "object_id", "subject_id", "before_hash", "after_hash", "detail", "is_read")


def body_of(values: tuple[Any, ...]) -> bytes:
    """The canonical form that is hashed: JSON of the fields in fixed order, instants in UTC with microseconds."""
    plain = [value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value for value in values]
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def next_hash(previous: str, sequence: int, body: bytes) -> str:
    return hashlib.sha256(f"{previous}|{sequence}|".encode() + body).hexdigest()


def seal(*, looks_everywhere: bool = False) -> int:
    """Chain the events that have no link yet; returns how many. Two sealers at once: one of them does nothing."""
    total = 0
    while True:
        try:
            with transaction.atomic():
                sealed = _seal_batch(looks_everywhere) if _is_only_sealer() else 0
        except IntegrityError:
            return total  # the other sealer took these numbers
        total += sealed
        if sealed < BATCH:
            break
    if total:
        _keep_head(head())
    return total


def _is_only_sealer() -> bool:
    if connection.vendor != "postgresql":
        return True  # BEGIN IMMEDIATE lets one writer in
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _seal_batch(looks_everywhere: bool) -> int:
    last = AuditLink.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, last.hash) if last else (0, GENESIS)
    events = AuditEvent.objects.filter(link__isnull=True)
    if not looks_everywhere:
        events = events.filter(pk__gt=lowest_unsealed())
    links = []
    for values in events.order_by("pk").values_list(*FIELDS)[:BATCH]:
        sequence += 1
        previous = next_hash(previous, sequence, body_of(values))
        links.append(AuditLink(sequence=sequence, event_id=values[0], hash=previous))
    AuditLink.objects.bulk_create(links)
    return len(links)


def lowest_unsealed() -> int:
    """Events with ids up to this one are sealed, as far as the quick look goes (the nightly one looks everywhere)."""
    return (AuditLink.objects.aggregate(highest=Max("event_id"))["highest"] or 0) - LOOK_BACK


@dataclass(frozen=True)
class Head:
    """The end of the chain: enough to prove later that nothing was cut off."""

    count: int
    hash: str


@dataclass
class Finding:
    """What ``verify`` saw. ``problems`` empty means: no link was changed, cut out, re-ordered or cut off."""

    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    unsealed: int = 0
    oldest_unsealed_at: datetime | None = None
    problems: list[str] = field(default_factory=list)


def head() -> Head:
    last = AuditLink.objects.order_by("-sequence").first()
    return Head(last.sequence, last.hash) if last else Head(0, GENESIS)


def verify(*, known: Head | None = None, limit: int = 20) -> Finding:
    """Walk the whole chain. ``known`` is a head printed earlier (mail, monthly report); the kept head file is always compared."""
    finding = Finding()
    marks = [mark for mark in (known, kept_head()) if mark is not None and mark.count]
    sequence, previous = 0, GENESIS
    for number, stored, event_id, values in _links():
        sequence += 1
        if number != sequence:
            finding.problems.append(_("Link %(number)d follows link %(before)d: links are missing.") % {"number": number, "before": sequence - 1})
            sequence = number
        if values is None:
            finding.problems.append(_("Link %(number)d: its event %(event)d is missing.") % {"number": number, "event": event_id})
        elif next_hash(previous, number, body_of(values)) != stored:
            finding.problems.append(_("Link %(number)d: event %(event)d is not what was sealed.") % {"number": number, "event": event_id})
        if any(mark.count == number and mark.hash != stored for mark in marks):
            finding.problems.append(_("Link %(number)d is not the one that was kept outside the database.") % {"number": number})
        previous = stored
        if len(finding.problems) >= limit:
            break
    else:
        finding.problems += [
            _("The chain ends at link %(count)d, but link %(kept)d had been sealed: its end was cut off.") % {"count": sequence, "kept": mark.count}
            for mark in marks if mark.count > sequence
        ]
    finding.head = Head(sequence, previous)
    waiting = AuditEvent.objects.filter(link__isnull=True)
    finding.unsealed = waiting.count()
    finding.oldest_unsealed_at = waiting.order_by("at").values_list("at", flat=True).first()
    return finding


def _links() -> Iterator[tuple[int, str, int, tuple[Any, ...] | None]]:
    """Number, hash, event and the event's fields of every link; None for the fields of an event that is gone (a join would pass over it)."""
    links = AuditLink.objects.order_by("sequence").values_list("sequence", "hash", "event_id").iterator(chunk_size=5_000)
    while part := list(islice(links, 500)):
        events = AuditEvent.objects.filter(pk__in=[event_id for _number, _hash, event_id in part]).order_by()
        found = {values[0]: values for values in events.values_list(*FIELDS)}
        for number, stored, event_id in part:
            yield number, stored, event_id, found.get(event_id)


def head_file() -> Path:
    return Path(settings.DATA_DIR) / "audit_head.json"


def kept_head() -> Head | None:
    try:
        kept = json.loads(head_file().read_text())
        return Head(int(kept["count"]), str(kept["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep_head(current: Head) -> None:
    """Replace the head file whole, and tell the log, which production ships elsewhere. A head that the chain has lost stays: it is the proof."""
    log.info("audit sealed", extra={"count": current.count, "head": current.hash})
    kept = kept_head()
    if kept is not None and AuditLink.objects.filter(sequence=kept.count).values_list("hash", flat=True).first() != kept.hash:
        log.error("the audit trail no longer holds the head that was kept", extra={"count": kept.count, "head": kept.hash})
        return
    path = head_file()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # two sealers at once must not write into one draft
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(draft, "w") as file:
            json.dump({"count": current.count, "hash": current.hash, "at": timezone.now().isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        log.warning("the audit head could not be kept in a file", extra={"error": type(error).__name__})
