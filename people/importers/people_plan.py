"""A list of people compared with the database as it is: what each row would change, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.domain import nip as nips
from core.domain.dates import format_day
from core.domain.tabular import clean_text
from people.domain.grants import grantable_roles
from people.domain.import_plan import Context, Plan
from people.domain.organisation import is_within
from people.enums import EmploymentStatus, Role, RowOutcome
from people.importers.people_columns import DATE_FIELDS, LABELS, TEXT_FIELDS
from people.importers.people_found import CHUNK, Found, closing_circles, known_nips
from people.importers.people_place import Decision, conclude_place, decide_post, settle_superior
from people.importers.people_units import UnitIndex, unit_of
from people.importers.people_values import read_person
from people.models import scope_of

COPY = "copy"
_COLUMN_OF = (
    {name: column for column, (name, _longest) in TEXT_FIELDS.items()}
    | {name: column for column, name in DATE_FIELDS.items()}
    | {"name": "nama", "status": "status", "email": "email_dinas"}
)


@dataclass
class Memory:
    """What is known about the whole file. ``scope`` None: everywhere; ``decides`` are the roles that the importer gives and takes."""

    scope: tuple[str, ...] | None
    importer_nip: str
    decides: frozenset[str]
    units: UnitIndex = field(default_factory=UnitIndex)
    first_with_email: dict[str, str] = field(default_factory=dict)
    in_circle: set[str] = field(default_factory=set)


def prepare(plans: Sequence[Plan], context: Context) -> None:
    """Read each row by itself, settle doubles, collect the units that the file describes."""
    scope = scope_of(context.by) if context.by is not None else None
    is_everywhere = scope is None or scope.has(Role.HR_CENTRAL, Role.ADMIN)
    decides = grantable_roles(context.by) if context.by is not None else frozenset(Role)
    context.own = memory = Memory(None if is_everywhere else scope.hr_paths, context.by.nip if context.by else "", decides)
    memory.units.refresh()
    for plan in plans:
        read_person(plan, context.as_of)
        memory.units.describe(plan.data)
    circles = memory.units.drop_circles()
    _settle_doubles(plans)
    for plan in plans:
        if plan.data.unit_code in circles:
            plan.refuse("kode_induk", _("The units above %(code)s run in a circle.") % {"code": plan.data.unit_code})
        email = plan.data.fields.get("email")
        if email and not plan.is_refused and plan.own != COPY:
            memory.first_with_email.setdefault(email, plan.data.nip)


def compare(plans: Sequence[Plan], context: Context, *, is_final: bool) -> None:
    """Fill in what each row would change now. Only the preview looks for circles over the whole file; a batch looks at itself."""
    memory: Memory = context.own
    memory.units.refresh()
    todo = [plan for plan in plans if plan.own != COPY]
    found: dict[int, Found] = {}
    for start in range(0, len(todo), CHUNK):
        part = todo[start : start + CHUNK]
        seen = Found(part)
        for plan in part:
            _compare_one(plan, context, seen)
            found[id(plan)] = seen
    good = [plan for plan in todo if not plan.is_refused]
    known = known_nips({plan.data.superior_nip for plan in good if plan.data.superior_nip}) | {plan.data.nip for plan in good}
    circles = closing_circles(good)
    if not is_final:
        memory.in_circle = circles
    for plan in good:
        settle_superior(plan, importer=memory.importer_nip, known=known, circles=circles | memory.in_circle)
        _conclude(plan, context, found[id(plan)])


def _settle_doubles(plans: Sequence[Plan]) -> None:
    """One NIP twice: with different content all its rows are refused; an exact copy is told and left out."""
    rows: dict[str, list[Plan]] = {}
    for plan in plans:
        if plan.data.nip:
            rows.setdefault(plan.data.nip, []).append(plan)
    for same in rows.values():
        if len(same) == 1:
            continue
        contents = [{key: clean_text(text) for key, text in plan.line.values.items() if key != "nip"} for plan in same]
        if all(content == contents[0] for content in contents):
            for plan in same[1:]:
                plan.own = COPY
                plan.warn("nip", _("This row is the same as row %(row)d.") % {"row": same[0].line.row})
            continue
        for plan in same:
            others = ", ".join(str(other.line.row) for other in same if other is not plan)
            plan.refuse(
                "nip",
                _("NIP %(nip)s also stands in row %(rows)s with different content; neither was taken.")
                % {"nip": nips.grouped(plan.data.nip), "rows": others},
            )


def _compare_one(plan: Plan, context: Context, found: Found) -> None:
    account = found.accounts.get(plan.data.nip)
    current = found.placements.get(account.pk) if account else None
    above = current.superior.nip if current is not None and current.superior is not None else None
    plan.own = decision = Decision(account, current=current, superior_before=above, superior_nip=above)
    _check_reach(plan, decision, context.own.scope, found)
    decision.unit_code = unit_of(plan, plan.data, context.own.units, context.own.scope)
    if not plan.is_refused:
        _decide_fields(plan, decision, context, found)
        decide_post(plan, decision, found)


def _check_reach(plan: Plan, decision: Decision, scope: tuple[str, ...] | None, found: Found) -> None:
    """HR of a unit changes only people who are in its units now, and brings new ones only there."""
    account = decision.account
    if account is not None and account.status == EmploymentStatus.TECHNICAL:
        plan.refuse("nip", _("This is a technical account."))
    if scope is None:
        return
    if decision.current is not None and not is_within(decision.current.unit.path, scope):
        plan.refuse("nip", _("This person works outside the units that you look after."))
    elif account is not None and decision.current is None and account.pk in found.roles:
        plan.refuse("nip", _("Central HR looks after this account."))
    elif decision.current is None and not (plan.data.unit_code or plan.data.unit_name):
        plan.refuse("unit_kerja", _("The row names no unit; only central HR brings in people without one."))


def _decide_fields(plan: Plan, decision: Decision, context: Context, found: Found) -> None:
    wanted, account = dict(plan.data.fields), decision.account
    if account is None:
        wanted.setdefault("status", _status_by_nip(plan.data.nip))
    _settle_email(plan, decision, wanted, context, found)
    for name, value in wanted.items():
        before = getattr(account, name) if account is not None else (None if name in DATE_FIELDS.values() else "")
        if before != value:
            decision.fields[name] = value
            plan.changes[str(LABELS[_COLUMN_OF[name]])] = [_shown(name, before), _shown(name, value)]
    if account is not None and not account.is_active:
        plan.warn("nip", _("This account is closed; it stays closed."))


def _settle_email(plan: Plan, decision: Decision, wanted: dict[str, Any], context: Context, found: Found) -> None:
    """An address belongs to one person; that of an account in use changes only with its owner (decisions 10).

    Whoever holds the address gets the sign-in links. For people with a role it is therefore brought only by who decides about their roles,
    also where there was none: HR of a unit would otherwise come into the account of central HR.
    """
    if "email" not in wanted:
        return
    email, account = wanted["email"], decision.account
    present = account.email.lower() if account is not None else ""
    holder = found.holders.get(email) or context.own.first_with_email.get(email)
    if email == present:
        del wanted["email"]
    elif email and holder and holder != plan.data.nip:
        plan.warn("email_dinas", _("%(email)s belongs to another person; the row was taken without it.") % {"email": email})
        del wanted["email"]
    elif account is not None and not found.roles.get(account.pk, set()) <= context.own.decides:
        plan.warn(
            "email_dinas",
            _("This person has a role: only who decides about it brings the address; the row was taken without it."),
        )
        del wanted["email"]
    elif account is not None and (account.activated_at or account.pk in found.roles):
        del wanted["email"]
        if email:
            decision.new_email = email
            plan.warn(
                "email_dinas",
                _("The account is in use: the new address holds once its owner has confirmed it; the old one is told."),
            )
        else:
            plan.warn("email_dinas", _("The e-mail address of an account in use is not removed by an import."))


def _conclude(plan: Plan, context: Context, found: Found) -> None:
    decision: Decision = plan.own
    if decision.current is None and not decision.unit_code:
        if decision.account is None:
            plan.warn("unit_kerja", _("The row names no unit; the person has no place in the organisation yet."))
    else:
        conclude_place(plan, decision, as_of=context.as_of, found=found, unit_name=context.own.units.name_of)
    if plan.is_refused:
        return
    if decision.account is None:
        plan.outcome = RowOutcome.CREATED
    else:
        plan.object_id = decision.account.pk
        plan.outcome = RowOutcome.UPDATED if decision.fields or decision.moves else RowOutcome.UNCHANGED


def _status_by_nip(nip: str) -> str:
    return (EmploymentStatus.PPPK if nips.parse(nip).kind == nips.PPPK else EmploymentStatus.PNS).value


def _shown(name: str, value: Any) -> str:
    if isinstance(value, date):
        return format_day(value)
    if name == "status" and value:
        return str(EmploymentStatus(value).label)
    return str(value or "")
