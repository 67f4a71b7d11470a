"""Telling a person something: in the product at once, by e-mail in a digest (see ``digests``). A fact (its ``key``) is told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation

from core.domain import menu
from core.domain.outbox import enqueue
from people.enums import NoticeKind
from people.models import Account, Notice

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KEY_LENGTH, TITLE_LENGTH, URL_LENGTH = 120, 160, 300


@dataclass(frozen=True)
class Draft:
    """What to tell whom. Lazy texts are put into the reader's language; ``url`` is a path of ours; the body stays in the product
    (only security notices are mailed with it), to ``mail_to`` where the address may change before the letter goes out."""

    person: Account
    kind: NoticeKind | str
    key: str
    title: str | _StrPromise
    body: str | _StrPromise = ""
    url: str = ""
    by_email: bool = True
    mail_to: str = ""


def notify(
    person: Account, *, kind: NoticeKind | str, key: str, title: str | _StrPromise, body: str | _StrPromise = "", url: str = "",
    at: datetime | None = None, not_before: datetime | None = None, by_email: bool = True, mail_to: str = "",
) -> Notice:
    """One notice; the same ``key`` again changes nothing and returns the first. ``not_before``: see ``notify_many``."""
    return notify_many([Draft(person, kind, key, title, body, url, by_email, mail_to)], at=at, not_before=not_before)[0]


@transaction.atomic
def notify_many(drafts: Sequence[Draft], *, at: datetime | None = None, not_before: datetime | None = None) -> list[Notice]:
    """Any number of notices in two statements (three with security ones), in the order of ``drafts``.

    Until ``not_before`` nobody sees or receives them and ``cancel_notice`` takes them back without a trace (the ten minutes of
    undo, decisions 25). Security notices are mailed at once, others by digest. ``ValueError``: a key or address we cannot store.
    """
    moment = at or timezone.now()
    shown_at = max(moment, not_before) if not_before else moment
    Notice.objects.bulk_create([_row(draft, shown_at) for draft in drafts], ignore_conflicts=True, batch_size=500)
    by_key = {notice.key: notice for notice in _with_keys([draft.key for draft in drafts])}
    found = [by_key[draft.key] for draft in drafts]
    for notice in found:
        if notice.kind == NoticeKind.SECURITY and notice.emailed_at is None:
            key = f"people.mail_security:{notice.key}"
            enqueue("people.mail_security", key, {"notice": notice.pk}, run_after=notice.created_at)
    return found


@transaction.atomic
def cancel_notice(*keys: str) -> int:
    """Takes notices back that nobody has read or received by e-mail yet; how many. What was told stays told."""
    removed, _models = Notice.objects.filter(key__in=keys, read_at__isnull=True, emailed_at__isnull=True).delete()
    return removed


def unread_count(person: Account, *, at: datetime | None = None) -> int:
    return Notice.objects.shown(at=at).filter(person=person).unread().count()


def mark_read(notices: Iterable[Notice], *, at: datetime | None = None) -> int:
    """The first reading counts; read notices are left out of the next digest. How many were unread."""
    found = list(notices)
    keys = [notice.pk for notice in found]
    for person_id in {notice.person_id for notice in found}:
        menu.forget(person_id)
    return Notice.objects.filter(pk__in=keys).unread().update(read_at=at or timezone.now())


def mark_all_read(person: Account, *, at: datetime | None = None) -> int:
    moment = at or timezone.now()
    menu.forget(person.pk)
    return Notice.objects.shown(at=moment).filter(person=person).unread().update(read_at=moment)


def _row(draft: Draft, shown_at: datetime) -> Notice:
    if len(draft.key) > KEY_LENGTH or len(draft.url) > URL_LENGTH:
        raise ValueError(f"notice {draft.key[:40]}: key or address too long")
    if draft.url and (not draft.url.startswith("/") or draft.url.startswith("//")):
        raise ValueError(f"notice {draft.key}: the address must be a path of our own")
    with translation.override(draft.person.language or "id"):
        title, body = str(draft.title), str(draft.body)
    if len(title) > TITLE_LENGTH:
        title = f"{title[: TITLE_LENGTH - 1].rstrip()}…"
    return Notice(
        person=draft.person, kind=draft.kind, key=draft.key, title=title, body=body, url=draft.url, created_at=shown_at,
        is_by_email=draft.by_email, mail_to=draft.mail_to,
    )


def _with_keys(keys: Sequence[str]) -> Iterable[Notice]:
    for start in range(0, len(keys), 500):
        yield from Notice.objects.filter(key__in=keys[start : start + 500])
