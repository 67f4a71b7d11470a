"""A corrected key: exactly the right results change, a pass is never taken away, people are told once, what they saw stays."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import Collection

from assessments.domain import attempts, bank, hand_grading, key_correction, regrading
from assessments.domain.hand_grading import Written
from assessments.enums import QuizKind, Ruling
from assessments.models import AnswerKey, KeyCorrection, Mark, QuestionVersion, Regrade
from core.domain import outbox
from core.domain.errors import RuleViolation
from core.models import Job
from courses.enums import EnrolmentState
from courses.models import Completion
from people.models import Notice
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer, wrong_answer
from tests.factories.courses import enrolled, published_course, read_lessons
from tests.factories.people import AccountFactory
from tests.factories.questions import keywords_of

pytestmark = pytest.mark.django_db
REASON = "Pilihan kedua yang benar menurut peraturan baru."


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


def _quiz(shelf, count=3, **more):
    questions = [make_question(collection=shelf, options=4) for _index in range(count)]
    settings = {"is_shuffled": False, "pass_mark": 60, "attempt_limit": None, **more}
    return make_quiz(questions=questions, collection=shelf, **settings), questions


def _draft(version, right):
    """The key with option number ``right`` as the right one."""
    now = key_correction.draft_of(version)
    options = [{"text": option.text, "is_correct": index == right, "feedback": option.feedback} for index, option in enumerate(now.options)]
    return key_correction.make_draft(version, options=options, explanation="Yang kedua.")


def _take(person, quiz, choices, **more):
    """Option numbers by question; None: blank."""
    attempt = attempts.start(person, quiz.current, context_key=more.get("context_key", "enrolment:1"))
    for laid, choice in zip(attempt.layout, choices, strict=True):
        body = QuestionVersion.objects.get(pk=laid["v"]).body
        if choice is not None:
            attempts.answer(attempt, laid["v"], [body["options"][choice]["id"]])
    return attempts.finish(attempt, by=person)


def _correct(question, right, by, **more):
    version = question.current
    found = key_correction.correct_key(version, _draft(version, right), reason=REASON, by=by, **more)
    outbox.drain(kinds=[regrading.REGRADE])
    return found


def test_after_fifty_attempts_exactly_the_right_results_change(tono, shelf, client):
    quiz, (first, *_others) = _quiz(shelf)
    people = [AccountFactory() for _index in range(50)]
    # 10 chose the old key, 20 the new one, 15 something else, 5 nothing; the other two questions are right and wrong.
    picks = [0] * 10 + [1] * 20 + [2] * 15 + [None] * 5
    done = [_take(person, quiz, (pick, 0, 1)) for person, pick in zip(people, picks, strict=True)]
    before = {attempt.pk: (attempt.score, attempt.is_passed) for attempt in done}
    seen = QuestionVersion.objects.filter(pk=first.current_id).values().get()

    preview = key_correction.preview(first.current, _draft(first.current, 1))
    assert (preview.attempts, preview.better, preview.worse, preview.new_passes, preview.kept_passes) == (50, 20, 10, 20, 10)
    correction = _correct(first, 1, tono)

    for attempt, pick in zip(done, picks, strict=True):
        attempt.refresh_from_db()
        if pick == 1:
            assert (attempt.score, attempt.is_passed) == (Decimal("66.67"), True), "who was right counts"
        elif pick == 0:
            assert (attempt.score, attempt.is_passed) == (Decimal("33.33"), True), "points are true, the pass stays"
        else:
            assert (attempt.score, attempt.is_passed) == before[attempt.pk] and not attempt.is_regraded
    told = {attempt.person_id for attempt, pick in zip(done, picks, strict=True) if pick in (0, 1)}
    assert set(Regrade.objects.filter(told_at__isnull=False).values_list("attempt__person", flat=True)) == told
    assert set(Notice.objects.filter(key__startswith="assessments.regraded:").values_list("person", flat=True)) == told
    assert Notice.objects.filter(key__startswith="assessments.regraded:").count() == 30
    assert QuestionVersion.objects.filter(pk=first.current_id).values().get() == seen
    options = [option["id"] for option in seen["body"]["options"]]
    assert (correction.before["key"], correction.after["key"]) == ({"correct": options[:1]}, {"correct": options[1:2]})
    step = done[15].steps.order_by("sequence").last()
    assert (step.kind, step.data["correction"], step.data["score"]) == ("grade", correction.pk, "66.67")

    client.force_login(people[15])
    text = client.get(reverse("assessments:result", args=[done[15].pk])).content.decode()
    assert "33,33" in text and "66,67" in text
    client.force_login(people[0])
    (told,) = client.get(reverse("assessments:result", args=[done[0].pk])).context["result"].corrections
    assert (told.position, told.keeps_pass, told.before, told.after) == (1, True, Decimal("66.67"), Decimal("33.33"))
    client.force_login(people[49])
    assert client.get(reverse("assessments:result", args=[done[49].pk])).context["result"].corrections == []


def test_the_review_shows_what_she_saw_and_answered(sari, tono, shelf, client):
    quiz, (first, *_others) = _quiz(shelf, kind=QuizKind.PRACTICE)
    attempt = _take(sari, quiz, (1, 0, 0))
    bank.revise_question(first, stem="Bunyi yang baru?", by=None)
    version = QuestionVersion.objects.get(question=first, number=1)
    key_correction.correct_key(version, _draft(version, 1), reason=REASON, by=tono)
    outbox.drain(kinds=[regrading.REGRADE])
    client.force_login(sari)
    text = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert escape(version.stem) in text and "Bunyi yang baru?" not in text
    assert escape(version.body["options"][1]["text"]) in text and "Yang kedua." in text


def test_the_page_of_a_corrected_result_keeps_its_budget(sari, tono, shelf, client, at_most):
    quiz, (first, *_others) = _quiz(shelf)
    attempt = _take(sari, quiz, (1, 0, 1), context_key="")
    _correct(first, 1, tono)
    client.force_login(sari)
    client.get(reverse("assessments:result", args=[attempt.pk]))
    with at_most(5):
        client.get(reverse("assessments:result", args=[attempt.pk]))


def test_a_job_that_runs_twice_or_was_stopped_in_the_middle_changes_nothing_twice(tono, shelf, monkeypatch):
    quiz, (first, *_others) = _quiz(shelf)
    done = [_take(AccountFactory(), quiz, (1, 0, 1)) for _index in range(5)]
    monkeypatch.setattr(regrading, "BATCH", 2)
    correction = key_correction.correct_key(first.current, _draft(first.current, 1), reason=REASON, by=tono)
    regrading.regrade(done[0].pk, correction, at=correction.at)  # as far as a worker came that was killed then
    outbox.drain(kinds=[regrading.REGRADE])
    steps = [attempt.steps.count() for attempt in done]
    Job.objects.filter(kind=regrading.REGRADE).update(state="waiting")
    outbox.drain(kinds=[regrading.REGRADE])
    assert [attempt.steps.count() for attempt in done] == steps
    assert Regrade.objects.count() == 5 and Notice.objects.filter(key__startswith="assessments.regraded:").count() == 5


def test_an_open_attempt_is_graded_by_the_new_key_and_has_nothing_to_be_told(sari, tono, shelf):
    quiz, (first, *_others) = _quiz(shelf)
    attempt = attempts.start(sari, quiz.current, context_key="enrolment:1")
    _correct(first, 1, tono)
    for laid in attempt.layout:
        attempts.answer(attempt, laid["v"], right_answer(laid["v"]))
    attempts.finish(attempt, by=sari)
    assert attempt.score == 100 and not Regrade.objects.exists()


@pytest.mark.parametrize(("what", "score", "possible"), [(Ruling.FULL, Decimal("66.67"), 3), (Ruling.OUT, Decimal("50.00"), 2)])
def test_a_faulty_question_counts_for_everybody_or_for_nobody(sari, tono, shelf, what, score, possible):
    quiz, (first, *_others) = _quiz(shelf)
    attempt = _take(sari, quiz, (2, 0, 1))
    key_correction.correct_key(first.current, what=what, reason=REASON, by=tono)
    outbox.drain(kinds=[regrading.REGRADE])
    attempt.refresh_from_db()
    assert (attempt.score, attempt.points_possible) == (score, possible)
    assert AnswerKey.objects.get(pk=first.current_id).data["correct"] == right_answer(first.current_id)


def test_what_is_refused(tono, shelf):
    question = make_question(collection=shelf)
    version = question.current
    same, other = key_correction.draft_of(version), _draft(version, 1)
    reworded = key_correction.make_draft(version, options=[{"text": f"x{index}", "is_correct": index == 1} for index in range(4)])
    assert list(key_correction.problems(version, same, reason=REASON)) == ["what"]
    assert list(key_correction.problems(version, reworded, reason=REASON)) == ["options"]
    assert list(key_correction.problems(version, other, reason="x")) == ["reason"]
    assert list(key_correction.problems(version, what="nothing", reason=REASON)) == ["what"]
    essay = make_question("essay", collection=shelf, **keywords_of("essay"))
    assert list(key_correction.problems(essay.current, what=Ruling.KEY, reason=REASON)) == ["what"]
    scale = make_question("scale", collection=shelf, **keywords_of("scale"))
    assert list(key_correction.problems(scale.current, what=Ruling.OUT, reason=REASON)) == ["what"]
    with pytest.raises(RuleViolation):
        key_correction.correct_key(version, reworded, reason=REASON, by=tono)
    assert not KeyCorrection.objects.exists() and right_answer(version.pk) == [version.body["options"][0]["id"]]


def test_the_only_question_is_not_taken_out(sari, tono, shelf):
    quiz, (only,) = _quiz(shelf, count=1)
    _take(sari, quiz, (1,))
    assert list(key_correction.problems(only.current, what=Ruling.OUT, reason=REASON)) == ["what"]


def _in_a_course(person, shelf, **more):
    quiz, questions = _quiz(shelf, kind=QuizKind.POST, **more)
    enrolment = read_lessons(enrolled(person, published_course(lessons=1, pass_mark=60, post_quiz=quiz)))
    return enrolment, quiz, questions


def test_the_course_hears_of_a_pass(sari, tono, shelf):
    enrolment, quiz, (first, *_others) = _in_a_course(sari, shelf)
    attempt = _take(sari, quiz, (1, 0, 1), context_key=enrolment.context_key)
    assert not Completion.objects.exists()
    _correct(first, 1, tono)
    enrolment.refresh_from_db()
    assert (enrolment.best_score, enrolment.is_quiz_passed, enrolment.state) == (Decimal("66.67"), True, EnrolmentState.COMPLETED)
    assert Completion.objects.get().attempt_id == attempt.pk


def test_a_completion_is_never_taken_back(sari, tono, shelf):
    enrolment, quiz, (first, *_others) = _in_a_course(sari, shelf)
    _take(sari, quiz, (0, 0, 1), context_key=enrolment.context_key)
    fact = Completion.objects.values().get()
    _correct(first, 1, tono)
    enrolment.refresh_from_db()
    assert (enrolment.best_score, enrolment.is_quiz_passed, enrolment.state) == (Decimal("33.33"), True, EnrolmentState.COMPLETED)
    assert Completion.objects.values().get() == fact


def test_who_has_left_gets_her_scores_corrected_and_stays_out(sari, tono, shelf):
    enrolment, quiz, (first, *_others) = _in_a_course(sari, shelf)
    _take(sari, quiz, (1, 0, 1), context_key=enrolment.context_key)
    type(enrolment).objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)
    _correct(first, 1, tono)
    enrolment.refresh_from_db()
    assert (enrolment.best_score, enrolment.is_quiz_passed, enrolment.state) == (Decimal("66.67"), True, EnrolmentState.WITHDRAWN)
    assert not Completion.objects.exists()


def test_what_people_graded_stays(sari, tono, shelf):
    single, essay = make_question(collection=shelf), make_question("essay", collection=shelf, **keywords_of("essay"))
    quiz = make_quiz(questions=[single, essay], collection=shelf, is_shuffled=False, pass_mark=70)
    attempt = attempts.start(sari, quiz.current, context_key="enrolment:1")
    attempts.answer(attempt, single.current_id, wrong_answer(single.current_id))
    attempts.answer(attempt, essay.current_id, "Saya mulai dengan salam.")
    attempts.finish(attempt, by=sari)
    hand_grading.give(Mark.objects.get(attempt=attempt, version=essay.current), Written((Decimal(3), Decimal(0))), by=tono)
    _correct(single, 1, tono)
    attempt.refresh_from_db()
    assert attempt.score == 75 and Mark.objects.get(attempt=attempt, version=essay.current).fraction == Decimal("0.5")
    assert attempt.is_passed


def _form(version, right, **more):
    return {"what": "key", "right": str(right), "explanation": "Yang kedua, menurut peraturan baru.", "reason": REASON, **more}


def test_a_trainer_sees_what_would_change_before_it_does(client, tono, shelf):
    quiz, (first, *_others) = _quiz(shelf)
    sari, budi = AccountFactory(), AccountFactory()
    _take(sari, quiz, (1, 0, 1))
    _take(budi, quiz, (0, 0, 0))
    client.force_login(tono)
    url = reverse("assessments:correct_key", args=[first.pk, 1])
    assert url in client.get(reverse("assessments:question", args=[first.pk])).content.decode()
    page = client.get(url).content.decode()
    assert "Koreksi kunci" in page and first.current.stem in page

    seen = client.post(url, _form(first.current, 1))
    assert seen.status_code == 200 and not KeyCorrection.objects.exists(), "looking changes nothing"
    preview = seen.context["preview"]
    assert (preview.attempts, preview.better, preview.worse, preview.new_passes, preview.kept_passes) == (2, 1, 1, 1, 0)
    assert "Nilai naik: 1. Nilai turun: 1." in seen.content.decode()

    other = client.post(url, _form(first.current, 2, act="save", seen=seen.context["seen"]))
    assert other.status_code == 200 and other.context["preview"] and not KeyCorrection.objects.exists(), "another key than the one that was seen"
    assert client.post(url, _form(first.current, 1, act="save", seen=seen.context["seen"])).url == url
    outbox.drain(kinds=[regrading.REGRADE])
    history = client.get(url).content.decode()
    assert REASON in history and "Hasil berubah: 2; orang diberi tahu: 2; baru lulus: 1." in history
    again = client.post(url, _form(first.current, 1, act="save", seen=seen.context["seen"]))
    assert again.status_code == 422 and KeyCorrection.objects.count() == 1, "the same correction twice"


def test_what_cannot_be_corrected_is_said_at_its_field(client, tono, shelf):
    _quiz_made, (first, *_others) = _quiz(shelf)
    client.force_login(tono)
    url = reverse("assessments:correct_key", args=[first.pk, 1])
    same = {"right": "0", "explanation": first.current.answer_key.explanation}
    faulty = [({"right": ""}, "right"), ({"reason": "salah"}, "reason"), ({"what": "lain"}, "what"), ({"explanation": " "}, "explanation"),
              (same, "what"), ({"right": "9"}, "right"), ({"reason": "x" * 1_001}, "reason")]
    for changes, field in faulty:
        answer = client.post(url, {**_form(first.current, 1), **changes})
        assert answer.status_code == 422 and field in answer.context["form"].errors, (changes, answer.context["form"].errors)
    text = make_question(collection=shelf, **keywords_of("short_text"))
    url = reverse("assessments:correct_key", args=[text.pk, 1])
    assert client.post(url, {"what": "key", "content_answers": "", "explanation": "Sebab.", "reason": REASON}).status_code == 422
    assert not KeyCorrection.objects.exists()


def test_other_shelves_are_not_there(client, tono, shelf):
    elsewhere = make_question(collection=Collection.get_first_root_node().add_child(name="Rak lain"))
    client.force_login(tono)
    assert client.get(reverse("assessments:correct_key", args=[elsewhere.pk, 1])).status_code == 404
    mine = make_question(collection=shelf)
    assert client.get(reverse("assessments:correct_key", args=[mine.pk, 2])).status_code == 404


def test_the_history_asks_as_little_for_three_corrections_as_for_one(client, tono, shelf):
    _quiz_made, (first, *_others) = _quiz(shelf)
    client.force_login(tono)
    url = reverse("assessments:correct_key", args=[first.pk, 1])
    client.get(url)
    counts = []
    for right in (1, 2, 3):
        _correct(first, right, tono)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[2], counts
