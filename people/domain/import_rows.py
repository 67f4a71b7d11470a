"""The rows of a run in the database: the preview, then the result, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from people.domain.import_plan import WARNING, Plan
from people.enums import RowOutcome
from people.models import ImportRow, ImportRun

CHUNK = 500
CELL = 500  # characters of a faulty cell that are kept


def replace(run: ImportRun, plans: Iterable[Plan]) -> None:
    """Keep what would become of these rows, in place of an earlier preview; in transactions of a few hundred rows. Applied rows stay."""
    while old := list(run.rows.filter(is_applied=False).order_by().values_list("pk", flat=True)[:CHUNK]):
        ImportRow.objects.filter(pk__in=old).delete()
    waiting = [_row(run, plan) for plan in plans]
    for start in range(0, len(waiting), CHUNK):
        with transaction.atomic():
            ImportRow.objects.bulk_create(waiting[start : start + CHUNK])


def written(run: ImportRun, *, among: Sequence[Plan] | None = None) -> set[tuple[str, int]]:
    """Sheet and row of what was applied already; ``among`` these plans only."""
    done = run.rows.order_by().filter(is_applied=True)
    if among is not None:
        done = done.filter(row__in={plan.line.row for plan in among})
    return set(done.values_list("sheet", "row"))


def applied(run: ImportRun) -> list[ImportRow]:
    """Rows that changed something, in the order they were written."""
    return list(run.rows.filter(is_applied=True, outcome__in=[RowOutcome.CREATED, RowOutcome.UPDATED]).order_by("pk"))


def mark_written(run: ImportRun, plans: Sequence[Plan]) -> None:
    """Store what really became of a batch, in the batch's transaction. Deleting and inserting costs a fifth of updating row by row."""
    sheets: dict[str, list[int]] = {}
    for plan in plans:
        sheets.setdefault(plan.line.sheet, []).append(plan.line.row)
    for sheet, numbers in sheets.items():
        run.rows.filter(sheet=sheet, row__in=numbers).delete()
    rows = [_row(run, plan) for plan in plans]
    for row in rows:
        row.is_applied = row.outcome != RowOutcome.REFUSED
    ImportRow.objects.bulk_create(rows)


def forget_cells(run: ImportRun) -> None:
    """What stood in refused rows was kept so that it could be repaired: it goes with the file."""
    faulty(run).update(changes={})


def mark_undone(rows: Iterable[ImportRow]) -> None:
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).update(is_applied=False)


def count(plans: Sequence[Plan]) -> dict[str, int]:
    """``read = created + updated + unchanged + refused``; warnings count apart."""
    found = {outcome.value: 0 for outcome in RowOutcome}
    for plan in plans:
        found[plan.outcome] += 1
    warnings = sum(problem["severity"] == WARNING for plan in plans for problem in plan.problems)
    return {"read": len(plans), **found, "warnings": warnings}


def counts_of(run: ImportRun) -> dict[str, int]:
    """The same from the stored rows."""
    found = {outcome.value: 0 for outcome in RowOutcome}
    found |= dict(run.rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    problems = run.rows.exclude(problems=[]).values_list("problems", flat=True)
    warnings = sum(problem["severity"] == WARNING for listed in problems for problem in listed)
    return {"read": sum(found.values()), **found, "warnings": warnings}


def problems_of(run: ImportRun) -> list[dict[str, Any]]:
    """``{"row", "column", "severity", "message"}`` in file order, with ``sheet`` where a file has several."""
    return [
        told(problem, row=row, sheet=sheet)
        for sheet, row, problems in run.rows.exclude(problems=[]).order_by("sheet", "row").values_list("sheet", "row", "problems")
        for problem in problems
    ]


def told(problem: dict, *, row: int, sheet: str) -> dict[str, Any]:
    entry = {"row": row, "column": problem["column"], "severity": problem["severity"], "message": problem["message"]}
    return {"sheet": sheet, **entry} if sheet else entry


def faulty(run: ImportRun):
    """Refused rows, in file order."""
    return run.rows.filter(outcome=RowOutcome.REFUSED).order_by("sheet", "row")


def cells_of(row: ImportRow) -> dict[str, str]:
    """What stood in the cells of a refused row, by column key; kept so that it can be repaired and given back."""
    return row.changes.get("cells", {})


def _row(run: ImportRun, plan: Plan) -> ImportRow:
    told: dict[str, Any] = {}
    if plan.is_refused:
        told = {"title": plan.title, "cells": {key: text[:CELL] for key, text in plan.line.values.items()}, "headers": plan.line.headers}
    elif plan.changes or plan.title:
        told = {"title": plan.title, "fields": plan.changes}
    return ImportRow(
        run=run,
        sheet=plan.line.sheet,
        row=plan.line.row,
        outcome=plan.outcome,
        problems=plan.problems,
        changes=told,
        before=plan.before,
        object_kind=plan.object_kind,
        object_id=plan.object_id,
    )
