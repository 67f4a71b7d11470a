"""Learning, training and exam: what a mode sets. In learning mode the look at the answer is a step, and the answer is final from then on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.domain import attempts, learning, quizzes, review
from assessments.domain.context import Place
from assessments.enums import Mode
from assessments.models import Attempt, Quiz
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer, take_quiz, wrong_answer
from tests.factories.questions import SAMPLES, keywords_of, response_of

pytestmark = pytest.mark.django_db
EXPLANATION, REMARK = "KENARI-PEMBAHASAN", "KENARI-CATATAN"
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


def _question(stem="Soal KENARI?"):
    return make_question(stem=stem, explanation=EXPLANATION, options=[
        {"text": "Pilihan tepat", "is_correct": True}, {"text": "Pilihan keliru", "feedback": REMARK}, {"text": "Pilihan lain"}])


@pytest.fixture
def attempt(sari) -> Attempt:
    quiz = make_quiz(questions=[_question(), _question()], kind="practice", mode="learning", attempt_limit=None)
    return attempts.start(sari, quiz.current)


def _address(attempt, n=1):
    return reverse("assessments:attempt", args=[attempt.pk, n])


def _name(attempt, *, right: bool, n=1) -> str:
    """The name on the page of the right option, or of the one with a remark."""
    laid = attempt.layout[n - 1]
    wanted = right_answer(laid["v"])[0] if right else wrong_answer(laid["v"])[0]
    return laid["t"][laid["o"].index(wanted)]


@pytest.mark.parametrize("headers", [{}, FETCH])
def test_she_answers_looks_reads_what_is_right_and_goes_on(client, sari, attempt, headers):
    client.force_login(sari)
    page = client.get(_address(attempt)).content.decode()
    assert 'name="periksa"' in page and EXPLANATION not in page
    answer = client.post(_address(attempt), {"pilihan": _name(attempt, right=False), "periksa": "1"}, **headers)
    if not headers:
        assert answer.status_code == 302 and answer.url == f"{_address(attempt)}#umpan-balik", "without script: post, redirect, get"
        answer = client.get(answer.url)
    text = answer.content.decode()
    assert all(words in text for words in (EXPLANATION, REMARK, "Belum tepat", "Yang tepat: Pilihan tepat"))
    assert "<fieldset class=\"asked\" disabled" in text and 'name="periksa"' not in text and 'value="2" data-next' in text
    other = client.get(_address(attempt, 2)).content.decode()
    assert EXPLANATION not in other and REMARK not in other, "only the question that was looked at tells something"
    right = client.post(_address(attempt, 2), {"pilihan": _name(attempt, right=True, n=2), "periksa": "1"}, **FETCH).content.decode()
    assert "Benar" in right and "Yang tepat" not in right
    attempts.finish(Attempt.objects.get(pk=attempt.pk), by=sari)
    result = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert result.count(EXPLANATION) == 2


def test_after_the_look_another_answer_is_refused_in_words_and_nothing_changes(client, sari, attempt):
    client.force_login(sari)
    first, other = _name(attempt, right=False), _name(attempt, right=True)
    client.post(_address(attempt), {"pilihan": first, "periksa": "1"})
    stored = Attempt.objects.get(pk=attempt.pk)
    for extra in ({"go": "2"}, {"periksa": "1"}, {"go": "2", "revisi": str(2**52)}, {"go": "2", "revisi": "1"}):
        refused = client.post(_address(attempt), {"pilihan": other, **extra}, **FETCH)
        assert refused.status_code == 422 and 'role="alert"' in refused.content.decode()
        assert REMARK in refused.content.decode(), "what stands is shown, not what was posted"
    again = client.post(_address(attempt), {"pilihan": first, "periksa": "1", "revisi": str(2**52)}, **FETCH)
    assert again.status_code == 200, "the same once more is no mistake"
    now = Attempt.objects.get(pk=attempt.pk)
    assert (now.answers, now.revisions, now.last_sequence) == (stored.answers, stored.revisions, stored.last_sequence)
    client.post(_address(attempt), {"tandai": "on", "go": "2"})
    now.refresh_from_db()
    assert now.flags == [attempt.layout[0]["v"]] and now.answers == stored.answers, "a final answer is not posted and stays; marks are free"


def test_replay_knows_what_was_looked_at(sari, attempt):
    first, second = (laid["v"] for laid in attempt.layout)
    learning.look(attempt, first, wrong_answer(first))
    attempts.answer(attempt, second, right_answer(second))
    with pytest.raises(attempts.AnswerFinal):
        attempts.answer(attempt, first, right_answer(first))
    stored = Attempt.objects.get(pk=attempt.pk)
    state = attempts.replay(stored)
    assert (state.answers, state.flags, state.revisions, state.revealed) == (stored.answers, stored.flags, stored.revisions, stored.revealed)
    assert list(stored.steps.values_list("kind", flat=True)) == ["start", "answer", "reveal", "answer"]
    late = stored.steps.create(sequence=9, kind="answer", version_id=first, data={"r": right_answer(first), "rev": 2**50}, at=timezone.now())
    assert attempts.replay(stored).answers[str(first)] == wrong_answer(first), "an answer after the look never counts, however it got there"
    assert late.pk


def test_two_devices_the_look_of_one_holds_for_the_other(sari, attempt):
    """The second device has read the attempt before the first one looked."""
    version = attempt.layout[0]["v"]
    stale = Attempt.objects.select_related("version").get(pk=attempt.pk)
    learning.look(attempt, version, wrong_answer(version))
    with pytest.raises(attempts.AnswerFinal, match="jawaban"):
        attempts.answer(stale, version, right_answer(version))
    assert Attempt.objects.get(pk=attempt.pk).answers[str(version)] == wrong_answer(version)
    attempts.finish(attempt, by=sari)
    assert attempt.score == 0 and attempts.replay(attempt).is_finished


def test_nothing_is_told_before_an_answer_stands(client, sari, attempt):
    client.force_login(sari)
    with CaptureQueriesContext(connection) as captured:
        refused = client.post(_address(attempt), {"periksa": "1"})
        client.get(reverse("assessments:sheet", args=[attempt.pk]))
        client.get(reverse("assessments:review", args=[attempt.pk]))
    assert refused.status_code == 422 and EXPLANATION not in refused.content.decode()
    assert not [query for query in captured if "answerkey" in query["sql"]]
    with pytest.raises(ValueError, match="not looked at"):
        learning.feedback_on(attempt, 1)


@pytest.mark.parametrize("mode, kind", [("training", "practice"), ("training", "post"), ("training", "pre")])
def test_no_other_mode_tells_anything_whatever_is_posted(client, sari, mode, kind):
    attempt = attempts.start(sari, make_quiz(questions=[_question()], kind=kind, mode=mode).current)
    client.force_login(sari)
    posted = {"pilihan": _name(attempt, right=True), "periksa": "1"}
    for headers in ({}, FETCH):
        with CaptureQueriesContext(connection) as captured:
            refused = client.post(_address(attempt), posted, **headers)
        assert refused.status_code == 422 and EXPLANATION not in refused.content.decode()
        assert not [query for query in captured if "answerkey" in query["sql"]]
    assert not Attempt.objects.get(pk=attempt.pk).revealed


def test_after_the_hand_in_nothing_is_looked_at_any_more(client, sari, attempt):
    attempts.finish(attempt, by=sari)
    client.force_login(sari)
    answer = client.post(_address(attempt), {"pilihan": _name(attempt, right=True), "periksa": "1"}, **FETCH)
    assert answer.status_code == 409 and not Attempt.objects.get(pk=attempt.pk).revealed


def test_answer_and_feedback_are_one_request_of_four_queries(client, sari, attempt, at_most):
    client.force_login(sari)
    posted = {"pilihan": _name(attempt, right=True), "periksa": "1"}
    client.get(_address(attempt))
    with at_most(5):  # with session and account, which are one
        assert client.post(_address(attempt), posted, **FETCH).status_code == 200
    with at_most(5):
        assert client.post(_address(attempt, 1), {"go": "2"}, **FETCH).status_code == 200


@pytest.mark.parametrize("code", ["multiple", "true_false", "short_text", "number", "matching", "ordering", "gaps", "essay", "scale", "reflection"])
def test_every_type_can_be_looked_at(client, sari, code):
    question = make_question(code, **keywords_of(code))
    attempt = attempts.start(sari, make_quiz(questions=[question], kind="practice", mode="learning").current)
    learning.look(attempt, question.current_id, response_of(code, question.current.body, attempt.layout[0], SAMPLES[code].right))
    client.force_login(sari)
    page = client.get(_address(attempt))
    assert page.status_code == 200 and page.context["feedback"].verdict == ("ungraded" if code in ("essay", "scale", "reflection") else "right")


# --- What a mode sets ------------------------------------------------------------------------------------------------------------------
def test_an_exam_asks_for_the_declaration_and_shows_nothing_before_it_closes(client, sari):
    now = timezone.now()
    quiz = make_quiz(questions=[_question()], kind="post", mode="exam", closes_at=now.replace(year=now.year + 1))
    spec = quiz.current.spec
    assert spec["mode"] == "exam" and spec["asks_honesty"] and review.matrix_of(spec)["right"] == "closed"
    with pytest.raises(RuleViolation):
        attempts.start(sari, quiz.current, context_key="enrolment:1")
    attempt = attempts.start(sari, quiz.current, context_key="enrolment:1", declared=["janji"])
    attempts.answer(attempt, attempt.layout[0]["v"], right_answer(attempt.layout[0]["v"]))
    attempts.finish(attempt, by=sari)
    assert attempt.is_passed
    found = attempts.situation(sari, attempt.version, context_key="enrolment:1")
    assert review.open_parts(attempt, Place(is_settled=True), found) == {"score"}
    assert not quizzes.has_unpublished_changes(quiz)


@pytest.mark.parametrize("kind, more", [
    ("post", {"mode": "learning"}), ("pre", {"mode": "learning"}), ("practice", {"mode": "learning", "review": review.PRESETS["score"]}),
    ("post", {"mode": "exam"}), ("practice", {"mode": "ujian"}),
    ("practice", {"mode": "exam", "closes_at": "soon", "review": {**review.PRESETS["exam"], "answers": "now"}}),
    ("pre", {"mode": "exam", "closes_at": "soon"}),
])
def test_what_a_mode_forbids_is_said_in_words(kind, more):
    if more.get("closes_at"):
        more = {**more, "closes_at": timezone.now().replace(year=2031)}
    with pytest.raises(RuleViolation) as refused:
        make_quiz(questions=[_question()], kind=kind, **more)
    assert all(sentence.endswith(".") for sentence in refused.value.reasons)


def test_a_quiz_without_a_mode_is_training_and_its_version_stays_as_it_was(sari):
    quiz = make_quiz(questions=[_question()])
    assert "mode" not in quiz.current.spec and quiz.mode == Mode.TRAINING


def test_a_trainer_chooses_the_mode(client, tono, sari):
    quiz = make_quiz(questions=[_question()], collection=open_shelf_to_trainers(), kind="practice")
    client.force_login(tono)
    address = reverse("assessments:quiz_edit", args=[quiz.pk])
    settings = {"title": "Kuis", "kind": "practice", "pass_mark": "70", "cool_down_hours": "0", "collection": quiz.collection_id}
    assert client.post(address, {**settings, "kind": "post", "mode": "learning"}).status_code == 422
    assert client.post(address, {**settings, "mode": "learning"}).status_code == 302
    quiz = Quiz.objects.get(pk=quiz.pk)
    assert quiz.mode == "learning" and client.get(address).content.decode().count('name="mode"') == 3
    quizzes.publish_quiz(quiz, by=tono)
    tried = client.post(reverse("assessments:quiz_try", args=[quiz.pk]))
    assert tried.status_code == 302 and 'name="periksa"' in client.get(tried.url).content.decode()
    assert take_quiz(sari, quiz).score == 100
