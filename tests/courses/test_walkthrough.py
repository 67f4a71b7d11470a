"""Sari learns: from the catalogue to the certificate's doorstep, in the order of the story."""

from __future__ import annotations

import pytest

from courses.domain import completion, hours
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.models import LearningHours
from courses.signals import course_completed
from tests.factories.courses import enrolled, pass_quiz, published_course, read_lessons

pytestmark = pytest.mark.django_db


def test_sari_reads_two_lessons_passes_the_quiz_and_earns_five_jp(sari, budi):
    course = published_course(title="Layanan Cepat di Loket Adminduk", lessons=2, learning_minutes=225)
    heard = []
    course_completed.connect(lambda sender, **facts: heard.append(facts["completion"]), weak=False, dispatch_uid="test")

    enrolment = enrolled(sari, course, by=budi, origin=EnrolmentOrigin.ASSIGNED)
    assert enrolment.state == EnrolmentState.NOT_STARTED
    assert completion.completion_requirements(enrolment) == [
        "Masih ada 2 materi.",
        "Masih ada kuis akhir (paling rendah 70\xa0%).",
    ]

    enrolment = read_lessons(enrolment, 1)
    assert (enrolment.state, enrolment.percent, enrolment.resume_position) == (EnrolmentState.ACTIVE, 33, 2)

    enrolment = read_lessons(enrolment)
    assert (enrolment.state, enrolment.percent) == (EnrolmentState.ACTIVE, 66)

    pass_quiz(enrolment, right=1)
    enrolment.refresh_from_db()
    assert (enrolment.best_score, enrolment.is_quiz_passed, enrolment.state) == (50, False, EnrolmentState.ACTIVE)

    pass_quiz(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.percent, enrolment.best_score) == (EnrolmentState.COMPLETED, 100, 100)
    assert [done.enrolment_id for done in heard] == [enrolment.pk]
    entry = LearningHours.objects.get(person=sari)
    assert (entry.minutes, entry.is_assigned, entry.title) == (225, True, "Layanan Cepat di Loket Adminduk")
    assert hours.year_summary(sari, entry.year).jp == 5
    course_completed.disconnect(dispatch_uid="test")
