"""H8, data import: the list of runs, a new upload, which column is which. One set of screens for every kind of import."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.domain import outbox
from core.domain.errors import RuleViolation
from core.domain.exports import XLSX_TYPE, ExportSheet, xlsx_bytes
from core.views.deeds import posted
from people.domain import imports, line_changes
from people.domain.import_plan import Importer
from people.domain.import_reading import choose_mapping, heads_of
from people.forms.imports import MappingForm, UploadForm
from people.models import ImportRun, LineChange

PAGE = 25


@require_safe
def import_list(request):
    """Runs that the person may see, and what waits for her as the second person."""
    runs = Paginator(ImportRun.objects.visible_to(request.user).select_related("by"), PAGE).get_page(request.GET.get("page"))
    kinds = imports.importers_for(request.user)
    waiting = LineChange.objects.visible_to(request.user).waiting().select_related("person", "superior", "unit", "asked_by")
    decide = [(change, not line_changes.may_decide(change, by=request.user)) for change in waiting[:PAGE]]
    if not kinds and not runs and not decide:
        raise Http404
    return render(request, "people/imports/list.html", {"page_obj": runs, "kinds": kinds, "waiting": decide})


@require_http_methods(["GET", "POST"])
def import_new(request, kind: str = ""):
    """Upload: the file is read at once; what cannot be read is told here and nothing is kept."""
    kinds = imports.importers_for(request.user)
    importer = next((entry for entry in kinds if entry.kind == kind), kinds[0] if kinds and not kind else None)
    if importer is None:
        raise Http404
    form = UploadForm(posted(request), request.FILES or None, importer=importer)
    if request.method == "POST" and form.is_valid():
        try:
            return _begin(request, importer, form)
        except RuleViolation as violation:
            form.add_error("files", violation.reasons)
    status = 422 if form.errors else 200
    return render(request, "people/imports/new.html", {"form": form, "importer": importer, "kinds": kinds}, status=status)


def _begin(request, importer: Importer, form: UploadForm):
    files = [(file.name, file) for file in form.cleaned_data["files"]]
    run = imports.upload(importer.kind, files, by=request.user, options=form.options)
    if imports.needs_mapping(run):
        return redirect("people:import_mapping", run.pk)
    start_check(run, request.user)
    return redirect("people:import_preview", run.pk)


@require_http_methods(["GET", "POST"])
def import_mapping(request, pk: int):
    """Which column of the file is which; remembered for the next file with the same headers."""
    run = own_run(request, pk)
    importer = imports.importer_of(run.kind)
    try:
        heads = heads_of(run, importer)
    except RuleViolation as violation:
        messages.error(request, violation.reasons[0])
        return redirect("people:import_preview", run.pk)
    form = MappingForm(posted(request), importer=importer, heads=heads)
    if request.method == "POST" and form.is_valid():
        try:
            choose_mapping(run, importer, form.chosen())
            start_check(run, request.user)
            return redirect("people:import_preview", run.pk)
        except RuleViolation as violation:
            form.add_error(None, violation.reasons)
    groups = [(head, [form[name] for name in names]) for head, names in form.groups]
    context = {"run": run, "form": form, "groups": groups, "importer": importer}
    return render(request, "people/imports/mapping.html", context, status=422 if form.errors else 200)


@require_safe
def import_example(request, kind: str):
    """An empty workbook with our headers: the quickest way to a file that needs no mapping."""
    importer = next((entry for entry in imports.importers_for(request.user) if entry.kind == kind), None)
    if importer is None:
        raise Http404
    sheets = [ExportSheet(str(table.label), [column.key for column in table.columns], []) for table in importer.tables]
    response = HttpResponse(xlsx_bytes(sheets), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response


@require_POST
def decide_line_change(request, pk: int):
    """The second pair of eyes on "you would become her superior"."""
    change = get_object_or_404(LineChange.objects.visible_to(request.user).waiting(), pk=pk)
    is_approved = request.POST.get("decision") == "agree"
    line_changes.decide(change, is_approved=is_approved, by=request.user)
    messages.success(request, _("The superior was changed.") if is_approved else _("The superior stays as it was."))
    return redirect("people:import_list")


def own_run(request, pk: int) -> ImportRun:
    """A run that the person herself began: only she goes on with it."""
    return get_object_or_404(ImportRun.objects.visible_to(request.user).filter(by=request.user), pk=pk)


def start_check(run: ImportRun, user) -> None:
    run_soon(imports.ask_check(run, by=user), run)


def run_soon(job, run: ImportRun) -> None:
    """A small file is worked off while the person waits; a large one by a worker, and her page shows how far it is."""
    if imports.is_small(run):
        outbox.run_job(job.pk)
