"""Questions out of the bank: first what would be lost, then the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.domain.export_questions import export_questions
from assessments.formats import FORMATS
from assessments.formats.base import MOST
from assessments.forms.exports import ExportForm
from assessments.models import Question
from assessments.views.guard import for_trainers
from assessments.views.questions import filtered
from core.domain.dates import local_today
from core.domain.errors import RuleViolation


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def export_file(request: HttpRequest) -> HttpResponse:
    """GET with a format shows what would be lost; POST gives the file."""
    is_post = request.method == "POST"
    given = request.POST if is_post else request.GET
    form = ExportForm(given if is_post or "format" in given else None, initial=given.dict(), shelves=Question.objects.shelves(request.user))
    if not form.is_valid():
        return render(request, "assessments/bank/export.html", {"form": form}, status=422 if form.is_bound else 200)
    chosen = filtered(Question.objects.managed_by(request.user), form).filter(current__isnull=False)
    try:
        found = export_questions(chosen.select_related("current__answer_key").order_by("pk")[: MOST + 1], form.cleaned_data["format"],
                                 by=request.user, is_trial=not is_post)
    except RuleViolation as violation:
        form.add_error(None, violation.reasons)
        return render(request, "assessments/bank/export.html", {"form": form}, status=422)
    if not is_post or not found.written:
        return render(request, "assessments/bank/export.html", {"form": form, "found": found, "shown": form.cleaned_data},
                      status=422 if is_post else 200)
    kind = FORMATS[form.cleaned_data["format"]]
    response = HttpResponse(found.data, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{_("questions")}-{kind.code}-{local_today():%Y-%m-%d}.{kind.endings[0]}"'
    return response
