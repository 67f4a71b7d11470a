"""Tono writes, pastes, changes and publishes; nobody else finds these screens (T3)."""

import pytest
from django.urls import reverse
from wagtail.models import Collection

from assessments.domain import bank, quizzes
from assessments.models import Attempt, Question, QuestionVersion, Quiz
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    return open_shelf_to_trainers()


@pytest.fixture
def trainer(client, tono, shelf):
    client.force_login(tono)
    return client


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def written(shelf, **more):
    return {"stem": "Ukuran mana yang ikut dilaporkan?", "option_0": "Rata-rata saja", "option_1": "Median dan persentil 90", "right": "1",
            "explanation": "Rata-rata menyembunyikan yang menunggu lama.", "topic": "Mengukur", "difficulty": "2", "points": "1",
            "collection": shelf.pk, "rows": "4", **more}


def test_tono_makes_a_quiz_from_nothing(trainer, shelf):
    assert "Belum ada soal di sini" in trainer.get(url("questions")).content.decode()
    answer = trainer.post(url("question_new", "single"), written(shelf, feedback_0="Rata-rata saja menutupi ekor."))
    question = Question.objects.get()
    assert answer.url == url("question", question.pk) and question.current.answer_key.data["correct"]
    preview = trainer.get(answer.url).content.decode()
    assert "Median dan persentil 90" in preview and "menutupi ekor" in preview and "Belum dipakai" in preview

    trainer.post(url("question_new", "multiple"), written(shelf, stem="Pilih dua", option_2="Jumlah warga", right=["1", "2"], scoring="exact"))
    trainer.post(url("question_new", "true_false"), written(shelf, stem="Verifikasi boleh dilewati.", option_0="", option_1="", right="1"))
    assert Question.objects.count() == 3
    assert [option["text"] for option in Question.objects.get(type="true_false").current.body["options"]] == ["Benar", "Salah"]

    settings = {"title": "Kuis akhir", "kind": "post", "pass_mark": "70", "attempt_limit": "3", "cool_down_hours": "0", "is_shuffled": "on",
                "collection": shelf.pk}
    assert trainer.post(url("quiz_new"), settings).status_code == 302
    quiz = Quiz.objects.get()
    assert trainer.post(url("quiz_publish", quiz.pk)).status_code == 422, "an empty pool is refused in words"
    trainer.post(url("quiz_pool", quiz.pk), {"question": [str(one.pk) for one in Question.objects.all()]})
    trainer.post(url("quiz_remove", quiz.pk, question.pk))
    assert quiz.items.count() == 2
    assert trainer.post(url("quiz_publish", quiz.pk)).url == url("quiz", quiz.pk)
    assert "versi 1 terbit" in trainer.get(url("quiz", quiz.pk)).content.decode()

    tried = trainer.post(url("quiz_try", quiz.pk))
    assert tried.status_code == 302 and Attempt.objects.get().context_key == "trial"
    assert "Mulai kuis" not in trainer.get(url("quiz_try", quiz.pk)).content.decode(), "the running trial is continued"


def test_changing_a_question_makes_a_version_and_tells_which_quizzes_are_behind(trainer, shelf):
    trainer.post(url("question_new", "single"), written(shelf))
    question = Question.objects.get()
    quiz = make_quiz(questions=[question], title="Kuis lama")
    form = trainer.get(url("question_edit", question.pk)).content.decode()
    assert "Median dan persentil 90" in form and "Rata-rata menyembunyikan" in form
    trainer.post(url("question_edit", question.pk), written(shelf, topic="Topik lain"))
    assert question.versions.count() == 1, "details alone make no version"
    trainer.post(url("question_edit", question.pk), written(shelf, option_0="Modus"))
    assert question.versions.count() == 2
    assert "menampilkan versi lama" in trainer.get(url("question", question.pk)).content.decode()
    assert "perubahan yang belum terbit" in trainer.get(url("quiz", quiz.pk)).content.decode()


def test_faults_are_told_at_the_field_and_nothing_is_stored(trainer, shelf):
    faulty = [
        ({"stem": ""}, "Tuliskan soalnya"), ({"explanation": " "}, "Tuliskan pembahasan"), ({"right": ""}, "Tandai jawaban yang benar"),
        ({"option_1": "rata-rata  SAJA"}, "dua pilihan yang sama"), ({"points": "0"}, "Bobot harus di atas 0"), ({"points": "-3"}, "Bobot"),
        ({"option_1": "", "right": "0"}, "2 sampai 10 pilihan"), ({"option_0": "", "right": "1"}, "pilihan yang kosong"),
        ({"points": "1e400"}, "Bobot"), ({"stem": "x" * 5000}, "4000"), ({"collection": "99999"}, ""), ({"right": "7"}, ""),
    ]
    for change, sentence in faulty:
        answer = trainer.post(url("question_new", "single"), written(shelf, **change))
        assert answer.status_code == 422 and sentence in answer.content.decode(), change
        assert "Rata-rata menyembunyikan" in answer.content.decode() or "explanation" in change, "what was typed is still there"
    assert not Question.objects.exists() and not QuestionVersion.objects.exists()
    both = trainer.post(url("question_new", "multiple"), written(shelf, right=["0", "1"]))
    assert both.status_code == 422 and "Semua pilihan benar" in both.content.decode()


def test_more_option_rows_without_script(trainer, shelf):
    answer = trainer.post(url("question_new", "single"), written(shelf, more="1"))
    text = answer.content.decode()
    assert answer.status_code == 200 and 'name="option_5"' in text and "Median dan persentil 90" in text
    assert "Tuliskan" not in text, "nothing is judged yet"


