"""Item statistics: the formulas against published worked examples, the figures against what people did, and what is kept quiet."""

import math
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from assessments.domain import attempts, classical, gain, item_statistics
from assessments.enums import QuizKind
from assessments.models import Objective
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz
from tests.factories.people import AccountFactory

# Ten students, ten items: K. Wuensch, East Carolina University, "The Kuder-Richardson 20" (core.ecu.edu/wuenschk/StatHelp/KR20.txt).
WUENSCH = [
    [1, 1, 1, 1, 1, 1, 0, 1, 1, 0], [1, 0, 1, 1, 0, 1, 1, 1, 0, 1], [1, 1, 1, 1, 0, 1, 1, 0, 0, 1], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 1, 0, 0, 1, 0], [1, 1, 1, 0, 1, 1, 1, 1, 1, 1], [1, 1, 0, 1, 1, 1, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 0, 1],
    [0, 1, 0, 1, 1, 1, 1, 1, 0, 1], [1, 1, 0, 1, 1, 0, 1, 1, 1, 0],
]


def _pearson(one, other):
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    top = sum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True))
    return top / math.sqrt(sum((a - mean_one) ** 2 for a in one) * sum((b - mean_other) ** 2 for b in other))


def _sums(column, totals):
    return classical.Sums(len(column), sum(column), sum(x * x for x in column), sum(totals), sum(t * t for t in totals),
                          sum(x * t for x, t in zip(column, totals, strict=True)))


def test_kr20_is_that_of_the_published_example():
    totals = [sum(row) for row in WUENSCH]
    columns = [list(column) for column in zip(*WUENSCH, strict=True)]
    variances = [_sums(column, totals).variance for column in columns]
    assert [round(variance, 2) for variance in variances] == [.21, .21, .24, .21, .24, .16, .21, .21, .25, .24]
    total = sum(t * t for t in totals) / 10 - (sum(totals) / 10) ** 2
    assert round(total, 2) == 5.84
    assert classical.alpha(variances, total) == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))
    for column in columns:
        rest = [total_one - x for x, total_one in zip(column, totals, strict=True)]
        assert classical.item_rest(_sums(column, totals), 1) == pytest.approx(_pearson(column, rest)), "from sums as from the rows themselves"


def test_the_paired_interval_is_that_of_students_own_example():
    # Hours of sleep won by two drugs, ten patients: Student (1908), Biometrika 6. R's t.test(paired=TRUE) gives 1.58, 0.7001142 to 2.4598858.
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = classical.paired_gain(list(zip(one, other, strict=True)))
    assert (found.n, round(found.mean, 6), round(found.low, 6), round(found.high, 6)) == (10, 1.58, 0.700114, 2.459886)
    assert found.is_sure


@pytest.mark.parametrize(("freedom", "value"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980), (10_000, 1.960)])
def test_quantiles_are_those_of_the_printed_table(freedom, value):
    assert classical.student_quantile(freedom) == pytest.approx(value, abs=0.0006)


def test_groups_hold_27_percent_and_who_is_equal_stands_together():
    assert classical.cut_scores(list(range(1, 101))) == (74, 27)
    assert classical.cut_scores([50, 50, 50, 90, 90]) == (90, 50)
    assert classical.cut_scores([70] * 30) is None and classical.cut_scores([]) is None


def test_a_sure_error_of_measurement_wants_a_reliability():
    assert classical.standard_error(10, 0.84) == pytest.approx(4.0)
    assert classical.standard_error(10, None) is None and classical.standard_error(10, -0.2) is None
    assert classical.alpha([0.2], 1.0) is None and classical.alpha([0.2, 0.2], 0.0) is None


# --- What people did ---------------------------------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


