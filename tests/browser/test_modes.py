"""Learning mode as people meet it, with the script and without it; missed questions that come back; the trainer's settings."""

import os
from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.domain import attempts
from assessments.models import Attempt
from core.domain import outbox
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer, take_quiz, wrong_answer

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("BINA_SHOTS")  # a folder: look at the pages yourself


def _shot(page, name):
    if SHOTS:
        page.tab.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


@pytest.fixture
def attempt(sari, transactional_db):
    questions = [make_question(
        stem=f"Warga datang tanpa berkas lengkap. Langkah pertama nomor {number}?", topic="Menyambut warga",
        explanation="Sapaan membuka percakapan; berkas yang kurang dijelaskan sesudahnya, bersama jalan keluarnya.", options=[
            {"text": "Menyapa, lalu menanyakan keperluannya", "is_correct": True},
            {"text": "Meminta warga pulang dahulu", "feedback": "Warga pulang tanpa tahu apa yang kurang."}]) for number in (1, 2)]
    quiz = make_quiz(questions=questions, kind="practice", mode="learning", attempt_limit=None, title="Latihan menyambut warga")
    return attempts.start(sari, quiz.current)


def _page(attempt, n=1):
    return reverse("assessments:attempt", args=[attempt.pk, n])


def _names(attempt, n):
    laid = attempt.layout[n - 1]
    names = dict(zip(laid["o"], laid["t"], strict=True))
    return names[right_answer(laid["v"])[0]], names[wrong_answer(laid["v"])[0]]


@pytest.mark.parametrize("width, script", [(320, True), (360, True), (1280, True), (360, False)])
def test_answer_look_and_go_on(visit, sari, attempt, width, script):
    page = visit(_page(attempt), as_=sari, width=width, script=script)
    tab = page.tab
    if script:
        page.check()
    _shot(page, f"belajar-soal{'' if script else '-tanpa-skrip'}")
    tab.locator(f'#answer [name=pilihan][value="{_names(attempt, 1)[1]}"]').check()
    tab.locator("[data-look][data-plain]").click()
    tab.locator("#umpan-balik").wait_for()
    text = tab.inner_text("#umpan-balik")
    assert "tanpa tahu apa yang kurang" in text and "Sapaan membuka percakapan" in text
    assert tab.locator("#answer [name=pilihan]:enabled").count() == 0
    if script:
        page.check()
        assert tab.evaluate("document.activeElement.id") == "umpan-balik"
    _shot(page, f"belajar-umpan-balik{'' if script else '-tanpa-skrip'}")
    tab.locator("#answer [data-next]").click()
    tab.wait_for_url("**/soal/2/")
    tab.locator(f'#answer [name=pilihan][value="{_names(attempt, 2)[0]}"]').wait_for()
    tab.locator(f'#answer [name=pilihan][value="{_names(attempt, 2)[0]}"]').check()
    tab.keyboard.press("Enter")
    tab.locator("#umpan-balik").wait_for()
    stored = Attempt.objects.get(pk=attempt.pk)
    assert stored.revealed == [laid["v"] for laid in stored.layout] and attempts.replay(stored).answers == stored.answers
    tab.locator("#answer [data-next]").click()
    tab.wait_for_url("**/tinjau/")
    tab.locator("#hand-in button").click()
    tab.wait_for_url("**/hasil/")
    assert "1" in tab.inner_text(".big")
    if script:
        page.check()


def test_checking_without_an_answer_or_a_signal_says_so_and_loses_nothing(visit, sari, attempt):
    page = visit(_page(attempt), as_=sari)
    tab = page.tab
    tab.locator("[data-look][data-plain]").click()
    tab.locator("#quiz [role=alert]").wait_for()
    tab.context.set_offline(True)
    tab.locator(f'#answer [name=pilihan][value="{_names(attempt, 1)[0]}"]').check()
    tab.locator("[data-look][data-plain]").click()
    tab.locator("#unsent:not([hidden])").wait_for()
    tab.context.set_offline(False)
    tab.locator("[data-look][data-plain]").click()
    tab.locator("#umpan-balik").wait_for()
    assert len(Attempt.objects.get(pk=attempt.pk).revealed) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_the_trainer_sets_mode_and_matrix(visit, tono, sari, width, transactional_db):
    quiz = make_quiz(2, collection=open_shelf_to_trainers(), kind="practice", review={
        "score": "now", "answers": "now", "verdicts": "now", "right": "never", "explanations": "never"})
    page = visit(reverse("assessments:quiz_edit", args=[quiz.pk]), as_=tono, width=width)
    page.check()
    _shot(page, "kuis-pengaturan")
    page.go(reverse("assessments:quiz", args=[quiz.pk]))
    page.check()
    _shot(page, "kuis-rinci")
    attempt = take_quiz(sari, quiz, right=1)
    page = visit(reverse("assessments:result", args=[attempt.pk]), as_=sari, width=width)
    page.check()
    _shot(page, "hasil-sebagian")


@pytest.mark.parametrize("width", [360, 1280])
def test_missed_questions_on_the_home_page_and_practised(visit, sari, width, transactional_db):
    quiz = make_quiz(4, pass_mark=50, title="Kuis akhir: pelayanan loket")
    done = take_quiz(sari, quiz, right=2, context_key="")
    outbox.drain(at=done.finished_at + timedelta(days=4))
    page = visit(reverse("improvement:home"), as_=sari, width=width)
    page.check()
    _shot(page, "beranda-latihan")
    page.go(reverse("assessments:practice"))
    page.check()
    _shot(page, "latihan-ulang")
    tab = page.tab
    tab.locator("form[action$='/mulai/'] button").click()
    tab.wait_for_url("**/soal/1/")
    page.check()
    tab.locator("#answer [name=pilihan]").first.check()
    tab.locator("[data-look][data-plain]").click()
    tab.locator("#umpan-balik").wait_for()
    tab.locator("#answer [data-next]").click()
    tab.wait_for_url("**/soal/2/")
    tab.locator("[data-look][data-plain]").wait_for()
    page.assert_fits()
    _shot(page, "belajar-tiga-tombol")
    tab.locator("#answer [data-next]").click()
    tab.wait_for_url("**/tinjau/")
    tab.locator("#hand-in button").click()
    tab.wait_for_url("**/hasil/")
    page.check()
    _shot(page, "latihan-hasil")
    page.go(reverse("assessments:practice"))
    page.check()
    _shot(page, "latihan-selesai")
