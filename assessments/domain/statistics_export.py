"""Item statistics as a workbook: summary, questions, answers, before and after. No names and no results of single people stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.gain import QuizGain
from assessments.domain.item_statistics import FEWEST, SIGNS, ItemFigures, QuizFigures
from assessments.enums import QuestionType
from assessments.models import Quiz
from core.domain.exports import ExportSheet, xlsx_bytes


def workbook(quiz: Quiz, found: QuizFigures, gains: Sequence[QuizGain]) -> bytes:
    """Percent as numbers from 0 to 100, correlations from -1 to 1; empty cells where nothing may or can be told."""
    sheets = [ExportSheet(_("Summary"), [_("What"), _("Value")], _summary(quiz, found)),
              ExportSheet(_("Questions"), [_("Question"), _("Version"), _("Type"), "n", _("Blank"), _("Right (%)"), _("Discrimination"),
                                           _("Upper minus lower (points)"), _("Seconds (median)"), _("To look at")], map(_item, found.items)),
              ExportSheet(_("Answers"), [_("Question"), _("Version"), _("Answer"), _("Is right"), "n", _("Share (%)"), _("Upper group (%)"),
                                         _("Lower group (%)")], _answers(found.items))]
    if gains:
        head = [_("Pre-test"), _("Objective"), "n", _("Before (%)"), _("After (%)"), _("Change (points)"), _("From (95 %)"), _("To (95 %)")]
        sheets.append(ExportSheet(_("Before and after"), head, _gains(gains)))
    return xlsx_bytes(sheets)


def _summary(quiz: Quiz, found: QuizFigures) -> Iterable[Sequence[Any]]:
    yield _("Quiz"), quiz.title
    yield _("Attempts"), found.n
    if not found.is_told:
        yield _("Note"), _("Fewer than %(fewest)d attempts: figures would tell about single people.") % {"fewest": FEWEST}
        return
    yield _("Mean score (%)"), _round(found.mean)
    yield _("Standard deviation (points)"), _round(found.deviation)
    yield _("Passed (%)"), _percent(found.passed)
    yield _("Reliability (alpha, KR-20)"), _round(found.alpha, 3)
    yield _("Standard error of a score (points)"), _round(found.error)
    yield _("Minutes (median)"), _round(found.minutes, 1)
    yield _("Computed"), found.at


def _item(item: ItemFigures) -> Sequence[Any]:
    return (item.name, item.number, str(QuestionType(item.type).label), item.n, item.blank, _percent(item.facility), _round(item.discrimination, 3),
            _percent(item.index), _round(item.seconds, 0), "; ".join(str(SIGNS[sign][0]) for sign in item.signs))


def _answers(items: Iterable[ItemFigures]) -> Iterable[Sequence[Any]]:
    for item in items:
        for answer in item.answers:
            shares = (_percent(answer.share), _percent(answer.upper), _percent(answer.lower))
            yield item.name, item.number, answer.text, answer.is_right, answer.n, *shares


def _gains(gains: Iterable[QuizGain]) -> Iterable[Sequence[Any]]:
    for one in gains:
        for name, n, gain in [("", one.n, one.gain), *((part.objective, part.n, part.gain) for part in one.objectives)]:
            values = (gain.before, gain.after, gain.mean, gain.low, gain.high) if gain else (None,) * 5
            yield one.before.title, name or _("All questions"), n, *(_round(value) for value in values)


def _round(value: float | None, places: int = 2) -> float | None:
    return None if value is None else round(value, places)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
