"""What was saved of an attempt, and when: for the person herself."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.domain import attempts, proof, review
from assessments.domain.context import place_of
from assessments.enums import AttemptState, ResultPart
from assessments.models import Attempt


@require_safe
def attempt_log(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _own(request, pk)
    tells = _tells_answers(request, attempt)
    return render(request, "assessments/log.html", {
        "attempt": attempt, "quiz": attempt.quiz, "with_answers": tells, "lines": proof.lines_of(attempt, with_answers=tells)})


@require_safe
def attempt_log_download(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON with hashes; ``manage.py verify_attempts --file`` checks it."""
    attempt = _own(request, pk)
    document = proof.log_of(attempt, with_answers=_tells_answers(request, attempt))
    response = HttpResponse(json.dumps(document, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="riwayat-{attempt.pk}.json"'
    return response


def _own(request: HttpRequest, pk: int) -> Attempt:
    attempt = get_object_or_404(Attempt.objects.own(request.user).select_related("quiz", "version"), pk=pk)
    if attempt.state != AttemptState.FINISHED:
        raise Http404
    return attempt


def _tells_answers(request: HttpRequest, attempt: Attempt) -> bool:
    """The same rule as on the result page: the log goes round no setting of the quiz."""
    found = attempts.situation(request.user, attempt.version, context_key=attempt.context_key)
    return ResultPart.ANSWERS in review.open_parts(attempt, place_of(attempt), found)
