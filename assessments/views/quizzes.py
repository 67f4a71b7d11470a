"""Quizzes on screen (T3): settings, pool, publishing, a trial."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.domain import modes, quizzes, review, sections, statistics
from assessments.domain.context import TRIAL
from assessments.forms.questions import QuestionFilter
from assessments.forms.quizzes import QuizForm
from assessments.models import Question, Quiz
from assessments.views.entry import quiz_entry
from assessments.views.guard import for_trainers
from assessments.views.questions import PAGE, filtered
from core.domain.errors import RuleViolation


@for_trainers
@require_safe
def quiz_list(request: HttpRequest) -> HttpResponse:
    found = Quiz.objects.managed_by(request.user).select_related("current").annotate(
        pool=Count("items", distinct=True), taken=Count("attempts", filter=~Q(attempts__context_key=TRIAL), distinct=True))
    page = Paginator(found.order_by("title", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/quizzes/list.html", {"page": page})


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_new(request: HttpRequest) -> HttpResponse:
    form = QuizForm(request.POST or None, shelves=Quiz.objects.shelves(request.user))
    if request.method == "POST" and form.is_valid():
        keywords = form.keywords()
        quiz = quizzes.create_quiz(keywords.pop("collection"), **keywords, by=request.user)
        messages.success(request, _("The quiz is made. Now put questions into its pool."))
        return redirect("assessments:quiz", quiz.pk)
    return _show_form(request, form, title=_("New quiz"))


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_edit(request: HttpRequest, pk: int) -> HttpResponse:
    quiz = _mine(request, pk)
    form = QuizForm(request.POST or None, instance=quiz, shelves=Quiz.objects.shelves(request.user))
    if request.method == "POST" and form.is_valid():
        quizzes.update_quiz(_mine(request, pk), **form.keywords(), by=request.user)
        messages.success(request, _("The settings are saved. Learners get them when the quiz is published again."))
        return redirect("assessments:quiz", pk)
    return _show_form(request, form, title=_("Settings of the quiz"), quiz=quiz)


@for_trainers
@require_safe
def quiz_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Pool with figures, what keeps it from being published, what is new since."""
    return _show(request, _mine(request, pk))


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_pool(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose questions of the bank for the pool."""
    quiz = _mine(request, pk)
    bank = Question.objects.managed_by(request.user)
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("question") if value.isascii() and value.isdigit() and len(value) < 16]
        added = quizzes.add_questions(quiz, bank.filter(pk__in=chosen), by=request.user)
        messages.success(request, ngettext("One question is new in the pool.", "%(count)d questions are new in the pool.", added) % {"count": added})
        return redirect("assessments:quiz", pk)
    form = QuestionFilter(request.GET or None, shelves=Question.objects.shelves(request.user))
    free = filtered(bank, form).exclude(quiz_items__quiz=quiz).select_related("current").order_by("name", "pk")
    page = Paginator(free, PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/quizzes/pool.html", {"quiz": quiz, "form": form, "page": page})


@for_trainers
@require_POST
def quiz_remove(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Take one question out of the pool."""
    quiz = _mine(request, pk)
    item = get_object_or_404(quiz.items.select_related("question"), question_id=question)
    quizzes.remove_questions(quiz, [item.question], by=request.user)
    messages.success(request, _("“%(name)s” is out of the pool.") % {"name": item.question.name})
    return redirect("assessments:quiz", pk)


@for_trainers
@require_POST
def quiz_publish(request: HttpRequest, pk: int) -> HttpResponse:
    quiz = _mine(request, pk)
    try:
        version = quizzes.publish_quiz(quiz, by=request.user)
    except RuleViolation as violation:
        return _show(request, quiz, reasons=violation.reasons)
    messages.success(request, _("Version %(number)d is published. Courses take it over when they are published.") % {"number": version.number})
    return redirect("assessments:quiz", pk)


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the published quiz oneself; it is not counted anywhere."""
    quiz = _mine(request, pk)
    if quiz.current is None:
        messages.warning(request, _("Publish the quiz first, then try it."))
        return redirect("assessments:quiz", pk)
    return quiz_entry(request, quiz.current, context_key=TRIAL, title=_("Trial, not counted"), back_url=reverse("assessments:quiz", args=[pk]))


def _mine(request: HttpRequest, pk: int) -> Quiz:
    return get_object_or_404(Quiz.objects.managed_by(request.user).select_related("current", "collection"), pk=pk)


def _show(request: HttpRequest, quiz: Quiz, *, reasons: list[str] | None = None) -> HttpResponse:
    items = list(quiz.items.select_related("question__current"))
    figures = statistics.facility([item.question_id for item in items])
    rows = [{"question": item.question, "figure": figures[item.question_id]} for item in items]
    parts = sections.parts_of(quiz)
    return render(request, "assessments/quizzes/detail.html", {
        "quiz": quiz, "rows": rows, "reasons": reasons, "problems": quizzes.may_publish(quiz, parts=parts), "parts": parts[1:],
        "review": review.summary(quiz.kind, modes.setting(quiz, "review")),
        "is_changed": quizzes.has_unpublished_changes(quiz, parts=parts), "loose": len(parts[0].questions),
        "versions": quiz.versions.select_related("created_by").order_by("-number")[:20], "shown": sum(part.taken for part in parts),
    }, status=422 if reasons else 200)


def _show_form(request: HttpRequest, form: QuizForm, *, title: str, quiz: Quiz | None = None) -> HttpResponse:
    return render(request, "assessments/quizzes/form.html", {"form": form, "title": title, "quiz": quiz},
                  status=422 if request.method == "POST" else 200)
