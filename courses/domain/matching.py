"""From a gap to courses: same indicator, level just above the present, not completed lately, fewer hours first (decisions 19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.domain.numbers import LEARNING_HOUR_MINUTES
from courses.models import Completion, CourseIndicator, CoursePage, CourseRelease
from people.models import Account
from performance.models import Indicator

RECENT = timedelta(days=365)


@dataclass(frozen=True)
class Candidate:
    """A course that may help; ``present_level`` is what the person has completed for this indicator (0: nothing)."""

    course: CoursePage
    release: CourseRelease
    level: int
    jp: int
    present_level: int


def courses_for(indicator: Indicator | int, *, person: Account, at: datetime | None = None) -> list[Candidate]:
    """Candidates for one person and indicator, best first; empty when no open course improves the indicator."""
    return CourseMap([indicator], [person], at=at).candidates(indicator, person)


class CourseMap:
    """Two queries for any number of people and indicators (bulk assignment): then ``candidates`` asks nothing more."""

    def __init__(self, indicators: Iterable[Indicator | int], people: Iterable[Account], *, at: datetime | None = None):
        self.since = (at or timezone.now()) - RECENT
        rows = CourseIndicator.objects.filter(
            indicator__in=[_pk(entry) for entry in indicators], course__live=True, course__current_release__isnull=False
        ).select_related("course", "course__current_release")
        self.by_indicator: dict[int, list[CourseIndicator]] = defaultdict(list)
        for row in rows:
            self.by_indicator[row.indicator_id].append(row)
        courses = {row.course_id for row in rows}
        done = Completion.objects.filter(
            person__in=[person.pk for person in people], course__in=courses, completed_at__lte=at or timezone.now()
        )
        self.done: dict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
        for person_id, course_id, release_id, completed_at in done.values_list(
            "person_id", "course_id", "release_id", "completed_at"
        ):
            self.done[person_id].append((course_id, release_id, completed_at))

    def candidates(self, indicator: Indicator | int, person: Account) -> list[Candidate]:
        rows = self.by_indicator.get(_pk(indicator), [])
        done = self.done.get(person.pk, [])
        completed = {course for course, _release, _at in done}
        fresh = {(course, release) for course, release, at in done if at > self.since}
        present = max((row.level for row in rows if row.course_id in completed), default=0)
        open_rows = [row for row in rows if (row.course_id, row.course.current_release_id) not in fresh]
        above = [row for row in open_rows if row.level > present]
        # Nothing higher is offered: what she learned long ago, or on an older release, may be refreshed, the highest level first.
        level = min((row.level for row in above), default=max((row.level for row in open_rows), default=0))
        chosen = [row for row in (above or open_rows) if row.level == level]
        return sorted(
            (_candidate(row, present) for row in chosen), key=lambda entry: (entry.jp, entry.course.title, entry.course.pk)
        )


def _candidate(row: CourseIndicator, present: int) -> Candidate:
    release = row.course.current_release
    return Candidate(row.course, release, row.level, release.learning_minutes // LEARNING_HOUR_MINUTES, present)


def _pk(indicator: Indicator | int) -> int:
    return indicator if isinstance(indicator, int) else indicator.pk
