"""Bad input at the doors of a quiz: a clear sentence, 4xx, nothing stored half (issue "Bad input", reliability T2 to T6)."""

import pytest
from django.urls import reverse

from assessments.domain import attempts, bank, quizzes
from assessments.models import Attempt, Question, QuizVersion, Step
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_question, make_quiz, right_answer, take_quiz

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def signed_in(client, sari):
    client.force_login(sari)
    return client


def page(attempt, n=1, name="attempt"):
    return reverse(f"assessments:{name}", args=[attempt.pk, n] if name == "attempt" else [attempt.pk])


def test_names_that_this_attempt_never_showed(signed_in, sari, wati):
    quiz = make_quiz(questions=[make_question(), make_question("multiple", right=(0, 1))], is_shuffled=False)
    attempt, other = attempts.start(sari, quiz.current), attempts.start(wati, quiz.current)
    own, second = attempt.layout[0]["t"], attempt.layout[1]["t"]
    hostile = [
        [other.layout[0]["t"][0]], [second[0]], [attempt.layout[0]["o"][0]], ["zzz"], [""], [" "], ["%00"], ["²"], ["1e400"], ["-1"],
        own[:2], ["\u202e" + own[0]], ["x" * 1_000_000], [own[0], "zzz"], ["{{ 7*7 }}"], ["<script>alert(1)</script>"],
    ]
    for extra in ({}, FETCH):
        for names in hostile:
            answer = signed_in.post(page(attempt), {"pilihan": names}, **extra)
            assert answer.status_code == 422, names
            text = answer.content.decode()
            assert ("Jawaban ini bukan milik soal ini" in text or "Pilih satu jawaban saja" in text) and "<script>alert" not in text
    assert signed_in.post(page(attempt), {"pilihan": ["\0"]}).status_code == 400
    assert signed_in.post(page(attempt), b"pilihan=%ff%fe", content_type="application/x-www-form-urlencoded").status_code == 400
    assert Step.objects.filter(attempt=attempt).count() == 1 and Attempt.objects.get(pk=attempt.pk).answers == {}


@pytest.mark.parametrize("revision", ["0", "-1", "abc", "²", "9" * 17, "9" * 16, "1.5", "1e3", "9007199254740993"])
def test_revisions_that_no_page_gives(signed_in, sari, revision):
    attempt = attempts.start(sari, make_quiz(1).current)
    answer = signed_in.post(page(attempt), {"pilihan": attempt.layout[0]["t"][0], "revisi": revision}, **FETCH)
    assert answer.status_code == 422 and attempt.steps.count() == 1


def test_questions_and_attempts_that_are_not_there(signed_in, sari):
    attempt = attempts.start(sari, make_quiz(2).current)
    for n in (0, 3, 99999, 10**30):
        assert signed_in.get(f"/kuis/percobaan/{attempt.pk}/soal/{n}/").status_code == 404
        assert signed_in.post(f"/kuis/percobaan/{attempt.pk}/soal/{n}/", {}).status_code == 404
    for pk in (0, 999999, 10**30):
        assert signed_in.get(f"/kuis/percobaan/{pk}/soal/1/").status_code == 404
        assert signed_in.post(f"/kuis/percobaan/{pk}/kirim/").status_code == 404
    assert signed_in.put(page(attempt)).status_code == 405 and signed_in.get(page(attempt, name="finish")).status_code == 405
    for go in ("0", "-1", "99", "²", "x" * 5000, "http://evil.example/"):
        answer = signed_in.post(page(attempt), {"go": go})
        assert answer.status_code == 302 and answer.url.startswith("/kuis/percobaan/")


def test_a_closed_attempt_takes_nothing(signed_in, sari):
    attempt = take_quiz(sari, make_quiz(2), right=1)
    name = attempt.layout[1]["t"][attempt.layout[1]["o"].index(right_answer(attempt.layout[1]["v"])[0])]
    plain = signed_in.post(page(attempt, 2), {"pilihan": name}, follow=True)
    assert plain.redirect_chain[-1][0] == page(attempt, name="result") and "terlambat" in plain.content.decode()
    assert signed_in.post(page(attempt, 2), {"pilihan": name}, **FETCH).status_code == 409
    assert Attempt.objects.get(pk=attempt.pk).score == 50


