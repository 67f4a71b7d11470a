"""Scenes of the story that are long enough to stand alone: the trainer corrects her course; what was learned is tried at work."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.utils import timezone

from assessments.models import Question
from core.domain import outbox, schedule
from courses.models import LessonPage

NEW_QUESTION = "Kata mana yang pertama didengar warga di loket?"
NEW_LESSON = "Sapa dahulu, lalu periksa"


def tap(page, name, role="button"):
    """Presses what leads to another page, and waits for it."""
    with page.tab.expect_navigation():
        page.tab.get_by_role(role, name=re.compile(name)).first.click()


def tono_corrects(visit, tono, course, width) -> None:
    """A new question from the bank into the final quiz, a better title for a lesson, and one version of it all: no developer needed."""
    page = visit("/pengajar/", as_=tono, width=width)
    page.check()
    page.go("/kuis/bank/baru/single/")
    page.check()
    page.tab.locator("#id_stem").fill(NEW_QUESTION)
    for index, text in enumerate(("Selamat pagi.", "Berkasnya mana?")):
        page.tab.locator(f"#id_option_{index}").fill(text)
    page.tab.locator("#id_right_0").check()
    page.tab.locator("#id_explanation").fill("Sapaan membuka percakapan; berkas menyusul.")
    tap(page, "Simpan soal")
    page.check()
    question = Question.objects.get(current__stem__contains=NEW_QUESTION)
    page.go(f"/kuis/kelola/{course.post_quiz_id}/soal/")
    page.check()
    page.tab.locator(f"input[name='question'][value='{question.pk}']").check()
    tap(page, "Masukkan")
    page.check()
    tap(page, "Terbitkan")
    page.check()
    lesson = LessonPage.objects.descendant_of(course).first()
    page.go(f"/kelola/pages/{lesson.pk}/edit/")
    page.tab.locator("#id_title").fill(NEW_LESSON)
    with page.tab.expect_navigation():
        page.tab.locator("form#page-edit-form").evaluate("form => form.requestSubmit()")
    page.go(f"/pengajar/pelatihan/{course.slug}/")
    page.check()
    tap(page, "Terbitkan perubahan")
    page.check()
    assert "Versi 2" in page.tab.inner_text("main")


def later(days: int):
    """So many days from now, the clock's turn and the worker's done."""
    travel = time_machine.travel(timezone.now() + timedelta(days=days), tick=True)
    travel.start()
    schedule.tick()
    outbox.drain()
    return travel


def tried_at_work(visit, sari, budi, width) -> None:
    """Day 30 asks Sari, day 60 Budi."""
    travel = later(31)
    try:
        page = visit("/beranda/", as_=sari, width=width)
        page.check()
        tap(page, "Sudah dicoba di tempat kerja", role="link")
        page.check()
        page.tab.get_by_label("Sering", exact=True).check()
        page.tab.get_by_label("Satu contoh").fill("Semua kekurangan berkas saya sebutkan sekaligus.")
        tap(page, "Kirim jawaban")
        page.check()
    finally:
        travel.stop()
    travel = later(61)
    try:
        page = visit("/tim/penerapan/", as_=budi, width=width)
        page.check()
        assert sari.full_name in page.tab.inner_text("main")
        tap(page, "^Ya")
        page.check()
    finally:
        travel.stop()
