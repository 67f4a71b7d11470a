"""Attempts of the final quiz inside a course: how many, in which enrolment, and what comes when they are used up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain import accommodations, attempts, quizzes
from assessments.models import Attempt
from core.domain.dates import local_today
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from courses.domain import enrolment as enrolments
from courses.domain import extra_attempts, quiz_places, releases
from courses.models import CoursePage, Enrolment
from people.models import Notice
from tests.factories.assessments import make_question, make_quiz, take_quiz
from tests.factories.courses import enrolled, pass_course, pass_quiz, published_course, read_lessons

pytestmark = pytest.mark.django_db


def course_with(limit: int | None, **options) -> CoursePage:
    quiz = make_quiz(2, kind="post", attempt_limit=limit, is_shuffled=False)
    return published_course(lessons=1, post_quiz=quiz, **options)


def left(enrolment) -> int | None:
    return attempts.attempts_left(
        attempts.situation(enrolment.person, enrolment.release.post_quiz_version, context_key=enrolment.context_key)
    )


def fail(enrolment, **more) -> Attempt:
    return pass_quiz(read_lessons(enrolment), right=0, **more)


def text_of(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_leaving_and_beginning_again_gives_no_new_attempts(sari):
    course = course_with(2)
    first = enrolled(sari, course)
    fail(first)
    enrolments.withdraw(first, by=sari, reason="x")
    second = enrolled(sari, course)
    assert left(second) == 1
    assert fail(second).number == 2
    enrolments.withdraw(Enrolment.objects.get(pk=second.pk), by=sari, reason="x")
    third = read_lessons(enrolled(sari, course))
    assert left(third) == 0 and Enrolment.objects.get(pk=third.pk).has_no_attempt_left
    with pytest.raises(RuleViolation, match="Semua percobaan"):
        attempts.start(sari, course.post_quiz.current, context_key=third.context_key)
    assert Attempt.objects.count() == 2


def test_a_colleague_and_a_completed_cycle_count_for_themselves(sari, wati):
    course = course_with(1)
    fail(enrolled(wati, course))
    done = enrolled(sari, course)
    pass_course(done)
    assert left(enrolled(sari, course)) == 1, "after a completion a new cycle begins"
    done.refresh_from_db()
    assert left(done) == 0, "and the old one stays as it was"


def test_who_comes_back_keeps_her_first_pre_test(sari):
    course = course_with(None, pre_quiz=True)
    first = enrolled(sari, course)
    take_quiz(sari, first.release.pre_quiz_version.quiz, right=1, context_key=first.context_key)
    enrolments.withdraw(Enrolment.objects.get(pk=first.pk), by=sari, reason="x")
    assert enrolled(sari, course).pre_score == 50


def test_an_open_attempt_ends_with_the_enrolment_and_locks_nobody_out(sari, budi):
    course = course_with(2)
    hers = read_lessons(enrolled(sari, course, by=budi))
    running = attempts.start(sari, course.post_quiz.current, context_key=hers.context_key)
    enrolments.withdraw(hers, by=budi, reason="Tugas lain")
    running.refresh_from_db()
    assert (running.state, running.ending) == ("finished", "stopped")
    assert running.steps.get(kind="finish").data == {"ending": "stopped", "by": budi.pk}
    hers.refresh_from_db()
    assert hers.best_score is None, "it is no result of the course"
    again = read_lessons(enrolled(sari, course, by=budi))
    attempt = attempts.start(sari, course.post_quiz.current, context_key=again.context_key)
    assert (attempt.number, left(again)) == (2, 0)


def test_an_attempt_left_open_elsewhere_is_ended_when_the_quiz_begins(client, sari):
    """As after a retake that was begun in a completed course: no page leads there any more."""
    course = course_with(3)
    done = enrolled(sari, course)
    pass_course(done)
    open_one = attempts.start(sari, course.post_quiz.current, context_key=done.context_key)
    read_lessons(enrolled(sari, course))
    client.force_login(sari)
    assert "/kuis/percobaan/" in client.post(reverse("courses:quiz_start", args=[course.slug, "post"])).url
    open_one.refresh_from_db()
    assert (open_one.state, open_one.ending) == ("finished", "stopped")


def test_when_all_attempts_are_used_the_course_says_who_can_help_and_a_trainer_does(client, sari, tono):
    course = course_with(1, by=tono, trainer=tono)
    hers = enrolled(sari, course)
    fail(hers)
    client.force_login(sari)
    text = text_of(client, "courses:course", course.slug)
    assert "Lihat percobaan Anda" in text and "Kerjakan kuis akhir" not in text
    assert f"{tono.full_name} melihat nama Anda" in text
    before = text_of(client, "courses:quiz_start", course.slug, "post")
    assert "Semua percobaan kuis ini sudah dipakai" in before and "Mulai kuis" not in before

    client.force_login(tono)
    assert "1 orang sudah memakai semua percobaan" in text_of(client, "courses:studio")
    assert sari.full_name in text_of(client, "courses:studio_course", course.slug)
    grant = reverse("courses:grant_attempt", args=[course.slug, hers.pk])
    assert client.post(grant).url == reverse("courses:studio_course", args=[course.slug])
    assert client.post(grant).status_code == 422, "a second tap gives no second attempt"
    assert sari.full_name not in text_of(client, "courses:studio_course", course.slug).split("<aside")[0]

    assert left(hers) == 1
    told = Notice.objects.get(person=sari, key__startswith="courses.attempt_granted")
    assert told.url == reverse("courses:quiz_start", args=[course.slug, "post"])
    line = AuditEvent.objects.get(verb="attempt.granted")
    assert (line.actor_id, line.subject_id) == (tono.pk, sari.pk)
    client.force_login(sari)
    assert "Kerjakan kuis akhir" in text_of(client, "courses:course", course.slug)
    pass_quiz(hers)
    hers.refresh_from_db()
    assert hers.is_completed and not hers.has_no_attempt_left


def test_nobody_grants_herself_an_attempt_or_one_that_is_not_needed(client, sari, tono, wati):
    course = course_with(1, by=tono)
    own, hers = enrolled(tono, course), enrolled(sari, course)
    fail(own)
    for enrolment, sentence in ((own, "diri sendiri"), (hers, "Masih ada percobaan")):
        with pytest.raises(RuleViolation, match=sentence):
            extra_attempts.grant_attempt(enrolment, by=tono)
    grant = reverse("courses:grant_attempt", args=[course.slug, own.pk])
    for other in (sari, wati):
        client.force_login(other)
        assert client.post(grant).status_code == 404
    other_course = published_course(by=tono)
    client.force_login(tono)
    assert client.post(reverse("courses:grant_attempt", args=[other_course.slug, own.pk])).status_code == 404
    enrolments.withdraw(Enrolment.objects.get(pk=own.pk), by=tono, reason="x")
    with pytest.raises(RuleViolation, match="tidak lagi mengikuti"):
        extra_attempts.grant_attempt(own, by=sari)


def test_a_small_correction_does_not_change_what_has_to_be_proved(client, tono, sari):
    course = course_with(2, by=tono)
    hers = enrolled(sari, course)
    fail(hers)
    other = make_quiz(2, kind="post")
    CoursePage.objects.filter(pk=course.pk).update(post_quiz=other)
    with pytest.raises(RuleViolation, match="bukan perbaikan kecil"):
        releases.publish_release(course, by=tono, is_minor=True)
    client.force_login(tono)
    refused = client.post(reverse("courses:studio_publish", args=[course.slug]), {"minor": "yes"})
    assert refused.status_code == 422 and "bukan perbaikan kecil" in refused.content.decode()
    assert releases.publish_release(course, by=tono).number == 2
    hers.refresh_from_db()
    assert (hers.release.number, hers.best_score) == (1, 0), "she keeps hers, with what she did in it"


def test_the_editor_says_beforehand_what_is_no_small_correction(tono, sari):
    course = course_with(2, by=tono)
    hers = enrolled(sari, course)
    edited = CoursePage.objects.get(pk=course.pk)
    edited.pass_mark, edited.is_minor_update = 80, True
    form = CoursePage.get_edit_handler().get_form_class()(instance=edited, for_user=tono)
    form.cleaned_data = {"is_minor_update": True, "pass_mark": 80, "post_quiz": course.post_quiz, "pre_quiz": None}
    [sentence] = form._minor_problems(form.cleaned_data)
    assert "nilai kelulusan" in sentence
    # Published all the same (another way than this form): a version of its own, nobody is moved.
    quizzes.update_quiz(course.post_quiz, pass_mark=80, by=tono)
    quizzes.publish_quiz(course.post_quiz, by=tono)
    edited.save_revision(user=tono).publish(user=tono)
    hers.refresh_from_db()
    assert CoursePage.objects.get(pk=course.pk).current_release.number == 2 and hers.release.number == 1


def test_a_correction_that_allows_more_attempts_frees_who_had_none_left(sari, tono):
    course = course_with(1, by=tono)
    hers = enrolled(sari, course)
    fail(hers)
    quizzes.update_quiz(course.post_quiz, attempt_limit=2, by=tono)
    quizzes.publish_quiz(course.post_quiz, by=tono)
    releases.publish_release(course, by=tono, is_minor=True)
    hers.refresh_from_db()
    assert hers.release.number == 2 and not hers.has_no_attempt_left and left(hers) == 1


def test_the_result_leads_to_the_lesson_that_teaches_a_topic(client, sari):
    quiz = make_quiz(questions=[make_question(topic="Materi 1.1"), make_question(topic="Lain")], kind="post", is_shuffled=False)
    course = published_course(lessons=1, post_quiz=quiz)
    attempt = fail(enrolled(sari, course))
    client.force_login(sari)
    text = text_of(client, "assessments:result", attempt.pk)
    assert f'href="{reverse("courses:lesson", args=[course.slug, 1])}">Materi 1.1</a>' in text
    assert "Materi 1, sekitar 6 menit" in text and f'href="{reverse("courses:course", args=[course.slug])}"' in text


def test_what_counts_together_costs_no_query_of_its_own(sari, django_assert_num_queries):
    hers = enrolled(sari, course_with(2))
    version = hers.release.post_quiz_version
    with django_assert_num_queries(2):  # her attempts, and what she was given in all quizzes
        attempts.situation(sari, version, context_key=hers.context_key)
    assert list(quiz_places.counted_with("enrolment:x")) == [] and left(hers) == 2
    assert attempts.opens_again_at(attempts.situation(sari, version, context_key=hers.context_key, at=timezone.now() + timedelta(1))) is None


def test_attempts_that_she_is_given_in_all_quizzes_open_the_final_quiz_again(sari, dewi):
    hers = enrolled(sari, course_with(1))
    fail(hers)
    hers.refresh_from_db()
    assert hers.has_no_attempt_left
    given = accommodations.give_accommodation(sari, by=dewi, starts_on=local_today(), extra_attempts=1, reason="Pembaca layar")
    hers.refresh_from_db()
    assert not hers.has_no_attempt_left and left(hers) == 1
    accommodations.end_accommodation(given, by=dewi)
    hers.refresh_from_db()
    assert hers.has_no_attempt_left
