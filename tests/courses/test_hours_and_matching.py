"""The ledger of learning hours, and which course is proposed for a gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.errors import RuleViolation
from courses.domain import authoring, hours, matching, releases
from courses.enums import EnrolmentOrigin
from courses.models import HoursTarget, LearningHours, LessonPage
from people.enums import EmploymentStatus
from performance.models import Indicator
from tests.factories.courses import enrolled, pass_course, published_course

pytestmark = pytest.mark.django_db

NEW_YEARS_EVE = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)  # 23.59 WIB
NEW_YEAR = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)  # 00.00 WIB


def complete(person, course, at, **options):
    return pass_course(enrolled(person, course, at=at, **options), at=at)


@pytest.mark.parametrize(("at", "year"), [(NEW_YEARS_EVE, 2025), (NEW_YEAR, 2026)])
def test_the_year_is_that_of_jakarta(sari, at, year):
    complete(sari, published_course(lessons=1, quiz=False, learning_minutes=225), at)
    assert hours.year_summary(sari, year).jp == 5
    assert LearningHours.objects.get().completed_on.year == year


def test_minutes_are_added_before_they_are_rounded(sari):
    for minutes in (30, 30, 30):
        complete(sari, published_course(lessons=1, quiz=False, learning_minutes=minutes), NEW_YEAR)
    assert hours.year_summary(sari, 2026).jp == 2


def test_a_pns_sees_what_is_left_of_twenty_jp_and_a_pppk_only_a_warning(sari, wati):
    hours.seed_targets()
    hours.seed_targets()
    assert HoursTarget.objects.count() == 2
    wati.status = EmploymentStatus.PPPK
    wati.save()
    course = published_course(lessons=1, quiz=False, learning_minutes=25 * 45)
    complete(sari, course, NEW_YEAR)
    complete(wati, course, NEW_YEAR, origin=EnrolmentOrigin.ASSIGNED)
    hers = hours.year_summary(sari, 2026)
    assert (hers.target, hers.ceiling, hers.missing, hers.is_reached, hers.warning) == (20, None, 0, True, "")
    watis = hours.year_summary(wati, 2026)
    assert (watis.target, watis.ceiling) == (None, 24) and "25 JP" in watis.warning
    assert hours.year_summary(sari, 2025).missing == 20


def test_voluntary_learning_never_warns(wati):
    hours.seed_targets()
    wati.status = EmploymentStatus.PPPK
    wati.save()
    complete(wati, published_course(lessons=1, quiz=False, learning_minutes=40 * 45), NEW_YEAR)
    assert hours.year_summary(wati, 2026).warning == ""


def test_a_new_cycle_of_validity_earns_hours_again(sari):
    course = published_course(lessons=1, quiz=False, certificate_months=12)
    complete(sari, course, NEW_YEAR)
    complete(sari, course, NEW_YEAR + timedelta(days=200))
    complete(sari, course, NEW_YEAR + timedelta(days=370))
    entries = LearningHours.objects.filter(person=sari).order_by("completed_on")
    assert [entry.key for entry in entries] == [f"course:{course.pk}:{sari.pk}:1", f"course:{course.pk}:{sari.pk}:2"]


def test_a_reversal_takes_the_hours_back_in_the_same_year_and_only_once(sari, dewi):
    complete(sari, published_course(lessons=1, quiz=False), NEW_YEARS_EVE)
    entry = LearningHours.objects.get()
    with pytest.raises(RuleViolation, match="alasannya"):
        hours.reverse(entry, reason="  ", by=dewi)
    reversal = hours.reverse(entry, reason="Salah orang", by=dewi, at=NEW_YEAR + timedelta(days=90))
    assert (reversal.minutes, reversal.year) == (-45, 2025) and hours.year_summary(sari, 2025).minutes == 0
    with pytest.raises(RuleViolation):
        hours.reverse(entry, reason="Lagi", by=dewi)
    with pytest.raises(RuleViolation):
        hours.reverse(reversal, reason="Lagi", by=dewi)


def test_a_course_without_hours_posts_none(sari):
    complete(sari, published_course(lessons=1, quiz=False, learning_minutes=0), NEW_YEAR)
    assert not LearningHours.objects.exists()


@pytest.fixture
def indicator(db):
    return Indicator.objects.create(name="Permohonan KK selesai dalam 24 jam", aspect="time", unit_of_measure="%")


def course_at(indicator, level, jp, title):
    return published_course(title=title, lessons=1, quiz=False, learning_minutes=jp * 45, indicators=[(indicator, level)])


def test_the_level_just_above_the_present_comes_and_fewer_hours_come_first(sari, indicator):
    course_at(indicator, 2, 6, "Dua panjang")
    short = course_at(indicator, 2, 3, "Dua pendek")
    course_at(indicator, 3, 1, "Tiga")
    found = matching.courses_for(indicator, person=sari)
    assert [entry.course.title for entry in found] == ["Dua pendek", "Dua panjang"]
    assert (found[0].level, found[0].jp, found[0].present_level, found[0].release) == (2, 3, 0, short.current_release)
    complete(sari, short, datetime.now(tz=UTC))
    assert [entry.course.title for entry in matching.courses_for(indicator, person=sari)] == ["Tiga"]


def test_what_was_completed_long_ago_may_be_refreshed_when_nothing_is_higher(sari, indicator):
    only = course_at(indicator, 2, 3, "Satu-satunya")
    complete(sari, only, datetime.now(tz=UTC) - timedelta(days=30))
    assert matching.courses_for(indicator, person=sari) == []
    later = datetime.now(tz=UTC) + timedelta(days=400)
    assert [entry.course for entry in matching.courses_for(indicator, person=sari, at=later)] == [only]
    lesson = LessonPage.objects.descendant_of(only).get()
    lesson.title = "Baru"
    lesson.save_revision().publish()
    assert [entry.release.number for entry in matching.courses_for(indicator, person=sari)] == [2]


def test_drafts_other_indicators_and_withdrawn_courses_are_not_proposed(sari, indicator):
    other = Indicator.objects.create(name="Lain", aspect="quality")
    course_at(other, 2, 3, "Lain")
    gone = course_at(indicator, 2, 3, "Ditarik")
    gone.unpublish()
    module = authoring.add_module(gone, "x")
    assert module and matching.courses_for(indicator, person=sari) == []


def test_matching_many_people_asks_twice(sari, wati, budi, indicator, django_assert_num_queries):
    course_at(indicator, 2, 3, "Dua")
    with django_assert_num_queries(2):
        found = matching.CourseMap([indicator], [sari, wati, budi])
        assert all(len(found.candidates(indicator, person)) == 1 for person in (sari, wati, budi))


def test_releases_carry_the_map_to_indicators(indicator):
    course = course_at(indicator, 3, 1, "Peta")
    assert course.current_release.indicators == [{"id": indicator.pk, "name": indicator.name, "aspect": indicator.aspect, "level": 3}]
    assert releases.publish_release(course, by=None) == course.current_release
