"""Many trainers and one bank: tags, a second pair of eyes, questions that are alike, from a lesson straight into a pool."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Collection

from assessments.domain import bank, duplicates, question_review
from assessments.enums import ReviewVerdict
from assessments.models import Question, QuestionReview
from core.domain.errors import RuleViolation
from people.models import Notice
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    return open_shelf_to_trainers()


def _url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def _written(shelf, **more):
    return {"stem": "Ukuran mana yang ikut dilaporkan?", "option_0": "Rata-rata saja", "option_1": "Median", "right": "1",
            "explanation": "Sebab.", "difficulty": "2", "points": "1", "collection": shelf.pk, "rows": "4", **more}


# --- Alike -------------------------------------------------------------------------------------------------------------------------------
def test_likeness_counts_words_whatever_their_order_case_and_accents():
    one, other = duplicates.words_of("Berapa lama WARGA menunggu?"), duplicates.words_of("menunggu: berapa láma warga")
    assert one == other and duplicates.likeness(one, other) == 1
    assert duplicates.likeness(one, duplicates.words_of("Berapa lama petugas istirahat")) == Fraction(2, 6)
    assert duplicates.likeness(frozenset(), frozenset()) == 0


@given(st.lists(st.lists(st.sampled_from("satu dua tiga empat lima enam tujuh".split()), max_size=6).map(" ".join), max_size=12))
def test_the_quick_way_finds_the_very_pairs_of_the_slow_way(texts):
    numbered = list(enumerate(texts))
    slow = {frozenset((one, other)) for one, text in numbered for other, second in numbered[one + 1:]
            if duplicates.likeness(duplicates.words_of(text), duplicates.words_of(second)) >= duplicates.SHARE}
    found = [frozenset(pair) for pair in duplicates.pairs(numbered)]
    assert set(found) == slow and len(found) == len(slow)


def test_a_question_names_those_that_are_alike_and_the_bank_shows_groups(client, tono, shelf):
    first = make_question(collection=shelf, stem="Berapa lama warga boleh menunggu di loket?")
    second = make_question(collection=shelf, stem="Berapa lama warga boleh menunggu di loket itu?")
    make_question(collection=shelf, stem="Siapa yang menandatangani berita acara?")
    elsewhere = make_question(collection=Collection.get_first_root_node().add_child(name="Rak lain"), stem=first.current.stem, name="Dari rak lain")
    client.force_login(tono)
    detail = client.get(_url("question", first.pk)).content.decode()
    assert "Soal yang mirip" in detail and second.name in detail and elsewhere.name not in detail
    page = client.get(_url("questions_alike"))
    assert [[question.pk for question in group] for group in page.context["page"]] == [[first.pk, second.pk]]
    bank.set_in_use(second, False, by=tono)
    assert "Tidak ada soal yang mirip" in client.get(_url("questions_alike")).content.decode()


# --- A second pair of eyes ---------------------------------------------------------------------------------------------------------------
def test_a_colleague_reads_agrees_and_a_new_version_begins_anew(tono, shelf):
    colleague = AccountFactory()
    question = make_question(collection=shelf, by=tono)
    with pytest.raises(RuleViolation, match="Anda menulis versi ini"):
        question_review.review(question, ReviewVerdict.AGREED, by=tono)
    question_review.review(question, ReviewVerdict.ASKED, by=tono)
    with pytest.raises(RuleViolation, match="sudah diminta"):
        question_review.review(question, ReviewVerdict.ASKED, by=colleague)
    with pytest.raises(RuleViolation, match="apa yang perlu diperbaiki"):
        question_review.review(question, ReviewVerdict.REMARKS, words="salah", by=colleague)
    question_review.review(question, ReviewVerdict.REMARKS, words="Pilihan ketiga sama dengan yang pertama.", by=colleague)
    notice = Notice.objects.get(person=tono)
    assert notice.url == _url("question_review", question.pk) and "rekan" in notice.title.casefold()
    question_review.review(question, ReviewVerdict.AGREED, by=colleague)
    assert Notice.objects.filter(person=tono).count() == 2
    assert [step.verdict for step in question_review.steps_of(question)] == ["agreed", "remarks", "asked"]

    bank.revise_question(question, stem="Soal yang lain?", by=colleague)
    question.refresh_from_db()
    assert not question_review.steps_of(question).exists(), "what was agreed on is what was read"
    question_review.review(question, ReviewVerdict.AGREED, by=tono)


def test_the_review_on_screen(client, tono, shelf):
    question = make_question(collection=shelf, by=AccountFactory())
    client.force_login(tono)
    url = _url("question_review", question.pk)
    assert "Belum ada yang membaca versi ini" in client.get(url).content.decode()
    for wrong, field in (({"words": "a"}, "verdict"), ({"verdict": "x"}, "verdict"), ({"verdict": "remarks", "words": "a"}, "words"),
                         ({"verdict": "agreed", "words": "x" * 2_001}, "words")):
        answer = client.post(url, wrong)
        assert answer.status_code == 422 and field in answer.context["form"].errors, wrong
    assert not QuestionReview.objects.exists()
    assert client.post(url, {"verdict": "agreed", "words": "Jelas dan <b>tepat</b>."}).url == url
    page = client.get(url).content.decode()
    assert "Disetujui rekan" in page and "&lt;b&gt;tepat&lt;/b&gt;" in page
    assert "Disetujui rekan" in client.get(_url("question", question.pk)).content.decode()
    elsewhere = make_question(collection=Collection.get_first_root_node().add_child(name="Rak lain"))
    assert client.get(_url("question_review", elsewhere.pk)).status_code == 404


# --- Finding and writing -----------------------------------------------------------------------------------------------------------------
def test_tags_are_written_kept_and_found(client, tono, shelf):
    client.force_login(tono)
    answer = client.post(_url("question_new", "single"), _written(shelf, tags=" loket,  antrean panjang, loket,"))
    question = Question.objects.get()
    assert answer.status_code == 302 and sorted(tag.name for tag in question.tags.all()) == ["antrean panjang", "loket"]
    make_question(collection=shelf)
    assert 'value="antrean panjang, loket"' in client.get(_url("question_edit", question.pk)).content.decode()
    found = client.get(_url("questions"), {"tag": "LOKET"}).context["rows"]
    assert [row["question"].pk for row in found] == [question.pk]
    assert "?tag=antrean%20panjang" in client.get(_url("question", question.pk)).content.decode()
    for wrong in ("x" * 51, ",".join(str(number) for number in range(11))):
        assert "tags" in client.post(_url("question_new", "single"), _written(shelf, tags=wrong)).context["form"].errors
    assert Question.objects.count() == 2


def test_the_list_finds_what_waits_for_a_reader(client, tono, shelf):
    colleague = AccountFactory()
    asked, mended, unread = (make_question(collection=shelf, by=colleague) for _index in range(3))
    question_review.review(asked, ReviewVerdict.ASKED, by=colleague)
    question_review.review(mended, ReviewVerdict.REMARKS, words="Kata “loket” terlalu umum.", by=tono)
    client.force_login(tono)
    for state, question in (("asked", asked), ("remarks", mended), ("unread", unread)):
        assert [row["question"].pk for row in client.get(_url("questions"), {"state": state}).context["rows"]] == [question.pk]


def test_from_a_lesson_a_question_goes_straight_into_the_pool(client, tono, shelf):
    quiz = make_quiz(1, collection=shelf)
    foreign = make_quiz(1, collection=Collection.get_first_root_node().add_child(name="Rak lain"))
    client.force_login(tono)
    form = client.get(_url("question_new", "single"), {"topik": "Mengukur", "kuis": quiz.pk}).context["form"]
    assert form["topic"].value() == "Mengukur" and str(form["quiz"].value()) == str(quiz.pk)
    for odd in ("x", "²", "9" * 40):
        assert client.get(_url("question_new", "single"), {"kuis": odd}).status_code == 200
    assert client.post(_url("question_new", "single"), _written(shelf, quiz=foreign.pk)).status_code == 422
    client.post(_url("question_new", "single"), _written(shelf, topic="Mengukur", quiz=quiz.pk))
    assert quiz.items.count() == 2 and foreign.items.count() == 1


@pytest.mark.parametrize("name", ["questions", "questions_alike"])
def test_lists_ask_as_little_for_three_as_for_one(client, tono, shelf, name):
    client.force_login(tono)
    counts = []
    for _turn in (1, 2, 3):
        for place in (1, 2):
            make_question(collection=shelf, stem=f"Berapa lama warga boleh menunggu di loket {'itu' * place}?", tags=["loket"])
        client.get(_url(name))
        with CaptureQueriesContext(connection) as asked:
            client.get(_url(name))
        counts.append(len(asked))
    assert counts[0] == counts[2], counts
