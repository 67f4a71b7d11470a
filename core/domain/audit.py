"""Writing the audit trail (decisions 5): every decision and every sensitive read leaves one row, inside the caller's transaction."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone

from core.models import AuditEvent


def keyed_hash(value: Any) -> str:
    """HMAC-SHA256 of a canonical JSON form; keyed, so that a guessable value (a NIP) cannot be found by trying."""
    body = json.dumps(value, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hmac.new(settings.BINA_HASH_KEY.encode(), body.encode(), hashlib.sha256).hexdigest()


def record(
    verb: str, obj: Model, *, by: Model | None, subject: Model | None = None, before: Any = None, after: Any = None,
    detail: dict | None = None, at: datetime | None = None, is_read: bool = False,
) -> AuditEvent:
    """One audit row. ``verb`` is ``gap.confirmed`` style; ``subject`` the account whose data it is; ``detail`` holds ids and codes, never names."""
    return record_many([event(verb, obj, by=by, subject=subject, before=before, after=after, detail=detail, at=at, is_read=is_read)])[0]


def event(
    verb: str, obj: Model, *, by: Model | None, subject: Model | None = None, before: Any = None, after: Any = None,
    detail: dict | None = None, at: datetime | None = None, is_read: bool = False,
) -> AuditEvent:
    """The row that ``record`` would write, not written yet: for ``record_many``."""
    return AuditEvent(
        at=at or timezone.now(), actor_id=by.pk if by is not None else None, verb=verb, object_kind=obj._meta.label_lower,
        object_id=obj.pk, subject_id=subject.pk if subject is not None else None,
        before_hash=keyed_hash(before) if before is not None else "", after_hash=keyed_hash(after) if after is not None else "",
        detail=detail or {}, is_read=is_read,
    )


def record_many(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Rows of one business transaction in one statement."""
    return AuditEvent.objects.bulk_create(list(events), batch_size=500)


def record_read(verb: str, obj: Model, *, by: Model, subject: Model, at: datetime | None = None) -> AuditEvent | None:
    """A sensitive read of another person's data; reading one's own leaves no row."""
    if by.pk == subject.pk:
        return None
    return record(verb, obj, by=by, subject=subject, at=at, is_read=True)
