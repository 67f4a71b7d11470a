"""Who leaves a course and comes back: no dead end, no new attempts, and no right answer while it could still be used."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.urls import reverse

from assessments.domain import attempts
from assessments.models import Attempt
from courses.domain import enrolment as enrolments
from courses.domain import extra_attempts, releases
from courses.domain.next_step import step_of
from courses.enums import CompletionRule
from courses.models import CoursePage, Enrolment
from tests.factories.assessments import make_question, make_quiz, right_answer, take_quiz
from tests.factories.courses import enrolled, pass_course, pass_quiz, published_course, read_lessons

pytestmark = pytest.mark.django_db

SECRET = "Sebab antrean diukur per loket."
TRAINER_SEES = "Pengajar melihat hal ini"


def course_with(limit: int | None, **options) -> CoursePage:
    questions = [make_question(explanation=SECRET) for _number in range(2)]
    quiz = make_quiz(questions=questions, kind="post", attempt_limit=limit, is_shuffled=False)
    return published_course(lessons=1, post_quiz=quiz, **options)


def leave(enrolment) -> Enrolment:
    return enrolments.withdraw(Enrolment.objects.get(pk=enrolment.pk), by=enrolment.person, reason="Tugas lain")


def fail(enrolment) -> Attempt:
    return pass_quiz(enrolment, right=0)


def begin(enrolment, kind: str = "post", *, right: bool = False) -> Attempt:
    """An attempt that stays open; ``right``: everything in it is answered rightly."""
    version = getattr(enrolment.release, f"{kind}_quiz_version")
    attempt = attempts.start(enrolment.person, version, context_key=enrolment.context_key)
    for laid in attempt.layout if right else []:
        attempts.answer(attempt, laid["v"], right_answer(laid["v"]))
    return attempt


def entry(client, course, kind: str, method: str = "get"):
    return getattr(client, method)(reverse("courses:quiz_start", args=[course.slug, kind]))


def result(client, attempt) -> str:
    return client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()


def shows_keys(client, *found: Attempt) -> list[bool]:
    return [SECRET in result(client, attempt) for attempt in found]


# --- The pre-test -----------------------------------------------------------------------------------------------------------------------


def test_a_pre_test_cut_off_by_leaving_is_left_out_when_she_comes_back(client, sari):
    course = course_with(None, pre_quiz=True)
    first = enrolled(sari, course)
    begin(first, "pre")
    leave(first)
    second = enrolled(sari, course)
    assert second.pre_score is None, "half a pre-test is no score before the course"
    assert (step_of(second).kind, step_of(second).position) == ("lesson", 1)
    client.force_login(sari)
    shown = client.get(reverse("courses:course", args=[course.slug])).content.decode()
    assert reverse("courses:quiz_start", args=[course.slug, "pre"]) not in shown
    pass_course(second)
    third = enrolled(sari, course)
    assert step_of(third).kind == "pre", "a new cycle begins with its own"


def test_the_same_when_somebody_takes_the_course_back_and_assigns_it_again(sari, budi):
    course = course_with(None, pre_quiz=True)
    first = enrolled(sari, course, by=budi, origin="assigned")
    begin(first, "pre")
    enrolments.withdraw(first, by=budi, reason="x")
    assert step_of(enrolled(sari, course, by=budi, origin="assigned")).kind == "lesson"


def test_a_pre_test_left_open_long_ago_is_no_dead_end_either(client, sari):
    """Left before open attempts ended with their enrolment."""
    course = course_with(None, pre_quiz=True)
    first = enrolled(sari, course)
    begin(first, "pre")
    Enrolment.objects.filter(pk=first.pk).update(state="withdrawn")
    second = enrolled(sari, course)
    client.force_login(sari)
    refused = entry(client, course, "pre", "post")
    text = refused.content.decode()
    assert refused.status_code == 422 and "lanjutkan saja ke materi" in text and TRAINER_SEES not in text
    second.refresh_from_db()
    assert step_of(second).kind == "lesson"


# --- Attempts used before she came back ---------------------------------------------------------------------------------------------------


def test_rows_from_before_attempts_counted_together_are_told_what_is_left(sari, wati):
    course = course_with(2, pre_quiz=True)
    first = enrolled(sari, course)
    begin(first, "pre")
    for _try in range(2):
        fail(first)
    leave(first)
    second, others = enrolled(sari, course), enrolled(wati, course)
    fail(others)
    done = course_with(1)
    pass_course(enrolled(sari, done))
    renewed = enrolled(sari, done)
    Enrolment.objects.update(has_no_attempt_left=False, has_no_pre_test_left=False)
    importlib.import_module("courses.migrations.0006_attempts_of_a_series").note_attempts_left(apps, None)
    for row in (first, second, others, renewed):
        row.refresh_from_db()
    assert (second.has_no_attempt_left, second.has_no_pre_test_left) == (True, True)
    assert not any((row.has_no_attempt_left or row.has_no_pre_test_left) for row in (first, others, renewed))


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_that_refuses_another_attempt_puts_her_on_the_trainers_list(client, sari, method):
    course = course_with(1)
    hers = read_lessons(enrolled(sari, course))
    fail(hers)
    Enrolment.objects.update(has_no_attempt_left=False)
    client.force_login(sari)
    assert TRAINER_SEES in entry(client, course, "post", method).content.decode()
    assert [row.pk for row in extra_attempts.waiting(course)] == [hers.pk]


def test_an_attempt_answered_rightly_but_stopped_does_not_stand_against_another_one(sari, tono):
    course = course_with(1, by=tono)
    first = read_lessons(enrolled(sari, course))
    stopped = begin(first, right=True)
    leave(first)
    stopped.refresh_from_db()
    second = read_lessons(enrolled(sari, course))
    assert stopped.is_passed and not second.is_quiz_passed
    extra_attempts.grant_attempt(second, by=tono)
    pass_quiz(second)
    second.refresh_from_db()
    assert second.is_completed


def test_a_pass_of_an_enrolment_that_she_left_does_not_stand_against_another_attempt(sari, tono):
    course = course_with(1, by=tono, completion_rule=CompletionRule.LESSONS_AND_QUIZ)
    first = enrolled(sari, course)
    pass_quiz(first)
    leave(first)
    second = enrolled(sari, course)
    assert second.has_no_attempt_left
    extra_attempts.grant_attempt(second, by=tono)
    assert not extra_attempts.waiting(course).exists()


# --- Right answers ------------------------------------------------------------------------------------------------------------------------


def test_used_attempts_open_no_key_because_another_one_may_be_given(client, sari, tono):
    course = course_with(1, by=tono)
    hers = read_lessons(enrolled(sari, course))
    tried = fail(hers)
    client.force_login(sari)
    assert shows_keys(client, tried) == [False]
    assert "setelah Anda lulus atau pelatihan selesai" in result(client, tried)
    extra_attempts.grant_attempt(hers, by=tono)
    assert shows_keys(client, tried) == [False]
    last = begin(hers, right=True)
    assert shows_keys(client, tried) == [False]
    attempts.finish(last, by=sari)
    assert shows_keys(client, tried, last) == [True, True]


def test_attempts_of_a_former_enrolment_keep_their_keys_until_the_new_one_is_passed(client, sari, tono):
    course = course_with(1, by=tono)
    first = read_lessons(enrolled(sari, course))
    tried = fail(first)
    leave(first)
    client.force_login(sari)
    assert shows_keys(client, tried) == [False], "she may come back"
    second = read_lessons(enrolled(sari, course))
    extra_attempts.grant_attempt(second, by=tono)
    assert shows_keys(client, tried) == [False]
    passed = pass_quiz(second)
    assert shows_keys(client, tried, passed) == [True, True]


def test_leaving_in_a_right_attempt_opens_no_key_while_others_are_left(client, sari):
    course = course_with(3)
    first = read_lessons(enrolled(sari, course))
    stopped = begin(first, right=True)
    leave(first)
    client.force_login(sari)
    assert shows_keys(client, stopped) == [False]
    enrolled(sari, course)
    assert shows_keys(client, stopped) == [False]


def test_a_new_cycle_shuts_the_keys_of_the_old_one_until_it_is_passed(client, sari):
    course = course_with(None)
    pass_course(enrolled(sari, course))
    old = Attempt.objects.get()
    client.force_login(sari)
    assert shows_keys(client, old) == [True]
    again = enrolled(sari, course)
    assert shows_keys(client, old) == [False]
    pass_course(again)
    assert shows_keys(client, old) == [True]


def test_a_course_completed_by_its_lessons_opens_the_keys_of_a_quiz_that_was_not_reached(client, sari):
    course = course_with(1, completion_rule=CompletionRule.LESSONS)
    hers = enrolled(sari, course)
    tried = fail(hers)
    client.force_login(sari)
    assert shows_keys(client, tried) == [False]
    read_lessons(hers)
    assert shows_keys(client, tried) == [True]


def test_the_result_page_asks_where_she_stands_without_a_further_query(client, sari, django_assert_max_num_queries):
    tried = fail(read_lessons(enrolled(sari, course_with(2))))
    client.force_login(sari)
    result(client, tried)
    with django_assert_max_num_queries(6):
        result(client, tried)


# --- Words that are true ------------------------------------------------------------------------------------------------------------------


def test_only_who_waits_for_a_trainer_is_told_that_he_sees_it(client, sari):
    course = course_with(1, pre_quiz=True)
    hers = enrolled(sari, course)
    take_quiz(sari, hers.release.pre_quiz_version.quiz, context_key=hers.context_key)
    hers = read_lessons(Enrolment.objects.get(pk=hers.pk))
    tried = fail(hers)
    client.force_login(sari)
    pre, post = (entry(client, course, kind).content.decode() for kind in ("pre", "post"))
    assert "Semua percobaan kuis ini sudah dipakai" in pre and TRAINER_SEES not in pre
    assert "Semua percobaan kuis ini sudah dipakai" in post and TRAINER_SEES in post
    assert TRAINER_SEES in result(client, tried)
    leave(hers)
    assert "Semua percobaan sudah dipakai" in result(client, tried) and TRAINER_SEES not in result(client, tried)


# --- Small corrections --------------------------------------------------------------------------------------------------------------------


def test_a_small_correction_leaves_alone_who_is_still_on_the_release_before_a_larger_change(sari, wati, tono):
    course = course_with(2, by=tono)
    hers = read_lessons(enrolled(sari, course))
    running = begin(hers, right=True)
    CoursePage.objects.filter(pk=course.pk).update(post_quiz=make_quiz(2, kind="post"))
    releases.publish_release(course, by=tono)
    later = enrolled(wati, course)
    CoursePage.objects.filter(pk=course.pk).update(title="Judul yang lebih jelas")
    releases.publish_release(course, by=tono, is_minor=True)
    for row in (hers, later):
        row.refresh_from_db()
    assert (hers.release.number, later.release.number) == (1, 3)
    attempts.finish(running, by=sari)
    hers.refresh_from_db()
    assert hers.is_completed, "what she had begun still counts"
