"""The review matrix: each part of a result opens in its time, not before; what is shut is neither on the page nor read from the key table."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.domain import attempts, quizzes, results, review
from assessments.domain.accommodations import give_accommodation
from assessments.domain.context import Place
from assessments.enums import Opens, ReviewPreset
from assessments.models import Quiz, QuizVersion
from core.domain.errors import RuleViolation
from tests.factories.assessments import default_shelf, make_question, make_quiz, open_shelf_to_trainers, take_quiz

pytestmark = pytest.mark.django_db
EXPLANATION, REMARK, RIGHT, WRONG = "KENARI-PEMBAHASAN", "KENARI-CATATAN", "KENARI-TEPAT", "KENARI-KELIRU"
HOUR = timedelta(hours=1)


def _question():
    return make_question(explanation=EXPLANATION, options=[{"text": RIGHT, "is_correct": True}, {"text": WRONG, "feedback": REMARK}])


def _matrix(**parts) -> dict:
    return {"score": "now", "answers": "never", "verdicts": "never", "right": "never", "explanations": "never", **parts}


def _text(client, attempt) -> str:
    """The result page; keys are read exactly when something of them is shown."""
    with CaptureQueriesContext(connection) as captured:
        text = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    is_read = bool([query for query in captured if "answerkey" in query["sql"]])
    assert is_read == any(canary in text for canary in (EXPLANATION, REMARK, RIGHT)), "what is shut is not even loaded"
    return text


def _seen(client, attempt) -> set[str]:
    text = _text(client, attempt)
    found = {"answers": WRONG, "right": RIGHT, "explanations": EXPLANATION, "verdicts": "Belum tepat", "score": "dari 1 benar"}
    return {part for part, words in found.items() if words in text}


@pytest.mark.parametrize("part", ["answers", "verdicts", "right", "explanations"])
def test_each_part_opens_by_itself(client, sari, part):
    client.force_login(sari)
    for shown in ([part], []):
        quiz = make_quiz(questions=[_question()], kind="practice", review=_matrix(**{name: "now" for name in shown}))
        attempt = take_quiz(sari, quiz, right=0)
        assert _seen(client, attempt) == {"score", *shown}
        assert (REMARK in _text(client, attempt)) == ("explanations" in shown), "remarks on options come with the explanation"


def test_what_opens_with_the_pass_opens_for_all_attempts_then(client, sari):
    quiz = make_quiz(questions=[_question()], kind="practice", review=_matrix(right="settled", verdicts="now"))
    client.force_login(sari)
    first = take_quiz(sari, quiz, right=0)
    assert _seen(client, first) == {"score", "verdicts"}
    take_quiz(sari, quiz)
    assert _seen(client, first) == {"score", "verdicts", "right"}


def test_a_kept_back_score_takes_with_it_all_that_tells_it(client, sari):
    quiz = make_quiz(questions=[_question()], kind="practice", review=_matrix(score="never"), bands=[{"from": 0, "text": "KENARI-PITA"}])
    client.force_login(sari)
    attempt = take_quiz(sari, quiz, right=0)
    text = _text(client, attempt)
    assert _seen(client, attempt) == set() and "KENARI-PITA" not in text and "Belum tercapai" not in text
    found = results.result_of(attempt, Place(), attempts.situation(sari, attempt.version, context_key="enrolment:1"))
    assert (found.tells_score, found.count, found.topics, found.explained, found.band) == (False, 0, [], [], "")


def test_exam_tells_the_score_and_nothing_else_until_the_quiz_has_closed_for_everybody(client, sari, wati, dewi):
    """Also not to her who has passed; not while the grace runs; not while somebody with more time still writes, a week at most."""
    now = timezone.now()
    quiz = make_quiz(questions=[_question()], kind="post", closes_at=now - HOUR, attempt_limit=2, review=review.PRESETS[ReviewPreset.EXAM])
    client.force_login(sari)
    passed = take_quiz(sari, quiz, at=now - 2 * HOUR)

    def opened(at):
        found = attempts.situation(sari, passed.version, context_key="enrolment:1", at=at)
        return review.open_parts(passed, Place(is_settled=True), found)

    rest = {"answers", "verdicts", "right", "explanations"}
    assert opened(now - 2 * HOUR) == {"score"} == opened(now - HOUR + timedelta(seconds=59)), "the grace of a cut line is waited for"
    assert opened(now - HOUR + timedelta(minutes=2)) == {"score", *rest}
    give_accommodation(wati, time_percent=200, extra_attempts=0, has_no_time_limit=False, starts_on=(now - 72 * HOUR).date(), ends_on=None,
                       reason="Surat keterangan", by=dewi)
    late = attempts.start(wati, quiz.current, context_key="enrolment:2", at=now - 2 * HOUR)
    assert late.due_at is None and opened(now) == {"score"} and _seen(client, passed) == {"score"}
    assert opened(now + timedelta(days=8)) == {"score", *rest}, "nobody is kept waiting for ever"
    attempts.finish(late, by=wati, at=now)
    assert _text(client, passed).count(EXPLANATION) == 1


def test_a_quiz_that_opens_again_shuts_its_answers(sari):
    now = timezone.now()
    quiz = make_quiz(questions=[_question()], kind="post", closes_at=now - HOUR, review=review.PRESETS[ReviewPreset.EXAM])
    attempt = take_quiz(sari, quiz, at=now - 2 * HOUR)
    quizzes.update_quiz(quiz, by=None, closes_at=now + HOUR)
    quizzes.publish_quiz(quiz, by=None)
    attempt.refresh_from_db()
    assert not review.has_closed(attempt, at=now) and review.has_closed(attempt, at=now + 2 * HOUR)


def test_a_pre_test_and_a_running_attempt_win_over_every_setting(client, sari):
    spec = {**make_quiz(questions=[_question()], kind="pre").current.spec, "review": {part: "now" for part in _matrix()}}
    quiz = Quiz.objects.get()
    version = QuizVersion.objects.create(quiz=quiz, number=2, spec=spec, created_at=timezone.now())
    Quiz.objects.update(current=version)
    quiz.refresh_from_db()
    client.force_login(sari)
    assert _seen(client, take_quiz(sari, quiz, right=0)) == {"score", "answers"}
    practice = make_quiz(questions=[_question()], kind="practice")
    first = take_quiz(sari, practice, right=0)
    assert _seen(client, first) == {"score", "answers", "verdicts", "right", "explanations"}
    attempts.start(sari, practice.current, context_key="enrolment:1")
    assert _seen(client, first) == {"score"}


def test_published_versions_of_before_open_as_they_did(client, sari):
    """They hold ``shows_explanations``; nobody is told of changes that are none, and the next publishing makes no version for it."""
    client.force_login(sari)
    for is_on, kind, seen in ((True, "practice", {"score", "answers", "verdicts", "right", "explanations"}), (False, "practice", {"score"}),
                              (True, "post", {"score"}), (False, "post", {"score"})):
        quiz = make_quiz(questions=[_question()], kind=kind, review={} if is_on else review.PRESETS["score"], publish=False)
        old = {name: value for name, value in quizzes.spec_of(quiz).items() if name != "review"} | {"shows_explanations": is_on}
        quiz.current = QuizVersion.objects.create(quiz=quiz, number=1, spec=old, created_at=timezone.now())
        quiz.save()
        assert not quizzes.has_unpublished_changes(quiz) and quizzes.publish_quiz(quiz, by=None).number == 1
        assert _seen(client, take_quiz(sari, quiz, right=0)) == seen


@pytest.mark.parametrize("kind, more", [
    ("post", {"review": _matrix(right="now")}), ("post", {"review": _matrix(explanations="now")}), ("post", {"review": _matrix(score="never")}),
    ("pre", {"review": _matrix(verdicts="now")}), ("pre", {"review": _matrix(score="settled")}), ("practice", {"review": _matrix(right="closed")}),
    ("practice", {"review": {"score": "soon"}}), ("practice", {"review": {"key": "now"}}), ("practice", {"review": []}),
])
def test_a_matrix_that_would_betray_something_is_refused_in_words(kind, more):
    with pytest.raises(RuleViolation) as refused:
        make_quiz(questions=[_question()], collection=default_shelf(), kind=kind, **more)
    assert len(refused.value.reasons) == 1 and refused.value.reasons[0].endswith(".")


def test_a_trainer_chooses_a_preset_or_the_details(client, tono):
    quiz = make_quiz(1, collection=open_shelf_to_trainers(), kind="practice")
    client.force_login(tono)
    address = reverse("assessments:quiz_edit", args=[quiz.pk])
    settings = {"title": "Kuis", "kind": "practice", "pass_mark": "70", "cool_down_hours": "0", "collection": quiz.collection_id}
    as_shown = {f"show_{part}": when for part, when in review.filled("practice", {}).items()}

    def kept(**more):
        answer = client.post(address, {**settings, **as_shown, **more})
        quiz.refresh_from_db()
        return answer, quiz.review

    page = client.get(address).content.decode()
    assert page.count('name="shown"') == 4 and 'name="show_right"' in page and "<details><summary>" in page
    answer, stored = kept(shown="usual")
    assert answer.status_code == 302 and stored == {}
    answer, stored = kept(shown="exam")
    assert answer.status_code == 422 and stored == {}, "it needs an end"
    answer, stored = kept(shown="exam", closes_at="2031-01-31T16:00")
    assert answer.status_code == 302 and review.preset_of(stored) == "exam"
    answer, stored = kept(shown="usual", show_right="never", closes_at="2031-01-31T16:00")
    assert answer.status_code == 422 and "shown" in answer.context["form"].errors, "details beside a preset are not dropped in silence"
    answer, stored = kept(shown="custom", show_right="never")
    assert answer.status_code == 302 and stored == {**review.filled("practice", {}), "right": Opens.NEVER}
    assert "<details open>" in client.get(address).content.decode()
    assert kept(shown="custom", show_right="besok")[0].status_code == 422
    shown = client.get(reverse("assessments:quiz", args=[quiz.pk])).context["review"]
    assert len(shown) == 5


def test_the_result_costs_the_same_with_one_and_three_questions(client, sari, at_most):
    client.force_login(sari)
    client.get(reverse("assessments:result", args=[take_quiz(sari, make_quiz(1)).pk]))  # the menu is read once a minute
    for count in (1, 3):
        quiz = make_quiz(questions=[_question() for _index in range(count)], kind="practice")
        attempt = take_quiz(sari, quiz, right=0)
        with at_most(6):
            client.get(reverse("assessments:result", args=[attempt.pk]))
