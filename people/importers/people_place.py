"""Where a row puts its person: post, superior, and whether that is a change of placement."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.domain import nip as nips
from core.domain.dates import format_day
from people.domain.import_plan import Plan
from people.enums import PostKind
from people.importers.people_columns import LABELS
from people.importers.people_found import Found
from people.models import Account, Placement


@dataclass(slots=True)
class Decision:
    """What the write step does for one row. ``unit_code`` "" and ``position`` None leave what is there."""

    account: Account | None
    current: Placement | None = None
    superior_before: str | None = None
    superior_nip: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    new_email: str = ""  # waits for its owner's confirmation
    unit_code: str = ""
    position: tuple[str, str] | None = None  # name and kind; ("", "") = none
    starts_on: date | None = None
    moves: bool = False
    is_new_place: bool = False  # a further placement, not a correction of the present one
    asks_second_person: bool = False


def decide_post(plan: Plan, decision: Decision, found: Found) -> None:
    """The post that the row names; without a kind, that of the post of this name which she has or which exists."""
    name = plan.data.place.get("position")
    if name is None:
        return
    if not name:
        decision.position = ("", "")
        return
    kind = plan.data.place.get("position_kind")
    if kind is None:
        present = decision.current.position if decision.current else None
        kinds = found.positions.get(name, [""])
        kind = present.kind if present is not None and present.name == name else kinds[0]
    decision.position = (name, kind)


def settle_superior(plan: Plan, *, importer: str, known: Collection[str], circles: Collection[str]) -> None:
    """Who will be above her: the row's superior when nothing stands against it, else the present one (none for a new person)."""
    row, decision = plan.data, plan.own
    named, note = row.superior_nip, row.superior_note
    if named and named == importer and decision.superior_before != named and row.nip not in circles:
        decision.asks_second_person = True
        plan.warn("atasan_nip", _("You would become this person's superior: another colleague of HR has to agree."))
        return
    if named and named not in known:
        note = _("NIP %(nip)s is not known.") % {"nip": nips.grouped(named)}
    elif row.nip in circles:
        note = _("The reporting line would run in a circle.")
    if note and decision.superior_before:
        plan.warn("atasan_nip", _("%(fault)s The present superior stays.") % {"fault": note})
    elif note:
        plan.warn("atasan_nip", _("%(fault)s The row was taken without a superior.") % {"fault": note})
    elif named is not None:
        decision.superior_nip = named or None


def conclude_place(plan: Plan, decision: Decision, *, as_of: date, found: Found, unit_name: Callable[[str], str]) -> None:
    """Compare place, post, superior and beginning with the open placement; note whether it is corrected or followed by a new one."""
    current = decision.current
    before = _facts(current, decision.superior_before)
    after = (
        decision.unit_code or before[0],
        decision.position if decision.position is not None else before[1],
        decision.superior_nip,
    )
    started = current.starts_on if current is not None else None
    decision.starts_on = started
    if started is None and plan.data.since and (current is None or found.may_begin(current, plan.data.since)):
        decision.starts_on = plan.data.since
    if before == after and decision.starts_on == started:
        return
    if current is not None and before != after:
        if started is not None and started > as_of:
            plan.refuse(
                "unit_kerja",
                _("The present placement began on %(day)s, later than the date of this import.") % {"day": format_day(started)},
            )
            return
        decision.is_new_place = started != as_of
        decision.starts_on = as_of
    decision.moves = True
    _tell(plan, (unit_name(before[0]), *before[1:], started), (unit_name(after[0]), *after[1:], decision.starts_on))


def _facts(placement: Placement | None, superior: str | None) -> tuple[str, tuple[str, str], str | None]:
    if placement is None:
        return "", ("", ""), None
    position = placement.position
    return placement.unit.code, (position.name, position.kind) if position else ("", ""), superior


def _tell(plan: Plan, before: tuple, after: tuple) -> None:
    shown = {
        "unit_kerja": (before[0], after[0]),
        "jabatan": (before[1][0], after[1][0]),
        "jenis_jabatan": tuple(str(PostKind(post[1]).label) if post[1] else "" for post in (before[1], after[1])),
        "atasan_nip": (nips.grouped(before[2] or ""), nips.grouped(after[2] or "")),
        "tmt_jabatan": (format_day(before[3]), format_day(after[3])),
    }
    for column, (old, new) in shown.items():
        if old != new:
            plan.changes[str(LABELS[column])] = [old, new]
