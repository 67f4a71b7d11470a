"""An import from the command line: the same machine, and one object that says what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.domain import outbox
from core.domain.errors import RuleViolation
from people.domain import import_rows, imports
from people.domain.import_plan import ERROR, Plan
from people.enums import ImportState, RowOutcome
from people.models import Account, ImportRun

NOTHING = {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "refused": 0, "warnings": 0}


def import_now(
    kind: str,
    paths: Sequence[Path],
    *,
    by: Account | None = None,
    options: dict | None = None,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Upload, check and apply at once. Returns ``{"read", "created", "updated", "unchanged", "refused", "warnings", "problems"}``.

    With ``dry_run`` nothing stays. With ``all_or_nothing`` and a refused row nothing is written: the good rows count as unchanged.
    ``RuleViolation``: the file as a whole was refused. A killed command is finished by the workers.
    """
    run = _upload(kind, paths, by=by, options=options, at=at)
    if dry_run or all_or_nothing:
        plans = _plans(run, by=by, at=at)
        if dry_run or any(plan.is_refused for plan in plans):
            imports.discard(run, by=by)
            tallies = imports.importer_of(kind).tallies((plan.object_kind, plan.outcome) for plan in plans) if dry_run else {}
            return _of_plans(plans, is_nothing_written=not dry_run) | tallies
        del plans
    outbox.run_job(imports.ask_apply(run, by=by, all_or_nothing=all_or_nothing, at=at).pk, at=at, raises=True, renews=at is None)
    run.refresh_from_db()
    if run.state == ImportState.FAILED:
        reasons = run.options["error"]
        imports.discard(run, by=by)
        raise RuleViolation(reasons)
    if run.state != ImportState.APPLIED:
        raise RuleViolation(run.options.get("error") or [_("The import was not finished; a worker will go on with it.")])
    tallies = imports.importer_of(kind).tallies(run.rows.order_by().values_list("object_kind", "outcome"))
    return {**run.counts, **tallies, "problems": import_rows.problems_of(run)}


def refused_file(reasons: Sequence[str]) -> dict[str, Any]:
    """The same object for a file that could not be read at all; row 0 stands for the file."""
    return {**NOTHING, "problems": [{"row": 0, "column": "", "severity": ERROR, "message": reason} for reason in reasons]}


def sentences(result: dict[str, Any]) -> Iterator[str]:
    """The result for people: the numbers, then each problem with row and column."""
    yield (
        _(
            "%(read)d rows read: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(refused)d refused, %(warnings)d warnings."
        )
        % result
    )
    for problem in result["problems"]:
        place = _("Row %(row)d, %(column)s") % problem if problem["column"] else _("Row %(row)d") % problem
        yield f"{place}: {problem['message']}"


def _plans(run: ImportRun, *, by: Account | None, at: datetime | None) -> list[Plan]:
    try:
        return imports.make_plans(run, at=at)[0]
    except RuleViolation:
        imports.discard(run, by=by)
        raise


def _upload(kind: str, paths: Sequence[Path], *, by: Account | None, options: dict | None, at: datetime | None) -> ImportRun:
    with ExitStack() as stack:
        files = []
        for path in paths:
            try:
                files.append((path.name, stack.enter_context(path.open("rb"))))
            except OSError:
                raise RuleViolation(_("The file %(name)s cannot be opened.") % {"name": path.name})
        return imports.upload(kind, files, by=by, options=options, at=at)


def _of_plans(plans: Sequence[Plan], *, is_nothing_written: bool) -> dict[str, Any]:
    counts = import_rows.count(plans)
    if is_nothing_written:
        counts |= {"created": 0, "updated": 0, "unchanged": counts["read"] - counts[RowOutcome.REFUSED]}
    problems = [
        import_rows.told(problem, row=plan.line.row, sheet=plan.line.sheet) for plan in plans for problem in plan.problems
    ]
    return {**counts, "problems": problems}
