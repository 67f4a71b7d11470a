"""Sari takes the final quiz of a course: the story of one attempt, told with the domain functions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain import attempts, bank, quizzes
from assessments.domain.attempts import AttemptClosed
from assessments.models import Attempt, Step
from assessments.signals import attempt_finished
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_question, make_quiz, right_answer, take_quiz, wrong_answer

pytestmark = pytest.mark.django_db


def test_sari_takes_a_quiz_stops_comes_back_and_passes_at_the_second_attempt(sari):
    heard = []
    attempt_finished.connect(receiver := lambda attempt, at, **_more: heard.append((attempt.pk, attempt.is_passed)), weak=False)
    try:
        quiz = make_quiz(5, draw=4, pass_mark=75, attempt_limit=2, cool_down_hours=24)
        morning = timezone.now()
        assert attempts.may_start(sari, quiz.current, context_key="enrolment:7", at=morning) == []

        first = attempts.start(sari, quiz.current, context_key="enrolment:7", at=morning)
        assert len(first.layout) == 4 and first.number == 1
        one, two, three, four = (laid["v"] for laid in first.layout)

        assert attempts.answer(first, one, right_answer(one), client_revision=1, at=morning).is_written
        assert attempts.answer(first, two, wrong_answer(two), client_revision=1, at=morning).is_written
        attempts.flag(first, two, True, at=morning)

        # The line is cut, the phone sends the same answer again: nothing new is written.
        steps = first.steps.count()
        assert not attempts.answer(first, one, right_answer(one), client_revision=1, at=morning).is_written
        assert first.steps.count() == steps

        # After lunch, on the computer at the counter: the same attempt, all answers there.
        second_device = attempts.start(sari, quiz.current, context_key="enrolment:7", at=morning + timedelta(hours=4))
        assert second_device.pk == first.pk
        assert second_device.answers == {str(one): right_answer(one), str(two): wrong_answer(two)}
        assert second_device.flags == [two]

        attempts.answer(second_device, three, wrong_answer(three), at=morning + timedelta(hours=4))
        finished = attempts.finish(second_device, by=sari, at=morning + timedelta(hours=4))
        assert (finished.score, finished.points, finished.points_possible, finished.is_passed) == (25, 1, 4, False)
        assert attempts.finish(first, by=sari, at=morning + timedelta(hours=5)).finished_at == finished.finished_at
        with pytest.raises(AttemptClosed):
            attempts.answer(first, four, right_answer(four), at=morning + timedelta(hours=5))
        # The answer that stood there is still acknowledged: nobody is told "closed" about an answer that counts.
        assert not attempts.answer(first, one, right_answer(one), client_revision=1, at=morning + timedelta(hours=5)).is_written

        evening = morning + timedelta(hours=10)
        [sentence] = attempts.may_start(sari, quiz.current, context_key="enrolment:7", at=evening)
        assert "Percobaan berikutnya" in sentence or "next attempt" in sentence
        with pytest.raises(RuleViolation):
            attempts.start(sari, quiz.current, context_key="enrolment:7", at=evening)

        next_day = morning + timedelta(hours=30)
        again = attempts.start(sari, quiz.current, context_key="enrolment:7", at=next_day)
        assert again.number == 2
        for laid in again.layout[:3]:
            attempts.answer(again, laid["v"], right_answer(laid["v"]), at=next_day)
        assert attempts.finish(again, by=sari, at=next_day).is_passed, "75 % of four questions are exactly three"
        assert heard == [(first.pk, False), (again.pk, True)]

        far = next_day + timedelta(days=40)
        assert len(attempts.may_start(sari, quiz.current, context_key="enrolment:7", at=far)) == 1
        # Another enrolment begins to count anew.
        assert attempts.may_start(sari, quiz.current, context_key="enrolment:8", at=far) == []
    finally:
        attempt_finished.disconnect(receiver)


def test_an_older_answer_that_comes_late_does_not_win_over_a_repeated_choice(sari):
    """A, then B, then A again; the line delivers B last: a slow request, or another device."""
    attempt = attempts.start(sari, make_quiz(1).current)
    version = attempt.layout[0]["v"]
    chosen, other = right_answer(version), wrong_answer(version)
    attempts.answer(attempt, version, chosen, client_revision=100)
    assert attempts.answer(attempt, version, chosen, client_revision=120).is_written, "the later choice counts, so it must be known"
    late = attempts.answer(attempt, version, other, client_revision=110)
    assert late.is_superseded and attempt.answers == {str(version): chosen}
    assert not attempts.answer(attempt, version, chosen, client_revision=120).is_written, "sent once more it writes nothing"
    assert not attempts.answer(attempt, version, chosen).is_written, "nor does a form without script"
    assert attempts.replay(attempt).answers == attempt.answers


def test_a_choice_taken_back_is_not_undone_by_a_late_request(sari):
    """Ticked and unticked before the first request arrived: nothing stands, and nothing will."""
    attempt = attempts.start(sari, make_quiz(questions=[make_question("multiple", right=(0, 1))]).current)
    version = attempt.layout[0]["v"]
    attempts.answer(attempt, version, [], client_revision=20)
    assert attempts.answer(attempt, version, right_answer(version), client_revision=10).is_superseded
    assert attempt.answers == {str(version): []}


def test_a_mark_taken_away_is_not_set_again_by_a_late_request(sari):
    attempt = attempts.start(sari, make_quiz(1).current)
    version = attempt.layout[0]["v"]
    chosen = right_answer(version)
    attempts.save(attempt, version, chosen, is_flagged=False, client_revision=10)
    attempts.save(attempt, version, chosen, is_flagged=False, client_revision=30)
    late = attempts.save(attempt, version, chosen, is_flagged=True, client_revision=20)
    assert not late.is_written and not attempt.flags


def test_the_steps_alone_tell_the_whole_story(sari):
    attempt = take_quiz(sari, make_quiz(3), right=2)
    replayed = attempts.replay(attempt)
    assert (replayed.answers, replayed.flags, replayed.revisions, replayed.is_finished) == (attempt.answers, [], attempt.revisions, True)
    kinds = list(attempt.steps.values_list("sequence", "kind"))
    assert kinds == [(1, "start"), (2, "answer"), (3, "answer"), (4, "answer"), (5, "finish"), (6, "grade")]


def test_steps_and_versions_are_written_once(sari):
    attempt = take_quiz(sari, make_quiz(1))
    for row in (attempt.steps.first(), attempt.version, attempt.marks.first().version):
        with pytest.raises(TypeError):
            row.save()


def test_an_older_answer_that_arrives_late_is_logged_but_does_not_win(sari):
    attempt = attempts.start(sari, make_quiz(1).current)
    version = attempt.layout[0]["v"]
    attempts.answer(attempt, version, right_answer(version), client_revision=200)
    saved = attempts.answer(attempt, version, wrong_answer(version), client_revision=100)
    assert saved.is_superseded and saved.is_written
    assert attempt.answers[str(version)] == right_answer(version)
    assert not attempts.answer(attempt, version, wrong_answer(version), client_revision=100).is_written, "sent twice, logged once"
    assert attempts.replay(attempt).answers == attempt.answers


def test_an_answer_without_a_revision_is_the_newest(sari):
    """Plain forms carry none: pressing the browser's back button and choosing anew counts."""
    attempt = attempts.start(sari, make_quiz(1).current)
    version = attempt.layout[0]["v"]
    attempts.answer(attempt, version, wrong_answer(version), client_revision=attempts.LARGEST_REVISION)
    attempts.answer(attempt, version, right_answer(version))
    assert attempt.answers[str(version)] == right_answer(version)


