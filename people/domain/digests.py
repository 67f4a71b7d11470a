"""Notices by e-mail: one digest for everything that waits, at most two in any seven days, in working hours (few nudges help).

A digest names things and links to them; what is written about a person stays in the product, because e-mail is no safe place.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import ngettext

from core.domain.dates import JAKARTA, local_date
from core.domain.outbox import enqueue_many
from people.domain.mail import send_letter
from people.enums import NoticeKind
from people.models import Account, Notice

FIRST_HOUR, LAST_HOUR = 8, 16  # WIB, Monday to Friday
# Three and a half days between two digests: never more than two in any seven days.
SPACING = timedelta(hours=84)
# What waited longer (no address, away, imported history) is found in the product and not mailed any more.
STALE_AFTER = timedelta(days=14)
LINES = 20


def is_mailing_time(at: datetime) -> bool:
    local = at.astimezone(JAKARTA)
    return local.weekday() < 5 and FIRST_HOUR <= local.hour < LAST_HOUR


def pending(*, at: datetime) -> QuerySet[Notice]:
    """Notices that wait for a digest: shown, unread, not mailed, not stale."""
    return Notice.objects.shown(at=at).unread().filter(
        is_by_email=True, emailed_at__isnull=True, created_at__gt=at - STALE_AFTER,
    ).exclude(kind=NoticeKind.SECURITY)


def people_due(*, at: datetime) -> QuerySet[Account]:
    """Who gets a digest now: something waits, she wants e-mail and has an address, and the last digest is old enough."""
    return (
        Account.objects.filter(is_active=True, wants_email=True, pk__in=pending(at=at).values("person_id"))
        .exclude(email="")
        .exclude(pk__in=_recently_mailed(at).values("person_id"))
        .order_by("pk")
    )


def enqueue_digests(*, at: datetime | None = None) -> int:
    """One job for each person who is due; nothing outside working hours. The key holds the day: a second call adds none."""
    moment = at or timezone.now()
    if not is_mailing_time(moment):
        return 0
    day = local_date(moment).isoformat()
    due = people_due(at=moment).values_list("pk", flat=True)
    return enqueue_many("people.digest", ((f"people.digest:{pk}:{day}", {"person": pk}) for pk in due), run_after=at)


def send_digest(person: Account, *, at: datetime | None = None) -> int:
    """Mails what waits for ``person`` and marks it; how many notices. Asks everything again: a job may come late or twice.

    The mail goes out between two statements, never inside a transaction: a slow mail server may not hold a lock. A crash in
    between can repeat a mail; its Message-ID is the same, so that mail programs show it once.
    """
    moment = at or timezone.now()
    if not is_mailing_time(moment) or not people_due(at=moment).filter(pk=person.pk).exists():
        return 0
    notices = list(pending(at=moment).filter(person=person))
    with translation.override(person.language or "id"):
        count = len(notices)
        subject = ngettext("%(n)d notice for you", "%(n)d notices for you", count) % {"n": count}
        context = {"lines": notices[:LINES], "more": max(count - LINES, 0)}
        message_id = f"digest-{person.pk}-{notices[-1].pk}-{notices[0].pk}"
        send_letter(person, subject if count > 1 else notices[0].title, "emails/digest", context, message_id=message_id)
    return Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(emailed_at=moment)


def send_security_mail(notice: Notice, *, at: datetime | None = None) -> bool:
    """At once, whatever the hour and the preference; with its text, because the reader may be locked out of the product."""
    person, address = notice.person, notice.mail_to or notice.person.email
    if notice.emailed_at or not address:
        return False
    with translation.override(person.language or "id"):
        send_letter(person, notice.title, "emails/security", {"notice": notice}, message_id=f"security-{notice.pk}", to=address)
    Notice.objects.filter(pk=notice.pk).update(emailed_at=at or timezone.now())
    return True


def _recently_mailed(at: datetime) -> QuerySet[Notice]:
    since = at - SPACING
    # The second condition says nothing new (a mailed notice was at most so old) but lets the index on created_at work.
    return Notice.objects.filter(emailed_at__gt=since, created_at__gt=since - STALE_AFTER).exclude(kind=NoticeKind.SECURITY)
