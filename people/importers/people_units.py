"""Which unit a row means: one that exists, one that the file itself describes, or none. Asks the tree, writes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from core.domain.tabular import header_key
from people.domain.import_plan import Plan
from people.domain.line import cycle_members
from people.domain.organisation import is_within
from people.importers.people_values import PersonRow
from people.models import OrgUnit

MAX_DEPTH = 30


@dataclass(slots=True)
class UnitSpec:
    """A unit that the file describes and the tree lacks. ``parent`` is a code, empty for the top."""

    code: str
    name: str
    parent: str = ""


@dataclass(slots=True)
class Known:
    pk: int
    code: str
    name: str
    path: str


@dataclass
class UnitIndex:
    """The tree as it is, and the units that the file adds to it."""

    by_code: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    specs: dict[str, UnitSpec] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)  # what was warned about, and at which row: once is enough
    stamp: tuple = ()

    def refresh(self) -> None:
        """Read the tree again when somebody changed it."""
        seen = OrgUnit.objects.aggregate(n=Count("pk"), last=Max("pk"))
        stamp = (seen["n"], seen["last"])
        if stamp == self.stamp:
            return
        self.stamp, self.by_code, self.by_name = stamp, {}, {}
        for unit in OrgUnit.objects.only("pk", "code", "name", "path").order_by().iterator():
            self.add(unit)

    def add(self, unit: OrgUnit) -> None:
        known = Known(unit.pk, unit.code, unit.name, unit.path)
        self.by_code[unit.code] = known
        self.by_name.setdefault(header_key(unit.name), []).append(known)

    def describe(self, person: PersonRow) -> None:
        """Collect what a row says about its unit and the one above; the first description of a code wins."""
        if person.unit_code and person.unit_name:
            self.specs.setdefault(person.unit_code, UnitSpec(person.unit_code, person.unit_name, self.parent_of(person)))
        if person.parent_code and person.parent_name:
            self.specs.setdefault(person.parent_code, UnitSpec(person.parent_code, person.parent_name))

    def parent_of(self, person: PersonRow) -> str:
        if person.parent_code or not person.parent_name:
            return person.parent_code
        same = self.by_name.get(header_key(person.parent_name), [])
        return same[0].code if len(same) == 1 else ""

    def drop_circles(self) -> set[str]:
        """Codes whose way up runs in a circle; they are taken out of the descriptions."""
        circles = cycle_members({code: spec.parent or None for code, spec in self.specs.items() if code not in self.by_code})
        for code in circles:
            del self.specs[code]
        return circles

    def name_of(self, code: str) -> str:
        unit = self.by_code.get(code) or self.specs.get(code)
        return unit.name if unit is not None else code

    def way_up(self, code: str) -> list[UnitSpec] | None:
        """The units to make for ``code``, topmost first (empty: it exists); None when the way up is unknown."""
        missing: list[UnitSpec] = []
        while code and code not in self.by_code:
            spec = self.specs.get(code)
            if spec is None or len(missing) > MAX_DEPTH:
                return None
            missing.insert(0, spec)
            code = spec.parent
        return missing

    def nearest_path(self, code: str) -> str:
        """The tree path of the unit, or of the nearest existing one above it; empty for a new top."""
        for _level in range(MAX_DEPTH):
            if code in self.by_code:
                return self.by_code[code].path
            if not code or code not in self.specs:
                return ""
            code = self.specs[code].parent
        return ""


def unit_of(plan: Plan, person: PersonRow, index: UnitIndex, scope: tuple[str, ...] | None) -> str:
    """The code of the unit that the row names (existing or described), or "" when it names none. Refuses the row for an unknown one."""
    if person.unit_code:
        code = person.unit_code
        known = index.by_code.get(code)
        if known is not None and person.unit_name and header_key(person.unit_name) != header_key(known.name):
            _once(
                plan,
                index,
                "unit_kerja",
                code,
                _("Unit %(code)s is recorded as “%(name)s”; an import of people does not rename units.")
                % {"code": code, "name": known.name},
            )
    elif person.unit_name:
        code = _by_name(plan, person, index, scope)
        if code and code not in index.by_code:
            new = _("The unit “%(name)s” does not exist yet; it is made with this import.") % {"name": person.unit_name}
            _once(plan, index, "unit_kerja", code, new)
    else:
        return ""
    if not code:
        return ""
    if index.way_up(code) is None:
        plan.refuse("kode_unit" if person.unit_code else "unit_kerja", _unknown(person, index, code))
    elif scope is not None and not is_within(index.nearest_path(code), scope):
        plan.refuse("kode_unit" if person.unit_code else "unit_kerja", _("This unit lies outside the units that you look after."))
    return "" if plan.is_refused else code


def _by_name(plan: Plan, person: PersonRow, index: UnitIndex, scope: tuple[str, ...] | None) -> str:
    same = index.by_name.get(header_key(person.unit_name), [])
    if scope is not None:
        same = [known for known in same if is_within(known.path, scope)] or same
    if len(same) > 1 and (person.parent_code or person.parent_name):
        same = [known for known in same if _lies_below(known, person, index)] or same
    if len(same) == 1:
        return same[0].code
    if same:
        plan.refuse(
            "unit_kerja",
            _("There are %(count)d units called “%(name)s”; give the code of the unit.")
            % {"count": len(same), "name": person.unit_name},
        )
        return ""
    described = [spec for spec in index.specs.values() if header_key(spec.name) == header_key(person.unit_name)]
    if len(described) == 1:
        return described[0].code
    return _new_by_name(person, index, scope)


def _new_by_name(person: PersonRow, index: UnitIndex, scope: tuple[str, ...] | None) -> str:
    """A unit without a code gets one from its name, the same one each time."""
    parent = index.parent_of(person)
    if not parent and scope is not None and len(scope) == 1:
        parent = next((known.code for known in index.by_code.values() if known.path == scope[0]), "")
    key = f"{header_key(person.unit_name)}|{parent}"
    code = f"auto-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    index.specs.setdefault(code, UnitSpec(code, person.unit_name, parent))
    return code


def _lies_below(known: Known, person: PersonRow, index: UnitIndex) -> bool:
    above = (
        [index.by_code[person.parent_code]]
        if person.parent_code in index.by_code
        else index.by_name.get(header_key(person.parent_name), [])
    )
    return any(known.path.startswith(parent.path) and known.path != parent.path for parent in above)


def _unknown(person: PersonRow, index: UnitIndex, code: str) -> str:
    while code in index.specs:
        code = index.specs[code].parent
    if code == person.unit_code:
        return _("Unit %(code)s is not known and the row does not name it.") % {"code": code}
    return _("Unit %(code)s, above the unit of this row, is not known.") % {"code": code}


def _once(plan: Plan, index: UnitIndex, column: str, code: str, message: str) -> None:
    # Told at the first row that shows it, each time that row is compared.
    if index.told.setdefault(f"{column}:{code}", plan.line.row) == plan.line.row:
        plan.warn(column, message)
