"""Practice of missed questions: on its days, for as long as something is missed, told once, shown only where the key is open, counted nowhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain import attempts, learning, practice, quizzes, regrading, review, statistics
from assessments.domain.key_correction import correct_key
from assessments.enums import Ruling
from assessments.models import Attempt, PracticeRound, QuestionVersion, Quiz
from core.domain import outbox
from core.domain.errors import RuleViolation
from core.models import Job
from courses.models import LearningHours
from people.models import Notice
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer, take_quiz, wrong_answer
from tests.factories.questions import keywords_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def quiz() -> Quiz:
    return make_quiz(6, pass_mark=50, attempt_limit=3, is_shuffled=False, title="Kuis akhir loket")


def _missed(attempt) -> set[int]:
    return set(attempt.marks.filter(fraction__lt=1).values_list("version", flat=True))


def _on(attempt, day, *, late=timedelta(minutes=1)) -> PracticeRound | None:
    """Time goes on to ``day`` after the hand-in; what is due then is done. Returns the newest round."""
    outbox.drain(at=attempt.finished_at + day * DAY + late)
    return PracticeRound.objects.filter(person=attempt.person).order_by("-day").first()


def _practise(found, *, right, by, at=None) -> Attempt:
    """Take the round; ``right`` are the versions answered rightly."""
    attempt = practice.begin(found, by=by, at=at)
    for laid in attempt.layout:
        version = laid["v"]
        learning.look(attempt, version, right_answer(version) if version in right else wrong_answer(version), at=at)
    return attempts.finish(attempt, by=by, at=at)


def test_missed_questions_come_back_on_their_days_until_they_are_right(sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    missed = _missed(done)
    assert len(missed) == 3 and not PracticeRound.objects.exists()
    assert _on(done, 2) is None, "nothing before the third day"
    first = _on(done, 3)
    assert first.day == 3 and first.quiz == quiz
    one = min(missed)
    taken = _practise(first, right={one}, by=sari, at=done.finished_at + 3 * DAY)
    assert {laid["v"] for laid in taken.layout} == missed
    assert _on(done, 13).day == 3
    second = _on(done, 14)
    assert {laid["v"] for laid in _practise(second, right=missed, by=sari, at=done.finished_at + 14 * DAY).layout} == missed - {one}
    assert _on(done, 45).day == 14 and _on(done, 120).day == 14, "all of it is right: nothing comes back"
    assert Notice.objects.filter(person=sari, key__startswith="assessments.practice").count() == 2
    assert not Job.objects.filter(kind=practice.OPEN, state="waiting").exists()


def test_all_four_days_come_while_something_is_missed_and_no_fifth(sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    days = []
    for day in (3, 14, 45, 120, 200, 400):
        found = _on(done, day)
        days.append(found.day)
        if found.attempt is None:
            _practise(found, right=set(), by=sari, at=done.finished_at + day * DAY)
    assert days == [3, 14, 45, 120, 120, 120]


def test_at_most_five_questions_the_least_right_first(sari):
    quiz = make_quiz(questions=[make_question("multiple", right=(0, 1), scoring="partial"), *(make_question() for _index in range(7))],
                     pass_mark=0, is_shuffled=False)
    attempt = attempts.start(sari, quiz.current)
    half = attempt.layout[0]["v"]
    attempts.answer(attempt, half, right_answer(half)[:1])
    attempts.finish(attempt, by=sari)
    taken = practice.begin(_on(attempt, 3), by=sari)
    assert len(taken.layout) == practice.MOST_QUESTIONS and half not in [laid["v"] for laid in taken.layout]


def test_a_round_that_waits_is_not_followed_by_another(sari, quiz):
    """Never nag: who does nothing gets one notice, not four."""
    done = take_quiz(sari, quiz, right=3, context_key="")
    for day in (3, 14, 45, 120):
        _on(done, day)
    assert PracticeRound.objects.count() == Notice.objects.filter(person=sari, key__startswith="assessments.practice").count() == 1
    assert practice.begin(PracticeRound.objects.get(), by=sari).layout, "it can still be taken"


def test_a_machine_that_stood_still_opens_the_last_day_only_and_nothing_of_long_ago(sari, wati, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    assert _on(done, 50).day == 45 and PracticeRound.objects.count() == 1
    other = take_quiz(wati, quiz, right=3, context_key="")
    assert _on(other, 160) is None
    long_ago = take_quiz(wati, quiz, right=3, context_key="", at=timezone.now() - 200 * DAY)
    assert not Job.objects.filter(kind=practice.OPEN, payload__attempt=long_ago.pk).exists()


def test_nothing_is_told_twice_and_jobs_may_run_again(sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    found = _on(done, 3)
    done = Attempt.objects.select_related("version__quiz", "quiz__current", "person").get(pk=done.pk)
    assert practice.open_round(done, 3, at=done.finished_at + 4 * DAY) is None
    assert PracticeRound.objects.get() == found and Notice.objects.filter(person=sari).count() == 1


def test_keys_that_are_shut_stay_shut_not_passed_means_no_round(client, sari, quiz):
    done = take_quiz(sari, quiz, right=2, context_key="")
    assert not done.is_passed and _on(done, 3) is None and not Notice.objects.exists(), "its day passes quietly"
    later = take_quiz(sari, quiz, right=4, context_key="", at=done.finished_at + 12 * DAY)
    assert later.is_passed
    assert _on(done, 14) is None, "the later attempt counts from its own day"
    found = _on(later, 3)
    assert found.source == later
    assert {laid["v"] for laid in practice.begin(found, by=sari).layout} == _missed(later)


def test_a_first_try_that_passes_late_still_gets_its_later_rounds(sari, quiz):
    """Not settled on day 3; day 14 looks again. Here the key was corrected meanwhile, so that she has passed."""
    done = take_quiz(sari, quiz, right=2, context_key="")
    assert _on(done, 3) is None
    Attempt.objects.filter(pk=done.pk).update(is_passed=True, score=50)
    assert _on(done, 14).day == 14


def test_a_quiz_that_keeps_its_answers_is_never_practised(sari):
    quiz = make_quiz(3, pass_mark=30, review=review.PRESETS["score"])
    done = take_quiz(sari, quiz, right=1, context_key="")
    assert done.is_passed and [_on(done, day) for day in (3, 14, 45, 120)] == [None] * 4


def test_an_exam_is_practised_after_it_has_closed(sari):
    now = timezone.now()
    quiz = make_quiz(3, pass_mark=30, mode="exam", closes_at=now + 10 * DAY)
    attempt = attempts.start(sari, quiz.current, declared=["janji"])
    attempts.answer(attempt, attempt.layout[0]["v"], right_answer(attempt.layout[0]["v"]))
    attempts.finish(attempt, by=sari)
    assert attempt.is_passed and _on(attempt, 3) is None
    assert _on(attempt, 14).day == 14


def test_an_attempt_that_is_ahead_shuts_the_practice_again(sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    found = _on(done, 3)
    running = attempts.start(sari, quiz.current)
    with pytest.raises(RuleViolation):
        practice.begin(found, by=sari)
    attempts.finish(running, by=sari)
    assert practice.begin(PracticeRound.objects.get(pk=found.pk), by=sari).layout


@pytest.mark.parametrize("kind", ["pre", "practice"])
def test_only_a_final_quiz_is_followed_by_practice(sari, kind):
    take_quiz(sari, make_quiz(2, kind=kind), right=0, context_key="")
    assert not Job.objects.filter(kind=practice.OPEN).exists()


def test_a_perfect_first_attempt_and_trials_leave_nothing_to_do(sari, quiz):
    take_quiz(sari, quiz, context_key="")
    take_quiz(sari, make_quiz(2), right=0, context_key="trial")
    assert not Job.objects.filter(kind=practice.OPEN).exists()


def test_who_wants_no_more_is_left_alone(client, sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    found = _on(done, 3)
    practice.begin(found, by=sari)
    client.force_login(sari)
    assert client.post(reverse("assessments:practice_end", args=[found.pk])).url == reverse("assessments:practice")
    found.refresh_from_db()
    assert found.ended_at and found.attempt.state == "finished"
    assert _on(done, 120).day == 3 and Notice.objects.filter(person=sari).count() == 1
    again = take_quiz(sari, quiz, right=4, context_key="", at=done.finished_at + 130 * DAY)
    assert _on(again, 3).day == 3 and PracticeRound.objects.count() == 1, "also after a later attempt of that quiz"


def test_essays_and_questions_out_of_use_do_not_come_back(sari):
    essay = make_question("essay", **keywords_of("essay"))
    kept, gone = make_question(), make_question()
    quiz = make_quiz(questions=[essay, kept, gone], pass_mark=0)
    attempt = attempts.start(sari, quiz.current)
    attempts.finish(attempt, by=sari)
    gone.is_active = False
    gone.save()
    assert [laid["v"] for laid in practice.begin(_on(attempt, 3), by=sari).layout] == [kept.current_id]


def test_it_counts_nowhere(sari, tono, quiz):
    shelf = open_shelf_to_trainers()
    done = take_quiz(sari, quiz, right=3, context_key="")
    before = statistics.facility([item.question_id for item in quiz.items.all()])
    stored = Attempt.objects.values().get(pk=done.pk)
    taken = _practise(_on(done, 3), right=_missed(done), by=sari)
    assert statistics.facility([item.question_id for item in quiz.items.all()]) == before
    assert Attempt.objects.values().get(pk=done.pk) == stored and not LearningHours.objects.filter(person=sari).exists()
    found = attempts.situation(sari, quiz.current, at=timezone.now())
    assert [one.pk for one in found.attempts] == [done.pk], "it uses no attempt of the quiz"
    assert list(Quiz.objects.managed_by(tono).filter(collection=shelf)) == [quiz], "no list of the trainer shows the carrier"
    assert taken.quiz.practice_of == quiz and taken.quiz != quiz
    assert not quizzes.has_unpublished_changes(quiz)


def test_a_corrected_key_changes_the_practice_too_but_tells_only_of_the_quiz(sari, tono, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    taken = _practise(_on(done, 3), right=set(), by=sari)
    version = QuestionVersion.objects.get(pk=min(_missed(done)))
    correct_key(version, what=Ruling.FULL, reason="Dua jawaban tepat.", by=tono)
    outbox.drain(kinds=[regrading.REGRADE])
    assert version.pk not in _missed(taken) and version.pk not in _missed(done)
    told = set(Notice.objects.filter(person=sari, key__startswith="assessments.regraded").values_list("url", flat=True))
    assert told == {reverse("assessments:result", args=[done.pk])}


def test_one_carrier_serves_everybody_and_taps_twice_begin_once(sari, wati, quiz):
    rounds = []
    for person in (sari, wati):
        done = take_quiz(person, quiz, right=3, context_key="")
        rounds.append(_on(done, 3))
    first, second = (practice.begin(found, by=found.person) for found in rounds)
    assert first.version == second.version and first.quiz == second.quiz
    stale = PracticeRound.objects.select_related("source__version__quiz").get(pk=rounds[0].pk)
    stale.attempt = None
    assert practice.begin(stale, by=sari) == first
    assert Attempt.objects.filter(person=sari, quiz=first.quiz).count() == 1


def test_on_screen_from_the_notice_to_the_result(client, sari, wati, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    found = _on(done, 3)
    client.force_login(sari)
    page = client.get(Notice.objects.get(person=sari).url).content.decode()
    assert "Kuis akhir loket" in page and reverse("assessments:practice_begin", args=[found.pk]) in page
    home = client.get(reverse("improvement:home")).content.decode()
    assert reverse("assessments:practice") in home and "Kuis akhir loket" in home
    begun = client.post(reverse("assessments:practice_begin", args=[found.pk]))
    assert begun.status_code == 302 and 'name="periksa"' in client.get(begun.url).content.decode()
    assert client.post(reverse("assessments:practice_begin", args=[found.pk])).url == begun.url
    attempt = Attempt.objects.get(pk=PracticeRound.objects.get().attempt_id)
    client.post(reverse("assessments:finish", args=[attempt.pk]))
    result = client.get(reverse("assessments:result", args=[attempt.pk]))
    assert result.status_code == 200 and result.context["next_day"] == 14 and result.content.decode().count("Pembahasan soal") == 3
    assert reverse("assessments:practice") not in client.get(reverse("improvement:home")).content.decode()
    assert reverse("assessments:result", args=[attempt.pk]) in client.get(reverse("assessments:practice")).content.decode()
    client.force_login(wati)
    for name in ("practice_begin", "practice_end"):
        assert client.post(reverse(f"assessments:{name}", args=[found.pk])).status_code == 404
    assert "Kuis akhir loket" not in client.get(reverse("assessments:practice")).content.decode()


def test_a_round_that_cannot_begin_says_why(client, sari, quiz):
    done = take_quiz(sari, quiz, right=3, context_key="")
    found = _on(done, 3)
    attempts.start(sari, quiz.current)
    client.force_login(sari)
    answer = client.post(reverse("assessments:practice_begin", args=[found.pk]))
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode() and not PracticeRound.objects.get().attempt


def test_the_page_costs_the_same_with_one_and_three_rounds(client, sari, at_most):
    client.force_login(sari)
    client.get(reverse("assessments:practice"))
    for _turn in range(3):
        quiz = make_quiz(2, pass_mark=50)
        found = _on(take_quiz(sari, quiz, right=1, context_key=""), 3)
        with at_most(6):
            assert client.get(reverse("assessments:practice")).status_code == 200
        assert found
