"""The whole loop through the screens, from file to record: HR of the unit, superior, counter officer and trainer, on a phone and on a desktop.

Nobody touches the database: the people tap. Only the worker's turn is played by draining the outbox.
"""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from assessments.models import Attempt, QuestionVersion
from certificates.models import Certificate
from core.domain.exports import ExportSheet, xlsx_bytes
from core.domain.outbox import drain
from core.domain.seeding import seed_reference
from courses.domain.shelves import sync_members
from performance.enums import GapStatus
from performance.models import Gap, PerformanceRecord
from tests.browser.scenes import NEW_LESSON, NEW_QUESTION, tap, they_talk, tono_corrects, tried_at_work
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, right_answer
from tests.factories.courses import published_course, released_lessons, right_options
from tests.factories.performance import IndicatorFactory

pytestmark = pytest.mark.browser

HEADS = ["nip", "tahun", "bulan_mulai", "bulan_selesai", "hasil_kerja", "perilaku_kerja", "predikat", "nip_penilai"]
MEASURES = ["nip", "aspek", "indikator", "satuan", "target", "arah", "realisasi"]
NAME = "Permohonan KK selesai dalam 24 jam"


def quarter_file(folder, person, appraiser, *, months, rating, predicate, value):
    """A workbook as e-Kinerja exports it: ratings on one sheet, indicators on the other."""
    path = folder / f"kinerja-{months[0]}.xlsx"
    rating_row = [person.nip, 2026, *months, rating, "Sesuai ekspektasi", predicate, appraiser.nip]
    sheets = [
        ExportSheet("Kinerja", HEADS, [rating_row]),
        ExportSheet("Indikator", MEASURES, [[person.nip, "Waktu", NAME, "%", 90, "tinggi", value]]),
    ]
    path.write_bytes(xlsx_bytes(sheets))
    return path


def import_file(visit, ratna, width, path):
    page = visit("/impor/baru/evaluations/", as_=ratna, width=width)
    page.check()
    page.tab.set_input_files("input[type=file]", str(path))
    tap(page, "Periksa berkas")
    drain()
    page.tab.reload()
    page.check()
    tap(page, r"Simpan \d+ perubahan")
    drain()
    page.tab.reload()
    page.check()
    assert page.tab.inner_text("h1") == "Impor disimpan"


def learn(page, course):
    """Every lesson with its check question, then the final quiz."""
    enrolment = course.enrolments.get()
    for lesson in released_lessons(enrolment):
        page.go(f"/pelatihan/{course.slug}/materi/{lesson.position}/")
        page.check()
        page.assert_weight(60, requests=6)
        for check in lesson.checks:
            option = right_options(lesson, check["id"])[0]
            page.tab.locator(f"input[value='{option}']").first.check()
            with page.tab.expect_response(lambda answer: answer.request.method == "POST"):
                page.tab.get_by_role("button", name=re.compile("Periksa jawaban|Jawab")).first.click()
        tap(page, "Selesai, lanjut")


def right_texts(version_id):
    """Options have other names in every attempt; a person goes by their words."""
    right = set(right_answer(version_id))
    return [option["text"] for option in QuestionVersion.objects.get(pk=version_id).body["options"] if option["id"] in right]


