"""The page before a quiz. Its address belongs to the app that offers the quiz; that app's view calls ``quiz_entry``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assessments.access_rules import RULES, TIME_LIMIT, declarations
from assessments.domain import attempts, paper, quizzes, review
from assessments.enums import AttemptState
from assessments.models import QuizVersion
from core.domain.errors import RuleViolation


def quiz_entry(
    request: HttpRequest, quiz_version: QuizVersion, *, context_key: str, title: str, back_url: str, problems: Sequence[str] = (),
    when_used_up: Callable[[], list[str]] = list,
) -> HttpResponse:
    """GET: what awaits her, and one button. POST: begins (or leads back to the open attempt). ``problems`` are the caller's own reasons
    why she cannot start; ``title`` and ``back_url`` name the surroundings. ``when_used_up`` is called when no attempt is left and says
    what comes then. The caller has checked that the person may be here."""
    reasons = list(problems)
    if request.method == "POST" and not reasons:
        try:
            attempt = attempts.start(request.user, quiz_version, context_key=context_key, declared=request.POST.keys())
            return redirect("assessments:attempt", attempt.pk, paper.first_open(attempt))
        except RuleViolation as violation:
            reasons = violation.reasons
    found = _before(request, quiz_version, context_key, title, back_url, reasons)
    found["can_begin"] = not problems and found.pop("is_startable") and (not found["reasons"] or bool(found["declarations"]))
    if not problems and found["left"] == 0 and not found["running"]:
        found["reasons"] = [*found["reasons"], *when_used_up()]
    return render(request, "assessments/before.html", found, status=422 if request.method == "POST" else 200)


def _before(request, quiz_version, context_key, title, back_url, reasons) -> dict:
    found = attempts.situation(request.user, quiz_version, context_key=context_key)
    now, spec = timezone.now(), found.spec
    running = next((attempt for attempt in found.attempts if attempt.state == AttemptState.OPEN and not attempts.settle(attempt, at=now)), None)
    count = quizzes.question_count(spec)
    closed = [] if running else attempts.start_problems(found)
    return {
        "spec": spec, "title": title, "back_url": back_url, "count": count, "running": running, "earlier": found.finished,
        "minutes": TIME_LIMIT.minutes(found) or count, "needed": quizzes.right_answers_needed(spec),
        "tells_score": review.tells_score_at_once(spec),
        "left": attempts.attempts_left(found), "number": len(found.attempts) + (running is None), "is_pre": spec["kind"] == "pre",
        "declarations": declarations(found), "own_minutes": TIME_LIMIT.minutes(found),
        "words": [sentence for rule in RULES for sentence in rule.words(found)],
        "reasons": reasons or closed, "is_startable": not closed,
    }
