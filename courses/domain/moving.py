"""A small correction reaches people who are in the middle of a course: their place follows the lesson, not its number (decisions 21)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from core.domain import audit
from courses.domain import quiz_places
from courses.domain.completion import complete_if_done
from courses.domain.progress import recount
from courses.models import CoursePage, CourseRelease, Enrolment, ReleasedLesson
from people.models import Account


def minor_problems(present: CourseRelease, course: CoursePage) -> list[str]:
    """Why ``course`` as it stands is no small correction of ``present`` (sentences; empty = it is): what has to be proved must stay the
    same, or the attempts and passes of people in the middle of the course would count for nothing."""
    quizzes = [version.quiz_id if version else None for version in (present.pre_quiz_version, present.post_quiz_version)]
    reasons = []
    if quizzes != [course.pre_quiz_id, course.post_quiz_id]:
        reasons.append(_("Another quiz is no small correction: people in the middle of the course keep theirs. Publish it without that mark."))
    if (present.pass_mark, present.completion_rule) != (course.pass_mark, course.completion_rule):
        reasons.append(
            _("Another pass mark or completion rule is no small correction: people in the middle of the course keep theirs. "
              "Publish it without that mark.")
        )
    return reasons


def _with_the_same_proof(release: CourseRelease) -> Q:
    """Enrolments on releases that ask for the same: whoever is still on one before a larger change keeps hers."""
    pre, post = release.pre_quiz_version, release.post_quiz_version
    return Q(
        release__pre_quiz_version__quiz=pre.quiz_id if pre else None,
        release__post_quiz_version__quiz=post.quiz_id if post else None,
        release__pass_mark=release.pass_mark,
        release__completion_rule=release.completion_rule,
    )


def move_running(release: CourseRelease, *, by: Account | None, at: datetime) -> int:
    """Move running enrolments of older releases that ask for the same proof to ``release``; returns how many. Whoever has now done all
    of it completes."""
    places = dict(ReleasedLesson.objects.filter(release=release).values_list("key", "position"))
    keys: dict[int, dict[int, UUID]] = {}
    for older, position, key in (
        ReleasedLesson.objects.filter(release__course=release.course_id)
        .exclude(release=release)
        .values_list("release_id", "position", "key")
    ):
        keys.setdefault(older, {})[position] = key
    running = Enrolment.objects.running().filter(_with_the_same_proof(release), course=release.course_id).exclude(release=release)
    moved = list(running.select_for_update(of=("self",)).select_related("person"))
    for enrolment in moved:
        old = keys[enrolment.release_id]
        enrolment.done_positions = sorted(
            places[old[position]] for position in enrolment.done_positions if old.get(position) in places
        )
        reading = old.get(enrolment.resume_position)
        enrolment.resume_position = places.get(reading, 0) if reading else 0
        enrolment.release = release
        recount(enrolment)
    Enrolment.objects.bulk_update(
        moved, ["release", "done_positions", "resume_position", "resume_anchor", "percent"], batch_size=500
    )
    for enrolment in moved:
        if enrolment.best_score is not None or enrolment.has_no_attempt_left:
            quiz_places.note_attempts_left(enrolment)  # a newer version of the quiz may allow more attempts
        audit.record("enrolment.moved", enrolment, by=by, subject=enrolment.person, detail={"release": release.pk}, at=at)
        if enrolment.started_at is not None:
            complete_if_done(enrolment, at=at)
    return len(moved)
