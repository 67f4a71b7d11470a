"""The tree of units: reading it cheaply and adding to it safely."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from people.enums import Role
from people.models import Account, OrgUnit, scope_of

# One number for "somebody changes the organisation or imports people": PostgreSQL's advisory locks know no names.
_ORGANISATION_LOCK = 0x62696E61


def lock_organisation() -> None:
    """Inside a transaction: waits until no other transaction changes the tree or imports people; released at its end.

    SQLite needs none: its transactions begin IMMEDIATE, so there is one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORGANISATION_LOCK])


@transaction.atomic
def ensure_unit(code: str, *, name: str, parent: OrgUnit | None = None, kind: str = "") -> OrgUnit:
    """The unit with this code; made below ``parent`` (or as a root) when there is none. An existing unit is left as it is."""
    lock_organisation()
    found = OrgUnit.objects.filter(code=code).first()
    if found is not None:
        return found
    if parent is None:
        return OrgUnit.add_root(code=code, name=name, kind=kind)
    # treebeard counts children on the object it is given: read it anew under the lock.
    return OrgUnit.objects.get(pk=parent.pk).add_child(code=code, name=name, kind=kind)


def units_for(user: Account) -> QuerySet[OrgUnit]:
    """Units that ``user`` manages as HR, in tree order: all for central HR, her subtrees for HR of a unit, none for others."""
    scope = scope_of(user)
    if scope.has(Role.HR_CENTRAL):
        return OrgUnit.objects.order_by("path")
    return below(OrgUnit.objects.order_by("path"), scope.hr_paths)


def below(units: QuerySet[OrgUnit], paths: Iterable[str]) -> QuerySet[OrgUnit]:
    """Of ``units`` those that are one of ``paths`` or lie below one."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__startswith=path)
    return units.filter(wanted)


def unit_choices(units: Iterable[OrgUnit]) -> list[tuple[int, str]]:
    """For a select: the name, indented by its level with no-break spaces."""
    listed = list(units)
    top = min((unit.depth for unit in listed), default=1)
    return [(unit.pk, "\u00a0" * 3 * (unit.depth - top) + unit.name) for unit in listed]


def is_within(path: str, paths: Iterable[str]) -> bool:
    return any(path.startswith(root) for root in paths)
