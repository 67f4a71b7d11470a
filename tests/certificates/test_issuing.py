"""Numbers, facts and the one certificate of a completion."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from certificates.domain.facts import facts_hash, period_text, spread_hours
from certificates.domain.issue import design_for, issue_for_completion
from certificates.domain.numbers import ALPHABET, new_check_code, new_token
from certificates.domain.reference import seed_certificates
from certificates.models import Certificate, CertificateDesign, CertificateType, Issuer, PendingCertificate, SerialCounter
from core.domain.dates import JAKARTA
from core.models import AuditEvent, Job
from courses.models import CourseIndicator, CoursePage, CourseRelease
from people.enums import EmploymentStatus
from people.models import Placement
from performance.enums import Aspect
from performance.models import Indicator
from tests.factories.certificates import ISSUED_AT, MODULES, certified_course, completed, default_design, issued

pytestmark = pytest.mark.django_db


# --- the number ---
def test_the_first_number_of_a_year(sari):
    certificate = issued(sari)

    assert certificate.number == "0001/SERT/BPSDM/XI/2026"
    assert (certificate.year, certificate.serial) == (2026, 1)


def test_numbers_count_on_without_gaps_and_begin_anew_each_year(sari, wati):
    course = certified_course()
    numbers = [issued(person, course).number for person in (sari, wati)]
    new_year = issued(sari, certified_course(title="Lain"), at=datetime(2027, 1, 1, 0, 5, tzinfo=JAKARTA))

    assert numbers == ["0001/SERT/BPSDM/XI/2026", "0002/SERT/BPSDM/XI/2026"]
    assert new_year.number == "0001/SERT/BPSDM/I/2027"


def test_the_year_is_that_of_jakarta(sari):
    """23.30 UTC on the last of December is the next year's morning in Jakarta."""
    certificate = issued(sari, at=datetime.fromisoformat("2026-12-31T23:30:00+00:00"))

    assert certificate.number.endswith("/I/2027")


def test_each_type_has_its_own_numbers(sari, wati):
    issued(sari)
    default_design(type=CertificateType.objects.create(code="sttpl", name="Surat Tanda Tamat Pelatihan"))

    assert issued(wati, certified_course(title="Lain")).number == "0001/STTPL/BPSDM/XI/2026"


