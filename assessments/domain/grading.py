"""Grading: the only learner-side code that loads answer keys, and only for an attempt that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from assessments import access_rules
from assessments.enums import AttemptState
from assessments.models import AnswerKey, Attempt, Mark
from assessments.question_types import type_of

_CENT = Decimal("0.01")
_MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Graded:
    """``trace`` goes into the grade step: what each question earned, as exact fractions."""

    score: Decimal
    points: Decimal
    points_possible: Decimal
    is_passed: bool
    trace: dict


def grade(attempt: Attempt) -> Graded:
    """Marks for every question of a handed-in attempt, and the result in percent of the points. The pass mark is compared with the exact
    fraction, not with the rounded percent. ``ValueError`` while the attempt is open: its keys stay unread."""
    if attempt.state != AttemptState.FINISHED:
        raise ValueError("an open attempt is not graded")
    entries = {entry["v"]: entry for entry in attempt.version.spec["questions"]}
    wanted = [laid["v"] for laid in attempt.layout]
    keys = {key.version_id: key for key in AnswerKey.objects.filter(version_id__in=wanted).select_related("version")}
    earned, possible = Fraction(0), Fraction(0)
    marks, trace = [], {}
    for position, version_id in enumerate(wanted, 1):
        kind, key, response = type_of(entries[version_id]["type"]), keys[version_id], attempt.answers.get(str(version_id))
        fraction = kind.grade(response, key.version.body, key.data)
        points = Fraction(entries[version_id]["points"])
        earned, possible = earned + fraction * points, possible + points
        trace[str(version_id)] = str(fraction)
        marks.append(Mark(attempt=attempt, version_id=version_id, position=position, fraction=_decimal(fraction, _MICRO),
                          is_answered=kind.is_complete(response)))
    Mark.objects.bulk_create(marks)
    share = earned / possible if possible else Fraction(0)
    score = _decimal(share * 100, _CENT)
    is_passed = access_rules.is_passed(attempt.version.spec, share)
    return Graded(score, _decimal(earned, _CENT), _decimal(possible, _CENT), is_passed,
                  {"marks": trace, "score": str(score), "is_passed": is_passed})


def _decimal(value: Fraction, step: Decimal) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, rounding=ROUND_HALF_UP)
