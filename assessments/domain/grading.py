"""Grading: the only learner-side code that loads answer keys, and only for an attempt that was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from assessments import access_rules
from assessments.domain.context import TRIAL
from assessments.enums import AttemptState, Ending, Ruling
from assessments.models import AnswerKey, Attempt, Mark
from assessments.question_types import QuestionType, type_of

# One number for "the answer keys": PostgreSQL's advisory locks know no names.
_KEYS_LOCK = 0x6B657973
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
    hold_keys(for_change=False)
    marks, result = weigh(attempt, keys_for(attempt), settled)
    Mark.objects.bulk_create(marks, update_conflicts=True, unique_fields=["attempt", "version"], update_fields=["fraction", "is_answered"])
    return result


def hold_keys(*, for_change: bool) -> None:
    """Inside a transaction, until its end: who grades shares the keys with all who grade, who corrects one waits for them and holds them
    alone. So an attempt has either been graded before the correction (and is graded anew) or is graded by the new key.

    SQLite needs none: its transactions begin IMMEDIATE, so there is one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{'' if for_change else '_shared'}(%s)", [_KEYS_LOCK])


def keys_for(attempt: Attempt) -> dict[int, AnswerKey]:
    wanted = [laid["v"] for laid in attempt.layout]
    return {key.version_id: key for key in AnswerKey.objects.filter(version_id__in=wanted).select_related("version")}


def weigh(attempt: Attempt, keys: Mapping[int, AnswerKey], settled: Mapping[int, Fraction] | None = None) -> tuple[list[Mark], Graded]:
    """What ``grade`` would write and return by these keys; writes nothing (a preview asks it with a key that is not stored)."""
    entries = {entry["v"]: entry for entry in attempt.version.spec["questions"]}
    earned, possible = Fraction(0), Fraction(0)
    marks, trace, is_waiting = [], {}, False
    for position, version_id in enumerate((laid["v"] for laid in attempt.layout), 1):
        kind, key, response = type_of(entries[version_id]["type"]), keys[version_id], attempt.answers.get(str(version_id))
        is_answered = kind.is_complete(response)
        fraction = _fraction(kind, key, response, (settled or {}).get(version_id))
        if fraction is not None:
            points = Fraction(entries[version_id]["points"])
            earned, possible = earned + fraction * points, possible + points
            trace[str(version_id)] = str(fraction)
        is_waiting = is_waiting or (fraction is None and kind.is_manual and key.ruling != Ruling.OUT)
        marks.append(Mark(attempt=attempt, version_id=version_id, position=position, is_answered=is_answered,
                          fraction=None if fraction is None else decimal(fraction, _MICRO)))
    if is_waiting and attempt.ending != Ending.STOPPED and attempt.context_key != TRIAL:
        return marks, Graded(None, None, None, None, {"marks": trace, "is_waiting": True}, is_waiting=True)
    # A practice quiz in which nothing is graded has nothing that could be missing.
    share = earned / possible if possible else Fraction(int(not trace))
    score = decimal(share * 100, _CENT)
    is_passed = access_rules.is_passed(attempt.version.spec, share)
    return marks, Graded(score, decimal(earned, _CENT), decimal(possible, _CENT), is_passed,
                         {"marks": trace, "score": str(score), "is_passed": is_passed})


RESULT_FIELDS = ("score", "points", "points_possible", "is_passed", "is_waiting")


def take(attempt: Attempt, result: Graded) -> None:
    """Put the result on the attempt (``RESULT_FIELDS``); saves nothing."""
    for name in RESULT_FIELDS:
        setattr(attempt, name, getattr(result, name))


def _fraction(kind: QuestionType, key: AnswerKey, response: Any, settled: Fraction | None) -> Fraction | None:
    """What the answer earned; None: never graded, or not graded yet."""
    if not kind.is_graded or key.ruling == Ruling.OUT:
        return None
    if key.ruling == Ruling.FULL:
        return Fraction(1)
    if kind.is_manual and kind.is_complete(response):
        return settled
    return kind.grade(response, key.version.body, key.data)


def fraction_of(key: AnswerKey, response: Any) -> Fraction | None:
    """What one answer earns by itself; None: never graded, or by a person."""
    return _fraction(type_of(key.version.question.type), key, response, None)


def decimal(value: Fraction, step: Decimal) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, rounding=ROUND_HALF_UP)
