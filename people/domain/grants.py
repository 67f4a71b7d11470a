"""Roles: giving and taking them. The reporting line gives the superior his rights; everything else is a scoped grant."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from people.domain.placements import forget_standing
from people.domain.sessions import end_sessions
from people.enums import Role
from people.models import Account, Grant, OrgUnit, scope_of

TRAINER_GROUP = "Pengajar"
UNIT_ROLES = frozenset({Role.HR_UNIT, Role.EVALUATOR})
EVERYWHERE_ROLES = frozenset({Role.HR_CENTRAL, Role.AUDITOR, Role.ADMIN})
# Who decides about which roles: central HR about the daily ones, an administrator about all of them.
GRANTABLE = {
    Role.HR_CENTRAL: frozenset({Role.HR_UNIT, Role.TRAINER, Role.EVALUATOR, Role.COUNSELLOR}),
    Role.ADMIN: frozenset(Role),
}


def grantable_roles(by: Account) -> frozenset[str]:
    """The roles that ``by`` may give and take."""
    scope = scope_of(by)
    return frozenset().union(*(roles for holder, roles in GRANTABLE.items() if scope.has(holder)))


def decides_about(person: Account, *, by: Account) -> bool:
    """Whether ``by`` gives and takes every role that ``person`` has: only then does she hand out ways into that account."""
    return set(person.grants.values_list("role", flat=True)) <= grantable_roles(by)


def may_grant(person: Account, role: str, *, unit: OrgUnit | None, by: Account | None) -> list[str]:
    """``by`` None is the system (first administrator, demo)."""
    reasons = []
    if by is not None and by.pk == person.pk:
        reasons.append(_("Nobody changes her own roles; ask a colleague."))
    if by is not None and role not in grantable_roles(by):
        reasons.append(_("Only an administrator decides about this role."))
    if role in UNIT_ROLES and unit is None:
        reasons.append(_("This role needs a unit."))
    if role in EVERYWHERE_ROLES and unit is not None:
        reasons.append(_("This role holds everywhere; leave the unit empty."))
    if not person.is_active:
        reasons.append(_("This account is closed."))
    return reasons


@transaction.atomic
def grant(
    person: Account,
    role: str,
    *,
    unit: OrgUnit | None = None,
    by: Account | None,
    at: datetime | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give ``person`` a role (for ``unit`` and all below it). The same grant again only moves its dates.

    Her sessions end: the new rights begin with a fresh sign-in. ``RuleViolation``: see ``may_grant``.
    """
    if reasons := may_grant(person, role, unit=unit, by=by):
        raise RuleViolation(reasons)
    if starts_on and ends_on and ends_on < starts_on:
        raise RuleViolation(_("The end lies before the start."))
    given, created = Grant.objects.get_or_create(
        person=person, role=role, unit=unit, defaults={"granted_by": by, "starts_on": starts_on, "ends_on": ends_on}
    )
    if not created:
        if (given.starts_on, given.ends_on) == (starts_on, ends_on):
            return given
        given.starts_on, given.ends_on, given.granted_by = starts_on, ends_on, by
        given.save(update_fields=["starts_on", "ends_on", "granted_by"])
    audit.record("grant.given", given, by=by, subject=person, detail=_detail(given), at=at)
    _take_effect(person, role)
    return given


def may_revoke(given: Grant, *, by: Account | None) -> list[str]:
    reasons = []
    if by is not None and by.pk == given.person_id:
        reasons.append(_("Nobody changes her own roles; ask a colleague."))
    if by is not None and given.role not in grantable_roles(by):
        reasons.append(_("Only an administrator decides about this role."))
    others = Grant.objects.valid().filter(role=Role.ADMIN, person__is_active=True).exclude(person_id=given.person_id)
    if given.role == Role.ADMIN and not others.exists():
        reasons.append(_("This is the last administrator."))
    return reasons


@transaction.atomic
def revoke(given: Grant, *, by: Account | None, at: datetime | None = None) -> None:
    """Take a role away at once: the row goes, the audit trail keeps who had it, her sessions end."""
    if reasons := may_revoke(given, by=by):
        raise RuleViolation(reasons)
    audit.record("grant.taken", given, by=by, subject=given.person, detail=_detail(given), at=at)
    given.delete()
    _take_effect(given.person, given.role)


def trainer_group() -> Group:
    """The Wagtail group of trainers: it opens the editor. The apps that have shelves (trees, collections) give them to it."""
    group, created = Group.objects.get_or_create(name=TRAINER_GROUP)
    if created:
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


def sync_trainer_group(person: Account) -> None:
    """Membership follows the grant, never the other way round (reliability T18)."""
    if Grant.objects.valid().filter(person=person, role=Role.TRAINER).exists():
        person.groups.add(trainer_group())
    else:
        person.groups.remove(*person.groups.filter(name=TRAINER_GROUP))


def sync_all_trainer_groups() -> int:
    """Nightly: grants begin and end by date. Returns how many memberships changed."""
    group = trainer_group()
    wanted = set(Grant.objects.valid().filter(role=Role.TRAINER).values_list("person_id", flat=True))
    present = set(group.user_set.values_list("pk", flat=True))
    group.user_set.add(*(wanted - present))
    group.user_set.remove(*(present - wanted))
    return len(wanted ^ present)


def _take_effect(person: Account, role: str) -> None:
    if role == Role.TRAINER:
        sync_trainer_group(person)
    forget_standing(person)
    end_sessions(person)


def _detail(given: Grant) -> dict:
    return {
        "role": given.role,
        "unit": given.unit_id,
        "starts_on": str(given.starts_on or ""),
        "ends_on": str(given.ends_on or ""),
    }
