"""Practice of missed questions: what waits, begin, no more of it. Seen by the person alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.domain import paper, practice
from assessments.enums import AttemptState
from assessments.models import PracticeRound
from core.domain.errors import RuleViolation

PAGE = 20


@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
def practice_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """To the practice of this round; a second tap leads to the same one."""
    found = get_object_or_404(
        PracticeRound.objects.own(request.user).select_related("source__version__quiz", "source__quiz__current", "source__person",
                                                               "attempt__version"), pk=pk)
    try:
        attempt = practice.begin(found, by=request.user)
    except RuleViolation as violation:
        return _show(request, reasons=violation.reasons)
    if attempt.state == AttemptState.FINISHED:
        return redirect("assessments:result", attempt.pk)
    return redirect("assessments:attempt", attempt.pk, paper.first_open(attempt))


@require_POST
def practice_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PracticeRound.objects.own(request.user).select_related("quiz", "attempt__version"), pk=pk)
    practice.end(found, by=request.user)
    messages.success(request, _("No more practice of “%(quiz)s” will come.") % {"quiz": found.quiz.title})
    return redirect("assessments:practice")


def _show(request: HttpRequest, *, reasons: list[str] | None = None) -> HttpResponse:
    done = Paginator(practice.done_by(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/practice/list.html", {
        "waiting": practice.waiting_for(request.user), "page": done, "reasons": reasons, "most": practice.MOST_QUESTIONS,
        "days": ", ".join(map(str, practice.DAYS)),
    }, status=422 if reasons else 200)
