"""Grades that people give (essays): what waits for whom, drafts as she goes, and the last grade, which makes the result.

Who grades: the trainers who manage the quiz, never one's own answer. Where two graders are wanted, their mean counts; when they are more
than ``APART`` points of 100 apart, a third grade decides. A grade that was given never changes; a result exists only when the last answer
of the attempt is graded, and is announced then (``attempt_finished``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain import grading
from assessments.enums import Ruling, StepKind
from assessments.models import Attempt, HandGrade, Mark, Quiz, Step
from assessments.question_types import TYPES
from assessments.question_types.texts import clean_typed
from assessments.signals import attempt_finished
from core.domain.errors import RuleViolation
from people.domain.notices import notify
from people.enums import NoticeKind
from people.models import Account

APART = 20
LONGEST_COMMENT = 4_000


@dataclass(frozen=True)
class Written:
    """What a grader wrote: points by criterion, or a percent, and a comment to the learner. Anything may still be missing in a draft."""

    given: Sequence[Decimal | None] = ()
    percent: Decimal | None = None
    comment: str = ""


def manual_codes() -> list[str]:
    return [code for code, kind in TYPES.items() if kind.is_manual]


def waiting_for(user: Account) -> QuerySet[Mark]:
    """Answers that ``user`` may grade and has not graded yet, the longest waiting first."""
    done = HandGrade.objects.filter(attempt=OuterRef("attempt"), version=OuterRef("version"), slot__isnull=False)
    quizzes = Quiz.objects.managed_by(user)
    found = Mark.objects.filter(
        attempt__is_waiting=True, attempt__quiz__in=quizzes, fraction__isnull=True, version__question__type__in=manual_codes(),
        version__answer_key__ruling=Ruling.KEY,
    ).exclude(attempt__person=user).exclude(Exists(done.filter(grader=user)))
    return found.order_by("attempt__finished_at", "attempt", "position")


def problems(mark: Mark, written: Written) -> dict[str, list[str]]:
    """Why this cannot be given as a grade, by field (given, percent, comment)."""
    found: dict[str, list[str]] = {"given": [], "percent": [], "comment": []}
    rubric = mark.version.body.get("rubric") or []
    if rubric and (len(written.given) != len(rubric) or any(points is None for points in written.given)):
        found["given"].append(_("Give points for every criterion."))
    elif any(points is not None and not 0 <= points <= row["points"] for row, points in zip(rubric, written.given, strict=False)):
        found["given"].append(_("Points lie between 0 and what the criterion is worth."))
    if not rubric and (written.percent is None or not 0 <= written.percent <= 100):
        found["percent"].append(_("Give a grade between 0 and 100 %."))
    if len(written.comment) > LONGEST_COMMENT:
        found["comment"].append(_("The comment is longer than %(limit)d characters.") % {"limit": LONGEST_COMMENT})
    return {field: sentences for field, sentences in found.items() if sentences}


def percent_of(mark: Mark, written: Written) -> Decimal:
    """The share of 100 that the points by criterion make; without criteria the percent itself."""
    rubric = mark.version.body.get("rubric") or []
    if not rubric:
        return Decimal(written.percent or 0)
    share = sum((Fraction(points or 0) for points in written.given), Fraction(0)) / sum(row["points"] for row in rubric)
    return grading.decimal(share * 100, Decimal("0.01"))


@transaction.atomic
def save_draft(mark: Mark, written: Written, *, by: Account, at: datetime | None = None) -> HandGrade:
    """Keep what she has so far; nobody else sees it. ``RuleViolation``: her grade was given already."""
    own, is_new = HandGrade.objects.get_or_create(
        attempt_id=mark.attempt_id, version_id=mark.version_id, grader=by, defaults={**_values(written), "saved_at": at or timezone.now()})
    if own.slot is not None:
        raise RuleViolation(_("You have graded this answer already."))
    if not is_new:
        HandGrade.objects.filter(pk=own.pk, slot__isnull=True).update(**_values(written), saved_at=at or timezone.now())
    return own


def _values(written: Written) -> dict[str, Any]:
    percent = written.percent if written.percent is not None and 0 <= written.percent <= 100 else None
    return {"given": [None if points is None else str(points) for points in written.given], "percent": percent,
            "comment": clean_typed(written.comment)[:LONGEST_COMMENT]}


@transaction.atomic
def give(mark: Mark, written: Written, *, by: Account, at: datetime | None = None) -> HandGrade:
    """Give the grade: it takes a slot, and when no further one is wanted the answer is settled; with the last answer the attempt is.

    ``RuleViolation``: see ``problems``; she has graded it already, it is her own, or enough others have (each slot is taken once, whatever
    happens at the same moment).
    """
    at = at or timezone.now()
    if reasons := [sentence for sentences in problems(mark, written).values() for sentence in sentences]:
        raise RuleViolation(reasons)
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("version", "quiz").get(pk=mark.attempt_id)
    if attempt.person_id == by.pk:
        raise RuleViolation(_("Nobody grades her own answers; ask a colleague."))
    others = list(HandGrade.objects.filter(attempt=attempt, version_id=mark.version_id, slot__isnull=False).order_by("slot"))
    if any(other.grader_id == by.pk for other in others):
        raise RuleViolation(_("You have graded this answer already."))
    if not attempt.is_waiting or not wants_more(attempt, others):
        raise RuleViolation(_("This answer has been graded meanwhile. Your grade was not needed any more."))
    own = HandGrade.objects.filter(attempt=attempt, version_id=mark.version_id, grader=by).first()
    own = own or HandGrade(attempt=attempt, version_id=mark.version_id, grader=by)
    for name, value in {**_values(written), "percent": percent_of(mark, written), "slot": len(others) + 1, "saved_at": at}.items():
        setattr(own, name, value)
    try:
        with transaction.atomic():
            own.save()
    except IntegrityError:  # where the database locks no rows, the slot itself is the lock
        raise RuleViolation(_("This answer has been graded meanwhile. Your grade was not needed any more.")) from None
    _settle(attempt, at=at)
    return own


def wants_more(attempt: Attempt, given: Sequence[HandGrade]) -> bool:
    """Is a further grade of an answer wanted? ``given`` are those that hold a slot. The quiz version that was taken says how many."""
    if not attempt.version.spec.get("is_graded_twice"):
        return not given
    return len(given) < 2 or (len(given) == 2 and _is_apart(given))


def _is_apart(given: Sequence[HandGrade]) -> bool:
    first, second = (Decimal(grade.percent or 0) for grade in given)
    return abs(first - second) > APART


def hand_fractions(attempt: Attempt) -> dict[int, Fraction]:
    """What people's grades are worth, by question version: the base of grading and regrading. Answers that still want a grade are missing."""
    by_version: dict[int, list[HandGrade]] = {}
    for grade in HandGrade.objects.filter(attempt=attempt, slot__isnull=False).order_by("slot"):
        by_version.setdefault(grade.version_id, []).append(grade)
    return {version: _worth(given) for version, given in by_version.items() if not wants_more(attempt, given)}


