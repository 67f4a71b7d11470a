"""Who may decide for whom. Each question is answered by the list of unmet requirements as sentences; empty means yes."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people.models import Account, Placement, scope_of
from performance.models import Gap


def is_superior_of(user: Account, person: Account) -> bool:
    """By the open placement, never by heading a unit (decisions 9)."""
    placement = person.placement
    return placement is not None and placement.superior_id == user.pk


def is_hr_of(user: Account, person: Account) -> bool:
    """HR of a unit above or at the person's; central HR holds the role everywhere, which also covers people without a superior."""
    scope = scope_of(user)
    if scope.has("hr_central"):
        return True
    placement = person.placement
    return placement is not None and any(placement.unit.path.startswith(path) for path in scope.hr_paths)


def may_decide(person: Account, *, by: Account) -> list[str]:
    """Confirms, changes, declines and reviews: the current superior or the unit's HR, never on oneself (decisions 19)."""
    if by.pk == person.pk:
        return [_("Nobody decides about her own gaps and assignments.")]
    if is_superior_of(by, person) or is_hr_of(by, person):
        return []
    return [_("Only the current superior or HR of the unit decides here.")]


def may_decide_on(gap: Gap, *, by: Account) -> list[str]:
    """As ``may_decide``, and the gap is not closed."""
    if gap.is_final:
        return [_("This gap is closed.")]
    return may_decide(gap.person, by=by)


def may_review(gap: Gap, *, by: Account) -> list[str]:
    """A re-evaluation is made by somebody other than the learner (architecture §2); a gap nobody has addressed is only waived."""
    if by.pk == gap.person_id:
        return [_("A review is made by somebody other than the person herself.")]
    return may_decide_on(gap, by=by)


def people_decided_by(user: Account) -> QuerySet[Account]:
    """Everybody for whom ``may_decide`` lets ``user`` decide; one query, for lists."""
    scope = scope_of(user)
    if scope.has("hr_central"):
        return Account.objects.people().exclude(pk=user.pk)
    staff = Q(superior_id=user.pk)
    for path in scope.hr_paths:
        staff |= Q(unit__path__startswith=path)
    return Account.objects.filter(pk__in=Placement.objects.current().filter(staff).values("person_id")).exclude(pk=user.pk)


def people_of_hr(user: Account) -> QuerySet[Account]:
    """Everybody for whom ``is_hr_of`` holds, never oneself; one query, for lists."""
    scope = scope_of(user)
    if scope.has("hr_central"):
        return Account.objects.people().exclude(pk=user.pk)
    units = Q(pk__in=[])
    for path in scope.hr_paths:
        units |= Q(unit__path__startswith=path)
    return Account.objects.filter(pk__in=Placement.objects.current().filter(units).values("person_id")).exclude(pk=user.pk)