def test_domain_refuses_what_was_never_shown(sari):
    attempt = attempts.start(sari, make_quiz(2, is_shuffled=False).current)
    first, second = (laid["v"] for laid in attempt.layout)
    stranger = make_question().current
    for version, chosen in ((stranger.pk, right_answer(stranger.pk)), (first, right_answer(second)), (first, "abc"), (first, [1]), (first, {"a": 1}),
                            (first, [None]), (10**12, [])):
        with pytest.raises(RuleViolation):
            attempts.answer(attempt, version, chosen)
    assert attempt.steps.count() == 1


def test_a_quiz_without_questions_cannot_begin(sari):
    quiz = make_quiz(questions=[], publish=False)
    with pytest.raises(RuleViolation, match="kosong"):
        quizzes.publish_quiz(quiz, by=None)
    version = QuizVersion.objects.create(quiz=quiz, number=1, spec={**quizzes.spec_of(quiz)}, created_at=quiz_time())
    assert attempts.may_start(sari, version) != []
    with pytest.raises(RuleViolation):
        attempts.start(sari, version)
    assert not Attempt.objects.exists()


def quiz_time():
    from django.utils import timezone

    return timezone.now()


def test_a_key_that_points_nowhere_is_found_before_publishing():
    question = make_question()
    quiz = make_quiz(questions=[question], publish=False)
    key = question.current.answer_key
    key.data = {"correct": ["ffff"]}
    key.save()
    assert any("tidak punya jawaban benar" in sentence for sentence in quizzes.may_publish(quiz))
    key.data = {"correct": []}
    key.save()
    assert quizzes.may_publish(quiz)


def test_too_many_questions():
    pool = [make_question(options=2) for _index in range(5)]
    quiz = make_quiz(questions=pool, draw=6, publish=False)
    assert any("6 soal akan diambil" in sentence for sentence in quizzes.may_publish(quiz))
    with pytest.raises(RuleViolation):
        quizzes.update_quiz(quiz, draw=5000, by=None)


@pytest.mark.parametrize("options", [
    [], [{"text": "Satu", "is_correct": True}], [{"text": "Satu"}, {"text": "Dua"}], [{"text": "Sama", "is_correct": True}, {"text": "sama "}],
    [{"text": "Sa\u200bma", "is_correct": True}, {"text": "Sama"}], [{"text": "", "is_correct": True}, {"text": "Dua"}],
    [{"text": "\u202e", "is_correct": True}, {"text": "Dua"}], [{"text": "x" * 1001, "is_correct": True}, {"text": "Dua"}],
    [{"text": str(index), "is_correct": index == 0} for index in range(11)], [{"text": "a", "is_correct": True}, {"text": "b", "is_correct": True}],
])
def test_options_that_make_no_question(options):
    with pytest.raises(RuleViolation):
        bank.create_question(make_quiz(0, publish=False).collection, type="single", stem="Apa?", options=options, explanation="Sebab.", by=None)
    assert not Question.objects.exists()


@pytest.mark.parametrize("change", [
    {"stem": ""}, {"stem": "\0\u202e "}, {"stem": "x" * 1_000_000}, {"explanation": ""}, {"points": 0}, {"points": -1}, {"points": "1e400"},
    {"points": "NaN"}, {"points": "²"}, {"points": "abc"}, {"points": 10**9}, {"type": "hotspot"}, {"type": "x" * 1000}, {"scoring": "x"},
])
def test_values_that_make_no_question(change):
    with pytest.raises(RuleViolation):
        make_question(**{"type": "single", **change})
    assert not Question.objects.exists()


def test_invisible_characters_are_taken_out():
    question = make_question(stem="Apa\0 itu \u202egnirts\u202c?\r\nBaris dua\ud800", topic="To\u200bpik\npanjang", name="\u202eNama")
    assert question.current.stem == "Apa itu gnirts?\nBaris dua" and question.topic == "Topik panjang" and question.name == "Nama"


def test_markup_is_text(signed_in, sari):
    payload = "<img src=x onerror=alert(1)>{{ 7*7 }}{% now %}"
    question = make_question(stem=payload, options=2, explanation=payload, topic=payload)
    attempt = attempts.start(sari, make_quiz(questions=[question]).current)
    for name in ("attempt", "sheet", "review"):
        assert "<img src=x" not in signed_in.get(page(attempt, 1, name)).content.decode()
    attempts.finish(attempt, by=sari)
    text = signed_in.get(page(attempt, name="result")).content.decode()
    assert "<img src=x" not in text and "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}" in text
