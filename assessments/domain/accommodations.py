"""Accommodations: given to a person by her HR, effective in every quiz from the next start on, on record (features D10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.access_rules import Allowance
from assessments.models import Accommodation
from assessments.question_types.texts import clean_text
from assessments.signals import accommodation_changed
from core.domain import audit
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from people.domain.organisation import below
from people.enums import Role
from people.models import Account, OrgUnit, scope_of

MOST_PERCENT, MOST_ATTEMPTS, LONGEST_REASON = 500, 20, 1_000


def allowance_of(person: Account, *, at: datetime) -> Allowance | None:
    """What she is given at ``at``: one query. None: nothing."""
    found = Accommodation.objects.running(on=local_date(at)).filter(person=person.pk).first()
    return Allowance(found.time_percent, found.extra_attempts, found.has_no_time_limit) if found else None


def people_for(user: Account) -> QuerySet[Account]:
    """Whose accommodations ``user`` may read and give: everybody for central HR, her units for HR of a unit, nobody for all others (also
    not for trainers, auditors and administrators: a need is private)."""
    scope = scope_of(user)
    if scope.has(Role.HR_CENTRAL):
        return Account.objects.all()
    if not scope.hr_paths:
        return Account.objects.none()
    units = below(OrgUnit.objects.order_by(), scope.hr_paths)
    return Account.objects.filter(placements__ends_on__isnull=True, placements__unit__in=units).distinct()


def problems_of(
    person: Account, *, time_percent: int, extra_attempts: int, has_no_time_limit: bool, starts_on: date, ends_on: date | None, reason: str,
    by: Account,
) -> list[str]:
    """Why this cannot be given (sentences; empty = it can)."""
    reasons = []
    if by.pk == person.pk:
        reasons.append(_("Nobody gives herself an accommodation; ask a colleague."))
    if not 100 <= time_percent <= MOST_PERCENT:
        reasons.append(_("Time lies between 100 and %(most)d percent: it never becomes less.") % {"most": MOST_PERCENT})
    if not 0 <= extra_attempts <= MOST_ATTEMPTS:
        reasons.append(_("Give at most %(most)d attempts more.") % {"most": MOST_ATTEMPTS})
    if time_percent == 100 and not extra_attempts and not has_no_time_limit:
        reasons.append(_("Give more time, no time limit, or more attempts."))
    if ends_on and ends_on < starts_on:
        reasons.append(_("The last day lies before the first."))
    if not reason:
        reasons.append(_("Write a reason; only HR reads it."))
    elif len(reason) > LONGEST_REASON:
        reasons.append(_("A reason has at most %(most)d characters.") % {"most": LONGEST_REASON})
    return reasons


@transaction.atomic
def give_accommodation(
    person: Account, *, by: Account, starts_on: date, reason: str, time_percent: int = 100, extra_attempts: int = 0,
    has_no_time_limit: bool = False, ends_on: date | None = None, at: datetime | None = None,
) -> Accommodation:
    """Takes the place of an earlier one; running attempts keep the deadline that was stored at their start. The reason does not enter the
    audit trail. ``RuleViolation``: see ``problems_of``."""
    at, reason = at or timezone.now(), clean_text(reason)
    values: dict[str, Any] = {"time_percent": time_percent, "extra_attempts": extra_attempts, "has_no_time_limit": has_no_time_limit,
                              "starts_on": starts_on, "ends_on": ends_on}
    if reasons := problems_of(person, **values, reason=reason, by=by):
        raise RuleViolation(reasons)
    Account.objects.select_for_update(of=("self",)).get(pk=person.pk)
    Accommodation.objects.filter(person=person, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    given = Accommodation.objects.create(person=person, **values, reason=reason, by=by, at=at)
    detail = {"time_percent": time_percent, "extra_attempts": extra_attempts, "has_no_time_limit": has_no_time_limit}
    audit.record("accommodation.given", given, by=by, subject=person, detail=detail, at=at)
    accommodation_changed.send(sender=Accommodation, person=person, at=at)
    return given


@transaction.atomic
def end_accommodation(accommodation: Accommodation, *, by: Account, at: datetime | None = None) -> bool:
    """From now on no attempt starts with it. False: it had ended already."""
    at = at or timezone.now()
    if not Accommodation.objects.filter(pk=accommodation.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        return False
    audit.record("accommodation.ended", accommodation, by=by, subject=accommodation.person, at=at)
    accommodation_changed.send(sender=Accommodation, person=accommodation.person, at=at)
    return True
