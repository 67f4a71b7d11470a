"""The trainer's bank in a real browser: phone and desk, both themes, axe, and without script."""

import pytest
from django.urls import reverse

from assessments.models import Question, Quiz
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def bank(transactional_db):
    shelf = open_shelf_to_trainers()
    questions = [make_question(collection=shelf, topic="Mengukur: median dan persentil 90", stem=f"Ukuran ke-{index} mana yang ikut dilaporkan?")
                 for index in range(3)]
    quiz = make_quiz(questions=[*questions, make_question("true_false", collection=shelf)], collection=shelf, title="Kuis akhir: layanan cepat")
    for right in range(5):
        take_quiz(AccountFactory(), quiz, right=right % 4)
    return quiz


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_every_screen_of_the_bank(visit, tono, bank, width, theme):
    question = Question.objects.first()
    page = visit(reverse("assessments:questions"), as_=tono, width=width, theme=theme)
    for name, *args in (("questions",), ("question_new", "multiple"), ("question", question.pk), ("question_edit", question.pk), ("paste",),
                        ("quizzes",), ("quiz_new",), ("quiz", bank.pk), ("quiz_edit", bank.pk), ("quiz_pool", bank.pk), ("quiz_try", bank.pk)):
        page.go(reverse(f"assessments:{name}", args=args)).check()


@pytest.mark.parametrize("script", [True, False])
def test_from_pasted_text_to_a_published_quiz(visit, tono, transactional_db, script):
    open_shelf_to_trainers()
    page = visit(reverse("assessments:quiz_new"), as_=tono, script=script)
    tab = page.tab
    tab.get_by_label("Judul").fill("Kuis tempel")
    tab.get_by_role("button", name="Simpan").last.click()
    tab.get_by_role("link", name="Tempel banyak soal").click()
    tab.get_by_label("Soal", exact=True).fill("Berapa?\tSatu\tDua\tB\tKarena dua.\nMana?\tIni\tItu\tE\tSebab.")
    tab.get_by_role("button", name="Periksa").click()
    assert "Kunci “E” tidak ada" in tab.inner_text("main")
    if script:
        page.check()
    tab.get_by_label("Soal", exact=True).fill("Berapa?\tSatu\tDua\tB\tKarena dua.\nMana?\tIni\tItu\tA\tSebab.")
    tab.get_by_role("button", name="Periksa").click()
    tab.get_by_role("button", name="Simpan 2 soal").click()
    quiz = Quiz.objects.get()
    assert quiz.items.count() == 2 and f"/kelola/{quiz.pk}/" in tab.url
    tab.get_by_role("button", name="Terbitkan").click()
    assert "versi 1 terbit" in tab.inner_text("main")
