"""Where a person works and under whom, over time (decisions 9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit, menu
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from people.domain.line import may_be_superior
from people.models import Account, OrgUnit, Placement, Position


@transaction.atomic
def place(
    person: Account,
    *,
    unit: OrgUnit,
    position: Position | None = None,
    superior: Account | None = None,
    on: date | None = None,
    by: Account | None,
    at: datetime | None = None,
) -> Placement:
    """Let ``person`` work in ``unit`` under ``superior`` from ``on``: the open placement ends the day before, a new one begins.

    Without ``on``: the first placement of a person begins *before our records* (no date), a later one on the day of ``at``.
    The same facts again change nothing. ``RuleViolation``: the line would run in a circle, or ``on`` lies before the
    present placement.
    """
    moment = at or timezone.now()
    current = Placement.objects.select_for_update().current().filter(person=person).first()
    if current is not None and facts_of(current) == (
        unit.pk,
        position.pk if position else None,
        superior.pk if superior else None,
    ):
        return current
    if superior is not None and (reasons := may_be_superior(superior, person)):
        raise RuleViolation(reasons)
    starts_on = on if on is not None else (local_date(moment) if current is not None else None)
    before = None
    if current is not None:
        before = facts_of(current)
        if reasons := _may_begin(current, starts_on):
            raise RuleViolation(reasons)
        if current.starts_on == starts_on:
            return _correct(current, unit, position, superior, by=by, at=moment)
        current.ends_on = starts_on - timedelta(days=1)
        current.save(update_fields=["ends_on"])
    placement = Placement.objects.create(person=person, unit=unit, position=position, superior=superior, starts_on=starts_on)
    audit.record("placement.began", placement, by=by, subject=person, before=before, after=facts_of(placement), at=moment)
    forget_standing(person, superior, current.superior if current else None)
    return placement


@transaction.atomic
def end_placement(person: Account, *, on: date, by: Account | None, at: datetime | None = None) -> Placement | None:
    """The person leaves: her open placement ends on ``on`` and none follows. Nothing happens when there is none."""
    current = Placement.objects.select_for_update().current().filter(person=person).first()
    if current is None:
        return None
    if current.starts_on and on < current.starts_on:
        raise RuleViolation(_("The end lies before the start."))
    current.ends_on = on
    current.save(update_fields=["ends_on"])
    audit.record("placement.ended", current, by=by, subject=person, before=facts_of(current), at=at)
    forget_standing(person, current.superior)
    return current


def facts_of(placement: Placement) -> tuple[int, int | None, int | None]:
    return placement.unit_id, placement.position_id, placement.superior_id


def forget_standing(*people: Account | None) -> None:
    """Menus and scopes that were kept for these people are read anew."""
    for person in people:
        if person is not None:
            menu.forget(person.pk)
            person.__dict__.pop("_bina_scope", None)


def _may_begin(current: Placement, starts_on: date | None) -> list[str]:
    if starts_on is None or (current.starts_on is not None and starts_on < current.starts_on):
        return [_("The present placement began later than this date; correct the date first.")]
    return []


def _correct(placement: Placement, unit: OrgUnit, position: Position | None, superior: Account | None, *, by, at) -> Placement:
    """A second change on the day a placement began corrects it; a placement of no day would be no history."""
    before, former = facts_of(placement), placement.superior
    placement.unit, placement.position, placement.superior = unit, position, superior
    placement.save(update_fields=["unit", "position", "superior"])
    audit.record(
        "placement.corrected", placement, by=by, subject=placement.person, before=before, after=facts_of(placement), at=at
    )
    forget_standing(placement.person, superior, former)
    return placement
