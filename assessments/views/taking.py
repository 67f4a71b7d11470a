"""Taking a quiz: question, review, hand-in, result. Only one's own attempt opens here; everything works as plain forms.

The script sends the same form by ``fetch`` (header ``X-Requested-With: fetch``): without ``go`` it gets 204, with ``go`` the next question
in the same answer, with ``periksa`` (learning mode) the same question and what is right. Without script: POST, redirect, GET.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.domain import attempts, learning, modes, paper, practice, results
from assessments.domain.context import place_of
from assessments.enums import QuizKind
from assessments.models import Attempt
from assessments.question_types import QuestionType
from assessments.views import kept_answers
from core.domain.errors import RuleViolation
from core.views.access import public

CHOSEN, FLAG, GO, LOOK, REVISION = "pilihan", "tandai", "go", "periksa", "revisi"
LARGEST_SHOWN = 100_000  # a refused answer comes back so that nothing is lost, up to this many characters


@public  # answers itself to people whose sign-in has run out, so that their answer survives the sign-in
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """Question ``n`` of an attempt; POST saves the answer and goes on."""
    if not request.user.is_authenticated:
        return _to_sign_in(request, pk, n)
    attempt = own(request, pk)
    if not 1 <= n <= paper.count(attempt):
        raise Http404
    if request.method == "POST":
        return _save(request, attempt, n)
    if attempts.settle(attempt):
        return redirect("assessments:result", pk)
    if attempt.due_at and timezone.now() >= attempt.due_at:
        return redirect("assessments:review", pk)
    return show(request, attempt, n)


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions of an open attempt, for the browser to keep in memory."""
    attempt = own(request, pk)
    if attempts.settle(attempt):
        raise Http404
    return render(request, "assessments/sheet.html", {"attempt": attempt, "questions": paper.whole(attempt)})


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = own(request, pk)
    if attempts.settle(attempt):
        return redirect("assessments:result", pk)
    lines = paper.lines(attempt)
    blank = [line.n for line in lines if not line.is_answered]
    return render(request, "assessments/review.html", {
        **_surroundings(attempt), "lines": lines, "blank": blank, "answered": len(lines) - len(blank), "place": place_of(attempt),
        "is_over": attempt.due_at is not None and timezone.now() >= attempt.due_at,
    })


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, once; a second tap leads to the same result."""
    attempt = own(request, pk)
    attempts.finish(attempt, by=request.user)
    return redirect("assessments:result", pk)


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    attempt = own(request, pk)
    if not attempts.settle(attempt):
        return redirect("assessments:review", pk)
    place = place_of(attempt)
    found = attempts.situation(request.user, attempt.version, context_key=attempt.context_key)
    if attempt.quiz.practice_of_id:
        return render(request, "assessments/practice/result.html", {
            "attempt": attempt, "quiz": attempt.quiz, "result": results.result_of(attempt, place, found),
            "next_day": practice.next_day(attempt.practice_round)})
    return render(request, "assessments/result.html", {
        "attempt": attempt, "quiz": attempt.quiz, "place": place, "result": results.result_of(attempt, place, found),
        "limit": found.spec.get("attempt_limit"), "left": attempts.attempts_left(found), "opens_at": attempts.opens_again_at(found),
        "is_pre": attempt.version.spec["kind"] == QuizKind.PRE,
        "has_open": attempts.has_open(found), "is_shut": attempts.is_shut(found),
    })


def own(request: HttpRequest, pk: int) -> Attempt:
    return get_object_or_404(Attempt.objects.own(request.user).select_related("version", "quiz__current"), pk=pk)


def _is_fetch(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _save(request: HttpRequest, attempt: Attempt, n: int) -> HttpResponse:
    kind, laid = paper.kind_at(attempt, n)
    looks, is_final = LOOK in request.POST, learning.is_looked_at(attempt, laid["v"])
    try:
        chosen = None if is_final and CHOSEN not in request.POST else kind.read(_posted(request, kind), laid)  # a final answer is not posted
        write = learning.look if looks else attempts.save
        saved = write(attempt, laid["v"], chosen, is_flagged=FLAG in request.POST, client_revision=_revision(request))
    except attempts.AttemptClosed as closed:
        return show_closed(request, attempt, closed.reasons)
    except attempts.AttemptBusy as busy:
        return show(request, attempt, n, reasons=busy.reasons, status=503)  # the script keeps the answer and sends it again
    except RuleViolation as violation:
        return show(request, attempt, n, reasons=violation.reasons)
    if looks:
        return _after_look(request, attempt, n)
    if _is_fetch(request) and GO not in request.POST:
        return HttpResponse(status=204, headers={"Bina-Superseded": "1"} if saved.is_superseded else None)
    return _go_on(request, attempt, n)


def _posted(request: HttpRequest, kind: QuestionType) -> list[str]:
    """The values of the answer, within the limits of the type: nothing longer is looked at."""
    values = [value.replace("\r\n", "\n") for value in request.POST.getlist(CHOSEN)]
    is_too_long = any(len(value) > kind.longest_value for value in values)
    if len(values) > kind.most_values or (is_too_long and kind.has_options):
        raise RuleViolation(_("This answer does not belong to the question. Open the question again and choose once more."))
    if is_too_long:
        raise RuleViolation(_("The answer is longer than %(limit)d characters. Shorten it, then save again.") % {"limit": kind.longest_value})
    return values


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get(REVISION, "")
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 16 else 0  # 0 is refused in words


def _go_on(request: HttpRequest, attempt: Attempt, n: int) -> HttpResponse:
    """To the question that ``go`` names, to the review, or to the next question."""
    wanted = request.POST.get(GO, "")
    target = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else n + 1
    if wanted == "review" or not 1 <= target <= paper.count(attempt):
        return redirect("assessments:review", attempt.pk)
    if _is_fetch(request):
        return render(request, "assessments/question_part.html", _frame(attempt, target))
    return redirect("assessments:attempt", attempt.pk, target)


def _after_look(request: HttpRequest, attempt: Attempt, n: int) -> HttpResponse:
    if _is_fetch(request):
        return render(request, "assessments/question_part.html", _frame(attempt, n))
    return redirect(f"{reverse('assessments:attempt', args=[attempt.pk, n])}#umpan-balik")


def show_closed(request: HttpRequest, attempt: Attempt, reasons: list[str]) -> HttpResponse:
    if _is_fetch(request):
        return HttpResponse(" ".join(reasons), status=409, content_type="text/plain; charset=utf-8")
    messages.warning(request, " ".join(reasons))
    return redirect("assessments:result", attempt.pk)


def show(request: HttpRequest, attempt: Attempt, n: int, *, reasons: list[str] | None = None, status: int = 422) -> HttpResponse:
    kept = [] if reasons else kept_answers.take(request, attempt.pk, n)
    typed = [value[:LARGEST_SHOWN] for value in request.POST.getlist(CHOSEN)[:100]] if reasons else kept
    context = {**_frame(attempt, n, typed=typed), "reasons": reasons, "is_unsaved": bool(kept), "place": place_of(attempt)}
    part = "assessments/question_part.html" if _is_fetch(request) else "assessments/question.html"
    return render(request, part, context, status=status if reasons else 200)


def _to_sign_in(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The sign-in leads back to the question, which then holds what was answered."""
    kept_answers.keep(request, pk, n, request.POST.getlist(CHOSEN)[:100])
    return redirect_to_login(request.path)


def _surroundings(attempt: Attempt) -> dict:
    return {"attempt": attempt, "quiz": attempt.quiz, "count": paper.count(attempt), "limit": attempt.version.spec.get("attempt_limit")}


def _frame(attempt: Attempt, n: int, *, typed: list[str] | None = None) -> dict:
    """What the question part needs: one query. In learning mode, an answer that was looked at stands there with its feedback."""
    now = timezone.now()
    is_final = learning.is_looked_at(attempt, attempt.layout[n - 1]["v"])
    version, feedback = learning.feedback_on(attempt, n) if is_final else (None, None)
    return {
        **_surroundings(attempt), "n": n, "cells": paper.cells(attempt), "is_learning": modes.is_learning(attempt.version.spec),
        "shown": paper.shown(attempt, n, typed=None if is_final else typed, version=version), "feedback": feedback,
        "seconds_left": paper.seconds_left(attempt, at=now), "now": int(now.timestamp() * 1000),
        "revision": max(attempt.revisions.values(), default=0), "text": _("%(n)d of %(count)d") % {"n": n, "count": paper.count(attempt)},
    }
