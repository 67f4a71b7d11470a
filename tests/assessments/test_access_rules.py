"""Each rule says in words what it does, and does it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.access_rules import RULES, Situation, grace_seconds
from assessments.domain import attempts
from assessments.models import Attempt
from assessments.views.entry import quiz_entry
from tests.factories.assessments import make_quiz, take_quiz

pytestmark = pytest.mark.django_db


def words(person, quiz, at=None):
    found = attempts.situation(person, quiz.current, context_key="enrolment:1", at=at)
    return " ".join(sentence for rule in RULES for sentence in rule.words(found))


def test_the_rules_explain_themselves(sari):
    plain = words(sari, make_quiz(1, attempt_limit=None))
    assert "Tidak ada batas waktu" in plain and "sesering" in plain
    strict = words(sari, make_quiz(1, attempt_limit=2, cool_down_hours=24, time_limit_minutes=30))
    assert "30 menit sejak mulai" in strict and "2 kali percobaan" in strict and "24 jam" in strict


def test_waiting_is_only_asked_for_when_something_comes_after(sari):
    quiz = make_quiz(1, attempt_limit=2, cool_down_hours=24)
    began = timezone.now() - timedelta(days=3)
    take_quiz(sari, quiz, right=0, at=began)
    [sentence] = attempts.may_start(sari, quiz.current, context_key="enrolment:1", at=began + timedelta(hours=23))
    assert "Percobaan berikutnya dibuka pada" in sentence
    assert attempts.may_start(sari, quiz.current, context_key="enrolment:1", at=began + timedelta(hours=24)) == []
    take_quiz(sari, quiz, right=0, at=began + timedelta(hours=24))
    [sentence] = attempts.may_start(sari, quiz.current, context_key="enrolment:1", at=began + timedelta(hours=25))
    assert "Semua percobaan" in sentence


def test_an_unknown_rule_changes_nothing():
    situation = Situation({"questions": [1]}, [], timezone.now())
    assert [rule.problems(situation) for rule in RULES] == [[]] * len(RULES)


@pytest.mark.parametrize(("minutes", "seconds"), [(None, 0), (1, 60), (5, 60), (10, 120), (60, 720)])
def test_the_grace_is_a_fifth_of_the_limit(minutes, seconds):
    assert grace_seconds(minutes) == seconds


def test_the_page_before_a_quiz(rf, client, sari):
    """Numbers, minutes, pass mark, attempts, what happens without a signal; it begins by a tap, never by looking."""
    quiz = make_quiz(10, draw=5, pass_mark=70, attempt_limit=2)
    client.force_login(sari)

    def enter(method, **more):
        request = getattr(rf, method)("/pelatihan/x/kuis/akhir/")
        request.user, request.session, request.htmx = sari, client.session, False
        return quiz_entry(request, quiz.current, context_key="enrolment:1", title="Layanan Cepat", back_url="/pelatihan/x/", **more)

    text = enter("get").content.decode()
    for sentence in ("5 soal", "Sekitar 5 menit, tanpa batas waktu", "4 dari 5 benar", "Tersisa 2 dari 2", "Bila sinyal hilang", "Mulai kuis"):
        assert sentence in text, sentence
    assert not Attempt.objects.exists()

    refused = enter("post", problems=["Bacalah semua materi dulu."])
    assert refused.status_code == 422 and "Bacalah semua materi dulu." in refused.content.decode() and not Attempt.objects.exists()

    begun = enter("post")
    attempt = Attempt.objects.get()
    assert begun.url == reverse("assessments:attempt", args=[attempt.pk, 1])
    assert "Lanjutkan kuis" in enter("get").content.decode() and enter("post").url == begun.url
    attempts.finish(attempt, by=sari)
    assert "Percobaan sebelumnya" in enter("get").content.decode()
    take_quiz(sari, quiz, right=0)
    last = enter("get").content.decode()
    assert "Mulai kuis" not in last and "Semua percobaan" in last
    assert enter("post").status_code == 422 and Attempt.objects.count() == 2
