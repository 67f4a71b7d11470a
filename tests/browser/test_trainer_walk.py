"""The trainer's whole way in a browser: ten questions with a random part, tried, published, read in figures, taken along as a workbook."""

import os
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from assessments.models import Attempt, Question, Quiz
from tests.factories.assessments import open_shelf_to_trainers, take_quiz
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("BINA_SHOTS")
PASTED = "\n".join(f"Langkah ke-{index} di loket?\tSapa\tDengar\tTutup\tB\tMendengar lebih dahulu." for index in range(1, 15))


def _shot(page, name):
    if SHOTS:
        page.tab.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


def _url(name, *args):
    return reverse(f"assessments:{name}", args=args)


@pytest.mark.parametrize("width", [360, 1280])
def test_ten_questions_with_a_random_part_from_nothing_to_figures(visit, tono, transactional_db, width):
    shelf = open_shelf_to_trainers()
    page = visit(_url("paste"), as_=tono, width=width)
    tab = page.tab
    tab.get_by_label("Soal", exact=True).fill(PASTED)
    tab.get_by_role("button", name="Periksa").click()
    tab.get_by_role("button", name="Simpan 14 soal").click()
    assert Question.objects.count() == 14

    page.go(_url("quiz_new"))
    tab.get_by_label("Judul").fill("Kuis akhir loket")
    tab.get_by_role("button", name="Simpan").last.click()
    quiz = Quiz.objects.get()
    page.go(_url("quiz_pool", quiz.pk))
    for box in tab.locator("input[name=question]").all()[:6]:
        box.check()
    tab.locator("main form[method=post] button.btn").last.click()
    page.go(_url("section_new", quiz.pk))
    tab.get_by_label("Judul").fill("Bagian acak")
    tab.locator("[name=draw]").fill("4")
    tab.locator("[name=has_source]").check()
    _shot(page, "bagian")
    tab.get_by_role("button", name="Simpan").last.click()
    tab.get_by_role("button", name="Terbitkan").click()
    assert "versi 1 terbit" in tab.inner_text("main")
    page.check()
    _shot(page, "kuis")

    quiz.refresh_from_db()
    page.go(_url("quiz_try", quiz.pk))
    tab.get_by_role("button", name="Mulai").click()
    trial = Attempt.objects.get()
    assert len(trial.layout) == 10 and trial.context_key == "trial"

    for index in range(24):
        take_quiz(AccountFactory(), quiz, right=index % 11, context_key=f"enrolment:{index}")
    page.go(_url("quiz", quiz.pk))
    tab.get_by_role("link", name="Statistik").click()
    assert "24" in tab.inner_text(".figs")
    page.check()
    _shot(page, "statistik")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Unduh (XLSX)").click()
    book = openpyxl.load_workbook(BytesIO(Path(taken.value.path()).read_bytes()))
    assert len(list(book["Soal"].rows)) == 1 + 14
    question = Question.objects.order_by("pk").first()
    tab.get_by_role("link", name=question.name).click()
    page.check()
    _shot(page, "statistik-soal")

    tab.get_by_role("link", name="Koreksi kunci").click()
    tab.get_by_label("A. Sapa").check()
    tab.get_by_label("Alasan").fill("Menurut pedoman baru langkah pertama adalah menyapa.")
    tab.get_by_role("button", name="Lihat yang akan berubah").click()
    assert "Nilai turun" in tab.inner_text("#preview")
    page.check()
    _shot(page, "koreksi")
    tab.get_by_role("button", name="Koreksi sekarang").click()
    assert "Kunci sudah dikoreksi" in tab.inner_text("main")
    page.check()
    assert shelf
