"""H8, one import run: preview, repair, apply, faulty rows, taking back."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.domain import audit
from core.domain.errors import RuleViolation
from core.domain.exports import XLSX_TYPE, ExportSheet, xlsx_bytes
from people.domain import import_rows, imports
from people.enums import ImportState, RowOutcome
from people.forms.imports import RepairForm, faulty_keys, field_name
from people.models import ImportRow, ImportRun
from people.views.imports import own_run, run_soon, start_check

PAGE = 25
FAULTY = 10  # rows with fields to type into
FIRST = 6
VIEWS = {
    "ubah": {"outcome": RowOutcome.UPDATED},
    "baru": {"outcome": RowOutcome.CREATED},
    "sama": {"outcome": RowOutcome.UNCHANGED},
}


@require_safe
def import_preview(request, pk: int, *, repair: RepairForm | None = None, against: Sequence[str] = (), status: int = 200):
    """What would change (or did), what needs repair, and what can be done next."""
    run = _opened(request, pk)
    is_mine = run.by_id == request.user.pk
    if is_mine and run.state == ImportState.UPLOADED and not _is_working(run):
        return redirect("people:import_mapping", pk)
    faulty = Paginator(import_rows.faulty(run), FAULTY).get_page(request.GET.get("page"))
    may_repair = is_mine and run.state == ImportState.PREVIEWED
    form = repair or (RepairForm(rows=faulty) if may_repair else None)
    context = {
        **_rows_of(run),
        "is_mine": is_mine,
        "page_obj": faulty,
        "faulty": [_shown(row, form) for row in faulty],
        "form": form,
        "undo_reasons": against or (imports.undo_limits(run, by=request.user) if run.state == ImportState.APPLIED else None),
    }
    return render(request, "people/imports/run.html", context, status=status)


def _opened(request, pk: int) -> ImportRun:
    """A run that the person may see. Somebody else's holds names and numbers: looking at it leaves a mark (decisions 5)."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user).select_related("by"), pk=pk)
    if run.by_id != request.user.pk:
        audit.record("import.viewed", run, by=request.user, subject=run.by, is_read=True)
    return run


def _rows_of(run: ImportRun) -> dict:
    """The figures, and the first rows of each kind."""
    return {
        "run": run,
        "is_working": _is_working(run),
        "figures": _figures(run),
        "updated": list(_rows(run, "ubah")[:FIRST]),
        "created": list(_rows(run, "baru")[:FIRST]),
        "warned": list(_warned(run)[:FIRST]),
        "changes": run.counts.get("created", 0) + run.counts.get("updated", 0),
    }


@require_safe
def import_rows_list(request, pk: int, view: str):
    """All rows of one kind: changed, new, unchanged, with a note."""
    run = _opened(request, pk)
    rows = _warned(run) if view == "catatan" else _rows(run, view)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/imports/rows.html", {"run": run, "view": view, "page_obj": page})


@require_safe
def import_state(request, pk: int):
    """The part of the page that a waiting browser asks for every few seconds."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    response = render(request, "people/imports/state.html", {"run": run, "is_working": _is_working(run)})
    if not _is_working(run):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_repair(request, pk: int):
    """Typed cells are laid over the file, which is then checked again as a whole."""
    run = own_run(request, pk)
    page = Paginator(import_rows.faulty(run), FAULTY).get_page(request.GET.get("page"))
    form = RepairForm(request.POST, rows=page)
    if form.is_valid():
        imports.repair(run, form.repairs(), by=request.user)
        start_check(run, request.user)
        return redirect("people:import_preview", pk)
    request.method = "GET"
    return import_preview(request, pk, repair=form, status=422)


@require_POST
def import_apply(request, pk: int):
    """The good rows, or everything or nothing."""
    run = own_run(request, pk)
    run_soon(imports.ask_apply(run, by=request.user, all_or_nothing=bool(request.POST.get("all_or_nothing"))), run)
    run.refresh_from_db()
    if run.state == ImportState.APPLIED:
        count = run.counts["created"] + run.counts["updated"]
        messages.success(request, ngettext("%(n)d row was applied.", "%(n)d rows were applied.", count) % {"n": count})
    return redirect("people:import_preview", pk)


@require_POST
def import_undo(request, pk: int):
    """What stands against it is told on the run's page, also where the button was; of a run that was never applied, on the error page."""
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    try:
        run_soon(imports.ask_undo(run, by=request.user), run)
    except RuleViolation as violation:
        if run.state != ImportState.APPLIED:
            raise
        messages.error(request, " ".join(violation.reasons))
        request.method = "GET"
        return import_preview(request, pk, against=violation.reasons, status=422)
    run.refresh_from_db()
    if run.state == ImportState.UNDONE:
        messages.success(request, _("The import was taken back: everything is as it was before."))
    return redirect("people:import_preview", pk)


