"""Grading: the only learner-side code that loads answer keys, and only for an attempt that was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from assessments import access_rules
from assessments.domain.context import TRIAL
from assessments.enums import AttemptState, Ending
from assessments.models import AnswerKey, Attempt, Mark
from assessments.question_types import QuestionType, type_of

_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Graded:
    """``trace`` goes into the grade step: what each question earned, as exact fractions. While a person's grade is awaited
    (``is_waiting``) there is no score, no points and no verdict yet."""

    score: Decimal | None
    points: Decimal | None
    points_possible: Decimal | None
    is_passed: bool | None
    trace: dict
    is_waiting: bool = False


def grade(attempt: Attempt, settled: Mapping[int, Fraction] | None = None) -> Graded:
    """Marks for every question of a handed-in attempt, and the result in percent of the points; graded again, the marks are written anew.

    The pass mark is compared with the exact fraction, not with the rounded percent. What is never graded gets an empty mark. What a person
    grades counts as ``settled`` says (shares by version id); without it a blank is 0 and the attempt waits, except where no grade will
    come (stopped attempts, trials): there it is left out. ``ValueError`` while the attempt is open: its keys stay unread.
    """
    if attempt.state != AttemptState.FINISHED:
        raise ValueError("an open attempt is not graded")
    entries = {entry["v"]: entry for entry in attempt.version.spec["questions"]}
    wanted = [laid["v"] for laid in attempt.layout]
    keys = {key.version_id: key for key in AnswerKey.objects.filter(version_id__in=wanted).select_related("version")}
    earned, possible = Fraction(0), Fraction(0)
    marks, trace, is_waiting = [], {}, False
    for position, version_id in enumerate(wanted, 1):
        kind, key, response = type_of(entries[version_id]["type"]), keys[version_id], attempt.answers.get(str(version_id))
        is_answered = kind.is_complete(response)
        fraction = _fraction(kind, key, response, (settled or {}).get(version_id))
        if fraction is not None:
            points = Fraction(entries[version_id]["points"])
            earned, possible = earned + fraction * points, possible + points
            trace[str(version_id)] = str(fraction)
        is_waiting = is_waiting or (fraction is None and kind.is_manual)
        marks.append(Mark(attempt=attempt, version_id=version_id, position=position, is_answered=is_answered,
                          fraction=None if fraction is None else decimal(fraction, _MICRO)))
    Mark.objects.bulk_create(marks, update_conflicts=True, unique_fields=["attempt", "version"], update_fields=["fraction", "is_answered"])
    if is_waiting and attempt.ending != Ending.STOPPED and attempt.context_key != TRIAL:
        return Graded(None, None, None, None, {"marks": trace, "is_waiting": True}, is_waiting=True)
    # A practice quiz in which nothing is graded has nothing that could be missing.
    share = earned / possible if possible else Fraction(int(not trace))
    score = decimal(share * 100, _CENT)
    is_passed = access_rules.is_passed(attempt.version.spec, share)
    return Graded(score, decimal(earned, _CENT), decimal(possible, _CENT), is_passed,
                  {"marks": trace, "score": str(score), "is_passed": is_passed})


RESULT_FIELDS = ("score", "points", "points_possible", "is_passed", "is_waiting")


def take(attempt: Attempt, result: Graded) -> None:
    """Put the result on the attempt (``RESULT_FIELDS``); saves nothing."""
    for name in RESULT_FIELDS:
        setattr(attempt, name, getattr(result, name))


def _fraction(kind: QuestionType, key: AnswerKey, response: Any, settled: Fraction | None) -> Fraction | None:
    """What the answer earned; None: never graded, or not graded yet."""
    if not kind.is_graded:
        return None
    if kind.is_manual and kind.is_complete(response):
        return settled
    return kind.grade(response, key.version.body, key.data)


def decimal(value: Fraction, step: Decimal) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, rounding=ROUND_HALF_UP)