def _worth(given: Sequence[HandGrade]) -> Fraction:
    counted = given[2:] or given
    return sum((Fraction(grade.percent or 0) for grade in counted), Fraction(0)) / len(counted) / 100


def _settle(attempt: Attempt, *, at: datetime) -> None:
    """Grade anew with what people gave so far; with the last answer the result is there, stored as a step of its own, and announced."""
    settled = hand_fractions(attempt)
    result = grading.grade(attempt, settled)
    if result.is_waiting:
        return
    grading.take(attempt, result)
    attempt.last_sequence += 1
    Step.objects.create(attempt=attempt, sequence=attempt.last_sequence, kind=StepKind.GRADE, at=at, data={
        **result.trace, "by_hand": {str(version): str(share) for version, share in settled.items()}})
    attempt.save(update_fields=["last_sequence", *grading.RESULT_FIELDS])
    attempt_finished.send(sender=Attempt, attempt=attempt, at=at)
    notify(attempt.person, kind=NoticeKind.REQUEST, key=f"assessments.graded:{attempt.pk}", title=_("Your answers have been graded"),
           body=_("The result of “%(quiz)s” is there, with the comments of who read it.") % {"quiz": attempt.quiz.title},
           url=reverse("assessments:result", args=[attempt.pk]), at=at)


def comments_on(attempt: Attempt) -> dict[int, list[str]]:
    """What graders wrote to the learner, by question version; for a result that is there."""
    found: dict[int, list[str]] = {}
    for version, comment in HandGrade.objects.filter(attempt=attempt, slot__isnull=False).exclude(comment="").order_by("slot").values_list(
            "version_id", "comment"):
        found.setdefault(version, []).append(comment)
    return found