@require_POST
def import_discard(request, pk: int):
    imports.discard(own_run(request, pk), by=request.user)
    messages.success(request, _("The import was discarded. Nothing was changed."))
    return redirect("people:import_list")


@require_GET
def import_faulty(request, pk: int):
    """The refused rows as a workbook, with the sentence beside each: repair it and upload it again."""
    run = _opened(request, pk)
    response = HttpResponse(xlsx_bytes([_faulty_sheet(run), _notes_sheet(run)]), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="perlu-diperbaiki-{run.pk}.xlsx"'
    return response


def _faulty_sheet(run: ImportRun) -> ExportSheet:
    rows = list(import_rows.faulty(run))
    headers = dict(pair for row in rows for pair in row.changes.get("headers", {}).items())
    lines = [
        [
            row.row,
            *(import_rows.cells_of(row).get(key, "") for key in headers),
            " ".join(problem["message"] for problem in row.problems),
        ]
        for row in rows
    ]
    return ExportSheet(_("To repair"), [_("Row in the file"), *headers.values(), _("What to repair")], lines)


def _notes_sheet(run: ImportRun) -> ExportSheet:
    notes = [[entry.get("sheet", ""), entry["row"], entry["column"], entry["message"]] for entry in import_rows.problems_of(run)]
    return ExportSheet(_("All notes"), [_("Sheet"), _("Row in the file"), _("Column"), _("Note")], notes)


def _is_working(run: ImportRun) -> bool:
    """A job has it; a file whose columns nobody has named yet waits for the person instead."""
    return run.state == ImportState.APPLYING or (run.state == ImportState.UPLOADED and bool(run.options.get("turn")))


def _rows(run: ImportRun, view: str):
    return run.rows.filter(**VIEWS.get(view, VIEWS["ubah"])).order_by("sheet", "row")


def _warned(run: ImportRun):
    return run.rows.exclude(problems=[]).exclude(outcome=RowOutcome.REFUSED).order_by("sheet", "row")


def _figures(run: ImportRun) -> list[dict]:
    counts = run.counts
    figures = [
        {"value": counts.get("created", 0), "label": _("new"), "url": "#baru" if counts.get("created") else ""},
        {"value": counts.get("updated", 0), "label": _("changed"), "url": "#ubah" if counts.get("updated") else ""},
        {"value": counts.get("unchanged", 0), "label": _("unchanged"), "url": ""},
        {"value": counts.get("refused", 0), "label": _("to repair"), "url": "#perbaiki" if counts.get("refused") else ""},
    ]
    return figures if counts else []


def _shown(row: ImportRow, form: RepairForm | None) -> dict:
    """A faulty row as it is drawn: each faulty cell with its field (while it can be repaired) and its sentences."""
    cells = []
    for key in dict.fromkeys(problem["key"] for problem in row.problems):
        told = [problem for problem in row.problems if problem["key"] == key]
        can_type = form is not None and key in faulty_keys(row)
        cells.append(
            {
                "label": told[0]["column"],
                "text": import_rows.cells_of(row).get(key, ""),
                "field": form[field_name(row, key)] if form is not None and can_type else None,
                "messages": [problem["message"] for problem in told],
            }
        )
    known = import_rows.cells_of(row)
    title = row.changes.get("title") or known.get("nama", "")
    return {"row": row, "title": title, "nip": known.get("nip", ""), "cells": cells}
