"""Lists of courses: the catalogue with its search, and a person's own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from courses.models import CoursePage, Enrolment

LONGEST_SEARCH, MOST_WORDS = 100, 6


def search(words: str) -> QuerySet[CoursePage]:
    """Open courses in which every word occurs (title, summary, objectives, titles of modules and lessons), in the order of their titles."""
    courses = CoursePage.objects.released().select_related("current_release").order_by("title", "pk")
    for word in words[:LONGEST_SEARCH].casefold().split()[:MOST_WORDS]:
        courses = courses.filter(current_release__search_text__contains=word)
    return courses.defer_streamfields()


def enrolments_in(person: Any, courses: list[CoursePage]) -> dict[int, Enrolment]:
    """Her enrolment a course: the running one, else the last completed."""
    rows = Enrolment.objects.filter(person_id=person.pk, course__in=courses).exclude(state="withdrawn").select_related("release")
    found: dict[int, Enrolment] = {}
    for row in rows.order_by("created_at", "pk"):
        if row.course_id not in found or not found[row.course_id].is_running:
            found[row.course_id] = row
    return found


def mine(person: Any) -> tuple[list[Enrolment], list[Enrolment]]:
    """(running, completed): due ones first, then those read last; one query."""
    rows = list(Enrolment.objects.filter(person_id=person.pk).exclude(state="withdrawn").select_related("course", "release"))
    running = sorted(
        (row for row in rows if row.is_running),
        key=lambda row: (row.due_on is None, row.due_on, -(row.last_seen_at or row.created_at).timestamp()),
    )
    done = sorted((row for row in rows if row.is_completed), key=lambda row: row.completed_at, reverse=True)
    return running, done
