"""Grading by hand (T5): what waits, and one answer at a time. Kept as she goes; given with a button."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.domain import hand_grading
from assessments.enums import QuestionType
from assessments.forms.grading import GradeForm
from assessments.models import AnswerFile, HandGrade, Mark
from assessments.question_types import type_of
from assessments.question_types.file import FileAnswer
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation

MOST_SHOWN = 2_000


@for_trainers
@require_safe
def grading_queue(request: HttpRequest) -> HttpResponse:
    """All that waits for this trainer, by quiz and question, the longest waiting first."""
    marks = list(_waiting(request)[:MOST_SHOWN])
    by_question = sorted(marks, key=lambda mark: (mark.attempt.quiz_id, mark.version_id, mark.attempt.finished_at, mark.pk))
    rows = []
    for _key, group in groupby(by_question, key=lambda mark: (mark.attempt.quiz_id, mark.version_id)):
        together = list(group)
        rows.append({"first": together[0], "count": len(together), "since": together[0].attempt.finished_at})
    return render(request, "assessments/grading/queue.html", {
        "rows": sorted(rows, key=lambda row: row["since"]), "count": len(marks), "is_cut": len(marks) == MOST_SHOWN})


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer. POST with ``act=give`` gives the grade and goes on to the next answer; any other POST keeps a draft."""
    mark = get_object_or_404(_waiting(request), pk=pk)
    own = HandGrade.objects.filter(attempt=mark.attempt_id, version=mark.version_id, grader=request.user).first()
    form = GradeForm(request.POST if request.method == "POST" else None, mark=mark, own=own)
    if request.method == "POST" and request.POST.get("act") != "give":
        return _keep(request, form, mark)
    if request.method == "POST" and form.is_whole():
        return _give(request, form, mark)
    return _show(request, form, mark)


def _waiting(request: HttpRequest):
    return hand_grading.waiting_for(request.user).select_related("attempt__quiz", "attempt__version", "attempt__person", "version__answer_key",
                                                                  "version__question")


def _keep(request: HttpRequest, form: GradeForm, mark: Mark) -> HttpResponse:
    """A draft; what is faulty is told, the rest is kept all the same."""
    form.full_clean()
    hand_grading.save_draft(mark, form.written(), by=request.user)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=422 if form.errors else 204)
    if form.errors:
        return _show(request, form, mark)
    messages.success(request, _("Kept. The learner sees nothing before you give the grade."))
    return redirect("assessments:grade", mark.pk)


def _give(request: HttpRequest, form: GradeForm, mark: Mark) -> HttpResponse:
    following = _neighbours(request, mark)["next"]
    try:
        hand_grading.give(mark, form.written(), by=request.user)
    except RuleViolation as violation:
        messages.warning(request, " ".join(violation.reasons))
    else:
        messages.success(request, _("The grade is given."))
    return redirect("assessments:grade", following) if following else redirect("assessments:grading")


def _neighbours(request: HttpRequest, mark: Mark) -> dict:
    """Answers to the same question that wait as well, in the order of the queue."""
    same = list(hand_grading.waiting_for(request.user).filter(version=mark.version_id, attempt__quiz=mark.attempt.quiz_id)
                .values_list("pk", flat=True)[:MOST_SHOWN])
    if mark.pk not in same:
        raise Http404
    index = same.index(mark.pk)
    return {"n": index + 1, "count": len(same), "previous": same[index - 1] if index else None,
            "next": same[index + 1] if index + 1 < len(same) else next(iter(same[:index]), None)}


def _show(request: HttpRequest, form: GradeForm, mark: Mark) -> HttpResponse:
    kind, key = type_of(mark.version.question.type), mark.version.answer_key
    return render(request, "assessments/grading/grade.html", {
        "form": form, "mark": mark, "quiz": mark.attempt.quiz,
        "answer": kind.summary(mark.version.body, mark.attempt.answers.get(str(mark.version_id))),
        "file": _file(mark), "guide": key.data.get("guide", ""), "explanation": key.explanation,
        "is_blind": mark.attempt.version.spec.get("is_blind", True),
        **_neighbours(request, mark),
    }, status=422 if form.is_bound and form.errors else 200)


def _file(mark: Mark) -> AnswerFile | None:
    """The file that was handed in here; a number of another attempt leads nowhere."""
    number = FileAnswer.number_of(mark.attempt.answers.get(str(mark.version_id))) if mark.version.question.type == QuestionType.FILE else None
    return AnswerFile.objects.filter(pk=number, attempt=mark.attempt_id, version=mark.version_id).first() if number else None
