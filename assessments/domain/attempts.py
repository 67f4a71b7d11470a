"""Attempts: the truth is on the server from the first tap. Every answer is an append-only step; what an attempt holds is its steps replayed.

A write is one transaction: a guarded UPDATE of the attempt (``last_sequence`` must be what was read) and the new steps. Who loses the race
reads again and tries once more, so no lock is held between requests and nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import access_rules
from assessments.access_rules import ATTEMPT_LIMIT, COUNTED, START_RULES, WINDOW, Situation
from assessments.domain import accommodations, grading
from assessments.domain.context import TRIAL, series
from assessments.domain.drawing import lay_out, seen_questions, types_of
from assessments.domain.replaying import State, replay, replay_steps
from assessments.enums import AttemptState, Ending, StepKind
from assessments.models import Attempt, ExtraAttempt, QuizVersion, Step
from assessments.question_types import type_of
from assessments.signals import attempt_finished
from core.domain import outbox
from core.domain.errors import RuleViolation
from people.models import Account

__all__ = ["State", "replay", "replay_steps"]  # and all that is defined here

TRIES = 60
LARGEST_REVISION = 2**53 - 1  # what a browser counts exactly
EXPIRE = "assessments.expire"
_FREE = {"attempt_limit": None, "cool_down_hours": 0, "opens_at": None, "closes_at": None, "asks_honesty": False}


class AttemptClosed(RuleViolation):
    """The attempt takes no more answers: it was handed in, or its time and grace are over."""


class AnswerFinal(RuleViolation):
    """The answer was looked at already (learning mode); it cannot be changed any more."""


class AttemptBusy(RuleViolation):
    """Too many writes at the same moment; the same answer sent again will be taken."""


@dataclass(frozen=True)
class Saved:
    """What became of an answer. Not written: it stood there already. Superseded: a newer answer stands; this one is kept in the log only."""

    is_written: bool
    is_late: bool = False
    is_superseded: bool = False


# --- Starting --------------------------------------------------------------------------------------------------------------------------
def situation(person: Account, quiz_version: QuizVersion, *, context_key: str = "", at: datetime | None = None) -> Situation:
    """Her attempts of this quiz in this context and those that count with it, newest first: one query, one for what she was given in all
    quizzes where this one limits anything, and one more for attempts that were granted when those of the quiz are used up. A trial knows
    none of the rules."""
    at = at or timezone.now()
    hers = Q(series(context_key), person=person, quiz_id=quiz_version.quiz_id)
    attempts = list(Attempt.objects.filter(hers).order_by("-started_at", "-pk"))
    if context_key == TRIAL:
        return Situation({**quiz_version.spec, **_FREE}, attempts, at)
    spec = quiz_version.spec
    limit = spec.get("attempt_limit")
    is_limited = limit is not None or spec.get("time_limit_minutes") or spec.get("closes_at")
    allowance = accommodations.allowance_of(person, at=at) if is_limited else None
    if limit is not None and allowance is not None:
        limit += allowance.extra_attempts
    if limit is not None and len(attempts) >= limit:
        limit += ExtraAttempt.objects.filter(hers).count()
    return Situation({**spec, "attempt_limit": limit}, attempts, at, allowance)


def may_start(person: Account, quiz_version: QuizVersion, *, context_key: str = "", at: datetime | None = None) -> list[str]:
    """Why she cannot begin a new attempt; empty: she can. An open one is no obstacle: ``start`` leads back to it."""
    return start_problems(situation(person, quiz_version, context_key=context_key, at=at))


def start_problems(found: Situation) -> list[str]:
    if has_open(found):
        return []
    return [sentence for rule in START_RULES for sentence in rule.problems(found)]


def start(
    person: Account, quiz_version: QuizVersion, *, context_key: str = "", declared: Collection[str] = (), at: datetime | None = None
) -> Attempt:
    """The open attempt of this quiz in this context, or a new one: questions drawn, options shuffled, deadline stored. ``declared`` are the
    names of the declarations that were ticked; the start step keeps their words.

    Held by the database however many taps come at once: attempt numbers are unique in their context and none above the limit is made;
    one open attempt a person and quiz. ``RuleViolation``: ``may_start``, or an attempt of this quiz is open elsewhere.
    """
    at = at or timezone.now()
    for _try in range(TRIES):
        found = situation(person, quiz_version, context_key=context_key, at=at)
        for attempt in found.attempts:
            if attempt.state == AttemptState.OPEN and not settle(attempt, at=at):
                return attempt
        if reasons := start_problems(found) or access_rules.undeclared(found, frozenset(declared)):
            raise RuleViolation(reasons)
        try:
            return _begin(person, quiz_version, found, context_key)
        except IntegrityError:
            _refuse_open_elsewhere(person, quiz_version, context_key)
    raise AttemptBusy(_("The quiz is very busy. Please try again in a moment."))


@transaction.atomic
def _begin(person: Account, quiz_version: QuizVersion, found: Situation, context_key: str) -> Attempt:
    number = max((attempt.number for attempt in found.attempts), default=0) + 1
    attempt = Attempt.objects.create(
        person=person, quiz_id=quiz_version.quiz_id, version=quiz_version, context_key=context_key, number=number,
        layout=lay_out(quiz_version.spec, seen=seen_questions(quiz_version.spec, found.attempts)), last_sequence=1, started_at=found.at,
        due_at=access_rules.deadline(found),
    )
    asked = access_rules.declarations(found)
    promised = {"declared": {one.name: one.words for one in asked}} if asked else {}
    Step.objects.create(attempt=attempt, sequence=1, kind=StepKind.START, data={"layout": attempt.layout, **promised}, at=found.at)
    if attempt.due_at:
        outbox.enqueue(EXPIRE, f"{EXPIRE}:{attempt.pk}", {"attempt": attempt.pk}, run_after=_after(closes_at(attempt)))
    return attempt


def _after(limit: datetime | None) -> datetime | None:
    return limit + timedelta(seconds=1) if limit else None


def _refuse_open_elsewhere(person: Account, quiz_version: QuizVersion, context_key: str) -> None:
    elsewhere = Attempt.objects.open().filter(person=person, quiz_id=quiz_version.quiz_id).exclude(context_key=context_key)
    if elsewhere.exists():
        raise RuleViolation(_("You have an open attempt of this quiz elsewhere. Hand it in first."))


# --- Answering -------------------------------------------------------------------------------------------------------------------------
def answer(attempt: Attempt, version_id: int, chosen: Any, *, client_revision: int | None = None, at: datetime | None = None) -> Saved:
    """Store an answer (for questions with options: the list of option ids of the version). ``attempt`` is one that this request has read:
    what it already holds is not written again. After a write the object is up to date.

    ``client_revision`` orders the answers of one question and makes a repeated send harmless; without it the server's clock orders.
    The highest revision counts, also when it says what already stands: an older answer that comes later must not win over it.
    After the deadline, within the grace, an answer is accepted and marked late. ``AttemptClosed`` afterwards, unless it already stood there.
    """
    return save(attempt, version_id, chosen, client_revision=client_revision, at=at)


def flag(attempt: Attempt, version_id: int, is_flagged: bool, *, client_revision: int | None = None, at: datetime | None = None) -> Saved:
    """Mark a question to look at again, or take the mark away."""
    return save(attempt, version_id, None, is_flagged=is_flagged, client_revision=client_revision, at=at)


def save(
    attempt: Attempt, version_id: int, chosen: Any = None, *, is_flagged: bool | None = None, client_revision: int | None = None,
    reveals: bool = False, at: datetime | None = None,
) -> Saved:
    """Answer and mark of one question in one write; None leaves either as it is. ``reveals``: and then the answer is looked at, which makes
    it final (learning.py). ``AnswerFinal``: another answer than the one that was looked at."""
    at = at or timezone.now()
    if client_revision is not None and not 0 < client_revision <= LARGEST_REVISION:
        raise RuleViolation(_("The answer carries a number that this page never gives. Open the question again."))
    for _try in range(TRIES):
        plan = _plan(attempt, version_id, chosen, is_flagged, client_revision, at, reveals)
        if not plan.steps:
            return plan.saved
        if is_closed(attempt, at=at):
            _read_anew(attempt)
            if _plan(attempt, version_id, chosen, is_flagged, client_revision, at, reveals).says_nothing_new:
                return Saved(is_written=False)
            settle(attempt, at=at)
            raise AttemptClosed(_("This quiz has been handed in. The answer came too late and was not counted."))
        if _write(attempt, plan):
            return plan.saved
        _read_anew(attempt)
    raise AttemptBusy(_("The answer could not be saved because the quiz is open in many places at once. Please try again."))


@dataclass
class _Plan:
    """``is_only_confirmed``: the steps say once more, with a higher revision, what already stands."""

    state: State
    steps: list[Step]
    saved: Saved
    is_only_confirmed: bool = False

    @property
    def says_nothing_new(self) -> bool:
        return self.is_only_confirmed or not self.steps


def _plan(
    attempt: Attempt, version_id: int, chosen: Any, is_flagged: bool | None, client_revision: int | None, at: datetime, reveals: bool
) -> _Plan:
    """What would be written; no write, and no query unless an older revision arrives after a newer one."""
    kind, laid = _shown(attempt, version_id)
    state = State(dict(attempt.answers), list(attempt.flags), dict(attempt.revisions), list(attempt.revealed))
    steps: list[Step] = []
    marks = {"late": True} if attempt.due_at and at > attempt.due_at else {}
    key = str(version_id)
    known = state.revisions.get(key, 0)
    is_older = client_revision is not None and client_revision <= known
    is_final = version_id in state.revealed
    is_same, is_marked = True, is_flagged is not None and is_flagged != (version_id in state.flags) and not is_older
    if chosen is not None:
        response = kind.check(chosen, laid)
        is_same = kind.is_same(state.answers.get(key), response)
        if is_final and not is_same:
            raise AnswerFinal(_("You have looked at the answer of this question already, so your first answer stands."))
        revision = max(known + 1, _milliseconds(at)) if client_revision is None else client_revision
        is_news = client_revision is not None and not is_older if is_same else not (is_older and _is_known(attempt, version_id, revision))
        if is_news and not is_final:
            steps.append(_step(attempt, len(steps), StepKind.ANSWER, version_id, {"r": response, "rev": revision, **marks}, client_revision, at))
        if is_news and not is_final and not is_older:
            state.answers[key], state.revisions[key] = response, revision
    if is_marked:
        state.flags = [*state.flags, version_id] if is_flagged else [other for other in state.flags if other != version_id]
        steps.append(_step(attempt, len(steps), StepKind.FLAG, version_id, {"on": is_flagged}, None, at))
    if reveals and not is_final:
        if not kind.is_complete(state.answers.get(key)):
            raise RuleViolation(_("Answer the question first, then look at the answer. You may also leave it for later."))
        state.revealed.append(version_id)
        steps.append(_step(attempt, len(steps), StepKind.REVEAL, version_id, {}, None, at))
    saved = Saved(bool(steps), bool(marks and steps), is_older and not is_same)
    return _Plan(state, steps, saved, is_only_confirmed=is_same and not is_marked and not (reveals and not is_final))


def _step(attempt: Attempt, offset: int, kind: str, version_id: int, data: dict, client_revision: int | None, at: datetime) -> Step:
    return Step(attempt=attempt, sequence=attempt.last_sequence + 1 + offset, kind=kind, version_id=version_id, data=data,
                client_revision=client_revision, at=at)


@transaction.atomic
def _write(attempt: Attempt, plan: _Plan) -> bool:
    """False: somebody else wrote first; read again."""
    last = attempt.last_sequence + len(plan.steps)
    values = {"answers": plan.state.answers, "flags": plan.state.flags, "revisions": plan.state.revisions, "revealed": plan.state.revealed,
              "last_sequence": last}
    unread = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.OPEN, last_sequence=attempt.last_sequence)
    if not unread.update(**values):
        return False
    Step.objects.bulk_create(plan.steps)
    for name, value in values.items():
        setattr(attempt, name, value)
    return True


def _read_anew(attempt: Attempt) -> None:
    attempt.refresh_from_db(fields=["answers", "flags", "revisions", "revealed", "last_sequence", "state", "finished_at"])


def _shown(attempt: Attempt, version_id: int) -> tuple[Any, dict]:
    laid = next((entry for entry in attempt.layout if entry["v"] == version_id), None)
    if laid is None:
        raise RuleViolation(_("This question does not belong to your attempt."))
    return type_of(types_of(attempt.version.spec)[version_id]), laid


def _is_known(attempt: Attempt, version_id: int, revision: int) -> bool:
    return attempt.steps.filter(version_id=version_id, kind=StepKind.ANSWER, client_revision=revision).exists()


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


# --- Ending: one rule for every kind ----------------------------------------------------------------------------------------------------
def closes_at(attempt: Attempt) -> datetime | None:
    """The last instant at which an answer still arrives: deadline and grace. None: no time limit."""
    return attempt.due_at + timedelta(seconds=attempt.version.spec.get("grace_seconds", 0)) if attempt.due_at else None


def is_closed(attempt: Attempt, *, at: datetime) -> bool:
    limit = closes_at(attempt)
    return attempt.state != AttemptState.OPEN or (limit is not None and at > limit)


def settle(attempt: Attempt, *, at: datetime | None = None) -> bool:
    """Hand in by itself what has run out of time and grace. True: the attempt is finished (now or before)."""
    at = at or timezone.now()
    if attempt.state == AttemptState.OPEN and is_closed(attempt, at=at):
        finish(attempt, by=None, at=at, ending=Ending.TIME)
    return attempt.state == AttemptState.FINISHED


def settle_due(*, at: datetime | None = None) -> int:
    """Every open attempt whose time is over (the clock calls this). Returns how many were handed in.

    One that cannot be graded stops no other; all such are told at the end, so that the job is tried again and somebody looks at it.
    """
    at = at or timezone.now()
    done, errors = 0, []
    for attempt in Attempt.objects.open().filter(due_at__lt=at).select_related("version"):
        try:
            done += settle(attempt, at=at)
        except Exception as error:  # noqa: BLE001 (whatever it is, the others are handed in)
            error.add_note(f"attempt {attempt.pk}")
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} attempts could not be handed in, {done} were", errors)
    return done


@transaction.atomic
def finish(attempt: Attempt, *, by: Account | None, at: datetime | None = None, ending: str = Ending.TAP) -> Attempt:
    """Hand in and grade, once: a second call returns the same result. Blank answers count as not right. Sends ``attempt_finished``, unless
    a person has to grade something: then the attempt waits, and the last grade sends it (hand_grading.py).

    ``by`` None: the clock. From the deadline on every ending counts as *time* (or as the closing of the quiz, if that came first) and
    as the instant of the deadline, whenever it is noticed.
    """
    at = at or timezone.now()
    is_first = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.OPEN).update(state=AttemptState.FINISHED)
    attempt.refresh_from_db(fields=["answers", "flags", "revisions", "revealed", "last_sequence", "state", "finished_at", "ending", "score",
                                    "points", "points_possible", "is_passed", "is_waiting"])
    if not is_first:
        return attempt
    is_over = attempt.due_at is not None and at >= attempt.due_at
    attempt.ending, attempt.finished_at = (access_rules.ending_of(attempt.version.spec, attempt.due_at), attempt.due_at) if is_over else (ending, at)
    result = grading.grade(attempt)
    grading.take(attempt, result)
    steps = (
        (StepKind.FINISH, {"ending": attempt.ending, "by": by.pk if by is not None else None}),
        (StepKind.GRADE, result.trace),
    )
    Step.objects.bulk_create(
        Step(attempt=attempt, sequence=attempt.last_sequence + index, kind=kind, data=data, at=at) for index, (kind, data) in enumerate(steps, 1)
    )
    attempt.last_sequence += len(steps)
    attempt.save(update_fields=["ending", "finished_at", "last_sequence", *grading.RESULT_FIELDS])
    if not attempt.is_waiting:
        attempt_finished.send(sender=Attempt, attempt=attempt, at=at)
    return attempt


# --- Reading -----------------------------------------------------------------------------------------------------------------------------
def has_open(found: Situation) -> bool:
    return any(attempt.state == AttemptState.OPEN for attempt in found.attempts)


def is_used_up(found: Situation) -> bool:
    """No attempt is left, none runs and none waits for its grade."""
    return attempts_left(found) == 0 and not has_open(found) and not is_waiting(found)


def is_waiting(found: Situation) -> bool:
    """Does a person still have to grade one?"""
    return any(attempt.is_waiting for attempt in found.attempts)


def is_passed(found: Situation) -> bool:
    """By the attempt that counts; one that was stopped is no result, whatever its answers are worth."""
    return COUNTED.result(found.spec, found.attempts).is_passed


def attempts_left(found: Situation) -> int | None:
    """None: no limit."""
    return ATTEMPT_LIMIT.left(found)


def opens_again_at(found: Situation) -> datetime | None:
    """When the next attempt opens, if it is only a matter of waiting."""
    return max((instant for rule in START_RULES if (instant := rule.next_at(found))), default=None)


def is_shut(found: Situation) -> bool:
    """The quiz has closed for good: no attempt left is of use."""
    return bool(WINDOW.problems(found)) and WINDOW.next_at(found) is None
