"""Uploading a file as answer, and reading it: by the learner and by who grades."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.domain import answer_files, attempts, paper
from assessments.models import AnswerFile, QuestionVersion
from assessments.question_types.file import FileAnswer
from assessments.views import taking
from core.domain.errors import RuleViolation


@require_POST
def upload(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The file becomes the answer of question ``n``; what is refused is said on the question's page."""
    attempt = taking.own(request, pk)
    if not 1 <= n <= paper.count(attempt):
        raise Http404
    kind, laid = paper.kind_at(attempt, n)
    given = request.FILES.get("berkas")
    if not isinstance(kind, FileAnswer):
        raise Http404
    if given is None:
        return taking.show(request, attempt, n, reasons=[_("Choose a file first.")])
    body = QuestionVersion.objects.values_list("body", flat=True).get(pk=laid["v"])
    try:
        answer_files.store(attempt, laid["v"], given, kinds=body["kinds"])
    except attempts.AttemptClosed as closed:
        return taking.show_closed(request, attempt, closed.reasons)
    except RuleViolation as violation:
        return taking.show(request, attempt, n, reasons=violation.reasons)
    return redirect("assessments:attempt", pk, n)


@login_required
@require_safe
def answer_file(request: HttpRequest, pk: int) -> FileResponse:
    """Always a download, never shown by the browser: what stands in it is somebody's."""
    found = get_object_or_404(AnswerFile.objects.visible_to(request.user), pk=pk)
    if not found.file.storage.exists(found.file.name):
        raise Http404
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response
