"""Tono uploads a picture and marks places on it; Sari touches one."""

import os

import pytest
from django.urls import reverse

from assessments.domain import attempts
from assessments.models import Attempt, Question
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers
from tests.factories.questions import keywords_of, picture_bytes

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("BINA_SHOTS")  # a folder: look at the pages yourself


def _shot(page, name):
    if SHOTS:
        page.tab.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_tono_marks_places_on_a_picture(visit, tono, transactional_db, width):
    open_shelf_to_trainers()
    page = visit(reverse("assessments:question_new", args=["hotspot"]), as_=tono, width=width)
    tab = page.tab
    tab.locator("#id_stem").fill("Di mana pengaduan diterima?")
    tab.locator("#id_content_areas").fill("* 25 40 12 : Loket pengaduan\n60 20 25 30 : Meja informasi")
    tab.locator("#id_explanation").fill("Sebab.")
    tab.get_by_role("button", name="Simpan soal").click()
    tab.locator("#id_picture_error").wait_for()
    page.console.clear()  # the browser tells of the 422 itself
    page.check()
    _shot(page, "editor-refused")
    tab.locator("#id_picture").set_input_files({"name": "denah.png", "mimeType": "image/png", "buffer": picture_bytes()})
    tab.locator("#id_picture_alt").fill("Denah ruang layanan")
    tab.get_by_role("button", name="Simpan soal").click()
    tab.locator("svg.pict").wait_for()
    page.check()
    _shot(page, "detail")
    page.go(reverse("assessments:question_edit", args=[Question.objects.get().pk])).check()
    _shot(page, "editor")


def test_sari_touches_a_place(visit, sari, transactional_db):
    attempt = attempts.start(sari, make_quiz(questions=[make_question("hotspot", **keywords_of("hotspot"))], is_shuffled=False).current)
    page = visit(reverse("assessments:attempt", args=[attempt.pk, 1]), as_=sari, width=320)
    tab = page.tab
    tab.locator("[data-mark=place-2] text").click()
    assert tab.locator("#place-2").is_checked() and not tab.locator("#place-1").is_checked()
    page.check()
    _shot(page, "touched")
    tab.locator("#save-status").get_by_text("Tersimpan").wait_for(state="attached")
    assert Attempt.objects.get(pk=attempt.pk).answers
