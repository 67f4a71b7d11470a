"""Questions from a file: look first, then put them into the bank. Nothing is kept between the two; the file is read anew each time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.domain import quizzes
from assessments.domain.import_questions import Imported, import_questions
from assessments.forms.files import FileForm
from assessments.models import Question, Quiz
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """POST ``act=save`` stores what is good; any other POST only shows what would be stored and what would be lost."""
    is_post = request.method == "POST"
    form = FileForm(request.POST if is_post else None, request.FILES if is_post else None, initial={"quiz": request.GET.get("quiz", "")},
                    shelves=Question.objects.shelves(request.user), quizzes=Quiz.objects.managed_by(request.user))
    if not is_post or not form.is_valid():
        return render(request, "assessments/bank/file.html", {"form": form}, status=422 if is_post else 200)
    is_trial = request.POST.get("act") != "save"
    try:
        found = _imported(request, form, is_trial)
    except RuleViolation as violation:
        form.add_error("file", violation.reasons)
        return render(request, "assessments/bank/file.html", {"form": form}, status=422)
    if not is_trial and found.imported:
        messages.success(request, ngettext("One question is in the bank.", "%(count)d questions are in the bank.", found.imported)
                         % {"count": found.imported})
    return render(request, "assessments/bank/file.html", {"form": form, "found": found, "is_trial": is_trial}, status=200 if found.imported else 422)


def _imported(request: HttpRequest, form: FileForm, is_trial: bool) -> Imported:
    values = form.cleaned_data
    found = import_questions(values["file"].read(), values["collection"], by=request.user, format=values["format"] or "auto", is_trial=is_trial,
                             topic=values["topic"])
    if found.questions and values["quiz"]:
        quizzes.add_questions(values["quiz"], found.questions, by=request.user)
    return found
