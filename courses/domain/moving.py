"""A small correction reaches people who are in the middle of a course: their place follows the lesson, not its number (decisions 21)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from core.domain import audit
from courses.domain.completion import complete_if_done
from courses.domain.progress import recount
from courses.models import CourseRelease, Enrolment, ReleasedLesson
from people.models import Account


def move_running(release: CourseRelease, *, by: Account | None, at: datetime) -> int:
    """Move every running enrolment of older releases to ``release``; returns how many. Whoever has now done all of it completes."""
    places = dict(ReleasedLesson.objects.filter(release=release).values_list("key", "position"))
    keys: dict[int, dict[int, UUID]] = {}
    for older, position, key in (
        ReleasedLesson.objects.filter(release__course=release.course_id)
        .exclude(release=release)
        .values_list("release_id", "position", "key")
    ):
        keys.setdefault(older, {})[position] = key
    running = (
        Enrolment.objects.running().filter(course=release.course_id).exclude(release=release).select_for_update(of=("self",))
    )
    moved = list(running.select_related("person"))
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
        moved, ["release", "done_positions", "resume_position", "resume_anchor", "percent", "is_quiz_passed"], batch_size=500
    )
    for enrolment in moved:
        audit.record("enrolment.moved", enrolment, by=by, subject=enrolment.person, detail={"release": release.pk}, at=at)
        if enrolment.started_at is not None:
            complete_if_done(enrolment, at=at)
    return len(moved)
