"""The bank on screen (T3): list, write, look at, copy, take out of use, paste many."""

from __future__ import annotations

from random import Random

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.domain import bank, duplicates, question_review, quizzes, statistics
from assessments.enums import QuestionType
from assessments.forms.questions import QuestionFilter, QuestionForm
from assessments.models import KeyCorrection, Mark, Question, QuestionVersion, Quiz
from assessments.question_types import TYPES, type_choices, type_of
from assessments.question_types.choice import MOST
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation

PAGE = 25


@for_trainers
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    shelves = Question.objects.shelves(request.user)
    chosen = QuestionFilter(request.GET or None, shelves=shelves)
    found = filtered(Question.objects.managed_by(request.user), chosen).annotate(used=Count("quiz_items", distinct=True))
    page = Paginator(found.select_related("current").order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    figures = statistics.facility([question.pk for question in page])
    rows = [{"question": question, "figure": figures[question.pk]} for question in page]
    return render(request, "assessments/bank/list.html", {"form": chosen, "page": page, "rows": rows, "types": type_choices()})


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest, type: str) -> HttpResponse:
    """Write a question of one type."""
    if type not in TYPES:
        raise Http404
    form = _form(request, type, {"topic": request.GET.get("topik", "")[: bank.LONGEST_TOPIC], "quiz": request.GET.get("kuis", "")},
                 quizzes=Quiz.objects.managed_by(request.user))
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        keywords = form.keywords()
        question = bank.create_question(keywords.pop("collection"), type=type, **keywords, by=request.user)
        if form.cleaned_data["quiz"]:
            quizzes.add_questions(form.cleaned_data["quiz"], [question], by=request.user)
        messages.success(request, _("The question is in the bank."))
        return redirect("assessments:question", question.pk)
    return _show_form(request, form, title=_("New question"), type=type)


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a question: a new version, if it is more than its details."""
    question = _mine(request, pk)
    form = _form(request, question.type, QuestionForm.initial_of(question))
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        bank.revise_question(question, **form.keywords(), by=request.user)
        messages.success(request, _("The question is saved. Quizzes get the new version when they are published again."))
        return redirect("assessments:question", question.pk)
    return _show_form(request, form, title=_("Change the question"), type=question.type, question=question)


@for_trainers
@require_safe
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A question as learners see it, below it what they do not see."""
    question = _mine(request, pk)
    version = question.current
    if version is None:
        raise Http404
    kind, key = type_of(question.type), version.answer_key
    field = kind.form_field(version.body, kind.lay_out(version.body, random=Random(), is_shuffled=False), None)  # noqa: S311 (author's order)
    remarks = kind.all_remarks(version.body, key.data, key.option_feedback)
    uses = [{"quiz": quiz, "is_old": _holds_older(quiz, question)} for quiz in bank.where_used(question).select_related("current")]
    return render(request, "assessments/bank/detail.html", {
        "question": question, "version": version, "field": field, "right": kind.correct_answer(version.body, key.data), "key": key,
        "draws_picture": kind.draws_picture,
        "remarks": remarks, "uses": uses, "figure": statistics.facility([question.pk])[question.pk],
        "versions": _versions(question), "tags": question.tags.all(), "review": question_review.steps_of(question).first(),
        "alike": duplicates.like(question, Question.objects.managed_by(request.user)),
    })


@for_trainers
@require_POST
def question_copy(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        copy = bank.duplicate_question(_mine(request, pk), by=request.user)
    except RuleViolation as violation:
        messages.error(request, " ".join(violation.reasons))
        return redirect("assessments:question", pk)
    messages.success(request, _("This is the copy. Change what is to be different."))
    return redirect("assessments:question_edit", copy.pk)


@for_trainers
@require_POST
def question_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use, or into use again."""
    is_active = request.POST.get("in_use") == "1"
    bank.set_in_use(_mine(request, pk), is_active, by=request.user)
    messages.success(request, _("The question is in use again.") if is_active else _("The question is out of use. Attempts keep it."))
    return redirect("assessments:question", pk)


def _versions(question: Question) -> QuerySet[QuestionVersion]:
    """The latest ones. A key is corrected where people were graded by it; else the question is just changed."""
    marks, corrections = Mark.objects.filter(version=OuterRef("pk")), KeyCorrection.objects.filter(version=OuterRef("pk"))
    found = question.versions.select_related("created_by").annotate(was_answered=Exists(marks), was_corrected=Exists(corrections))
    return found.order_by("-number")[:20]


def _mine(request: HttpRequest, pk: int) -> Question:
    wanted = Question.objects.managed_by(request.user).select_related("current__answer_key", "collection", "objective")
    return get_object_or_404(wanted, pk=pk)


def filtered(questions: QuerySet[Question], chosen: QuestionFilter) -> QuerySet[Question]:
    values = chosen.cleaned_data if chosen.is_valid() else {}
    questions = questions.filter(is_active=values.get("state") != "out")
    if values.get("type"):
        questions = questions.filter(type=values["type"])
    if values.get("collection"):
        questions = questions.filter(collection=values["collection"])
    if values.get("objective"):
        questions = questions.filter(objective=values["objective"])
    if values.get("tag"):
        questions = questions.filter(tags__name__iexact=values["tag"].strip())
    if (state := values.get("state")) in ("asked", "remarks", "unread"):
        questions = question_review.with_state(questions).filter(**{"review_state": state} if state != "unread" else {"review_state__isnull": True})
    if words := values.get("q"):
        questions = questions.filter(Q(name__icontains=words) | Q(topic__icontains=words) | Q(current__stem__icontains=words))
    return questions


def _form(request: HttpRequest, type: str, initial: dict, *, quizzes: QuerySet[Quiz] | None = None) -> QuestionForm:
    shelves = Question.objects.shelves(request.user)
    given = request.POST.get("rows", "")
    rows = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else initial.get("rows", 4)
    rows += 2 if "more" in request.POST else 0
    return QuestionForm(request.POST or None, request.FILES or None, type=type, shelves=shelves, rows=rows, initial=initial, quizzes=quizzes)


def _show_form(request: HttpRequest, form: QuestionForm, *, title: str, type: str, question: Question | None = None) -> HttpResponse:
    is_more = "more" in request.POST
    if is_more:  # more rows were asked for: nothing is judged yet
        form.errors.clear()
    can_grow = form.has_options and type != QuestionType.TRUE_FALSE and form.rows < MOST
    context = {"form": form, "title": title, "type": QuestionType(type), "question": question, "can_grow": can_grow}
    return render(request, "assessments/bank/form.html", context, status=422 if request.method == "POST" and not is_more else 200)


def _holds_older(quiz, question: Question) -> bool:
    """Does the published version of the quiz show an older version of the question?"""
    entries = quiz.current.spec["questions"] if quiz.current else []
    return any(entry["q"] == question.pk and entry["v"] != question.current_id for entry in entries)
