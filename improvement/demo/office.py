"""The office around the story: people and roles, courses and standards, what waits on HR's, the trainer's and the evaluator's desk."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from certificates.domain.revocation import revoke
from certificates.models import Certificate, CertificateDesign
from core.domain.exports import csv_bytes
from courses.models import LessonPage
from improvement.demo.cast import ADMIN_NAME, HEADER, rows
from improvement.demo.courses import make_indicators, read_courses, write_courses
from improvement.demo.deeds import Deeds
from improvement.demo.measures import COMPLAINT, INDICATORS, OF_POST
from people.domain import imports
from people.domain.grants import grant
from people.domain.notices import mark_read
from people.enums import EmploymentStatus, ImportKind, Role
from people.models import Account, Notice, Position
from performance.domain import evaluations, gap_rules, standards
from performance.domain.evaluation_facts import ScoreFacts
from performance.domain.periods import find_or_make
from performance.enums import Direction, GapKind
from performance.models import GapRule, Indicator, PerformanceStandard

ROLES = (("dewi", Role.HR_CENTRAL, ""), ("ratna", Role.HR_UNIT, "31.10"), ("tono", Role.TRAINER, ""), ("agus", Role.AUDITOR, ""),
         ("nadia", Role.COUNSELLOR, ""), ("hendra", Role.EVALUATOR, "31.10"))


def people(story) -> None:
    """The HR file, the roles, and the technical administrator. All of them are demo accounts."""
    from improvement.demo.build import import_bytes

    at = story.calendar.after(1, -40)
    import_bytes(ImportKind.PEOPLE, "pegawai-contoh.csv", csv_bytes(HEADER, rows(story.cast)), by=None, at=at)
    admin = Account.objects.create_user(ADMIN_NAME, "admin@contoh.jakarta.example", None, name="Admin Contoh", status=EmploymentStatus.TECHNICAL)
    Account.objects.update(is_demo=True)
    story.deeds = Deeds(story.cast, {})
    for key, role, code in ROLES:
        grant(story.deeds.account(story.cast[key]), role, unit=story.unit(code) if code else None, by=None, at=at)
    grant(admin, Role.ADMIN, by=None, at=at)


def courses(story) -> None:
    """Six courses by Tono; indicators and standards by Dewi; certificates of C6 wait for HR."""
    at, data = story.calendar.after(1, -30), read_courses()
    indicators = make_indicators(data)
    story.deeds.courses = write_courses(data, indicators, by=story.deeds.account(story.cast["tono"]), at=at)
    dewi = story.deeds.account(story.cast["dewi"])
    for post, names in OF_POST.items():
        for position in Position.objects.filter(name=post):
            for name in names:
                standard = PerformanceStandard(
                    indicator=indicators[name], position=position, target=INDICATORS[name][2], valid_from=story.calendar.quarters[0][0],
                    legal_basis="Standar pelayanan unit (contoh)")
                standards.save_reference(standard, by=dewi, at=at)
    rule = GapRule(name="Tanggapan pengaduan: dua periode berturut-turut", kind=GapKind.INDICATOR, consecutive_misses=2,
                   default_remedies=["course", "guidance"], legal_basis="Usulan unit, belum dinyalakan")
    gap_rules.save_rule(rule, indicators=[indicators[COMPLAINT]], by=dewi, at=at)
    default = CertificateDesign.objects.filter(course__isnull=True).select_related("issuer", "type").first()
    if default is not None:
        design = CertificateDesign.objects.create(
            name="Sertifikat pelatihan pimpinan", issuer=default.issuer, type=default.type, signer_name=default.signer_name,
            signer_post=default.signer_post, needs_confirmation=True, course=story.deeds.courses["C6"])
        design.save_revision(user=dewi).publish()


def today(story) -> None:
    """What lies on the desks this morning."""
    calendar, scene = story.calendar, story.scene
    scene(calendar.recent(0.8), lambda at: _revoke_one(story, at))
    scene(calendar.recent(0.85), lambda at: _measure_internally(story, at))
    scene(calendar.recent(0.9), lambda at: _draft_lesson(story))
    scene(calendar.recent(0.95), lambda at: _file_to_check(story, at))


def _revoke_one(story, at) -> None:
    learned = Certificate.objects.filter(completion__course=story.deeds.courses["C5"]).order_by("pk").first()
    if learned is not None:
        revoke(learned, reason="Diterbitkan untuk peserta yang keliru; peserta yang benar menerima sertifikat baru.",
               by=story.deeds.account(story.cast["dewi"]), at=at)


def _measure_internally(story, at) -> None:
    """E1: one internal measurement finished, one still a draft."""
    hendra = story.deeds.account(story.cast["hendra"])
    period = find_or_make(*story.calendar.quarters[3])
    recorded = Indicator.objects.get(name="Dokumen terekam elektronik pada hari yang sama")
    counted = ScoreFacts(recorded.pk, Decimal(INDICATORS[recorded.name][2]), Decimal(97), Direction.HIGHER, 120)
    staff = story.cast.staff("31.10", "Pengadministrasi umum")
    first, second = story.deeds.account(staff[0]), story.deeds.account(staff[1])
    done = evaluations.record_internal(
        first, period=period, result_rating="meets", scores=[counted], remarks="Pengukuran bersama di loket kecamatan.", by=hendra, at=at)
    evaluations.finalise([done], by=hendra, at=at)
    evaluations.record_internal(second, period=period, result_rating="meets", remarks="Menunggu rekap pekan terakhir.", by=hendra, at=at)


def _draft_lesson(story) -> None:
    """Tono is at work on a lesson: saved, not yet published."""
    course = story.deeds.courses["C3"]
    lesson = LessonPage.objects.descendant_of(course).order_by("path").last()
    if lesson is not None:
        lesson.title = f"{lesson.title} (contoh baru)"
        lesson.save_revision(user=story.deeds.account(story.cast["tono"]))


def _file_to_check(story, at) -> None:
    """H8: a file of Ratna with rows that need repair, checked and not applied."""
    ratna = story.deeds.account(story.cast["ratna"])
    listed = [row for row in rows(story.cast) if row[7] == "31.10.01"][:14]
    listed[5] = ["1.99304E+17", *listed[5][1:]]
    listed[7] = [listed[7][0], "", *listed[7][2:]]
    listed[9] = [*listed[9][:3], "Honorer", *listed[9][4:]]
    listed[11] = [*listed[11][:6], "Koordinator loket", *listed[11][7:]]
    run = imports.upload(ImportKind.PEOPLE, [("pegawai-melati.csv", io.BytesIO(csv_bytes(HEADER, listed)))], by=ratna, at=at)
    imports.check(run, at=at)


def finish(story) -> None:
    """What people had read long ago is read."""
    now = story.calendar.now
    mark_read(Notice.objects.filter(created_at__lt=now - timedelta(days=9), read_at__isnull=True), at=now - timedelta(days=1))

