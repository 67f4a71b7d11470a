"""H6: before a corrected certificate is issued, HR reads every line that will be different, and only those."""

from __future__ import annotations

import pytest

from certificates.domain.differences import LABELLED_BY, LABELS, NOT_COMPARED, changes
from certificates.models import Certificate, CertificateType
from courses.models import CourseRelease
from people.enums import EmploymentStatus
from tests.factories.certificates import certified_course, default_design, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(sari, tono):
    return issued(sari, certified_course(months=36, trainer=tono))


def seen(certificate) -> dict[str, tuple[str, str]]:
    fresh = Certificate.objects.select_related("completion__release", "completion__person", "completion__course").get(pk=certificate.pk)
    return {label: (now, then) for label, now, then in changes(fresh)}


def test_every_fact_of_the_paper_is_compared_or_named_as_new_each_time(certificate):
    labels = set(LABELLED_BY.values())

    assert set(certificate.facts) - {"nip"} == set(LABELS) | labels | NOT_COMPARED
    assert not set(LABELS) & NOT_COMPARED


def test_nothing_changed_is_nothing_to_read(certificate):
    assert seen(certificate) == {}


def test_a_changed_design_is_read_line_by_line(certificate):
    other = CertificateType.objects.create(code="STTPL", name="Surat Tanda Tamat Pelatihan")
    design = default_design(
        type=other, statement="telah mengikuti pelatihan", signer_rank="Pembina Utama", signer_name="Pejabat Baru", predicates=""
    )
    design.issuer.heading, design.issuer.place = "Pemerintah Daerah", "Bogor"
    design.issuer.save()

    assert seen(certificate) == {
        "Kepala surat pada sertifikat": ("Pemerintah Provinsi DKI Jakarta", "Pemerintah Daerah"),
        "Jenis": ("Sertifikat", "Surat Tanda Tamat Pelatihan"),
        "Kalimat keterangan": ("telah menyelesaikan pelatihan", "telah mengikuti pelatihan"),
        "Hasil": ("88, Memuaskan", "88"),
        "Tempat": ("Jakarta", "Bogor"),
        "Penanda tangan": ("Nama Pejabat (contoh)", "Pejabat Baru"),
        "Pangkat dan NIP penanda tangan": ("", "Pembina Utama"),
    }


def test_a_changed_person_is_read_with_the_label_of_her_number(certificate, sari):
    sari.status, sari.grade = EmploymentStatus.PPPK, "IX"
    sari.save()
    found = seen(certificate)

    assert found["NI PPPK"] == ("NIP 19930417 201903 2 914", "NI PPPK 19930417 201903 2 914")
    assert found["Golongan"] == ("", "Golongan IX")


def test_subjects_validity_and_assessor_are_compared_too(certificate):
    """The papers of a release that was mended by hand: what the certificate says and what would be printed now."""
    CourseRelease.objects.update(
        certificate_months=12, trainer_name="Widya", outline=[{"title": "Satu", "lessons": []}], learning_minutes=90
    )
    found = seen(certificate)

    assert found["Berlaku sampai"] == ("23 November 2029", "23 November 2027")
    assert found["Penilai"] == ("Tono Prakoso, Widyaiswara Ahli Muda", "Widya")
    assert found["Materi"][0].startswith("Standar waktu dan hak warga (1 JP); ")
    assert found["Materi"][1] == "Satu (2 JP)"
    assert found["Jam pelajaran"] == ("5", "2")
