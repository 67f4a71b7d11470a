"""H6: central HR changes what future certificates are printed with: texts, signer, types with their codes, issuers, designs of courses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from certificates.domain import designs
from certificates.domain.issue import design_for
from certificates.models import CertificateDesign, CertificateType, Issuer, SerialCounter
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from tests.factories.certificates import ISSUED_AT, certified_course, default_design, issued
from tests.factories.courses import published_course

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def address(name, *args) -> str:
    return reverse(f"certificates:{name}", args=args)


@pytest.fixture
def hr(client, dewi):
    client.force_login(dewi)
    return client


def form_of(design: CertificateDesign, **changed) -> dict:
    values = {
        "type": design.type_id,
        "issuer": design.issuer_id,
        "statement": design.statement,
        "signer_name": design.signer_name,
        "signer_post": design.signer_post,
        "predicates": design.predicates,
    }
    return {**values, **changed}


# --- the general design ---
def test_central_hr_names_the_signer_and_issued_ones_keep_theirs(hr, sari):
    certificate = issued(sari)
    design = CertificateDesign.objects.get()
    answer = hr.post(
        address("design_edit", design.pk),
        form_of(
            design,
            signer_name="Dr. Hendra Kusuma, M.Si.",
            signer_rank="Pembina Utama Madya",
            signer_nip="19690812 199403 1 902",
            predicates="80 Baik",
        ),
    )
    assert answer["Location"] == address("design")
    assert "Dr. Hendra Kusuma, M.Si." in words(hr.get(address("design")))

    design.refresh_from_db()
    new = issued(sari, certified_course(title="Lain"), at=ISSUED_AT + timedelta(seconds=1))
    assert new.facts["signer_line"] == "Pembina Utama Madya · NIP 19690812 199403 1 902"
    assert new.design_revision_id == design.live_revision_id != certificate.design_revision_id
    certificate.refresh_from_db()
    assert certificate.facts["signer_name"] == "Nama Pejabat (contoh)"


def test_a_wrong_nip_or_line_is_told_at_the_field(hr):
    design = default_design()
    response = hr.post(address("design_edit", design.pk), form_of(design, signer_nip="123", predicates="baik saja"))

    assert response.status_code == 422
    assert "baik saja" in words(response)
    assert 'id="id_signer_nip_error"' in response.content.decode()


def test_others_do_not_change_what_is_printed(client, ratna, sari):
    design = default_design()
    for person in (ratna, sari):
        client.force_login(person)
        for name, args in (("design", ()), ("design_new", ()), ("design_edit", (design.pk,)), ("type_new", ()), ("issuer_new", ())):
            assert client.get(address(name, *args)).status_code == 404
    with pytest.raises(RuleViolation, match="SDM pusat"):
        designs.save_coded(CertificateType(), values={"code": "STTPL", "name": "Surat Tanda Tamat Pelatihan"}, by=ratna)
    with pytest.raises(RuleViolation, match="SDM pusat"):
        designs.change_design(design, values={}, by=ratna)


# --- types and issuers ---
def test_a_new_type_has_its_own_numbers(hr, sari):
    issued(sari)
    assert hr.post(address("type_new"), {"code": " sttpl", "name": "Surat Tanda Tamat Pelatihan"})["Location"] == address("design")
    design = CertificateDesign.objects.get()
    hr.post(address("design_edit", design.pk), form_of(design, type=CertificateType.objects.get(code="STTPL").pk))

    new = issued(sari, certified_course(title="Lain"))
    assert new.number == "0001/STTPL/BPSDM/XI/2026"
    assert new.facts["type_name"] == "Surat Tanda Tamat Pelatihan"
    assert AuditEvent.objects.filter(verb="certificatetype.saved").count() == 1


def test_a_new_issuer_is_written_and_used(hr, sari):
    values = {"code": "DUKCAPIL", "name": "Dinas Dukcapil", "heading": "Pemerintah Provinsi DKI Jakarta", "place": "Jakarta"}
    design = default_design()
    hr.post(address("issuer_new"), values)
    hr.post(address("design_edit", design.pk), form_of(design, issuer=Issuer.objects.get(code="DUKCAPIL").pk))

    assert issued(sari).number == "0001/SERT/DUKCAPIL/XI/2026"


@pytest.mark.parametrize("code", ["A/B", "S T", "-A", "", "É"])
def test_a_code_that_cannot_stand_in_a_number_is_told_at_the_field(hr, code):
    response = hr.post(address("type_new"), {"code": code, "name": "Surat"})

    assert response.status_code == 422
    assert 'id="id_code_error"' in response.content.decode()
    assert not CertificateType.objects.exists()


def test_a_code_is_taken_once_whatever_its_letters(hr, dewi):
    default_design()
    response = hr.post(address("type_new"), {"code": "sert", "name": "Lagi"})
    assert response.status_code == 422
    with pytest.raises(RuleViolation, match="sudah dipakai"):
        designs.save_coded(CertificateType(), values={"code": "Sert", "name": "Lagi"}, by=dewi)


def test_a_code_stays_once_a_number_carries_it_its_title_may_change(hr, dewi, sari):
    default_design()
    kind = CertificateType.objects.get()
    designs.save_coded(kind, values={"code": "SERTIFIKAT"}, by=dewi)
    issued(sari)
    hr.post(address("type_edit", kind.pk), {"code": "LAIN", "name": "Sertifikat Pelatihan"})

    kind.refresh_from_db()
    assert (kind.code, kind.name) == ("SERTIFIKAT", "Sertifikat Pelatihan")
    with pytest.raises(RuleViolation, match="tetap"):
        designs.save_coded(kind, values={"code": "LAIN"}, by=dewi)
    with pytest.raises(RuleViolation, match="tetap"):
        designs.save_coded(Issuer.objects.get(), values={"code": "LAIN"}, by=dewi)
    assert SerialCounter.objects.get().last == 1


# --- a design for one course ---
def test_a_course_gets_a_design_of_its_own_and_may_give_it_up(hr, sari):
    general = default_design()
    course = published_course(lessons=1, quiz=False, title="Layanan Cepat")
    page = hr.get(address("design_new"))
    assert f'value="{general.statement}"' in page.content.decode()
    values = form_of(general, course=course.pk, signer_name="Kepala Dinas", needs_confirmation="on")
    assert hr.post(address("design_new"), values)["Location"] == address("design")

    own = CertificateDesign.objects.get(course=course)
    assert design_for(course) == own
    assert own.needs_confirmation
    assert "Layanan Cepat" in words(hr.get(address("design")))
    assert hr.post(address("design_new"), values).status_code == 422

    hr.post(address("design_end", own.pk))
    assert design_for(course) == general
    assert "tidak dipakai" in words(hr.get(address("design")))
    hr.post(address("design_edit", own.pk), form_of(own))
    assert design_for(course) == own
    verbs = AuditEvent.objects.filter(object_id=own.pk, verb__startswith="certificate_design").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "certificate_design.created",
        "certificate_design.ended",
        "certificate_design.changed",
    ]


def test_the_general_design_cannot_be_given_up(hr):
    design = default_design()
    answer = hr.post(address("design_end", design.pk), follow=True)

    assert "Rancangan umum tidak dapat diakhiri" in words(answer)
    design.refresh_from_db()
    assert design.live


def test_a_second_design_for_a_course_is_refused(dewi):
    general, course = default_design(), certified_course()
    values = {name: getattr(general, name) for name in designs.DESIGN_FIELDS}
    designs.create_design(course, values=values, by=dewi)
    with pytest.raises(RuleViolation, match="rancangan sendiri"):
        designs.create_design(course, values=values, by=dewi)
