"""The list of people: who works here, where, in which post, under whom (decisions 9 and 10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy

from core.domain.dates import parse_day
from people.domain.import_plan import Context, Importer, Option, Plan
from people.enums import ImportKind, Role
from people.importers import people_plan, people_undo, people_write
from people.importers.people_columns import PEOPLE
from people.importers.people_place import Decision
from people.models import Account, ImportRow, ImportRun, scope_of


class PeopleImporter(Importer):
    kind = ImportKind.PEOPLE
    title = gettext_lazy("List of people")
    intro = gettext_lazy(
        "Staff members with unit, post and superior. An empty cell changes nothing; a dash (-) empties what was recorded. "
        "Roles never come by import."
    )
    tables = (PEOPLE,)
    options = (
        Option(
            "as_of",
            gettext_lazy("Changes hold from"),
            "date",
            gettext_lazy("The day from which a new unit, post or superior counts."),
        ),
    )

    def may_import(self, user: Account) -> list[str]:
        # The first administrator brings the first people in; roles are given by hand.
        return [] if scope_of(user).has(Role.ADMIN) else super().may_import(user)

    def clean_options(self, options: dict) -> dict:
        as_of = options.get("as_of")
        if not as_of:
            return {key: value for key, value in options.items() if key != "as_of"}
        day = as_of if isinstance(as_of, date) else parse_day(as_of)
        return {**options, "as_of": day.isoformat()}

    def prepare(self, plans: Sequence[Plan], context: Context) -> None:
        people_plan.prepare(plans, context)

    def plan(self, plans: Sequence[Plan], context: Context, *, is_final: bool) -> None:
        people_plan.compare(plans, context, is_final=is_final)

    def batches(self, plans: Sequence[Plan]) -> Iterator[list[Plan]]:
        """Superiors before those below them, so that each batch finds whom it names."""
        depth = _depths({plan.data.nip: plan.own.superior_nip for plan in plans if isinstance(plan.own, Decision)})
        return super().batches(sorted(plans, key=lambda plan: depth.get(plan.data.nip, 0)))

    def write(self, plans: Sequence[Plan], context: Context) -> None:
        made = people_write.write(plans, context)
        if made:
            context.run.options = {**context.run.options, "made_units": [*context.run.options.get("made_units", []), *made]}
            context.run.save(update_fields=["options"])

    def undo_blockers(self, run: ImportRun, rows: Sequence[ImportRow]) -> list[str]:
        return people_undo.undo_blockers(run, rows)

    def undo(self, rows: Sequence[ImportRow], *, run: ImportRun, by: Account | None, at: datetime) -> None:
        people_undo.undo(rows, run=run, by=by, at=at)

    def undo_finish(self, run: ImportRun, *, by: Account | None, at: datetime) -> None:
        people_undo.undo_finish(run)


def _depths(superior_of: dict[str, str | None]) -> dict[str, int]:
    """How many people of the file stand above each one; the line has no circles any more."""
    depths: dict[str, int] = {}
    for nip in superior_of:
        way = []
        at: str | None = nip
        while at in superior_of and at not in depths and at not in way:
            way.append(at)
            at = superior_of[at]
        base = depths[at] + 1 if at in depths else 0
        for place, passed in enumerate(reversed(way)):
            depths[passed] = base + place
    return depths
