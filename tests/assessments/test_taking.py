"""The screens of a quiz as plain forms: what Sari sees, presses and gets; and what a script gets instead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain import attempts, context
from assessments.models import Attempt
from tests.factories.assessments import make_question, make_quiz, right_answer, take_quiz, wrong_answer

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def signed_in(client, sari):
    client.force_login(sari)
    return client


@pytest.fixture
def course_of_attempt(monkeypatch):
    monkeypatch.setitem(context._resolvers, "enrolment", lambda attempt: {
        "title": "Layanan Cepat", "url": "/pelatihan/layanan-cepat/", "topic_urls": {
            "Mengukur": ("/pelatihan/layanan-cepat/pelajaran/5/", "Materi 5, 3 menit"), "Antrean": "/pelatihan/layanan-cepat/pelajaran/4/"}})


def page(attempt, n=1, name="attempt"):
    return reverse(f"assessments:{name}", args=[attempt.pk, n] if name == "attempt" else [attempt.pk])


def name_of(attempt, n, option):
    laid = attempt.layout[n - 1]
    return dict(zip(laid["o"], laid["t"], strict=True))[option]


def right_name(attempt, n):
    return name_of(attempt, n, right_answer(attempt.layout[n - 1]["v"])[0])


def test_sari_takes_a_quiz_without_script(signed_in, sari, course_of_attempt):
    quiz = make_quiz(questions=[make_question(topic=topic) for topic in ("Mengukur", "Mengukur", "Antrean")], pass_mark=70)
    attempt = attempts.start(sari, quiz.current, context_key="enrolment:1")

    first = signed_in.get(page(attempt))
    assert first.status_code == 200
    assert first.content.decode().count("<h1") == 1 and "Soal 1 dari 3" in first.content.decode()

    answer = signed_in.post(page(attempt), {"pilihan": right_name(attempt, 1), "tandai": "on", "go": "2"})
    assert (answer.status_code, answer.url) == (302, page(attempt, 2))
    again = signed_in.get(page(attempt)).content.decode()
    assert f'value="{right_name(attempt, 1)}" checked' in again and 'name="tandai" checked' in again

    # The map is made of buttons of the same form: choosing question 3 there saves question 2 as well.
    assert signed_in.post(page(attempt, 2), {"pilihan": right_name(attempt, 2), "go": "3"}).url == page(attempt, 3)
    assert signed_in.post(page(attempt, 3), {"go": "review"}).url == page(attempt, name="review")

    review = signed_in.get(page(attempt, name="review")).content.decode()
    assert "2 dari 3 soal dijawab" in review and "Soal 3 masih kosong" in review and "tidak dapat diubah" in review

    assert signed_in.post(page(attempt, name="finish")).url == page(attempt, name="result")
    result = signed_in.get(page(attempt, name="result")).content.decode()
    assert "Belum tercapai, tinggal satu soal lagi" in result and "/pelatihan/layanan-cepat/pelajaran" in result
    assert signed_in.post(page(attempt, name="finish")).url == page(attempt, name="result"), "a second tap leads to the same result"
    assert signed_in.get(page(attempt)).url == page(attempt, name="result")
    assert signed_in.get(page(attempt, name="review")).url == page(attempt, name="result")


def test_a_script_gets_the_next_question_in_the_same_answer(signed_in, sari):
    attempt = attempts.start(sari, make_quiz(3).current)
    saved = signed_in.post(page(attempt), {"pilihan": right_name(attempt, 1), "revisi": "1764000000000"}, **FETCH)
    assert (saved.status_code, saved.content) == (204, b"")
    answer = signed_in.post(page(attempt), {"pilihan": right_name(attempt, 1), "revisi": "1764000000000", "go": "2"}, **FETCH)
    text = answer.content.decode()
    assert answer.status_code == 200 and text.lstrip().startswith('<div id="quiz"') and "<html" not in text and 'data-n="2"' in text
    older = signed_in.post(page(attempt), {"pilihan": name_of(attempt, 1, wrong_answer(attempt.layout[0]["v"])[0]), "revisi": "5"}, **FETCH)
    assert older.headers["Bina-Superseded"] == "1"
    attempts.finish(Attempt.objects.get(pk=attempt.pk), by=sari)
    late = signed_in.post(page(attempt, 2), {"pilihan": right_name(attempt, 2), "revisi": "1764000000001"}, **FETCH)
    assert late.status_code == 409 and "terlambat" in late.content.decode()


def test_a_crowd_of_writes_is_no_refusal(signed_in, sari, monkeypatch):
    """The page keeps the answer and sends it again; only a refusal (422) or a stored answer leaves the device."""
    attempt = attempts.start(sari, make_quiz(1).current)
    monkeypatch.setattr(attempts, "TRIES", 0)
    for extra in (FETCH, {}):
        busy = signed_in.post(page(attempt), {"pilihan": right_name(attempt, 1)}, **extra)
        assert busy.status_code == 503 and "terbuka di banyak tempat" in busy.content.decode()
    assert attempt.steps.count() == 1


def test_a_sign_in_that_ran_out_loses_nothing(sari):
    """The answer travels through the sign-in and stands on the page again; saving it takes one tap."""
    attempt = attempts.start(sari, make_quiz(2).current)
    visitor, chosen = Client(), right_name(attempt, 1)
    away = visitor.post(page(attempt), {"pilihan": chosen, "go": "2"})
    assert away.status_code == 302 and away.url.startswith(reverse("account_login"))
    from urllib.parse import parse_qs, urlparse

    back = parse_qs(urlparse(away.url).query)["next"][0]
    visitor.force_login(sari)
    text = visitor.get(back).content.decode()
    assert f'value="{chosen}" checked' in text and "Pilihan Anda masih di sini" in text
    assert visitor.post(page(attempt), {"pilihan": chosen, "go": "2"}).status_code == 302
    assert Attempt.objects.get(pk=attempt.pk).answers


def test_nobody_opens_the_attempt_of_another(client, sari, wati, tono, budi):
    attempt = take_quiz(sari, make_quiz(2))
    running = attempts.start(sari, make_quiz(1).current)
    for other in (wati, tono, budi):
        client.force_login(other)
        for taken in (attempt, running):
            assert [client.get(page(taken, 1, name)).status_code for name in ("attempt", "sheet", "review", "result")] == [404] * 4
            assert client.post(page(taken)).status_code == 404 and client.post(page(taken, name="finish")).status_code == 404
    assert Attempt.objects.get(pk=running.pk).state == "open" and running.steps.count() == 1


def test_time_is_up(signed_in, sari):
    began = timezone.now() - timedelta(minutes=10, seconds=30)
    attempt = attempts.start(sari, make_quiz(2, time_limit_minutes=10).current, at=began)
    assert signed_in.get(page(attempt)).url == page(attempt, name="review"), "no question is shown after the deadline"
    assert "Waktu habis" in signed_in.get(page(attempt, name="review")).content.decode()
    assert signed_in.post(page(attempt), {"pilihan": right_name(attempt, 1)}, **FETCH).status_code == 204, "within the grace it is taken"
    assert attempt.steps.get(kind="answer").data["late"] is True
    other = attempts.start(sari, make_quiz(2, time_limit_minutes=10).current, at=began - timedelta(minutes=5))
    assert signed_in.get(page(other)).url == page(other, name="result")
    assert "Waktu habis" in signed_in.get(page(other, name="result")).content.decode()


def test_what_comes_after_the_last_attempt(signed_in, sari):
    quiz = make_quiz(4, pass_mark=75, attempt_limit=2, cool_down_hours=24)
    first = take_quiz(sari, quiz, right=0)
    text = signed_in.get(page(first, name="result")).content.decode()
    assert "Satu percobaan tersisa" in text and "Anda dapat mencoba lagi mulai" in text
    second = take_quiz(sari, quiz, right=1, at=timezone.now() + timedelta(hours=25))
    assert "Semua percobaan sudah dipakai" in signed_in.get(page(second, name="result")).content.decode()
    passed = take_quiz(sari, make_quiz(1))
    assert "Anda lulus" in signed_in.get(page(passed, name="result")).content.decode()
    pre = take_quiz(sari, make_quiz(2, kind="pre"), right=0)
    text = signed_in.get(page(pre, name="result")).content.decode()
    assert "lulus" not in text.lower().split("<footer")[0].split("<h1")[1] and "Belum tercapai" not in text


@pytest.mark.parametrize("count", [2, 60])
def test_pages_cost_the_same_for_any_number_of_questions(signed_in, sari, at_most, count):
    attempt = attempts.start(sari, make_quiz(count, options=2).current)
    signed_in.get(page(attempt))  # the menu of the person is remembered from here on
    right = right_name(attempt, 1)
    with at_most(4):
        signed_in.get(page(attempt))
    with at_most(6):
        signed_in.post(page(attempt), {"pilihan": right, "go": "2"}, **FETCH)
    with at_most(3):
        signed_in.post(page(attempt), {"pilihan": right}, **FETCH)  # unchanged: nothing is written
    for name, most in (("sheet", 4), ("review", 4)):
        with at_most(most):
            assert signed_in.get(page(attempt, 1, name)).status_code == 200
    attempts.finish(Attempt.objects.get(pk=attempt.pk), by=sari)
    with at_most(5):
        assert signed_in.get(page(attempt, name="result")).status_code == 200


def test_pages_are_light(signed_in, sari):
    import gzip

    attempt = attempts.start(sari, make_quiz(20).current)
    for name in ("attempt", "sheet", "review"):
        content = signed_in.get(page(attempt, 1, name)).content
        assert len(gzip.compress(content)) < 12_000, name
