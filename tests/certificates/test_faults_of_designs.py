"""What is wrong with a paper takes nothing from the learner: her hand-in counts, and the certificate follows when the cause is mended."""

from __future__ import annotations

import pytest

from certificates.models import Certificate, CertificateDesign, SerialCounter
from core.domain import outbox
from core.models import AuditEvent, Job, JobState
from courses.models import Completion, LearningHours
from tests.factories.certificates import default_design
from tests.factories.courses import enrolled, pass_quiz, published_course, read_lessons

pytestmark = pytest.mark.django_db

UNREADABLE = "tujuh puluh Baik"  # a line of words for the result that no score can be compared with


@pytest.fixture
def broken_design():
    default_design()
    CertificateDesign.objects.update(predicates=UNREADABLE)


def handed_in(person) -> Completion:
    enrolment = read_lessons(enrolled(person, published_course(lessons=1)))
    attempt = pass_quiz(enrolment)
    assert (attempt.score, attempt.is_passed) == (100, True)
    return Completion.objects.get(enrolment=enrolment, score=100)


def test_answers_score_hours_and_record_stand_though_the_paper_cannot_be_made(broken_design, sari):
    completion = handed_in(sari)

    assert LearningHours.objects.filter(source_id=completion.pk).exists()
    assert not Certificate.objects.exists()
    assert not SerialCounter.objects.exists()
    assert not AuditEvent.objects.filter(verb="certificate.issued").exists()
    job = Job.objects.get(kind="certificates.issue")
    assert (job.payload, job.state) == ({"completion": completion.pk}, JobState.WAITING)


def test_when_the_design_is_mended_the_certificate_comes_with_the_first_number(broken_design, sari):
    completion = handed_in(sari)
    with pytest.raises(Exception, match=UNREADABLE):
        outbox.drain(kinds=["certificates.issue"])
    CertificateDesign.objects.update(predicates="80 Memuaskan")
    Job.objects.filter(kind="certificates.issue").update(run_after=completion.completed_at)
    outbox.drain()

    certificate = Certificate.objects.get(completion=completion)
    assert (certificate.serial, certificate.facts["result"]) == (1, "100, Memuaskan")
    assert certificate.file_name


def test_a_fault_that_stays_ends_on_the_operators_list_and_can_be_tried_once_more(client, broken_design, sari, dewi):
    handed_in(sari)
    Job.objects.filter(kind="certificates.issue").update(max_attempts=1)
    outbox.drain(kinds=["certificates.issue"], raises=False)
    dead = Job.objects.get(kind="certificates.issue")
    assert dead.state == JobState.DEAD

    CertificateDesign.objects.update(predicates="")
    outbox.retry(dead, by=dewi)
    outbox.drain()
    assert Certificate.objects.get(person=sari).facts["result"] == "100"