def test_a_failed_issue_gives_its_number_back(sari, wati, monkeypatch):
    default_design()
    course = certified_course()
    monkeypatch.setattr("certificates.domain.issue.facts_hash", lambda facts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issue_for_completion(completed(sari, course), at=ISSUED_AT)
    monkeypatch.undo()

    assert issued(wati, course).serial == 1


# --- one certificate per completion ---
def test_issuing_twice_is_issuing_once(sari):
    certificate = issued(sari)
    again = issue_for_completion(certificate.completion, at=ISSUED_AT + timedelta(days=1))

    assert again == certificate
    assert Certificate.objects.count() == 1
    assert SerialCounter.objects.get().last == 1
    assert Job.objects.filter(kind="certificates.render").count() == 1


def test_without_a_design_nothing_is_issued(sari):
    assert issue_for_completion(completed(sari), at=ISSUED_AT) is None


def test_a_draft_design_issues_nothing(sari):
    default_design()
    CertificateDesign.objects.update(live=False)

    assert issue_for_completion(completed(sari), at=ISSUED_AT) is None


def test_a_course_may_have_a_design_of_its_own(sari):
    general = default_design()
    course = certified_course()
    own = CertificateDesign.objects.create(
        name="Khusus", issuer=general.issuer, type=general.type, course=course, signer_name="Pejabat", signer_post="Kepala"
    )

    assert design_for(course) == own
    assert design_for(certified_course(title="Lain")) == general


def test_a_design_that_asks_for_hr_makes_a_place_in_the_queue(sari):
    default_design(needs_confirmation=True)
    completion = completed(sari)

    waiting = issue_for_completion(completion, at=ISSUED_AT)
    assert isinstance(waiting, PendingCertificate)
    assert issue_for_completion(completion, at=ISSUED_AT) == waiting
    assert not Certificate.objects.exists()


def test_issuing_leaves_a_line_without_names_in_the_audit(sari):
    certificate = issued(sari)
    line = AuditEvent.objects.get(verb="certificate.issued")

    assert (line.object_id, line.subject_id) == (certificate.pk, sari.pk)
    assert line.after_hash
    assert "Sari" not in str(line.detail)


# --- the facts ---
def test_the_facts_are_a_snapshot(sari, melati):
    sari.rank, sari.grade = "Penata Muda", "III/a"
    sari.save(update_fields=["rank", "grade"])
    facts = issued(sari).facts

    assert facts["name"] == "Sari Wulandari, A.Md."
    assert (facts["id_label"], facts["nip_grouped"]) == ("NIP", "19930417 201903 2 914")
    assert (facts["rank"], facts["post"], facts["unit"]) == ("Penata Muda, III/a", "Petugas loket", "Kelurahan Melati")
    assert facts["period_text"] == "14 Oktober sampai 23 November 2026"
    assert (facts["jp"], facts["jp_words"], facts["result"]) == (5, "lima", "88, Memuaskan")
    assert facts["issued_text"] == "23 November 2026"
    assert facts["signature_note"] == "Tidak ditandatangani secara elektronik"
    assert facts["valid_until"] == ""

    sari.name = "Nama Lain"
    sari.save(update_fields=["name"])
    assert Certificate.objects.get().facts["name"] == "Sari Wulandari, A.Md."


def test_the_facts_name_the_placement_of_the_day_of_issue(sari, cempaka):
    old = sari.placement
    Placement.objects.filter(pk=old.pk).update(ends_on=ISSUED_AT.date() + timedelta(days=3))
    Placement.objects.create(person=sari, unit=cempaka, position=old.position, starts_on=ISSUED_AT.date() + timedelta(days=4))

    assert issued(sari).facts["unit"] == "Kelurahan Melati"


def test_a_pppk_has_an_ni_pppk_and_a_grade_without_rank(sari):
    sari.status, sari.rank, sari.grade = EmploymentStatus.PPPK, "x", "IX"
    sari.save(update_fields=["status", "rank", "grade"])
    facts = issued(sari).facts

    assert (facts["id_label"], facts["rank_label"], facts["rank"]) == ("NI PPPK", "Golongan", "IX")


def test_the_texts_are_indonesian_whatever_the_screen_says(sari, settings):
    from django.utils import translation

    with translation.override("en"):
        facts = issued(sari, score=Decimal("88.5")).facts

    assert facts["issued_text"] == "23 November 2026"
    assert facts["result"] == "88,5, Memuaskan"


def test_the_end_of_validity_counts_from_completion(sari):
    certificate = issued(sari, certified_course(months=36))

    assert certificate.valid_until.isoformat() == "2029-11-23"
    assert certificate.facts["valid_until_text"] == "23 November 2029"


def test_indicators_values_and_assessor_stand_on_the_back(sari, tono):
    named = ((Aspect.TIME, "Waktu layanan loket"), (Aspect.SERVICE, "Ramah, cekatan, solutif"))
    indicators = [(Indicator.objects.create(name=name, aspect=aspect), 2) for aspect, name in named]
    facts = issued(sari, certified_course(trainer=tono, indicators=indicators)).facts

    assert facts["indicators"] == "Waktu layanan loket, level 2"
    assert facts["values"] == "Berorientasi Pelayanan"
    assert facts["assessor"] == "Tono Prakoso, Widyaiswara Ahli Muda"


def test_the_paper_says_what_was_learned_not_what_the_course_has_become(sari, tono, wati):
    """Between her completion and HR's confirmation the course was rewritten: other indicators, another trainer, another aspect."""
    learned = Indicator.objects.create(name="Waktu layanan loket", aspect=Aspect.TIME)
    course = certified_course(trainer=tono, indicators=[(learned, 2)])
    CourseIndicator.objects.create(course=course, indicator=Indicator.objects.create(name="Lain", aspect=Aspect.QUALITY), level=4)
    Indicator.objects.filter(pk=learned.pk).update(name="Nama baru", aspect=Aspect.SERVICE)
    CoursePage.objects.filter(pk=course.pk).update(trainer=wati)
    facts = issued(sari, CoursePage.objects.get(pk=course.pk)).facts

    assert (facts["indicators"], facts["values"]) == ("Waktu layanan loket, level 2", "")
    assert facts["assessor"] == "Tono Prakoso"


def test_a_release_made_before_it_kept_the_aspect_uses_the_present_one(sari):
    course = certified_course()
    value = Indicator.objects.create(name="Ramah, cekatan, solutif", aspect=Aspect.SERVICE)
    gone = {"id": 999_999, "name": "Yang sudah dihapus", "level": 1}
    old = [{"id": value.pk, "name": value.name, "level": 2}, gone]
    CourseRelease.objects.filter(course=course).update(indicators=old)
    facts = issued(sari, CoursePage.objects.get(pk=course.pk)).facts

    assert (facts["indicators"], facts["values"]) == ("Yang sudah dihapus, level 1", "Berorientasi Pelayanan")


def test_without_a_score_the_result_says_completed(sari):
    assert issued(sari, score=None).facts["result"] == "Selesai"


def test_the_hash_follows_every_fact(sari):
    facts = issued(sari).facts
    for key in facts:
        assert facts_hash({**facts, key: "x"}) != facts_hash(facts)


# --- learning hours ---
@pytest.mark.parametrize(
    ("hours", "minutes", "expected"),
    [
        (5, [6] * 5, ["1"] * 5),
        (6, [10, 10, 40], ["1", "1", "4"]),
        (4, [5] * 5, ["1", "1", "1", "0,5", "0,5"]),
        (1, [5] * 3, ["0,5", "0,25", "0,25"]),
        (3, [0, 0], ["2", "1"]),
        (2, [7], ["2"]),
    ],
)
def test_the_hours_of_the_subjects_add_up_to_the_front(hours, minutes, expected):
    spread = spread_hours(hours, [(str(n), m) for n, m in enumerate(minutes)])

    assert [row["jp"] for row in spread] == expected
    assert sum(Decimal(row["jp"].replace(",", ".")) for row in spread) == hours


def test_any_number_of_modules_adds_up():
    for hours in range(1, 13):
        for count in range(1, 30):
            spread = spread_hours(hours, [(str(n), (n * 7) % 11) for n in range(count)])
            assert sum(Decimal(row["jp"].replace(",", ".")) for row in spread) == hours, (hours, count)
            assert all(row["jp"] not in ("0", "") for row in spread)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-07-20", "2026-09-12", "20 Juli sampai 12 September 2026"),
        ("2025-12-30", "2026-01-02", "30 Desember 2025 sampai 2 Januari 2026"),
        ("2026-07-20", "2026-07-20", "20 Juli 2026"),
    ],
)
def test_the_period_in_words(first, last, text):
    from datetime import date

    assert period_text(date.fromisoformat(first), date.fromisoformat(last)) == text


# --- words for the result ---
@pytest.mark.parametrize(("score", "word"), [("90", "Sangat memuaskan"), ("89.99", "Memuaskan"), ("70", "Baik"), ("69", "")])
def test_the_words_for_the_result_are_data(score, word):
    assert default_design().predicate_for(Decimal(score)) == word


def test_a_wrong_line_is_named():
    with pytest.raises(ValidationError, match="tujuh puluh"):
        default_design(predicates="tujuh puluh Baik").clean()


# --- codes ---
def test_tokens_are_128_bits_and_codes_are_easy_to_read():
    tokens = {new_token() for _n in range(500)}
    assert len(tokens) == 500
    assert all(len(token) == 22 for token in tokens)
    for _n in range(200):
        assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_check_code())
    assert not set("01ILOUV") & set(ALPHABET)


def test_the_reference_rows_come_once_and_keep_what_people_changed():
    seed_certificates()
    Issuer.objects.update(name="Badan Lain")
    CertificateDesign.objects.update(signer_name="Pejabat Sesungguhnya")
    seed_certificates()

    assert Issuer.objects.get().name == "Badan Lain"
    assert CertificateDesign.objects.get().signer_name == "Pejabat Sesungguhnya"
    assert len(MODULES) == 5
