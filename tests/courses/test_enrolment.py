"""A place in a course: one at a time, assigned or chosen, left or completed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from courses.domain import enrolment as enrolments
from courses.domain import progress
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.models import Enrolment
from courses.signals import enrolment_withdrawn
from tests.factories.courses import draft_course, enrolled, finish_lesson, published_course, read_lessons, released_lessons

pytestmark = pytest.mark.django_db


def test_a_second_enrolment_gives_the_running_one_and_the_database_holds_it(sari):
    course = published_course()
    first = enrolled(sari, course)
    assert enrolled(sari, course) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(person=sari, course=course, release=course.current_release, created_at=first.created_at)


def test_an_assignment_takes_over_what_she_had_chosen_herself(sari, budi):
    course = published_course()
    own = enrolled(sari, course)
    assigned = enrolled(sari, course, by=budi, origin=EnrolmentOrigin.ASSIGNED, due_on=date(2026, 9, 12))
    assert assigned.pk == own.pk
    assert (assigned.origin, assigned.due_on) == (EnrolmentOrigin.ASSIGNED, date(2026, 9, 12))
    freed = enrolments.set_due(assigned, None, by=budi, is_assigned=False)
    assert (freed.origin, freed.due_on) == (EnrolmentOrigin.SELF, None)


def test_nobody_gets_into_a_course_without_a_release(sari):
    course = draft_course(title="Belum terbit")
    with pytest.raises(RuleViolation, match="belum diterbitkan"):
        enrolled(sari, course)


def test_a_closed_account_is_refused(sari):
    sari.is_active = False
    sari.save()
    with pytest.raises(RuleViolation, match="sudah ditutup"):
        enrolled(sari, published_course())


def test_she_may_leave_what_she_chose_but_not_what_was_assigned(client, sari, budi):
    course, other = published_course(), published_course()
    enrolled(sari, course)
    assigned = enrolled(sari, other, by=budi, origin=EnrolmentOrigin.ASSIGNED)
    heard = []
    enrolment_withdrawn.connect(lambda sender, **facts: heard.append(facts["enrolment"].pk), weak=False, dispatch_uid="test")
    client.force_login(sari)
    assert client.post(reverse("courses:leave", args=[course.slug]), {"reason": "Salah pilih"}).url == reverse("courses:mine")
    response = client.post(reverse("courses:leave", args=[other.slug]))
    enrolment_withdrawn.disconnect(dispatch_uid="test")
    assert response.status_code == 422 and "ditugaskan kepada Anda" in response.content.decode()
    left = Enrolment.objects.get(course=course)
    assert (left.state, left.withdrawn_reason, heard) == (EnrolmentState.WITHDRAWN, "Salah pilih", [left.pk])
    assert enrolments.may_withdraw(assigned, by=budi) == []


def test_every_decision_leaves_an_audit_line(sari, budi):
    course = published_course()
    row = enrolled(sari, course, by=budi, origin=EnrolmentOrigin.ASSIGNED)
    enrolments.withdraw(row, by=budi, reason="Pindah tugas")
    verbs = (
        AuditEvent.objects.filter(object_kind="courses.enrolment", object_id=row.pk)
        .order_by("pk")
        .values_list("verb", "actor_id", "subject_id")
    )
    assert list(verbs) == [("enrolment.made", budi.pk, sari.pk), ("enrolment.withdrawn", budi.pk, sari.pk)]


def test_only_she_herself_learns_and_a_left_course_takes_nothing(sari, budi):
    row = enrolled(sari, published_course(lessons=1))
    lesson = released_lessons(row)[0]
    with pytest.raises(RuleViolation, match="peserta sendiri"):
        progress.finish_lesson(row, lesson, by=budi)
    enrolments.withdraw(row, by=budi, reason="x")
    with pytest.raises(RuleViolation, match="sudah berhenti"):
        progress.start(row, by=sari)


def test_finishing_twice_is_finishing_once_and_the_order_is_free(sari):
    row = enrolled(sari, published_course(lessons=3, quiz=False))
    first, second, third = released_lessons(row)
    row = finish_lesson(row, third)
    assert (row.done_positions, row.resume_position, row.percent) == ([3], 1, 33)
    row = finish_lesson(finish_lesson(row, third), first)
    assert (row.done_positions, row.resume_position) == ([1, 3], 2)
    assert row.events.filter(kind="done").count() == 2
    assert finish_lesson(row, second).state == EnrolmentState.COMPLETED


def test_answers_that_do_not_belong_are_refused(sari):
    row = enrolled(sari, published_course(lessons=1))
    lesson = released_lessons(row)[0]
    check_id = lesson.checks[0]["id"]
    for wrong in ([], ["o9"], ["o1", "o2"]):
        with pytest.raises(RuleViolation):
            progress.answer_check(row, lesson, check_id, wrong, by=sari)
    with pytest.raises(RuleViolation):
        progress.answer_check(row, lesson, "b-lain", ["o1"], by=sari)
    assert not row.events.exists()


def test_an_attempt_of_another_context_changes_nothing(sari, wati):
    from tests.factories.assessments import take_quiz

    hers = enrolled(sari, published_course())
    read_lessons(hers)
    quiz = hers.release.post_quiz_version.quiz
    take_quiz(wati, quiz, context_key=hers.context_key)
    take_quiz(sari, quiz, context_key="lain:1")
    hers.refresh_from_db()
    assert hers.best_score is None and not hers.is_quiz_passed


def test_who_sees_an_enrolment(sari, budi, wati, ratna, dewi, agus, tono):
    row = enrolled(sari, published_course())
    seen = {
        person.name.split()[0]: Enrolment.objects.visible_to(person).filter(pk=row.pk).exists()
        for person in (sari, budi, wati, ratna, dewi, agus, tono)
    }
    assert seen == {"Sari": True, "Budi": True, "Wati": False, "Ratna": True, "Dewi": True, "Agus": True, "Tono": False}
