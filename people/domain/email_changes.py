"""The office address of an account in use: the old address is told, the new one must be confirmed by its owner (decisions 10)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.domain import audit, outbox
from core.domain.errors import RuleViolation
from people.domain.mail import send_letter
from people.domain.notices import notify
from people.domain.tokens import token_hash
from people.enums import NoticeKind
from people.models import Account, EmailChange

MAIL = "people.mail_email_change"
VALID_FOR = timedelta(days=7)


@transaction.atomic
def ask_email_change(person: Account, new_email: str, *, by: Account | None, at: datetime | None = None) -> EmailChange:
    """Begin the change; the same wish twice is one. The old address gets a security notice, the new one a link."""
    moment = at or timezone.now()
    email = new_email.strip().lower()
    waiting = EmailChange.objects.select_for_update().filter(person=person, confirmed_at__isnull=True, is_withdrawn=False)
    if (same := waiting.filter(new_email=email, expires_at__gt=moment).first()) is not None:
        return same
    if Account.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise RuleViolation(_("This e-mail address is already in use."))
    waiting.update(is_withdrawn=True)
    change = EmailChange.objects.create(
        person=person,
        new_email=email,
        asked_by=by,
        asked_at=moment,
        expires_at=moment + VALID_FOR,
        token_hash=token_hash(secrets.token_hex(32)),
    )
    audit.record("email.change_asked", change, by=by, subject=person, before=person.email, after=email, at=moment)
    notify(
        person,
        kind=NoticeKind.SECURITY,
        key=f"email-change-{change.pk}",
        at=moment,
        mail_to=person.email,  # also when the new one is confirmed before the letter goes out
        url=reverse("people:security"),
        title=gettext_lazy("Your e-mail address in Bina is about to change"),
        body=gettext_lazy(
            "Somebody asked for a new address for your account. Until it is confirmed, this one holds. If this is a mistake, "
            "tell the HR of your unit."
        ),
    )
    outbox.enqueue(MAIL, f"{MAIL}:{change.pk}", {"change": change.pk}, run_after=at)
    return change


def send_confirmation(change: EmailChange) -> None:
    """A fresh link to the new address; an earlier link of this change is dead then."""
    if change.confirmed_at or change.is_withdrawn:
        return
    token = secrets.token_urlsafe(24)
    EmailChange.objects.filter(pk=change.pk).update(token_hash=token_hash(token))
    with translation.override(change.person.language or "id"):
        send_letter(
            change.person,
            _("Confirm your new address"),
            "emails/confirm_address",
            {"link": f"{settings.BASE_URL}{reverse('people:email_confirm', args=[token])}", "expires_at": change.expires_at},
            message_id=f"email-change-{change.pk}",
            to=change.new_email,
        )


def change_of(token: str, *, at: datetime | None = None) -> EmailChange | None:
    """The change that this link confirms, while it can be confirmed."""
    found = EmailChange.objects.select_related("person").filter(
        token_hash=token_hash(token), confirmed_at__isnull=True, is_withdrawn=False, expires_at__gt=at or timezone.now()
    )
    return found.first()


@transaction.atomic
def confirm_email_change(token: str, *, at: datetime | None = None) -> Account:
    """The owner of the new address agrees. ``RuleViolation``: the link is used, withdrawn, too old, or the address was taken meanwhile."""
    moment = at or timezone.now()
    change = change_of(token, at=moment)
    if change is None or not EmailChange.objects.filter(pk=change.pk, confirmed_at__isnull=True).update(confirmed_at=moment):
        raise RuleViolation(_("This link is no longer valid."))
    person = Account.objects.select_for_update().get(pk=change.person_id)
    if Account.objects.filter(email__iexact=change.new_email).exclude(pk=person.pk).exists():
        raise RuleViolation(_("This e-mail address is already in use."))
    before, person.email = person.email, change.new_email
    person.save(update_fields=["email"])
    audit.record("email.changed", change, by=person, subject=person, before=before, after=person.email, at=moment)
    return person
