"""The loop for tests, through the same domain functions as the screens: a measured miss, its cause, a course for it, learning, a new measurement.

story = Story(sari, budi)                                 # clock on 13 July 2026, indicator "KK selesai dalam 24 jam", two courses for it
gap = story.missed("Triwulan II 2026", 71)                # case with one child; returns the child
story.assigned(gap)                                       # cause skill, first course confirmed by Budi
story.learned()                                           # every running enrolment passed
story.measured("Triwulan IV 2026", 93)
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.dates import JAKARTA
from courses.models import Enrolment
from improvement.domain import loop
from improvement.domain.seeding import seed_remedy_rules
from performance.domain.seeding import seed
from performance.enums import Cause, Rating
from performance.models import Gap
from tests.factories.courses import pass_course, published_course
from tests.factories.performance import IndicatorFactory, evaluate

__all__ = ["Clock", "Story", "jakarta", "reference"]


def jakarta(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=JAKARTA)


def reference() -> None:
    """Default gap rules, 3x3 table, default plans of the cells."""
    seed()
    seed_remedy_rules()


class Clock:
    """A hand-moved clock: the story says when it happens."""

    def __init__(self, now: datetime):
        self.now = now

    def pass_time(self, **parts) -> datetime:
        self.now += timedelta(**parts)
        return self.now

    def move_to(self, year: int, month: int, day: int, hour: int = 9) -> datetime:
        self.now = jakarta(year, month, day, hour)
        return self.now


class Story:
    """One person, one superior, one indicator; every step is a sentence."""

    def __init__(self, person, superior, *, courses: int = 2, target=90, now: datetime | None = None, **course):
        reference()
        self.person, self.superior, self.target = person, superior, target
        self.clock = Clock(now or jakarta(2026, 7, 13))
        self.indicator = IndicatorFactory(name="Permohonan KK selesai dalam 24 jam")
        titles = ["Layanan Cepat di Loket Adminduk", "Komunikasi Publik untuk Petugas Layanan", "Penanganan Pengaduan", "Literasi Digital"]
        course.setdefault("lessons", 1)
        self.courses = [
            published_course(title=title, learning_minutes=45 * (5 + place), indicators=[(self.indicator, 2)], at=jakarta(2026, 1, 5), **course)
            for place, title in enumerate(titles[:courses])
        ]

    @property
    def now(self) -> datetime:
        return self.clock.now

    def measured(self, when: str, value, *, result: str | None = None, behaviour: str = Rating.MEETS, person=None):
        """One official evaluation; below the target the result is rated below, unless said otherwise."""
        rating = result or (Rating.BELOW if value < self.target else Rating.MEETS)
        return evaluate(
            person or self.person, when, result=rating, behaviour=behaviour, scores=[(self.indicator, value, self.target, 412)],
            appraiser=self.superior, at=self.now,
        )

    def missed(self, when: str, value) -> Gap:
        self.measured(when, value)
        return self.child

    @property
    def case(self) -> Gap:
        return Gap.objects.get(person=self.person, kind="result")

    @property
    def child(self) -> Gap:
        return Gap.objects.get(person=self.person, indicator=self.indicator)

    def assigned(self, gap: Gap | None = None, *, course=None, by=None, **options):
        """Cause first, then the course."""
        gap = gap or self.child
        by = by or self.superior
        if not gap.cause:
            loop.agree_on_cause(gap, Cause.SKILL, by=by, at=self.now)
            gap = Gap.objects.get(pk=gap.pk)
        return loop.assign_training(gap, course=course or self.courses[0], by=by, at=self.now, **options)

    def learned(self) -> list:
        """Every running course is read and its quiz passed."""
        running = Enrolment.objects.running().filter(person=self.person).order_by("pk")
        return [pass_course(enrolment, at=self.now) for enrolment in running]
