"""Progress is computed here, in the transaction of the event that changes it, and shown in the same response."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.counting import counted_of
from assessments.enums import Counted
from assessments.models import Attempt
from core.domain.errors import RuleViolation
from courses.domain.completion import complete_if_done
from courses.enums import CompletionRule, EnrolmentState
from courses.models import Enrolment, LessonEvent, ReleasedLesson
from people.models import Account

_ANCHOR = re.compile(r"[a-z0-9-]{0,60}")


@dataclass(frozen=True)
class CheckOutcome:
    """What a learner sees after her answer to a check question: always with the explanation."""

    chosen: tuple[str, ...]
    is_right: bool
    explanation: str
    correct: tuple[str, ...]
    feedback: dict[str, str] = field(default_factory=dict)


def may_finish(enrolment: Enrolment, lesson: ReleasedLesson) -> list[str]:
    """The unmet part of "finished when the check questions are answered" (any answer counts)."""
    missing = unanswered(enrolment, lesson)
    if not missing:
        return []
    if len(lesson.checks) == 1:
        return [_("Answer the check question first, then read its explanation.")]
    return [_("Answer this check question first: “%(question)s”") % {"question": check["question"]} for check in missing]


def unanswered(enrolment: Enrolment, lesson: ReleasedLesson) -> list[dict]:
    if not lesson.checks:
        return []
    answered = set(answers_of(enrolment, lesson))
    return [check for check in lesson.checks if check["id"] not in answered]


def answers_of(enrolment: Enrolment, lesson: Any) -> dict[str, list[str]]:
    """The last answer to each check question of the lesson (one query); an answer given on an earlier release of it counts."""
    events = LessonEvent.objects.filter(enrolment=enrolment, kind="check", lesson__key=lesson.key).order_by("at", "pk")
    return {check_id: data["chosen"] for check_id, data in events.values_list("check_id", "data")}


def outcome_of(lesson: Any, check_id: str, chosen: Iterable[str]) -> CheckOutcome:
    key, picked = lesson.check_keys[check_id], tuple(sorted(chosen))
    feedback = {option: key["feedback"][option] for option in picked if option in key["feedback"]}
    return CheckOutcome(picked, set(picked) == set(key["correct"]), key["explanation"], tuple(key["correct"]), feedback)


@transaction.atomic
def start(enrolment: Enrolment, *, by: Account, at: datetime | None = None) -> Enrolment:
    """Learning begins; a second time changes nothing."""
    locked = _locked(enrolment, by)
    if locked.state == EnrolmentState.NOT_STARTED:
        _begin(locked, at or timezone.now())
        locked.save(update_fields=["state", "started_at", "last_seen_at"])
    return locked


@transaction.atomic
def answer_check(
    enrolment: Enrolment, lesson: ReleasedLesson, check_id: str, chosen: Iterable[str], *, by: Account, at: datetime | None = None
) -> CheckOutcome:
    """Store one answer (all tries are kept) and give the explanation. ``RuleViolation``: nothing chosen, no such question or option."""
    at = at or timezone.now()
    check = next((entry for entry in lesson.checks if entry["id"] == check_id), None)
    if check is None:
        raise RuleViolation(_("This question is not part of the lesson."))
    picked = list(dict.fromkeys(chosen))
    if not picked:
        raise RuleViolation(_("Choose an answer first."))
    if not set(picked) <= {option["id"] for option in check["options"]} or (len(picked) > 1 and not check["is_multiple"]):
        raise RuleViolation(_("This answer does not belong to the question."))
    locked = _locked(enrolment, by)
    found = outcome_of(lesson, check_id, picked)
    LessonEvent.objects.create(
        enrolment=locked,
        lesson=lesson,
        kind="check",
        check_id=check_id,
        data={"chosen": sorted(picked), "is_right": found.is_right},
        at=at,
    )
    if locked.is_running:
        _begin(locked, at)
        locked.resume_position, locked.resume_anchor = lesson.position, check_id
        locked.save(update_fields=["state", "started_at", "last_seen_at", "resume_position", "resume_anchor"])
    return found


@transaction.atomic
def finish_lesson(enrolment: Enrolment, lesson: ReleasedLesson, *, by: Account, at: datetime | None = None) -> Enrolment:
    """Mark a lesson as finished, recount, complete the course when this was the last step; finished twice is finished once.

    ``RuleViolation``: see ``may_finish``; also when the course was left.
    """
    at = at or timezone.now()
    locked = _locked(enrolment, by)
    if locked.is_completed:
        return locked
    if reasons := may_finish(locked, lesson):
        raise RuleViolation(reasons)
    if lesson.position not in locked.done_positions:
        LessonEvent.objects.get_or_create(enrolment=locked, lesson=lesson, kind="done", defaults={"at": at})
        locked.done_positions = sorted({*locked.done_positions, lesson.position})
    _begin(locked, at)
    locked.resume_position, locked.resume_anchor = lesson.position, ""
    recount(locked)
    locked.save(
        update_fields=["state", "started_at", "last_seen_at", "done_positions", "percent", "resume_position", "resume_anchor"]
    )
    complete_if_done(locked, at=at)
    return locked


def keep_place(enrolment: Enrolment, position: int, anchor: str, *, at: datetime | None = None) -> bool:
    """Remember where she reads: one statement, only while the course runs; who reads has begun. False: nothing to keep (odd place or anchor)."""
    if not (1 <= position <= enrolment.release.lesson_count and _ANCHOR.fullmatch(anchor)):
        return False
    at = at or timezone.now()
    values = {"resume_position": position, "resume_anchor": anchor, "last_seen_at": at}
    if enrolment.state == EnrolmentState.NOT_STARTED:
        values |= {"state": EnrolmentState.ACTIVE, "started_at": at}
    return bool(Enrolment.objects.filter(pk=enrolment.pk, state=enrolment.state).running().update(**values))


@transaction.atomic
def take_score(attempt: Attempt, *, at: datetime) -> Enrolment | None:
    """An attempt made inside an enrolment was graded: best score, first pre-test score, passed; completes the course when it was the last step.

    Passed is what the attempt says: it was judged by its exact points, while ``score`` is rounded. An attempt without an enrolment (or of
    another quiz) changes nothing.
    """
    kind, _sep, pk = attempt.context_key.partition(":")
    if kind != "enrolment" or not pk.isdecimal() or attempt.score is None:
        return None
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "person", "course", "release__pre_quiz_version", "release__post_quiz_version"
    )
    enrolment = rows.filter(pk=pk, person_id=attempt.person_id).first()
    if enrolment is None or enrolment.state == EnrolmentState.WITHDRAWN:
        return None
    pre, post = enrolment.release.pre_quiz_version, enrolment.release.post_quiz_version
    if post is not None and attempt.quiz_id == post.quiz_id:
        _take_final(enrolment, attempt)
    elif pre is not None and attempt.quiz_id == pre.quiz_id:
        enrolment.pre_score = attempt.score if enrolment.pre_score is None else enrolment.pre_score
    else:
        return None
    if enrolment.is_running:
        _begin(enrolment, at)
        recount(enrolment)
    enrolment.save(
        update_fields=[
            "state",
            "started_at",
            "last_seen_at",
            "best_score",
            "pre_score",
            "is_quiz_passed",
            "percent",
            "resume_position",
        ]
    )
    complete_if_done(enrolment, at=at)
    return enrolment


def _take_final(enrolment: Enrolment, attempt: Attempt) -> None:
    """By the best attempt, unless the quiz says that the last or the average counts."""
    if attempt.version.spec.get("counted", Counted.BEST) == Counted.BEST:
        enrolment.best_score = max(filter(None, [enrolment.best_score, attempt.score]), default=attempt.score)
        enrolment.is_quiz_passed = enrolment.is_quiz_passed or bool(attempt.is_passed)
    elif (found := counted_of(attempt)).attempt is not None:
        enrolment.best_score, enrolment.is_quiz_passed = found.score, found.is_passed


def recount(enrolment: Enrolment) -> None:
    """Percent of all steps (lessons, and the final quiz where the rule asks for it; 100 only when completed) and the place to go on.

    Changes the object, saves nothing.
    """
    release, done = enrolment.release, set(enrolment.done_positions)
    steps = release.lesson_count + needs_quiz(release.completion_rule)
    taken = len(done) + (needs_quiz(release.completion_rule) and enrolment.is_quiz_passed)
    enrolment.percent = 100 if enrolment.is_completed else min(99, 100 * taken // max(1, steps))
    if enrolment.resume_position in done or not 1 <= enrolment.resume_position <= release.lesson_count:
        ahead = [position for position in range(enrolment.resume_position + 1, release.lesson_count + 1) if position not in done]
        left = [position for position in range(1, release.lesson_count + 1) if position not in done]
        enrolment.resume_position, enrolment.resume_anchor = (ahead or left or [release.lesson_count])[0], ""


def needs_quiz(rule: str) -> bool:
    return rule != CompletionRule.LESSONS


def _locked(enrolment: Enrolment, by: Account) -> Enrolment:
    """The row for this transaction. Only the person herself learns; a course that was left is closed."""
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("release").get(pk=enrolment.pk)
    if by.pk != locked.person_id:
        raise RuleViolation(_("Only the participant herself can do this."))
    if locked.state == EnrolmentState.WITHDRAWN:
        raise RuleViolation(_("You have left this course. Enrol again to go on."))
    return locked


def _begin(enrolment: Enrolment, at: datetime) -> None:
    enrolment.last_seen_at = at
    if enrolment.state == EnrolmentState.NOT_STARTED:
        enrolment.state, enrolment.started_at = EnrolmentState.ACTIVE, at
