"""How people of the demo learn: lesson by lesson with their check questions, then the quiz, each tap at its own time."""

from __future__ import annotations

from datetime import datetime, timedelta

from assessments.domain import attempts
from assessments.models import AnswerKey, QuizVersion
from courses.domain import progress
from courses.models import Enrolment, ReleasedLesson


def read(enrolment: Enrolment, *, until: datetime, lessons: int | None = None, days: float = 3) -> Enrolment:
    """The first ``lessons`` (all by default), spread over some days; the last one is finished at ``until``."""
    listed = list(ReleasedLesson.objects.filter(release=enrolment.release_id).order_by("position"))[:lessons]
    step = timedelta(days=days) / max(len(listed), 1)
    for place, lesson in enumerate(listed, 1):
        at = until - step * (len(listed) - place)
        for check in progress.unanswered(enrolment, lesson):
            progress.answer_check(enrolment, lesson, check["id"], lesson.check_keys[check["id"]]["correct"], by=enrolment.person, at=at)
        enrolment = progress.finish_lesson(enrolment, lesson, by=enrolment.person, at=at)
    return enrolment


def quiz(enrolment: Enrolment, version: QuizVersion | None, *, wrong: int, at: datetime):
    """One attempt; the last ``wrong`` questions are answered wrongly."""
    if version is None:
        return None
    attempt = attempts.start(enrolment.person, version, context_key=enrolment.context_key, at=at - timedelta(minutes=12))
    keys = AnswerKey.objects.select_related("version").in_bulk([laid["v"] for laid in attempt.layout])
    for place, laid in enumerate(attempt.layout):
        right = keys[laid["v"]].data["correct"]
        other = [option["id"] for option in keys[laid["v"]].version.body["options"] if option["id"] not in right][:1]
        chosen = other if place >= len(attempt.layout) - wrong else right
        attempts.answer(attempt, laid["v"], chosen, at=at - timedelta(minutes=12 - place))
    return attempts.finish(attempt, by=enrolment.person, at=at)


def complete(enrolment: Enrolment, *, at: datetime, wrong: int = 1, before: int | None = None, days: float = 6) -> Enrolment:
    """The whole course; ``before``: with the pre-test, that many wrong."""
    if before is not None:
        quiz(enrolment, enrolment.release.pre_quiz_version, wrong=before, at=at - timedelta(days=days, hours=1))
    enrolment = read(enrolment, until=at - timedelta(hours=2), days=days)
    quiz(enrolment, enrolment.release.post_quiz_version, wrong=wrong, at=at)
    return Enrolment.objects.select_related("release", "person", "course").get(pk=enrolment.pk)
