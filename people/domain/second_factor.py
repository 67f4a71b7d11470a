"""Who must prove two things at sign-in (issue: HR, evaluator, auditor, counsellor, administrator; not in the demo)."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

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
