"""What was proved may end: then the learner begins anew by herself, with hours and certificate of a new cycle; not before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.domain.reference import seed_certificates
from certificates.models import Certificate
from core.domain.dates import add_months, local_date
from courses.domain.hours import is_over
from courses.domain.renewal import may_renew
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.models import CoursePage, Enrolment, LearningHours
from tests.factories.courses import enrolled, pass_course, published_course

pytestmark = pytest.mark.django_db


def completed_before(person, days: int, **options):
    """A course with a validity of 12 months, completed so many days ago."""
    at = timezone.now() - timedelta(days=days)
    course = published_course(lessons=1, quiz=False, **{"certificate_months": 12, **options})
    pass_course(enrolled(person, course, at=at), at=at)
    return course


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def address(name, course):
    return reverse(f"courses:{name}", args=[course.slug])


def test_an_ended_course_is_renewed_with_one_tap_and_earns_hours_and_a_certificate_again(client, sari):
    seed_certificates()
    course = completed_before(sari, 370)
    client.force_login(sari)
    assert "Perbarui pelatihan ini" in words(client.get(address("course", course)))

    begun = client.post(address("enrol", course))
    assert begun["Location"] == reverse("courses:lesson", args=[course.slug, 1])
    renewed = Enrolment.objects.get(person=sari, state=EnrolmentState.ACTIVE)
    assert "Perbarui" not in words(client.get(address("course", course)))
    pass_course(renewed)

    assert LearningHours.objects.filter(person=sari).count() == 2
    assert Certificate.objects.filter(person=sari).count() == 2
    assert "Perbarui" not in words(client.get(address("course", course)))


@pytest.mark.parametrize(("days", "options", "why"), [
    (100, {}, "berlaku sampai"),
    (4000, {"certificate_months": None}, "tidak ada batas waktunya"),
])  # fmt: skip
def test_what_is_valid_is_read_again_and_not_begun_again(client, sari, days, options, why):
    course = completed_before(sari, days, **options)
    client.force_login(sari)
    page = words(client.get(address("course", course)))
    assert "Baca ulang" in page
    assert "Perbarui" not in page

    refused = client.post(address("enrol", course))
    assert refused.status_code == 422
    assert why in words(refused)
    assert Enrolment.objects.count() == 1


def test_a_course_that_takes_nobody_any_more_offers_no_renewal(client, sari):
    course = completed_before(sari, 370)
    CoursePage.objects.filter(pk=course.pk).update(live=False)
    client.force_login(sari)

    assert "Perbarui" not in words(client.get(address("course", course)))
    assert "tidak menerima peserta baru" in words(client.post(address("enrol", course)))


def test_the_last_day_still_counts_as_on_the_certificate(sari):
    done_on = local_date(timezone.now())
    last = add_months(done_on, 12)

    assert not is_over(done_on, 12, last)
    assert is_over(done_on, 12, last + timedelta(days=1))
    enrolment = Enrolment.objects.select_related("course", "release").get(course=completed_before(sari, 0))
    assert may_renew(enrolment.course, enrolment, on=last)
    assert not may_renew(enrolment.course, enrolment, on=last + timedelta(days=1))


def test_a_running_course_is_not_renewed_but_an_assignment_may_come_earlier(sari, budi):
    course = completed_before(sari, 10)
    again = enrolled(sari, course, by=budi, origin=EnrolmentOrigin.ASSIGNED)

    assert again.is_running
    assert may_renew(course, again) == ["Hanya pelatihan yang sudah selesai dapat diperbarui."]
