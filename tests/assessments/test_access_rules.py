"""Each rule says in words what it does, and does it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.access_rules import RULES, START_RULES, Situation, grace_seconds
from assessments.domain import attempts, counting
from assessments.models import Attempt
from assessments.views.entry import quiz_entry
from core.domain.dates import format_daytime
from tests.factories.assessments import make_quiz, right_answer, take_quiz

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
    assert [rule.problems(situation) for rule in START_RULES] == [[]] * len(START_RULES)


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


def test_a_window_refuses_in_words_and_hands_in_when_it_closes(sari):
    opens = timezone.now() - timedelta(days=1)
    closes = opens + timedelta(hours=2)
    quiz = make_quiz(1, opens_at=opens, closes_at=closes, time_limit_minutes=30)
    [sentence] = attempts.may_start(sari, quiz.current, context_key="enrolment:1", at=opens - timedelta(seconds=1))
    assert sentence == _("This quiz opens on %(opens)s.") % {"opens": format_daytime(opens)}
    [sentence] = attempts.may_start(sari, quiz.current, context_key="enrolment:1", at=closes)
    assert format_daytime(closes) in sentence and sentence != _("This quiz opens on %(opens)s.")
    early = attempts.start(sari, quiz.current, context_key="enrolment:1", at=opens)
    assert early.due_at == opens + timedelta(minutes=30), "her own time is shorter than the window"
    attempts.finish(early, by=sari, at=opens + timedelta(minutes=1))
    late = attempts.start(sari, quiz.current, context_key="enrolment:1", at=closes - timedelta(minutes=10))
    assert late.due_at == closes
    version = late.layout[0]["v"]
    saved = attempts.answer(late, version, right_answer(version), at=closes + timedelta(seconds=30))
    assert saved.is_late, "a cut line has its grace at the closing too"
    attempts.settle(late, at=closes + timedelta(hours=1))
    assert (late.ending, late.finished_at, late.is_passed) == ("window", closes, True)


def test_a_window_without_a_time_limit_still_closes_with_a_minute_of_grace(sari):
    began = timezone.now()
    quiz = make_quiz(1, closes_at=began + timedelta(hours=1))
    attempt = attempts.start(sari, quiz.current, at=began)
    assert attempts.closes_at(attempt) == began + timedelta(hours=1, seconds=60)


def test_an_honest_start_is_ticked_and_kept(rf, client, sari):
    quiz = make_quiz(1, asks_honesty=True)
    client.force_login(sari)

    def enter(method, data=None):
        request = getattr(rf, method)("/x/", data)
        request.user, request.session, request.htmx = sari, client.session, False
        return quiz_entry(request, quiz.current, context_key="enrolment:1", title="Layanan", back_url="/")

    assert 'name="janji"' in enter("get").content.decode()
    refused = enter("post")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert _("Tick the declaration first, then begin.") in text and "Mulai kuis" in text and not Attempt.objects.exists()
    assert enter("post", {"janji": "on"}).status_code == 302
    kept = Attempt.objects.get().steps.get(kind="start").data["declared"]
    assert kept == {"janji": _("I answer by myself, and I do not pass the questions on.")}


def test_a_trial_knows_no_rule(tono):
    closed = make_quiz(1, closes_at=timezone.now() - timedelta(days=1), asks_honesty=True)
    assert attempts.start(tono, closed.current, context_key="trial").due_at is None


def test_questions_not_yet_seen_come_first(sari):
    quiz = make_quiz(6, draw=3, avoids_seen=True, attempt_limit=None)
    rounds = []
    for _round in range(3):
        attempt = take_quiz(sari, quiz)
        rounds.append({laid["v"] for laid in attempt.layout})
    assert not rounds[0] & rounds[1] and len(rounds[0] | rounds[1]) == 6
    assert len(rounds[2]) == 3, "when all are seen, the quiz still has its length"


def test_a_window_that_closes_before_it_opens_is_refused():
    now = timezone.now()
    with pytest.raises(attempts.RuleViolation, match=_("The quiz has to open before it closes.")):
        make_quiz(1, opens_at=now, closes_at=now)


@pytest.mark.parametrize(("counted", "score", "is_passed"), [("best", 100, True), ("last", 0, False), ("average", 50, False)])
def test_which_attempt_counts(sari, counted, score, is_passed):
    quiz = make_quiz(2, counted=counted, pass_mark=60, attempt_limit=5)
    began = timezone.now() - timedelta(days=2)
    take_quiz(sari, quiz, right=2, at=began)
    last = take_quiz(sari, quiz, right=0, at=began + timedelta(hours=1))
    result = counting.counted_of(last)
    assert (result.score, result.is_passed) == (score, is_passed)
    assert attempts.is_passed(attempts.situation(sari, quiz.current, context_key="enrolment:1")) == is_passed
    take_quiz(sari, quiz, right=2, at=began + timedelta(hours=2))
    assert counting.counted_of(last).is_passed, "66,7 of 60 on average; the last is right; the best always was"


def test_a_stopped_attempt_never_counts(sari):
    quiz = make_quiz(2, counted="last")
    take_quiz(sari, quiz, right=2)
    stopped = attempts.start(sari, quiz.current, context_key="enrolment:1")
    attempts.finish(stopped, by=None, ending="stopped")
    assert counting.counted_of(stopped).is_passed


def test_after_the_closing_the_result_promises_no_further_try(client, sari):
    now = timezone.now()
    quiz = make_quiz(1, opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    attempt = take_quiz(sari, quiz, right=0, at=now - timedelta(days=1, hours=1))
    client.force_login(sari)
    text = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert _("The quiz is closed. Ask your trainer if you still need it.") in text
    assert _("You can try again whenever you are ready.") not in text
