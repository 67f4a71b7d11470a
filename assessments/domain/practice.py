"""Practice of missed questions: what was not right in a final quiz comes back on days 3, 14, 45 and 120, a few questions at a time (ADR 17).

A round belongs to one person, is no result of anything and is told once. It opens by a job that was put into the outbox when the final quiz
was handed in; each job puts in the next. A question that was answered rightly leaves the later rounds. The practice shows what is right after
each question, so a round opens only where the right answers of the final quiz are open to this person; otherwise its day passes quietly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain import attempts, review
from assessments.domain.context import PRACTICE, is_told_of, place_of
from assessments.domain.drawing import lay_out
from assessments.enums import AttemptState, Ending, Mode, QuizKind, ResultPart, StepKind
from assessments.models import Attempt, Mark, PracticeRound, Quiz, QuizVersion, Step
from assessments.question_types import type_of
from core.domain import outbox
from core.domain.errors import RuleViolation
from people.domain.notices import notify
from people.enums import NoticeKind
from people.models import Account

DAYS = (3, 14, 45, 120)
LATE = timedelta(days=30)  # a machine that stood still does not open rounds of long ago
MOST_QUESTIONS = 5
OPEN = "assessments.practice"


# --- Opening rounds --------------------------------------------------------------------------------------------------------------------------
def plan(attempt: Attempt) -> None:
    """A final quiz was handed in: the first round is looked at after three days. Nothing for a first attempt without a mistake."""
    if attempt.version.spec["kind"] != QuizKind.POST or not is_told_of(attempt.context_key) or attempt.ending == Ending.STOPPED:
        return
    if attempt.number > 1 or attempt.score != 100:
        _look_later(attempt, _next_day(attempt, at=timezone.now()))


def _look_later(attempt: Attempt, day: int | None) -> None:
    if day is not None:
        outbox.enqueue(OPEN, f"{OPEN}:{attempt.pk}:{day}", {"attempt": attempt.pk, "day": day}, run_after=_due_at(attempt, day))


def _due_at(attempt: Attempt, day: int) -> datetime:
    return attempt.finished_at + timedelta(days=day)


def _next_day(attempt: Attempt, *, at: datetime, after: int = 0) -> int | None:
    """The day to look at next: the last one that is due already, or the first that comes. None: all of them are over."""
    rest = [day for day in DAYS if day > after and at < _due_at(attempt, day) + LATE]
    due = [day for day in rest if _due_at(attempt, day) <= at]
    return due[-1] if due else rest[0] if rest else None


@transaction.atomic
def open_round(attempt: Attempt, day: int, *, at: datetime) -> PracticeRound | None:
    """The round of ``day`` after ``attempt``, told once; and the job for the next day. None: nothing was missed, the right answers are not
    open to her yet, an earlier round still waits, she wants no more of this quiz, or a later attempt counts from its own day.

    Where several days have become due meanwhile (a machine that stood still), only the last of them opens, and none that is long past.
    """
    series = attempts.situation(attempt.person, attempt.version, context_key=attempt.context_key, at=at)
    is_latest = not any(one.finished_at and (one.finished_at, one.pk) > (attempt.finished_at, attempt.pk) for one in series.attempts)
    if not is_latest or not attempt.person.is_active or _is_ended(attempt):
        return None
    missed = missed_in(attempt, series.finished)
    if not missed:
        return None
    following = _next_day(attempt, at=at, after=day)
    _look_later(attempt, following)
    if at >= _due_at(attempt, day) + LATE or (following is not None and _due_at(attempt, following) <= at):
        return None
    if not _may_read_keys(attempt, at=at) or PracticeRound.objects.waiting().filter(person=attempt.person, quiz=attempt.quiz_id).exists():
        return None
    found, is_new = PracticeRound.objects.get_or_create(
        source=attempt, day=day, defaults={"person": attempt.person, "quiz_id": attempt.quiz_id, "opened_at": at})
    if is_new:
        notify(attempt.person, kind=NoticeKind.REMINDER, key=f"{OPEN}:{found.pk}", title=gettext_lazy("A few questions to keep what you learned"),
               body=gettext_lazy("They come from a final quiz of yours. It takes about three minutes and counts nowhere."),
               url=reverse("assessments:practice"), at=at)
    return found


def missed_in(attempt: Attempt, series: Sequence[Attempt]) -> list[int]:
    """Question version ids of the quiz that she has not answered rightly yet, the least right first: one query. ``series``: her attempts that
    count together. What counts of each question is her last answer, also that of a practice.

    Left out: what is no longer in use or in the quiz, what is never graded, and what a person grades (nobody is asked to grade practice).
    """
    practised = PracticeRound.objects.filter(person=attempt.person_id, quiz=attempt.quiz_id, attempt__state=AttemptState.FINISHED)
    hers = Q(attempt__in=[one.pk for one in series]) | Q(attempt__in=practised.values("attempt"))
    marks = Mark.objects.filter(hers, fraction__isnull=False, version__question__is_active=True)
    last: dict[int, Mark] = {}
    for mark in marks.select_related("version").order_by("attempt__finished_at", "attempt", "position"):
        last[mark.version.question_id] = mark
    entries = {entry["q"]: entry for entry in attempt.version.spec["questions"] if not type_of(entry["type"]).is_manual}
    missed = [mark for question, mark in last.items() if mark.fraction < 1 and question in entries]
    return [entries[mark.version.question_id]["v"] for mark in sorted(missed, key=lambda mark: mark.fraction)]


def _may_read_keys(attempt: Attempt, *, at: datetime) -> bool:
    found = attempts.situation(attempt.person, attempt.version, context_key=attempt.context_key, at=at)
    opened = review.open_parts(attempt, place_of(attempt), found)
    return {ResultPart.RIGHT, ResultPart.EXPLANATIONS} <= opened


def _is_ended(attempt: Attempt) -> bool:
    return PracticeRound.objects.filter(person=attempt.person_id, quiz=attempt.quiz_id, ended_at__isnull=False).exists()


# --- Taking one ------------------------------------------------------------------------------------------------------------------------------
def begin(found: PracticeRound, *, by: Account, at: datetime | None = None) -> Attempt:
    """The practice of this round: what is still missed, at most five questions, in learning mode. Begun already: the same attempt.

    ``RuleViolation``: the round ended, the right answers are shut again (a new attempt of the quiz is ahead), or nothing is left to practise."""
    at = at or timezone.now()
    if found.person_id != by.pk:
        raise RuleViolation(_("This practice belongs to somebody else."))
    if found.attempt is not None:
        return found.attempt
    if found.ended_at is not None:
        raise RuleViolation(_("You have ended the practice of this quiz."))
    source = found.source
    if not _may_read_keys(source, at=at):
        raise RuleViolation(_("An attempt of the final quiz is ahead of you, so its answers are shut. The practice opens again afterwards."))
    series = attempts.situation(source.person, source.version, context_key=source.context_key, at=at)
    missed = missed_in(source, series.finished)[:MOST_QUESTIONS]
    if not missed:
        raise RuleViolation(_("Nothing is left to practise: you have answered all of it rightly."))
    return _begin(found, _version_for(source.version), missed, at)


def _begin(found: PracticeRound, version: QuizVersion, missed: list[int], at: datetime) -> Attempt:
    """Two taps at once: the number is unique, so the second finds the attempt of the first."""
    spec = {**version.spec, "questions": [entry for entry in version.spec["questions"] if entry["v"] in missed]}
    key = f"{PRACTICE}:{found.pk}"
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(person_id=found.person_id, quiz_id=version.quiz_id, version=version, context_key=key, number=1,
                                             layout=lay_out(spec), last_sequence=1, started_at=at)
            Step.objects.create(attempt=attempt, sequence=1, kind=StepKind.START, data={"layout": attempt.layout}, at=at)
            found.attempt = attempt
            found.save(update_fields=["attempt"])
    except IntegrityError:
        return Attempt.objects.select_related("version").get(person_id=found.person_id, quiz_id=version.quiz_id, context_key=key)
    return attempt


@transaction.atomic
def _version_for(source: QuizVersion) -> QuizVersion:
    """The version that carries practice of ``source``: the same questions in a quiz of its own that no list shows. An attempt needs a version,
    and one version serves everybody: what a person practises stands in the layout of her attempt."""
    title = source.spec["title"]
    quiz, _new = Quiz.objects.get_or_create(
        practice_of_id=source.quiz_id, defaults={"collection_id": source.quiz.collection_id, "title": title, "kind": QuizKind.PRACTICE})
    spec = {
        "title": title, "kind": QuizKind.PRACTICE.value, "mode": Mode.LEARNING.value, "introduction": "", "draw": None, "is_shuffled": True,
        "pass_mark": 0, "attempt_limit": None, "cool_down_hours": 0, "time_limit_minutes": None, "grace_seconds": 0,
        "questions": [{name: value for name, value in entry.items() if name != "s"} for entry in source.spec["questions"]],
    }
    found, _new = QuizVersion.objects.get_or_create(quiz=quiz, number=source.number, defaults={"spec": spec, "created_at": timezone.now()})
    return found


@transaction.atomic
def end(found: PracticeRound, *, by: Account, at: datetime | None = None) -> None:
    """No further rounds of this quiz. A practice that runs is handed in as it is."""
    at = at or timezone.now()
    if found.person_id != by.pk:
        raise RuleViolation(_("This practice belongs to somebody else."))
    if found.attempt is not None and found.attempt.state == AttemptState.OPEN:
        attempts.finish(found.attempt, by=by, at=at)
    PracticeRound.objects.filter(pk=found.pk, ended_at=None).update(ended_at=at)
    found.refresh_from_db()


# --- Reading -----------------------------------------------------------------------------------------------------------------------------------
def waiting_for(person: Account) -> QuerySet[PracticeRound]:
    """Rounds that wait for her, one a quiz."""
    return PracticeRound.objects.own(person).waiting().select_related("quiz", "attempt")


def done_by(person: Account) -> QuerySet[PracticeRound]:
    return PracticeRound.objects.own(person).filter(attempt__state=AttemptState.FINISHED).select_related("quiz", "attempt")


def next_day(found: PracticeRound) -> int | None:
    """The day of the round after this one; None: it was the last, or she ended it."""
    return next((day for day in DAYS if day > found.day), None) if found.ended_at is None else None


