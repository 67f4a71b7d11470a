"""Parts of a quiz on screen: add, change, move, remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.domain import sections
from assessments.forms.sections import SectionForm
from assessments.models import Question, Quiz, QuizSection
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation
from core.views.deeds import page, posted


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def section_new(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _quiz(request, pk), None, title=_("New part"))


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    quiz = _quiz(request, pk)
    return _edit(request, quiz, get_object_or_404(quiz.sections, pk=section), title=_("Part of the quiz"))


@for_trainers
@require_POST
def section_move(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    found = get_object_or_404(_quiz(request, pk).sections, pk=section)
    sections.move_section(found, is_up=request.POST.get("arah") != "turun", by=request.user)
    return redirect("assessments:quiz", pk)


@for_trainers
@require_POST
def section_remove(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    found = get_object_or_404(_quiz(request, pk).sections.select_related("quiz"), pk=section)
    sections.remove_section(found, by=request.user)
    messages.success(request, _("“%(title)s” is removed. Its questions stay in the pool.") % {"title": found.title})
    return redirect("assessments:quiz", pk)


def _quiz(request: HttpRequest, pk: int) -> Quiz:
    return get_object_or_404(Quiz.objects.managed_by(request.user).select_related("collection"), pk=pk)


def _edit(request: HttpRequest, quiz: Quiz, section: QuizSection | None, *, title: str) -> HttpResponse:
    form = SectionForm(posted(request), instance=section, quiz=quiz, shelves=Question.objects.shelves(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            sections.save_section(quiz, section, **form.keywords(), by=request.user)
            messages.success(request, _("The part is saved. Learners get it when the quiz is published again."))
            return redirect("assessments:quiz", quiz.pk)
        except RuleViolation as violation:
            form.add_error(None, violation.reasons)
    return page(request, "assessments/quizzes/form.html", {"form": form, "title": title, "quiz": quiz}, form)