def sit_quiz(page, course):
    page.go(f"/pelatihan/{course.slug}/kuis/post/")
    page.check()
    tap(page, "Mulai")
    attempt = Attempt.objects.get(state="open")
    for n, entry in enumerate(attempt.layout, 1):
        page.go(f"/kuis/percobaan/{attempt.pk}/soal/{n}/")
        page.assert_weight(60, requests=6)
        for text in right_texts(entry["v"]):
            page.tab.locator("label.opt").filter(has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")).locator("input").check()
        page.tab.locator("#save-status", has_text="Tersimpan").wait_for()
    page.check()
    page.go(f"/kuis/percobaan/{attempt.pk}/tinjau/")
    page.check()
    tap(page, "Kirim jawaban")
    page.check()


@pytest.mark.parametrize("width", [360, 1280])
def test_from_file_to_record(visit, tmp_path, sari, budi, ratna, tono, width):
    seed_reference()
    sync_members(tono)
    indicator = IndicatorFactory(name=NAME)
    shelf = open_shelf_to_trainers()
    quiz = make_quiz(
        questions=[make_question(collection=shelf) for _n in range(3)], kind="post", collection=shelf, attempt_limit=None
    )
    course = published_course(title="Layanan Cepat di Loket Adminduk", lessons=2, post_quiz=quiz, indicators=[(indicator, 2)])

    # Tono writes one more question, words a lesson better, and publishes both.
    tono_corrects(visit, tono, course, width)

    # Ratna brings the second quarter in; Sari's 71 % becomes a case with one indicator, nothing is assigned.
    paths = quarter_file(tmp_path, sari, budi, months=(4, 6), rating="Di bawah ekspektasi", predicate="Butuh Perbaikan", value=71)
    import_file(visit, ratna, width, paths)
    assert list(Gap.objects.values_list("status", flat=True)) == [GapStatus.OPEN, GapStatus.OPEN]

    # Budi talks with her about the cause and confirms the course.
    page = visit("/tim/", as_=budi, width=width)
    page.check()
    tap(page, "Sari Wulandari", role="link")
    page.check()
    tap(page, NAME, role="link")
    page.tab.get_by_text("Keterampilan:").click()
    tap(page, "Catat sebab")
    page.check()
    tap(page, "Setujui", role="link")
    page.check()
    tap(page, "Setujui")
    page.check()

    # They talk about the case and agree on one action.
    they_talk(visit, sari, budi, Gap.objects.get(parent=None), width)

    # Sari reads why, learns, proves it, plans to try it.
    page = visit("/beranda/", as_=sari, width=width)
    page.check()
    assert "71 %" in " ".join(page.tab.inner_text("main").split()), "she reads why"
    tap(page, "Layanan Cepat di Loket Adminduk", role="link")
    page.check()
    assert NEW_LESSON in page.tab.inner_text("main")
    learn(page, course)
    sit_quiz(page, course)
    assert NEW_QUESTION in page.tab.inner_text("main")
    drain()
    plan = course.enrolments.get()
    assert plan.state == "completed"
    page.go(f"/rencana/{plan.pk}/")
    page.check()
    page.tab.get_by_label("Bila").fill("berkas warga kurang")
    page.tab.get_by_label("Saya akan").fill("menyebutkan semua kekurangan sekaligus")
    tap(page, "Simpan rencana")
    page.check()

    # The certificate is there, and anybody can check it. No gap is closed by it.
    certificate = Certificate.objects.get(person=sari)
    page.go("/sertifikat/")
    page.check()
    verified = visit(f"/v/{certificate.token}/", width=width)
    verified.check()
    verified.assert_weight(25, requests=3)
    assert "berlaku" in verified.tab.locator("h1").inner_text()
    assert set(Gap.objects.values_list("status", flat=True)) <= {GapStatus.ADDRESSED, GapStatus.AWAITING_REVIEW}

    # A month later Sari is asked whether she tried it, two months later Budi whether he saw it.
    tried_at_work(visit, sari, budi, width)

    # Ratna brings the third quarter in: 93 %. The measurement closes the gap and the record says what had been done.
    paths = quarter_file(tmp_path, sari, budi, months=(7, 9), rating="Sesuai ekspektasi", predicate="Baik", value=93)
    import_file(visit, ratna, width, paths)
    assert set(Gap.objects.values_list("status", flat=True)) == {GapStatus.IMPROVED}

    page = visit("/catatan/", as_=sari, width=width)
    page.check()
    entry = PerformanceRecord.objects.filter(kind="improved", gap__indicator=indicator).get()
    page.go(f"/catatan/{entry.pk}/")
    page.check()
    page.tab.get_by_label("Catatan Anda").fill("Lembar periksa membantu.")
    tap(page, "jadikan final")
    page.go(f"/jejak/{entry.gap_id}/")
    page.check()
    assert "93" in page.tab.locator("h1").inner_text()
    entry.refresh_from_db()
    assert entry.state == "final" and entry.final_at <= timezone.now()
