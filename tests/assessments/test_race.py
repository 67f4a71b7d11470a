"""Thirty taps at once on one quiz: the limit holds because the database holds it. The control run takes the constraints away and must fail."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.db import connection

from assessments.domain import attempts, grading, key_correction, regrading
from assessments.models import Attempt, Question
from core.domain import outbox
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_quiz, right_answer
from tests.factories.people import AccountFactory
from tests.parallel import together

pytestmark = pytest.mark.django_db(transaction=True)

TAPS, LEARNERS, LIMIT = 30, 3, 2
NAMES = {"attempt_number_once", "attempt_one_open"}


def _try_as_often_as_possible(person, version):
    def work(_index):
        taken = 0
        for _turn in range(LIMIT + 1):
            try:
                attempts.finish(attempts.start(person, version, context_key="enrolment:1"), by=person)
                taken += 1
            except RuleViolation:
                return taken
        return taken

    return work


def _present() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, Attempt._meta.db_table))


@contextmanager
def _without_constraints():
    """The control: the same code over a table that promises nothing."""
    all_of_them = list(Attempt._meta.constraints)
    dropped = [constraint for constraint in all_of_them if constraint.name in NAMES]
    # SQLite makes the table anew from what the model says, so the model must say it too.
    Attempt._meta.constraints = [constraint for constraint in all_of_them if constraint.name not in NAMES]
    try:
        for constraint in dropped:
            if constraint.name in _present():
                with connection.schema_editor() as editor:
                    editor.remove_constraint(Attempt, constraint)
        assert not NAMES & _present()
        yield
    finally:
        Attempt._meta.constraints = all_of_them
        Attempt.objects.all().delete()
        for constraint in dropped:
            if constraint.name not in _present():
                with connection.schema_editor() as editor:
                    editor.add_constraint(Attempt, constraint)
        assert NAMES <= _present()


@pytest.mark.parametrize("learners", [LEARNERS, pytest.param(50, marks=pytest.mark.arena)])
def test_the_limit_holds_under_parallel_taps(learners):
    version = make_quiz(1, attempt_limit=LIMIT).current
    for _learner in range(learners):
        person = AccountFactory()
        results = together(_try_as_often_as_possible(person, version), TAPS)
        assert not [result for result in results if isinstance(result, Exception)], results
        taken = Attempt.objects.filter(person=person)
        assert taken.count() == LIMIT and sorted(taken.values_list("number", flat=True)) == [1, 2]
        assert all(attempt.steps.filter(kind="grade").count() == 1 for attempt in taken), "each was handed in and graded once"


def test_control_without_the_constraints_the_race_is_there():
    version = make_quiz(1, attempt_limit=LIMIT).current
    with _without_constraints():
        worst = 0
        for _learner in range(10):
            person = AccountFactory()
            together(_try_as_often_as_possible(person, version), TAPS)
            worst = max(worst, Attempt.objects.filter(person=person).count())
            if worst > LIMIT:
                break
        assert worst > LIMIT, "the control run did not show the race: the test above proves nothing"


def test_thirty_answers_at_once_are_all_kept():
    """Two tabs and an impatient finger: nothing is overwritten unseen, sequence numbers have no gap and no double."""
    person = AccountFactory()
    attempt = attempts.start(person, make_quiz(TAPS, is_shuffled=False).current)
    versions = [laid["v"] for laid in attempt.layout]
    answers = {version: right_answer(version) for version in versions}

    def answer(index):
        mine = Attempt.objects.select_related("version").get(pk=attempt.pk)
        return attempts.answer(mine, versions[index], answers[versions[index]], client_revision=1000 + index)

    results = together(answer, TAPS)
    assert all(isinstance(result, attempts.Saved) and result.is_written for result in results), results
    attempt.refresh_from_db()
    assert attempt.answers == {str(version): answers[version] for version in versions}
    assert list(attempt.steps.values_list("sequence", flat=True)) == list(range(1, TAPS + 2))
    assert attempts.replay(attempt).answers == attempt.answers


def test_the_same_answer_sent_thirty_times_at_once_is_one_step():
    person = AccountFactory()
    attempt = attempts.start(person, make_quiz(1).current)
    version = attempt.layout[0]["v"]
    right = right_answer(version)
    results = together(lambda _index: attempts.answer(
        Attempt.objects.select_related("version").get(pk=attempt.pk), version, right, client_revision=7), TAPS)
    assert all(isinstance(result, attempts.Saved) for result in results), results
    assert attempt.steps.filter(kind="answer").count() == 1


def test_a_hand_in_and_answers_at_once_agree():
    """Whatever was acknowledged before the hand-in counts; whatever came after is refused; nothing lies between."""
    person = AccountFactory()
    attempt = attempts.start(person, make_quiz(10, is_shuffled=False).current)
    versions = [laid["v"] for laid in attempt.layout]
    answers = {version: right_answer(version) for version in versions}

    def act(index):
        mine = Attempt.objects.select_related("version").get(pk=attempt.pk)
        if index % 10 == 9:
            return attempts.finish(mine, by=person)
        try:
            return (versions[index % 10], attempts.answer(mine, versions[index % 10], answers[versions[index % 10]]))
        except attempts.AttemptClosed:
            return "closed"

    results = together(act, TAPS)
    assert not [result for result in results if isinstance(result, Exception)], results
    attempt.refresh_from_db()
    told = {str(result[0]) for result in results if isinstance(result, tuple)}
    assert told == set(attempt.answers) and attempt.points == len(attempt.answers)


# --- A key is corrected while people hand in ---------------------------------------------------------------------------------------------
HANDING_IN = 12


def _hand_in_while_a_key_is_corrected() -> list[str]:
    """Twelve people hand in the wrong option of a question in the very moments in which it becomes the right one. What is wrong afterwards."""
    quiz = make_quiz(1, is_shuffled=False, pass_mark=60)
    question = Question.objects.get(quiz_items__quiz=quiz)
    version, trainer = question.current, AccountFactory()
    picked = [option["id"] for option in version.body["options"]][1]
    running = []
    for index in range(HANDING_IN):
        attempt = attempts.start(AccountFactory(), quiz.current, context_key=f"enrolment:{index}")
        attempts.answer(attempt, version.pk, [picked])
        running.append(attempt.pk)

    def work(index):
        if index == HANDING_IN // 2:
            now = key_correction.draft_of(version)
            options = [{"text": option.text, "is_correct": place == 1, "feedback": ""} for place, option in enumerate(now.options)]
            key_correction.correct_key(version, key_correction.make_draft(version, options=options), reason="Kuncinya keliru.", by=trainer)
            # Like the worker: at once, while others are still handing in.
            outbox.drain(kinds=[regrading.REGRADE])
            return None
        attempt = Attempt.objects.select_related("version", "person").get(pk=running[index - (index > HANDING_IN // 2)])
        return attempts.finish(attempt, by=attempt.person)

    results = together(work, HANDING_IN + 1)
    problems = [str(result) for result in results if isinstance(result, Exception)]
    return problems + [f"attempt {attempt.pk}: {attempt.score}" for attempt in Attempt.objects.filter(pk__in=running) if attempt.score != 100]


def test_who_hands_in_while_a_key_is_corrected_has_the_new_result():
    for _turn in range(2):
        assert _hand_in_while_a_key_is_corrected() == []


def test_control_without_the_hold_on_the_keys_old_results_stay(monkeypatch):
    """Only where writers do not wait for each other anyway. The pause makes the moment between reading a key and committing long enough."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    real = grading.weigh

    def slow(*arguments, **keywords):
        found = real(*arguments, **keywords)
        threading.Event().wait(0.05)
        return found

    monkeypatch.setattr(grading, "weigh", slow)
    for _turn in range(3):
        assert _hand_in_while_a_key_is_corrected() == [], "with the hold, however slow grading is"
    monkeypatch.setattr(grading, "hold_keys", lambda **_how: None)
    for _turn in range(20):
        if _hand_in_while_a_key_is_corrected():
            return
    pytest.fail("the control run did not show the race: the test above proves nothing")
