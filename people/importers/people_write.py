"""Writing a batch of a list of people: a handful of statements whatever the number of rows, inside the machine's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from core.domain import audit
from people.domain.email_changes import ask_email_change
from people.domain.import_plan import Context, Plan
from people.importers.people_place import Decision
from people.importers.people_units import UnitIndex
from people.models import Account, LineChange, OrgUnit, Placement, Position

ACCOUNT = "people.account"


def write(plans: Sequence[Plan], context: Context) -> list[str]:
    """Accounts first (a superior may stand in the same batch), then places, then what waits for a second person.

    Returns the codes of units that had to be made.
    """
    todo = [plan for plan in plans if isinstance(plan.own, Decision)]
    units, made = _units(todo, context.own.units)
    accounts = _accounts(todo)
    positions = _positions(todo)
    superiors = _superiors(todo, accounts)
    _places(todo, context, units, positions, superiors)
    _requests(todo, context)
    _audit(todo, context)
    return made


def _units(plans: Sequence[Plan], index: UnitIndex) -> tuple[dict[str, int], list[str]]:
    """Make the units that these rows need and the tree lacks, from the top down; code -> id for all that are named."""
    made = []
    codes = {plan.own.unit_code for plan in plans if plan.own.unit_code and plan.own.moves}
    for code in sorted(codes):
        for spec in index.way_up(code) or []:
            # treebeard counts children on the object it is given: the parent is read anew.
            parent = OrgUnit.objects.get(code=spec.parent) if spec.parent else None
            index.add(
                parent.add_child(code=spec.code, name=spec.name) if parent else OrgUnit.add_root(code=spec.code, name=spec.name)
            )
            made.append(spec.code)
    return {code: index.by_code[code].pk for code in codes}, made


def _accounts(plans: Sequence[Plan]) -> dict[str, int]:
    new: list[Account] = []
    changed: list[Account] = []
    names: set[str] = set()
    for plan in plans:
        decision: Decision = plan.own
        if decision.account is None:
            decision.account = Account(nip=plan.data.nip, password=make_password(None), **decision.fields)
            new.append(decision.account)
        elif decision.fields:
            plan.before["fields"] = {name: _plain(getattr(decision.account, name)) for name in decision.fields}
            plan.before["became"] = _plain_all(decision.fields)
            for name, value in decision.fields.items():
                setattr(decision.account, name, value)
            changed.append(decision.account)
            names |= decision.fields.keys()
    Account.objects.bulk_create(new, batch_size=200)
    if changed:
        Account.objects.bulk_update(changed, sorted(names), batch_size=50)
    for plan in plans:
        plan.object_id, plan.object_kind = plan.own.account.pk, ACCOUNT
    return {plan.data.nip: plan.own.account.pk for plan in plans}


def _positions(plans: Sequence[Plan]) -> dict[tuple[str, str], Position]:
    """The posts that these rows name, made where they are missing."""
    named = {
        plan.own.position: plan.data.place.get("post_class")
        for plan in plans
        if plan.own.moves and plan.own.position and plan.own.position[0]
    }
    found = {
        (position.name, position.kind): position for position in Position.objects.filter(name__in={name for name, _kind in named})
    }
    missing = [Position(name=key[0], kind=key[1], post_class=level) for key, level in named.items() if key not in found]
    Position.objects.bulk_create(missing)
    return found | {(position.name, position.kind): position for position in missing}


def _superiors(plans: Sequence[Plan], accounts: dict[str, int]) -> dict[str, int]:
    named = {plan.own.superior_nip for plan in plans if plan.own.superior_nip and plan.own.moves} - accounts.keys()
    return accounts | dict(Account.objects.filter(nip__in=named).values_list("nip", "pk"))


def _places(plans: Sequence[Plan], context: Context, units: dict[str, int], positions: dict, superiors: dict[str, int]) -> None:
    closed, new, corrected = [], [], []
    for plan in plans:
        decision: Decision = plan.own
        if not decision.moves:
            continue
        current = decision.current
        facts = {
            "unit_id": units[decision.unit_code] if decision.unit_code else current.unit_id,  # type: ignore[union-attr]
            "position_id": _position_id(decision, positions),
            "superior_id": superiors.get(decision.superior_nip) if decision.superior_nip else None,
            "starts_on": decision.starts_on,
        }
        plan.before["became_place"] = {name: _plain(value) for name, value in facts.items()}
        if current is not None and not decision.is_new_place:
            plan.before["corrected"] = {"id": current.pk, **{name: _plain(getattr(current, name)) for name in facts}}
            for name, value in facts.items():
                setattr(current, name, value)
            corrected.append(current)
            continue
        if current is not None:
            plan.before["closed"] = current.pk
            closed.append(current.pk)
        placement = Placement(person_id=decision.account.pk, **facts)  # type: ignore[union-attr]
        new.append((plan, placement))
    Placement.objects.filter(pk__in=closed).update(ends_on=context.as_of - timedelta(days=1))
    Placement.objects.bulk_create([placement for _plan, placement in new], batch_size=200)
    for plan, placement in new:
        plan.before["placed"] = placement.pk
    Placement.objects.bulk_update(corrected, ["unit", "position", "superior", "starts_on"], batch_size=50)


def _position_id(decision: Decision, positions: dict[tuple[str, str], Position]) -> int | None:
    if decision.position is None:
        return decision.current.position_id if decision.current else None
    return positions[decision.position].pk if decision.position[0] else None


def _requests(plans: Sequence[Plan], context: Context) -> None:
    for plan in plans:
        decision: Decision = plan.own
        account = decision.account
        if decision.new_email and account is not None:
            change = ask_email_change(account, decision.new_email, by=context.by, at=context.at)
            if change.asked_at == context.at:  # else the same wish was there already
                plan.before["email_change"] = change.pk
        if decision.asks_second_person and account is not None and context.by is not None:
            unit = Placement.objects.current().filter(person=account).values_list("unit_id", flat=True).first()
            waiting = LineChange.objects.waiting().filter(person=account)
            if unit and not waiting.filter(superior=context.by).exists():
                waiting.delete()
                LineChange.objects.create(
                    person=account, superior=context.by, unit_id=unit, run=context.run, asked_by=context.by, asked_at=context.at
                )


def _audit(plans: Sequence[Plan], context: Context) -> None:
    """One line for each person that was made or changed: names of fields and hashes, never values."""
    audit.record_many(
        audit.event(
            f"account.{plan.outcome}",
            plan.own.account,
            by=context.by,
            subject=plan.own.account,
            at=context.at,
            before=plan.before or None,
            after=_plain_all(plan.own.fields) or None,
            detail={"run": context.run.pk, "fields": sorted(plan.own.fields), "placed": plan.own.moves},
        )
        for plan in plans
        if plan.own.fields or plan.own.moves
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _plain_all(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in fields.items()}