def _taken(quiz, rows, **more):
    """People who choose option numbers: a row a person, a number a question; None is blank."""
    done = []
    for index, row in enumerate(rows):
        attempt = attempts.start(AccountFactory(), quiz.current, context_key=f"enrolment:{index}")
        for laid, choice in zip(sorted(attempt.layout, key=lambda laid: laid["v"]), row, strict=True):
            if choice is not None:
                attempts.answer(attempt, laid["v"], [sorted_options(laid["v"])[choice]])
        done.append(attempts.finish(attempt, by=attempt.person))
    return done


def sorted_options(version_id):
    from assessments.models import QuestionVersion

    return [option["id"] for option in QuestionVersion.objects.get(pk=version_id).body["options"]]


def _quiz(shelf, count=3, **more):
    questions = [make_question(collection=shelf, options=3, points=index + 1) for index in range(count)]
    return make_quiz(questions=questions, collection=shelf, is_shuffled=False, attempt_limit=None, **more), questions


def test_figures_are_those_of_the_rows(shelf):
    quiz, questions = _quiz(shelf)
    rows = [(0, 0, 0)] * 4 + [(0, 1, 0)] * 3 + [(1, 1, 0)] * 2 + [(2, 1, None)] * 3
    done = _taken(quiz, rows)
    found = item_statistics.figures(quiz)
    assert (found.n, found.is_told, found.is_same_for_all) == (12, True, True)
    marks = [[float(choice == 0) for choice in row] for row in rows]
    totals = [sum(x * (index + 1) for index, x in enumerate(row)) for row in marks]
    assert found.mean == pytest.approx(sum(float(attempt.score) for attempt in done) / 12, abs=0.01)
    for index, (item, question) in enumerate(zip(found.items, questions, strict=True)):
        column = [row[index] for row in marks]
        rest = [total - x * (index + 1) for x, total in zip(column, totals, strict=True)]
        assert item.question == question.pk and item.facility == pytest.approx(sum(column) / 12)
        assert item.discrimination == pytest.approx(_pearson(column, rest))
    first = found.items[0]
    assert [(answer.n, answer.is_right) for answer in first.answers] == [(7, True), (2, False), (3, False)]
    assert (first.answers[0].upper, first.answers[0].lower, first.index) == (1.0, 0.0, 1.0), "upper: the 4 best, lower: the 4 least and their equals"
    assert found.items[2].blank == 3
    variances = [(index + 1) ** 2 * (sum(c) / 12 - (sum(c) / 12) ** 2) for index, c in enumerate(zip(*marks, strict=True))]
    spread = sum(t * t for t in totals) / 12 - (sum(totals) / 12) ** 2
    assert found.alpha == pytest.approx(classical.alpha(variances, spread))


def test_a_key_that_may_be_wrong_is_named_and_a_sound_question_is_not(shelf):
    quiz, _questions = _quiz(shelf, 4)
    # The strong choose answer 1 of the first question although its key says 0; the weak choose the key.
    rows = [(1, 0, 0, 0)] * 12 + [(0, 1, 1, 0)] * 6 + [(0, 1, 2, 1)] * 6
    _taken(quiz, rows)
    items = item_statistics.figures(quiz).items
    assert items[0].signs == ["key"]
    assert items[1].signs == [] and items[2].signs == []


def test_signs_of_chance_are_kept_quiet_in_small_groups_and_below_five_nothing_is_told(shelf):
    quiz, _questions = _quiz(shelf, 2)
    _taken(quiz, [(1, 0)] * 2 + [(0, 1)] * 2)
    few = item_statistics.figures(quiz)
    assert few.n == 4 and not few.is_told and few.mean is None and few.items == []
    _taken(quiz, [(1, 0)] * 3 + [(0, 1)] * 3)
    some = item_statistics.figures(quiz)
    assert some.n == 10 and some.items[0].discrimination == pytest.approx(-1.0) and "key" not in some.items[0].signs