def test_editing_a_question_leaves_running_attempts_alone(sari, tono):
    question = make_question(right=(0,))
    quiz = make_quiz(questions=[question])
    attempt = attempts.start(sari, quiz.current)
    shown = attempt.layout[0]["v"]
    answer = right_answer(shown)

    bank.revise_question(question, stem="Soal yang diperbaiki?", options=[{"text": "Lama"}, {"text": "Baru", "is_correct": True}], by=tono)
    quizzes.publish_quiz(quiz, by=tono)

    attempts.answer(attempt, shown, answer)
    assert attempts.finish(attempt, by=sari).score == 100
    again = attempts.start(sari, quiz.current)
    assert again.layout[0]["v"] != shown and again.version.number == 2


def test_publishing_without_a_change_makes_no_version(tono):
    quiz = make_quiz(2)
    assert quizzes.publish_quiz(quiz, by=tono).number == 1
    quizzes.update_quiz(quiz, pass_mark=80, by=tono)
    assert quizzes.has_unpublished_changes(quiz)
    assert quizzes.publish_quiz(quiz, by=tono).number == 2


def test_one_open_attempt_whatever_the_context(sari):
    quiz = make_quiz(1)
    attempts.start(sari, quiz.current, context_key="enrolment:1")
    with pytest.raises(RuleViolation, match="terbuka|open"):
        attempts.start(sari, quiz.current, context_key="enrolment:2")
    assert Attempt.objects.count() == 1


def test_a_trial_of_a_trainer_knows_no_limit(tono):
    quiz = make_quiz(1, attempt_limit=1)
    for _turn in range(3):
        take_quiz(tono, quiz, context_key="trial")
    assert Attempt.objects.filter(person=tono).count() == 3


def test_a_step_is_refused_twice_by_the_database(sari):
    from django.db import IntegrityError

    attempt = attempts.start(sari, make_quiz(1).current)
    with pytest.raises(IntegrityError):
        Step.objects.create(attempt=attempt, sequence=1, kind="answer", at=timezone.now())
