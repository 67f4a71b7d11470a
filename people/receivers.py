"""Facts that allauth announces about a person's ways in: her other sessions end, and she is told."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.domain import audit
from people.domain.notices import notify
from people.domain.sessions import end_sessions
from people.enums import NoticeKind
from people.models import Account

MISTAKE = _("If it was not you, tell the HR of your unit at once.")


@receiver([password_changed, password_set])
def password_was_changed(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    end_sessions(user, keep=request.session.session_key)
    _tell(user, "password.changed", _("The password of your account was changed"))


@receiver(authenticator_added)
def second_step_was_added(sender: Any, request: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting an app or a key up proves it: this very session has shown its second factor."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        _tell(user, "second_step.added", _("A second step was added to your account"))


@receiver(authenticator_removed)
def second_step_was_removed(sender: Any, request: Any, user: Account, authenticator: Authenticator, **kwargs: Any) -> None:
    _tell(user, "second_step.removed", _("A second step was removed from your account"))


@receiver(authenticator_reset)
def recovery_codes_were_made(sender: Any, request: Any, user: Account, **kwargs: Any) -> None:
    _tell(user, "second_step.codes", _("New recovery codes were made for your account"))


@transaction.atomic
def _tell(person: Account, verb: str, title: Any) -> None:
    event = audit.record(verb, person, by=person, subject=person)
    moment = timezone.now()
    notify(
        person,
        kind=NoticeKind.SECURITY,
        key=f"{verb}-{event.pk}",
        title=title,
        body=MISTAKE,
        url=reverse("people:security"),
        at=moment,
    )
