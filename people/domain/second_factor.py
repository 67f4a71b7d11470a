"""Who must prove two things at sign-in (issue: HR, evaluator, auditor, counsellor, administrator; not in the demo)."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.domain import key_change
from core.domain.dates import local_today
from people.enums import Role
from people.models import Account, Grant

ROLES = frozenset({Role.HR_UNIT, Role.HR_CENTRAL, Role.EVALUATOR, Role.COUNSELLOR, Role.AUDITOR, Role.ADMIN})


def is_required(person: Account) -> bool:
    """Whether one of her roles (also one that begins later) asks for a second step. Sessions end when roles change, so the answer given
    at sign-in holds for the session."""
    if not settings.BINA_REQUIRE_SECOND_STEP:
        return False
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=local_today())
    return Grant.objects.filter(running, person=person, role__in=ROLES).exists()


def renew_secrets() -> Iterator[str]:
    """The secrets of apps and the seeds of recovery codes under the newest key (``core.domain.key_change``)."""
    for pk in list(Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True)):
        yield from _renew_one(pk)


@transaction.atomic
def _renew_one(pk: int) -> list[str]:
    found = Authenticator.objects.select_for_update().filter(pk=pk).first()
    outcomes = []
    for name in {"secret", "seed"} & found.data.keys() if found is not None else ():
        outcome, found.data[name] = key_change.renew(found.data[name])
        outcomes.append(outcome)
    if key_change.RENEWED in outcomes:
        found.save(update_fields=["data"])
    return outcomes