def test_second_attempts_and_trials_do_not_count(shelf, tono):
    quiz, _questions = _quiz(shelf)
    people = [AccountFactory() for _index in range(6)]
    for person in people:
        take_quiz(person, quiz, right=1)
        take_quiz(person, quiz)
    take_quiz(tono, quiz, context_key="trial")
    found = item_statistics.figures(quiz)
    assert found.n == 6 and found.items[2].facility == 0.0 and found.passed == 0.0
    assert item_statistics.figures(quiz, is_first=False).n == 12


def test_questions_drawn_differently_have_no_common_reliability(shelf):
    questions = [make_question(collection=shelf, options=3) for _index in range(12)]
    quiz = make_quiz(questions=questions, collection=shelf, draw=4, attempt_limit=None)
    for index in range(30):
        take_quiz(AccountFactory(), quiz, right=index % 5)
    found = item_statistics.figures(quiz)
    assert not found.is_same_for_all and found.alpha is None and found.error is None
    assert sum(item.n for item in found.items) == 120


def test_times_leave_out_what_came_at_once(shelf):
    quiz, _questions = _quiz(shelf, 2)
    began = timezone.now() - timedelta(hours=2)
    for index in range(6):
        attempt = attempts.start(AccountFactory(), quiz.current, context_key=f"enrolment:{index}", at=began)
        first, second = (laid["v"] for laid in attempt.layout)
        attempts.answer(attempt, first, sorted_options(first)[:1], at=began + timedelta(seconds=40))
        attempts.answer(attempt, second, sorted_options(second)[:1], at=began + timedelta(seconds=40))
        attempts.finish(attempt, by=attempt.person, at=began + timedelta(seconds=90))
    found = item_statistics.figures(quiz)
    assert found.items[0].seconds == 40 and found.items[1].seconds is None and found.minutes == 1.5


def test_a_corrected_key_gives_new_figures_at_once(shelf):
    from assessments.domain import key_correction, regrading
    from core.domain import outbox

    quiz, (first, *_others) = _quiz(shelf)
    _taken(quiz, [(1, 0, 0)] * 6)
    assert item_statistics.figures(quiz).items[0].facility == 0
    now = key_correction.draft_of(first.current)
    options = [{"text": option.text, "is_correct": index == 1, "feedback": ""} for index, option in enumerate(now.options)]
    draft = key_correction.make_draft(first.current, options=options)
    key_correction.correct_key(first.current, draft, reason="Kuncinya keliru.", by=AccountFactory())
    outbox.drain(kinds=[regrading.REGRADE])
    assert item_statistics.figures(quiz).items[0].facility == 1


def test_before_and_after_in_the_same_people_by_objective(shelf):
    goals = [Objective.objects.create(code=code, name=code) for code in ("Menyapa", "Mengukur")]
    asked = [make_question(collection=shelf, options=3, objective=goal) for goal in goals]
    before = make_quiz(questions=asked, collection=shelf, kind=QuizKind.PRE, is_shuffled=False)
    after = make_quiz(questions=asked, collection=shelf, kind=QuizKind.POST, is_shuffled=False, attempt_limit=None)
    for index in range(8):
        person, key = AccountFactory(), f"enrolment:{index}"
        take_quiz(person, before, right=0 if index < 6 else 1, context_key=key)
        take_quiz(person, after, right=1 if index < 4 else 2, context_key=key)
        take_quiz(person, after, context_key=key)
    take_quiz(AccountFactory(), after, context_key="enrolment:99")
    (found,) = gain.gains(after)
    assert found.before == before and found.n == 8, "who took no pre-test is not in it, second attempts are not either"
    assert (found.gain.before, found.gain.after, found.gain.mean) == (12.5, 75.0, 62.5) and found.gain.is_sure
    assert {one.objective: round(one.gain.mean, 1) for one in found.objectives} == {"Menyapa": 75.0, "Mengukur": 50.0}
    assert gain.gains(before) == []


