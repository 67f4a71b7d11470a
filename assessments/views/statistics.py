"""Item statistics for trainers: a quiz, one of its questions, the workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.domain import gain, integrity, item_statistics, statistics_export
from assessments.domain.item_statistics import SIGNS, QuizFigures
from assessments.models import QuestionVersion, Quiz, QuizVersion
from assessments.tasks import compute_later
from assessments.views.guard import for_trainers
from core.domain import audit
from core.domain.exports import XLSX_TYPE

PAGE = 25
AT_ONCE = 5_000  # attempts; with more the worker computes, nobody waits for it


@for_trainers
@require_safe
def quiz_statistics(request: HttpRequest, pk: int) -> HttpResponse:
    """``versi`` chooses a version of the quiz, ``percobaan=semua`` counts repeated attempts too."""
    quiz, version, is_first = _asked(request, pk)
    found = _figures(quiz, version, is_first)
    page = Paginator(found.items if found else [], PAGE).get_page(request.GET.get("page"))
    rows = [{"item": item, "signs": [SIGNS[sign] for sign in item.signs]} for item in page]
    return render(request, "assessments/statistics/quiz.html", {
        "quiz": quiz, "figures": found, "page": page, "rows": rows, "version": version, "is_first": is_first, "fewest": item_statistics.FEWEST,
        "versions": quiz.versions.order_by("-number")[:50], "gains": gain.gains(quiz) if found and found.is_told else [],
        "flagged": sum(bool(item.signs) for item in found.items) if found else 0, "query": _query(version, is_first),
        "span": _span(quiz, found) if found else None,
    })


@for_trainers
@require_safe
def question_statistics(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """One question version of the quiz: who chose what."""
    quiz, version, is_first = _asked(request, pk)
    found = _figures(quiz, version, is_first)
    shown = get_object_or_404(QuestionVersion.objects.select_related("question"), pk=question)
    item = next((one for one in found.items if one.version == question), None) if found else None
    if item is None and not quiz.items.filter(question=shown.question_id).exists():
        raise Http404
    item = item or item_statistics.nothing_yet(shown)
    return render(request, "assessments/statistics/question.html", {
        "quiz": quiz, "item": item, "is_waiting": found is None, "shown": shown, "signs": [SIGNS[sign] for sign in item.signs],
        "query": _query(version, is_first),
        "fewest": item_statistics.FEWEST, "fewest_for_signs": item_statistics.FEWEST_FOR_SIGNS,
    })


@for_trainers
@require_safe
def statistics_export_file(request: HttpRequest, pk: int) -> HttpResponse:
    quiz, version, is_first = _asked(request, pk)
    found = _figures(quiz, version, is_first)
    if found is None:
        raise Http404
    response = HttpResponse(statistics_export.workbook(quiz, found, gain.gains(quiz) if found.is_told else []), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slugify(quiz.title)[:60] or "kuis"}-{slugify(_("Statistics"))}.xlsx"'
    return response


@for_trainers
@require_safe
def quiz_integrity(request: HttpRequest, pk: int) -> HttpResponse:
    """Patterns to talk about. Names stand here, so who looks is recorded."""
    quiz = get_object_or_404(Quiz.objects.managed_by(request.user), pk=pk)
    signs = integrity.signs(quiz)
    if signs.fast:
        audit.record("quiz.patterns_read", quiz, by=request.user, is_read=True)
    return render(request, "assessments/statistics/integrity.html", {"quiz": quiz, "signs": signs, "fewest": integrity.FEWEST})


def _asked(request: HttpRequest, pk: int) -> tuple[Quiz, QuizVersion | None, bool]:
    quiz = get_object_or_404(Quiz.objects.managed_by(request.user).select_related("current", "collection"), pk=pk)
    wanted = request.GET.get("versi", "")
    version = None
    if wanted:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 6):
            raise Http404
        version = get_object_or_404(quiz.versions, number=int(wanted))
    return quiz, version, request.GET.get("percobaan") != "semua"


def _figures(quiz: Quiz, version: QuizVersion | None, is_first: bool) -> QuizFigures | None:
    """None: so many attempts that the worker computes them; it has been told."""
    found, n, _key = item_statistics.kept(quiz, version=version, is_first=is_first)
    if found is None and n > AT_ONCE:
        compute_later(quiz, version, is_first=is_first, n=n)
        return None
    return found or item_statistics.figures(quiz, version=version, is_first=is_first)


def _query(version: QuizVersion | None, is_first: bool) -> str:
    words = [f"versi={version.number}" if version else "", "" if is_first else "percobaan=semua"]
    return "&".join(filter(None, words))


def _span(quiz: Quiz, found: QuizFigures) -> dict | None:
    """What the standard error means for a score at the pass mark: two in three repeated measurements would lie in it."""
    if found.error is None or not quiz.pass_mark:
        return None
    return {"mark": quiz.pass_mark, "low": max(quiz.pass_mark - found.error, 0), "high": min(quiz.pass_mark + found.error, 100)}