def test_copy_and_out_of_use(trainer, shelf):
    question = make_question(collection=shelf, topic="Mengukur")
    answer = trainer.post(url("question_copy", question.pk))
    copy = Question.objects.exclude(pk=question.pk).get()
    assert answer.url == url("question_edit", copy.pk) and copy.topic == "Mengukur" and copy.current.stem == question.current.stem
    quiz = make_quiz(questions=[question, copy])
    trainer.post(url("question_use", question.pk), {"in_use": "0"})
    quizzes.publish_quiz(quiz, by=None)
    assert [entry["q"] for entry in quiz.current.spec["questions"]] == [copy.pk]
    assert f'/bank/{question.pk}/"' not in trainer.get(url("questions")).content.decode()
    assert f'/bank/{question.pk}/"' in trainer.get(url("questions") + "?state=out").content.decode()
    trainer.post(url("question_use", question.pk), {"in_use": "1"})
    assert Question.objects.get(pk=question.pk).is_active


def test_every_screen_is_closed_to_others(client, trainer, shelf, sari, dewi, tono):
    question, quiz = make_question(collection=shelf), make_quiz(1, collection=shelf)
    gets = [url("questions"), url("question_new", "single"), url("question", question.pk), url("question_edit", question.pk), url("paste"),
            url("quizzes"), url("quiz_new"), url("quiz", quiz.pk), url("quiz_edit", quiz.pk), url("quiz_pool", quiz.pk), url("quiz_try", quiz.pk)]
    posts = [*gets[1:2], *gets[3:], url("question_copy", question.pk), url("question_use", question.pk), url("quiz_publish", quiz.pk),
             url("quiz_remove", quiz.pk, question.pk)]
    for address in gets:
        assert trainer.get(address).status_code == 200, address
    for other in (sari, dewi):
        client.force_login(other)
        assert {client.get(address).status_code for address in gets} == {404}
        assert {client.post(address).status_code for address in posts} == {404}
    client.logout()
    assert {client.get(address).status_code for address in gets} == {302}


def test_a_trainer_sees_only_her_shelves(trainer, shelf):
    """Another shelf, to which her group has no permission; nested ids are swapped as well."""
    other = Collection.get_first_root_node().add_child(name="Rak lain")
    foreign, theirs = make_question(collection=other), make_quiz(1, collection=other)
    mine = make_quiz(1, collection=shelf)
    assert foreign.name not in trainer.get(url("questions")).content.decode()
    for address in (url("question", foreign.pk), url("question_edit", foreign.pk), url("quiz", theirs.pk), url("quiz_edit", theirs.pk)):
        assert trainer.get(address).status_code == 404
    for address in (url("question_copy", foreign.pk), url("quiz_publish", theirs.pk), url("quiz_remove", mine.pk, foreign.pk)):
        assert trainer.post(address).status_code == 404
    trainer.post(url("quiz_pool", mine.pk), {"question": [str(foreign.pk), "²", "-1", "9" * 30]})
    assert mine.items.count() == 1, "a foreign question does not slip into the pool"
    assert trainer.post(url("question_new", "single"), written(shelf, collection=other.pk)).status_code == 422


def test_statistics_stay_hidden_below_five(trainer, shelf, sari):
    from tests.factories.people import AccountFactory

    question = make_question(collection=shelf)
    quiz = make_quiz(questions=[question], collection=shelf, attempt_limit=None)
    for right in (1, 1, 0, 0):
        take_quiz(AccountFactory(), quiz, right=right)
    assert "kurang dari 5 jawaban" in trainer.get(url("questions")).content.decode()
    take_quiz(AccountFactory(), quiz, right=0)
    take_quiz(AccountFactory(), quiz, right=1, context_key="trial")
    text = trainer.get(url("questions")).content.decode()
    assert "40" in text and "n = 5" in text


@pytest.mark.parametrize("count", [3, 25])
def test_lists_cost_the_same_for_any_number_of_rows(trainer, shelf, at_most, count):
    quiz = make_quiz(count, collection=shelf)
    for _index in range(count):
        make_quiz(questions=[], collection=shelf, publish=False)
    trainer.get(url("questions"))
    for address, most in ((url("questions"), 12), (url("quizzes"), 9), (url("quiz", quiz.pk), 12), (url("quiz_pool", quiz.pk), 12)):
        with at_most(most):
            assert trainer.get(address).status_code == 200


def test_settings_of_a_quiz_that_cannot_be(trainer, shelf):
    good = {"title": "Kuis", "kind": "post", "pass_mark": "70", "cool_down_hours": "0", "collection": shelf.pk}
    for change in ({"pass_mark": "101"}, {"pass_mark": "-1"}, {"draw": "0"}, {"draw": "5000"}, {"time_limit_minutes": "0"}, {"title": " "},
                   {"introduction": "x" * 2001}, {"title": "x" * 201}, {"attempt_limit": "0"}, {"cool_down_hours": "99999"}, {"kind": "hard"}):
        answer = trainer.post(url("quiz_new"), {**good, **change})
        assert answer.status_code == 422, change
    assert not Quiz.objects.exists()


def test_a_question_that_was_answered_keeps_its_history(tono, shelf, sari):
    question = make_question(collection=shelf)
    attempt = take_quiz(sari, make_quiz(questions=[question]))
    first = attempt.layout[0]["v"]
    bank.revise_question(question, stem="Baru sama sekali?", by=tono)
    assert QuestionVersion.objects.get(pk=first).stem != question.current.stem
