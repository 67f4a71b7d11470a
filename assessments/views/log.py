"""What was saved of an attempt, and when: for the person herself."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.domain import proof
from assessments.enums import AttemptState
from assessments.models import Attempt


@require_safe
def attempt_log(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = _own(request, pk)
    return render(request, "assessments/log.html", {"attempt": attempt, "quiz": attempt.quiz, "lines": proof.lines_of(attempt)})


@require_safe
def attempt_log_download(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON with hashes; ``manage.py verify_attempts --file`` checks it."""
    attempt = _own(request, pk)
    response = HttpResponse(json.dumps(proof.log_of(attempt), ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="riwayat-{attempt.pk}.json"'
    return response


def _own(request: HttpRequest, pk: int) -> Attempt:
    attempt = get_object_or_404(Attempt.objects.own(request.user).select_related("quiz"), pk=pk)
    if attempt.state != AttemptState.FINISHED:
        raise Http404
    return attempt
