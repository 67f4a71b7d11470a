"""The read path of learners: one query for the course, its release and her place in it; released lessons stay in process memory (performance §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any
from uuid import UUID

from courses.models import CoursePage, CourseRelease, Enrolment, ReleasedLesson

_MARK = re.compile(r"<!--check:([a-z0-9-]{1,40})-->")
_PICTURE = re.compile(r'(<img src="[^"]*" width="\d*" height="\d*" alt="([^"]*)"[^>]*>)')
LESSONS_KEPT = 400


@dataclass(frozen=True)
class Place:
    """Where a person stands: the course, the release she reads, and her enrolment (running, else the last completed one, else None)."""

    course: CoursePage
    release: CourseRelease
    enrolment: Enrolment | None


@dataclass(frozen=True)
class Lesson:
    """A released lesson, ready to show. ``parts`` are pieces of cleaned HTML (``str``) and check questions (``dict``) in the order of reading."""

    pk: int
    key: UUID
    position: int
    title: str
    module_title: str
    minutes: int
    parts: tuple[str | dict, ...]
    checks: list[dict]
    check_keys: dict[str, dict]


def place_of(person: Any, slug: str) -> Place:
    """One query when she is in the course, two otherwise. ``CoursePage.DoesNotExist``: there is no such course for her."""
    mine = Enrolment.objects.filter(person_id=person.pk, course__slug=slug).exclude(state="withdrawn")
    mine = mine.select_related("course", "release").only(*_needed())
    if enrolments := list(mine.order_by("-created_at", "-pk")):
        enrolment = next((entry for entry in enrolments if entry.is_running), enrolments[0])
        return Place(enrolment.course, enrolment.release, enrolment)
    course = CoursePage.objects.released().select_related("current_release").get(slug=slug)
    return Place(course, course.current_release, None)


@cache
def _needed() -> tuple[str, ...]:
    """A page row has forty columns, most for the editor; a reader's page needs seven."""
    own = [field.name for field in Enrolment._meta.concrete_fields]
    release = [f"release__{field.name}" for field in CourseRelease._meta.concrete_fields if field.name != "search_text"]
    course = [f"course__{name}" for name in ("slug", "title", "live", "path", "depth", "trainer", "current_release")]
    return (*own, *release, *course)


def lesson_at(release: CourseRelease, position: int) -> Lesson:
    """From memory, else one query. ``ReleasedLesson.DoesNotExist``: the release has no such lesson."""
    return _lesson(release.pk, release.sha256, position)


@lru_cache(maxsize=LESSONS_KEPT)
def _lesson(release_id: int, sha256: str, position: int) -> Lesson:
    """The hash belongs to the key: a release never changes, but a number may be given again in a database that was filled anew."""
    row = ReleasedLesson.objects.get(release_id=release_id, release__sha256=sha256, position=position)
    return as_lesson(row)


def as_lesson(row: Any) -> Lesson:
    """``row``: a ``ReleasedLesson``, or anything with its fields (the preview of a draft)."""
    return Lesson(
        row.pk,
        row.key,
        row.position,
        row.title,
        row.module_title,
        row.minutes,
        split(row.html, row.checks),
        row.checks,
        row.check_keys,
    )


def frugal(html: str, label: str) -> str:
    """For people who save data: a picture is loaded only when its words are tapped (works without script; ``label`` is plain text)."""

    def folded(found: re.Match) -> str:
        words = found[2] or escape(label)
        return f'<details class="tap"><summary>{words}</summary>{found[1]}</details>'

    return _PICTURE.sub(folded, html)


def split(html: str, checks: list[dict]) -> tuple[str | dict, ...]:
    """The HTML cut at the marks of the check questions."""
    by_id = {check["id"]: check for check in checks}
    pieces = _MARK.split(html)
    parts: list[str | dict] = []
    for number, piece in enumerate(pieces):
        if number % 2 == 0 and piece.strip():
            parts.append(piece)
        elif number % 2 and piece in by_id:
            parts.append(by_id[piece])
    return tuple(parts)
