"""Scenes of the story that are long enough to stand alone: the trainer corrects his course, two people talk, what was learned is tried."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from django.utils import timezone

from assessments.models import Question
from core.domain import outbox, schedule
from courses.models import LessonPage
from improvement.models import Guidance

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


def they_talk(visit, sari, budi, case, width) -> None:
    """Budi plans a talk about the case, Sari prepares it; they agree on one action, and both confirm it."""
    page = visit(f"/pembinaan/orang/{sari.pk}/?gap={case.pk}", as_=budi, width=width)
    page.check()
    page.tab.get_by_label("Hari dan jam").fill(f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT09:00}")
    tap(page, "Jadwalkan pertemuan")
    talk = Guidance.objects.get()
    hers = visit(f"/pembinaan/{talk.pk}/", as_=sari, width=width)
    hers.check()
    hers.tab.get_by_label("Apa yang perlu dibicarakan").fill("Berkas yang sering kurang")
    tap(hers, "Tambah")
    page.go(f"/pembinaan/{talk.pk}/")
    page.check()
    assert "Berkas yang sering kurang" in page.tab.inner_text("main")
    for name, text in (("goal", "90 % dalam 24 jam"), ("agreement", "Memakai lembar periksa"), ("action", "Lembar periksa di tiap loket")):
        page.tab.locator(f"#id_{name}").fill(text)
    page.tab.locator("#id_action_due_on").fill(f"{timezone.localdate() + timedelta(days=14)}")
    tap(page, "Simpan dan minta persetujuan")
    page.check()
    hers.go("/beranda/")
    hers.check()
    tap(hers, "Setujui tindakan", role="link")
    assert "Lembar periksa di tiap loket" in hers.tab.inner_text("main")
    tap(hers, "Saya menyetujui")
    hers.check()
    page.go(f"/pembinaan/{talk.pk}/")
    tap(page, "Tindakan sudah dijalankan")
    page.check()


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