# --- On screen ---------------------------------------------------------------------------------------------------------------------------
def _url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def test_a_trainer_reads_figures_in_words_and_takes_them_along(client, tono, shelf):
    quiz, questions = _quiz(shelf, 4, title="Kuis <akhir>")
    client.force_login(tono)
    assert "Belum ada angka" in client.get(_url("quiz_statistics", quiz.pk)).content.decode()
    _taken(quiz, [(1, 0, 0, 0)] * 12 + [(0, 1, 1, 0)] * 6 + [(0, 1, 2, 1)] * 6)
    page = client.get(_url("quiz", quiz.pk)).content.decode()
    assert _url("quiz_statistics", quiz.pk) in page
    page = client.get(_url("quiz_statistics", quiz.pk)).content.decode()
    assert "Kunci mungkin salah" in page and questions[1].name in page and "Kuis &lt;akhir&gt;" in page
    detail = client.get(_url("question_statistics", quiz.pk, questions[0].current_id)).content.decode()
    assert "Peserta terkuat memilih jawaban lain" in detail and "Kelompok atas" in detail
    assert client.get(_url("quiz_statistics", quiz.pk), {"versi": "1", "percobaan": "semua"}).status_code == 200
    for wrong in ("2", "x", "²", "1" * 30):
        assert client.get(_url("quiz_statistics", quiz.pk), {"versi": wrong}).status_code == 404

    answer = client.get(_url("statistics_export", quiz.pk))
    assert 'filename="kuis-akhir-' in answer["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Ringkasan", "Soal", "Jawaban"]
    first = [cell.value for cell in list(book["Soal"].rows)[1]]
    assert first[0] == questions[0].name and first[3] == 24 and first[5] == 50 and "Kunci mungkin salah" in first[9]
    assert len(list(book["Jawaban"].rows)) == 1 + 12


def test_another_trainers_quiz_and_a_foreign_question_are_not_there(client, tono, shelf):
    quiz, _questions = _quiz(shelf)
    elsewhere = Collection.get_first_root_node().add_child(name="Rak lain")
    foreign = make_question(collection=elsewhere)
    other = make_quiz(questions=[foreign], collection=elsewhere)
    client.force_login(tono)
    for name in ("quiz_statistics", "statistics_export"):
        assert client.get(_url(name, other.pk)).status_code == 404
    assert client.get(_url("question_statistics", quiz.pk, foreign.current_id)).status_code == 404


def test_pages_ask_as_little_for_many_questions_as_for_one(client, tono, shelf):
    client.force_login(tono)
    counts = []
    for count in (1, 3):
        quiz, questions = _quiz(shelf, count)
        _taken(quiz, [(0,) * count] * 3 + [(1,) * count] * 3)
        client.get(_url("quizzes"))
        with CaptureQueriesContext(connection) as asked:
            client.get(_url("quiz_statistics", quiz.pk))
        with CaptureQueriesContext(connection) as again:
            client.get(_url("question_statistics", quiz.pk, questions[0].current_id))
        counts.append((len(asked), len(again)))
    assert counts[0] == counts[1], counts


def test_very_many_attempts_are_computed_by_the_worker(client, tono, shelf, monkeypatch):
    from assessments import tasks
    from assessments.views import statistics as views
    from core.domain import outbox

    monkeypatch.setattr(views, "AT_ONCE", 5)
    quiz, questions = _quiz(shelf)
    _taken(quiz, [(0, 0, 0)] * 4 + [(1, 1, 1)] * 4)
    client.force_login(tono)
    assert "sedang dihitung" in client.get(_url("quiz_statistics", quiz.pk)).content.decode()
    assert client.get(_url("question_statistics", quiz.pk, questions[0].current_id)).status_code == 200
    assert client.get(_url("statistics_export", quiz.pk)).status_code == 404
    assert outbox.drain(kinds=[tasks.STATISTICS]) == 1, "asked three times, computed once"
    assert questions[0].name in client.get(_url("quiz_statistics", quiz.pk)).content.decode()
