"""Essays wait for a person: nothing counts before, everything counts once, two graders may differ, nobody grades herself."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.domain import attempts, hand_grading
from assessments.domain.hand_grading import Written
from assessments.models import Attempt, HandGrade, Mark
from assessments.signals import attempt_finished
from core.domain.errors import RuleViolation
from people.models import Notice
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer
from tests.factories.questions import keywords_of
from tests.parallel import together

pytestmark = pytest.mark.django_db
POINTS = (Decimal(3), Decimal(0))  # of 4 and 2: half


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


def _essay(shelf, **more):
    return make_question("essay", collection=shelf, **{**keywords_of("essay"), **more})


def _handed_in(person, shelf, *, text="Saya mulai dengan salam, lalu menjelaskan dasarnya.", context="enrolment:1", **settings):
    quiz = make_quiz(questions=[make_question(collection=shelf), _essay(shelf)], collection=shelf, is_shuffled=False, pass_mark=70, **settings)
    return _answered(person, quiz, text, context)


def _answered(person, quiz, text, context="enrolment:1"):
    attempt = attempts.start(person, quiz.current, context_key=context)
    single, essay = (laid["v"] for laid in attempt.layout)
    attempts.answer(attempt, single, right_answer(single))
    if text:
        attempts.answer(attempt, essay, text)
    return attempts.finish(attempt, by=person)


def _mark(attempt):
    return Mark.objects.select_related("version", "attempt").get(attempt=attempt, position=2)


@pytest.fixture
def announced():
    heard = []
    hear = lambda sender, attempt, **more: heard.append(attempt.pk)  # noqa: E731
    attempt_finished.connect(hear)
    yield heard
    attempt_finished.disconnect(hear)


def test_nothing_counts_before_the_grade(sari, tono, shelf, announced):
    attempt = _handed_in(sari, shelf)
    assert attempt.is_waiting and attempt.score is None and attempt.is_passed is None and announced == []
    assert attempts.may_start(sari, attempt.version, context_key="enrolment:1") == [
        "Jawaban Anda sedang dinilai. Anda akan diberi tahu begitu hasilnya ada."]
    hand_grading.give(_mark(attempt), Written(POINTS, comment="Salamnya hangat."), by=tono)
    attempt.refresh_from_db()
    assert (attempt.is_waiting, attempt.score, attempt.points, attempt.is_passed) == (False, Decimal("75.00"), Decimal("1.50"), True)
    assert announced == [attempt.pk] and _mark(attempt).fraction == Decimal("0.5")
    assert list(attempt.steps.values_list("kind", flat=True))[-2:] == ["grade", "grade"]
    assert Notice.objects.filter(person=sari, key=f"assessments.graded:{attempt.pk}").count() == 1


def test_a_blank_waits_for_nobody(sari, shelf, announced):
    attempt = _handed_in(sari, shelf, text="")
    assert (attempt.is_waiting, attempt.score) == (False, Decimal("50.00")) and announced == [attempt.pk]


def test_a_stopped_attempt_and_a_trial_wait_for_nobody(sari, tono, shelf):
    attempt = _handed_in(tono, shelf, context="trial")
    assert (attempt.is_waiting, attempt.score) == (False, Decimal("100.00")), "what nobody will grade is left out"
    assert not hand_grading.waiting_for(tono).exists()


def test_a_grade_is_given_once(sari, tono, shelf):
    attempt = _handed_in(sari, shelf)
    hand_grading.give(_mark(attempt), Written(POINTS), by=tono)
    with pytest.raises(RuleViolation):
        hand_grading.give(_mark(attempt), Written((Decimal(4), Decimal(2))), by=tono)
    with pytest.raises(RuleViolation):
        hand_grading.save_draft(_mark(attempt), Written(POINTS), by=tono)
    assert HandGrade.objects.get().percent == 50


@pytest.mark.parametrize("given", [(), (Decimal(3),), (Decimal(5), Decimal(0)), (Decimal(-1), Decimal(0)), (None, Decimal(1))])
def test_a_faulty_grade_stores_nothing(sari, tono, shelf, given):
    attempt = _handed_in(sari, shelf)
    with pytest.raises(RuleViolation):
        hand_grading.give(_mark(attempt), Written(given), by=tono)
    assert not HandGrade.objects.exists() and Attempt.objects.get().is_waiting


def test_nobody_grades_herself(tono, shelf):
    attempt = _handed_in(tono, shelf)
    assert not hand_grading.waiting_for(tono).exists()
    with pytest.raises(RuleViolation):
        hand_grading.give(_mark(attempt), Written(POINTS), by=tono)


def test_two_graders_and_a_third_when_they_are_far_apart(sari, tono, budi, ratna, shelf):
    attempt = _handed_in(sari, shelf, is_graded_twice=True)
    hand_grading.give(_mark(attempt), Written((Decimal(4), Decimal(2))), by=tono)
    assert Attempt.objects.get().is_waiting
    hand_grading.give(_mark(attempt), Written((Decimal(2), Decimal(1))), by=budi)
    assert Attempt.objects.get().is_waiting, "100 and 50 are far apart"
    hand_grading.give(_mark(attempt), Written((Decimal(4), Decimal(1))), by=ratna)
    attempt.refresh_from_db()
    assert not attempt.is_waiting and _mark(attempt).fraction == Decimal("0.833300")


def test_two_graders_who_agree(sari, tono, budi, shelf):
    attempt = _handed_in(sari, shelf, is_graded_twice=True)
    hand_grading.give(_mark(attempt), Written((Decimal(4), Decimal(2))), by=tono)
    hand_grading.give(_mark(attempt), Written((Decimal(3), Decimal(2))), by=budi)
    attempt.refresh_from_db()
    assert not attempt.is_waiting and _mark(attempt).fraction == Decimal("0.916650")
    assert set(hand_grading.hand_fractions(attempt)) == {_mark(attempt).version_id}


@pytest.mark.django_db(transaction=True)
def test_two_graders_at_once_take_one_slot(sari, tono, budi):
    attempt = _handed_in(sari, open_shelf_to_trainers())
    mark, graders = _mark(attempt), [tono, budi] * 4
    results = together(lambda index: hand_grading.give(mark, Written(POINTS), by=graders[index]), 8)
    assert sum(isinstance(result, HandGrade) for result in results) == 1, results
    assert all(isinstance(result, (HandGrade, RuleViolation)) for result in results), results
    attempt.refresh_from_db()
    assert attempt.score == 75 and attempt.steps.filter(kind="grade").count() == 2


def test_the_queue_and_the_page(client, sari, tono, shelf, at_most):
    attempt = _handed_in(sari, shelf)
    client.force_login(tono)
    queue, page = reverse("assessments:grading"), reverse("assessments:grade", args=[_mark(attempt).pk])
    text = client.get(queue).content.decode()
    assert page in text and sari.name not in text
    text = client.get(page).content.decode()
    assert "Saya mulai dengan salam" in text and "Menyebut dasar" in text and sari.name not in text
    refused = client.post(page, {"act": "give", "points_0": "9", "points_1": "1", "comment": "Bagus sekali"})
    assert refused.status_code == 422 and "Bagus sekali" in refused.content.decode() and not HandGrade.objects.exists()
    assert client.post(page, {"points_0": "3", "comment": "Bagus"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    assert 'value="3"' in client.get(page).content.decode(), "the draft is there again"
    assert client.post(page, {"act": "give", "points_0": "3", "points_1": "0", "comment": "Bagus: salamnya."}).status_code == 302
    assert client.get(page).status_code == 404
    client.force_login(sari)
    result = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert "Bagus: salamnya." in result and "Menyebut dasar" not in result and "Anda lulus" in result


def test_a_waiting_result_says_so(client, sari, shelf):
    attempt = _handed_in(sari, shelf)
    client.force_login(sari)
    text = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert "nilai ditunggu" in text.lower() and "belum tercapai" not in text.lower()


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_a_fixed_number_of_queries(client, sari, budi, wati, tono, shelf, at_most, count):
    quiz = make_quiz(questions=[make_question(collection=shelf), _essay(shelf)], collection=shelf, is_shuffled=False)
    for person in [sari, budi, wati][:count]:
        _answered(person, quiz, "Sebuah jawaban.")
    client.force_login(tono)
    client.get(reverse("assessments:grading"))
    with at_most(9):
        client.get(reverse("assessments:grading"))


def test_a_pre_test_holds_nothing_that_waits(shelf):
    with pytest.raises(RuleViolation, match="Tes awal dinilai seketika"):
        make_quiz(questions=[make_question(collection=shelf), _essay(shelf)], collection=shelf, kind="pre")


def test_ungraded_questions_give_no_points(sari, shelf):
    quiz = make_quiz(questions=[make_question(collection=shelf), make_question("reflection", collection=shelf, **keywords_of("reflection"))],
                     collection=shelf, is_shuffled=False)
    attempt = attempts.start(sari, quiz.current)
    attempts.answer(attempt, attempt.layout[0]["v"], right_answer(attempt.layout[0]["v"]))
    attempt = attempts.finish(attempt, by=sari)
    assert (attempt.score, attempt.points_possible) == (100, 1) and attempt.marks.get(position=2).fraction is None
