"""L9 and H6: what the holder, HR of a unit, central HR and strangers see and may do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse

from certificates.domain import batches
from certificates.domain.issue import issue_for_completion
from certificates.domain.revocation import reissue, revoke
from certificates.enums import BatchState, CertificateState
from certificates.models import Certificate, CertificateBatch, PendingCertificate
from core.domain import outbox
from core.domain.errors import RuleViolation
from core.models import AuditEvent, Job, JobState
from courses.domain import hours
from courses.models import LearningHours
from people.models import Notice
from tests.factories.certificates import ISSUED_AT, certified_course, completed, default_design, issued

pytestmark = pytest.mark.django_db

REASON = "Nama pelatihan salah cetak"


@pytest.fixture
def certificate(sari):
    found = issued(sari)
    outbox.drain(at=ISSUED_AT)
    found.refresh_from_db()
    return found


@pytest.fixture(autouse=True)
def _in_the_year_of_the_story():
    """Pages that speak of "this year" mean the year in which these certificates were issued."""
    with time_machine.travel(ISSUED_AT + timedelta(days=1)):
        yield


def see(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"certificates:{name}", args=args), query)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


# --- L9 ---
def test_my_page_shows_certificates_hours_and_the_way_to_the_yearly_figure(client, certificate, sari):
    hours.seed_targets()
    hours.post(certificate.completion, at=ISSUED_AT)
    response = see(client, sari, "list")

    assert response.status_code == 200
    for text in (certificate.number, "Layanan Cepat di Loket Adminduk", "Berlaku", "5 dari 20 JP", "15 JP lagi"):
        assert text in words(response), text
    assert certificate.facts["verify_url"] in response.content.decode()
    assert reverse("certificates:download", args=[certificate.pk]) in response.content.decode()


def test_an_empty_page_says_what_to_do(client, sari):
    assert "Belum ada sertifikat" in words(see(client, sari, "list"))


def test_other_years_can_be_looked_at_and_nonsense_is_this_year(client, certificate, sari):
    hours.post(certificate.completion, at=ISSUED_AT)

    assert "Belum ada jam pelajaran" in words(see(client, sari, "list", tahun="2025"))
    for nonsense in ("x", "99999999999999999999", "²", "-1", "1999"):
        assert see(client, sari, "list", tahun=nonsense).status_code == 200


def test_the_page_costs_the_same_for_one_and_for_twelve(client, certificate, sari, django_assert_max_num_queries):
    for number in range(11):
        issued(sari, certified_course(title=f"Pelatihan {number}"))
    see(client, sari, "list")
    with django_assert_max_num_queries(6):
        client.get(reverse("certificates:list"))


def test_a_revoked_certificate_tells_its_holder_why(client, certificate, sari, dewi):
    revoke(certificate, reason=REASON, by=dewi, at=ISSUED_AT)
    page = words(see(client, sari, "list"))

    assert "Dicabut" in page
    assert REASON in page


def test_both_screens_offer_the_same_years(client, sari, dewi):
    first = see(client, sari, "list", tahun="2020")
    assert "?tahun=2021" in first.content.decode()
    assert "?tahun=2019" not in first.content.decode()
    register = re.findall(r'<option value="(\d{4})"', see(client, dewi, "manage").content.decode())

    assert register == [str(year) for year in range(int(register[0]), 2019, -1)]
    assert "?tahun=2021" in see(client, sari, "list", tahun="2020").content.decode()
    assert see(client, sari, "list", tahun="2019").context["year"] == int(register[0])


# --- the file ---
def test_the_holder_downloads_her_file(client, certificate, sari):
    response = see(client, sari, "download", certificate.pk)

    assert b"".join(response.streaming_content) == default_storage.open(certificate.file_name).read()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="sertifikat-0001-SERT-BPSDM-XI-2026.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert not AuditEvent.objects.filter(verb="certificate.downloaded").exists()


def test_hr_of_the_unit_may_read_it_and_that_is_written_down(client, certificate, ratna, sari):
    assert see(client, ratna, "download", certificate.pk).status_code == 200
    line = AuditEvent.objects.get(verb="certificate.downloaded")
    assert (line.actor_id, line.subject_id, line.is_read) == (ratna.pk, sari.pk, True)


def test_for_strangers_it_does_not_exist(client, certificate, wati, tono):
    for person in (wati, tono):
        assert see(client, person, "download", certificate.pk).status_code == 404
    client.logout()
    assert "next=" in client.get(reverse("certificates:download", args=[certificate.pk]))["Location"]


def test_the_file_is_not_served_as_media(client, certificate, sari):
    client.force_login(sari)
    assert client.get(f"/media/{certificate.file_name}").status_code == 404


def test_a_lost_file_is_made_again_and_the_person_is_told_to_wait(client, certificate, sari):
    default_storage.delete(certificate.file_name)
    response = see(client, sari, "download", certificate.pk)

    assert response["Location"] == reverse("certificates:list")
    outbox.drain()
    assert see(client, sari, "download", certificate.pk).status_code == 200


def test_a_job_that_gave_up_is_begun_again_from_the_page_of_the_certificate(client, sari, dewi):
    certificate = issued(sari)
    for state in (JobState.DEAD, JobState.DISMISSED):
        Job.objects.filter(kind="certificates.render").update(state=state)
        for _click in range(2):
            see(client, dewi, "download", certificate.pk)
        assert Job.objects.filter(kind="certificates.render", state=JobState.WAITING).count() == 1
    outbox.drain()

    assert see(client, dewi, "download", certificate.pk)["Content-Type"] == "application/pdf"
    assert Job.objects.filter(kind="certificates.render").count() == 3


# --- H6: the register ---
def test_hr_of_a_unit_sees_her_people_central_hr_everybody(client, certificate, ratna, dewi, agus, sari, wati, melati):
    other = issued(completed_elsewhere())
    for person, sees_other in ((ratna, False), (dewi, True), (agus, True)):
        page = words(see(client, person, "manage"))
        assert certificate.number in page
        assert (other.number in page) is sees_other
    for person in (sari, wati):
        assert see(client, person, "manage").status_code == 404


def completed_elsewhere():
    from tests.factories.people import AccountFactory, OrgUnitFactory, PlacementFactory

    person = AccountFactory(name="Orang Unit Lain")
    PlacementFactory(person=person, unit=OrgUnitFactory(code="99", name="Unit lain"))
    return person


def test_the_register_can_be_filtered(client, certificate, dewi, sari):
    def found(**query):
        return certificate.number in words(see(client, dewi, "manage", **query))

    assert found(q="wulan")
    assert found(q=certificate.number)
    assert found(q="19930417 201903 2 914")
    assert found(status="valid", tahun="2026")
    assert not found(status="revoked")
    assert not found(tahun="2025")
    assert not found(q="orang lain")
    assert found(status="nonsens", tahun="²²²²")


def test_the_register_costs_the_same_for_one_and_for_thirty(client, certificate, dewi, sari, django_assert_max_num_queries):
    course = certified_course()
    for _number in range(29):
        issued(sari, course)
    see(client, dewi, "manage")
    with django_assert_max_num_queries(7):
        assert "30 sertifikat" in words(client.get(reverse("certificates:manage")))


# --- H6: revoking and replacing ---
def test_the_public_effect_is_shown_before_the_deed(client, certificate, dewi):
    client.force_login(dewi)
    address = reverse("certificates:revoke", args=[certificate.pk])

    shown = client.post(address, {"reason": REASON})
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.VALID
    for text in ("Sertifikat ini dicabut", REASON, "••• ••• 914"):
        assert text in words(shown), text

    done = client.post(address, {"reason": REASON, "confirm": "1"})
    certificate.refresh_from_db()
    assert done["Location"] == reverse("certificates:detail", args=[certificate.pk])
    assert certificate.state == CertificateState.REVOKED


def test_a_wrong_completion_gives_its_hours_back_with_the_certificate(client, certificate, dewi, sari):
    """Shown before, done with a second tick, written down twice: in the ledger that the person reads and in the audit."""
    entry = hours.post(certificate.completion, at=ISSUED_AT)
    client.force_login(dewi)
    address = reverse("certificates:revoke", args=[certificate.pk])
    assert "Tarik juga jam pelajarannya (5 JP)" in words(client.get(address))

    shown = client.post(address, {"reason": REASON, "takes_hours": "on"})
    assert "5 JP milik Sari Wulandari, A.Md. pada 2026" in words(shown)
    assert 'name="takes_hours" value="on"' in shown.content.decode()
    assert hours.year_summary(sari, 2026).jp == 5

    client.post(address, {"reason": REASON, "takes_hours": "on", "confirm": "1"})
    assert hours.year_summary(sari, 2026).jp == 0
    reversal = LearningHours.objects.get(reverses=entry)
    assert (reversal.minutes, reversal.by, reversal.reason) == (-225, dewi, REASON)
    assert AuditEvent.objects.get(verb="hours.reversed").actor_id == dewi.pk
    assert AuditEvent.objects.get(verb="certificate.revoked").detail["minutes_taken_back"] == 225
    told = Notice.objects.get(key=f"certificate_revoked:{certificate.pk}").body
    assert told == f"{REASON}. Jam pelajaran yang ditarik: 5\xa0JP."
    assert f"ditarik kembali: {REASON}" in words(see(client, sari, "list"))


def test_without_the_tick_the_hours_stay(client, certificate, dewi, sari):
    hours.post(certificate.completion, at=ISSUED_AT)
    client.force_login(dewi)
    client.post(reverse("certificates:revoke", args=[certificate.pk]), {"reason": REASON, "confirm": "1"})

    assert hours.year_summary(sari, 2026).jp == 5
    assert AuditEvent.objects.get(verb="certificate.revoked").detail["minutes_taken_back"] == 0


def test_hours_that_are_not_there_cannot_be_taken_back(client, certificate, dewi):
    client.force_login(dewi)
    page = words(client.get(reverse("certificates:revoke", args=[certificate.pk])))
    assert "Tarik juga" not in page
    with pytest.raises(RuleViolation, match="tidak mempunyai jam pelajaran"):
        revoke(certificate, reason=REASON, takes_hours=True, by=dewi)
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.VALID

    hours.reverse(hours.post(certificate.completion, at=ISSUED_AT), reason="Sudah ditarik", by=dewi)
    with pytest.raises(RuleViolation, match="tidak mempunyai jam pelajaran"):
        revoke(certificate, reason=REASON, takes_hours=True, by=dewi)


def test_a_short_reason_is_told_at_the_field_and_kept(client, certificate, dewi):
    client.force_login(dewi)
    response = client.post(reverse("certificates:revoke", args=[certificate.pk]), {"reason": "salah", "confirm": "1"})

    assert response.status_code == 422
    assert "salah</textarea>" in response.content.decode()
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.VALID


@pytest.mark.parametrize("screen", ["revoke", "reissue", "decline"])
def test_a_form_sent_empty_is_told_so_and_nothing_is_done(client, certificate, two_waiting, dewi, screen):
    of = two_waiting[0] if screen == "decline" else certificate
    client.force_login(dewi)
    response = client.post(reverse(f"certificates:{screen}", args=[of.pk]))

    assert response.status_code == 422 and 'aria-invalid="true"' in response.content.decode()
    assert [found.state for found in Certificate.objects.all()] == [CertificateState.VALID]
    assert not PendingCertificate.objects.exclude(declined_reason="").exists()


def test_hr_of_a_unit_reads_but_neither_revokes_nor_replaces(client, certificate, ratna, agus):
    for person in (ratna, agus):
        page = see(client, person, "detail", certificate.pk)
        assert page.status_code == 200
        assert reverse("certificates:revoke", args=[certificate.pk]) not in page.content.decode()
        for name in ("revoke", "reissue"):
            assert (
                client.post(
                    reverse(f"certificates:{name}", args=[certificate.pk]), {"reason": REASON, "confirm": "1"}
                ).status_code
                == 404
            )
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.VALID


def test_a_corrected_one_shows_what_will_differ(client, certificate, dewi, sari):
    sari.title_back = "S.AP."
    sari.save(update_fields=["title_back"])
    page = words(see(client, dewi, "reissue", certificate.pk))
    assert "Sari Wulandari, A.Md." in page
    assert "Sari Wulandari, S.AP." in page

    client.post(reverse("certificates:reissue", args=[certificate.pk]), {"reason": "Gelar diperbaiki sesuai ijazah"})
    successor = Certificate.objects.get(replaces=certificate)
    assert "0002/SERT/BPSDM/" in successor.number
    assert "Menggantikan" in words(see(client, dewi, "detail", successor.pk))


def test_replacing_twice_shows_the_reason_instead_of_the_form(client, certificate, dewi):
    reissue(certificate, reason="Gelar diperbaiki sesuai ijazah", by=dewi)
    page = words(see(client, dewi, "reissue", certificate.pk))

    assert "sudah mempunyai pengganti" in page


# --- H6: batches ---
@pytest.fixture
def two_waiting(sari, wati):
    default_design(needs_confirmation=True)
    course = certified_course()
    return [issue_for_completion(completed(person, course), at=ISSUED_AT) for person in (sari, wati)]


def test_a_batch_is_looked_at_confirmed_and_issued(client, two_waiting, dewi, sari):
    client.force_login(dewi)
    assert "Sari Wulandari" in words(client.get(reverse("certificates:waiting")))
    made = client.post(reverse("certificates:waiting"), {"chosen": [str(p.pk) for p in two_waiting]})
    batch = CertificateBatch.objects.get()
    assert made["Location"] == reverse("certificates:batch", args=[batch.pk])
    assert "Terbitkan 2 sertifikat" in words(client.get(made["Location"]))

    preview = client.get(reverse("certificates:batch_preview", args=[batch.pk]))
    assert preview["Content-Type"] == "application/pdf"
    assert preview.content.startswith(b"%PDF")
    assert not Certificate.objects.exists()

    client.post(made["Location"])
    outbox.drain()
    assert [c.serial for c in Certificate.objects.order_by("serial")] == [1, 2]
    assert "0001/SERT" in words(client.get(made["Location"]))
    assert "Tidak ada yang menunggu" in words(client.get(reverse("certificates:waiting")))
    assert Certificate.objects.filter(person=sari).exists()


def test_confirming_twice_and_a_job_that_runs_twice_issue_once(two_waiting, dewi):
    batch = batches.prepare_batch(two_waiting, by=dewi)
    batches.confirm_batch(batch, by=dewi)
    batches.confirm_batch(batch, by=dewi)
    batch.refresh_from_db()

    assert batches.issue_confirmed(batch) == 2
    assert batches.issue_confirmed(batch) == 0
    outbox.drain()
    assert Certificate.objects.count() == 2


def test_hr_of_a_unit_confirms_only_her_own_people(two_waiting, ratna, dewi):
    """Ratna is HR of the kecamatan and sees both; a batch with somebody of another unit is not hers."""
    stranger = issue_for_completion(completed(completed_elsewhere(), certified_course(title="Lain")), at=ISSUED_AT)
    batch = batches.prepare_batch([*two_waiting, stranger], by=ratna)
    assert set(batch.pending.all()) == set(two_waiting)

    mixed = batches.prepare_batch([*two_waiting, stranger], by=dewi)
    with pytest.raises(RuleViolation, match="unit lain"):
        batches.confirm_batch(mixed, by=ratna)


def test_nobody_confirms_her_own(dewi, ratna):
    default_design(needs_confirmation=True)
    own = issue_for_completion(completed(dewi), at=ISSUED_AT)
    with pytest.raises(RuleViolation, match="rekan kerja"):
        batches.prepare_batch([own], by=dewi)


def test_an_empty_choice_gets_a_sentence(client, two_waiting, dewi):
    client.force_login(dewi)
    response = client.post(reverse("certificates:waiting"), {"chosen": ["x", "999999"]})

    assert response.status_code == 422
    assert "Pilih sedikitnya satu" in words(response)


def test_a_draft_can_be_taken_apart(client, two_waiting, dewi):
    batch = batches.prepare_batch(two_waiting, by=dewi)
    client.force_login(dewi)
    client.post(reverse("certificates:batch_undo", args=[batch.pk]))

    assert not CertificateBatch.objects.exists()
    assert PendingCertificate.objects.count() == 2


def test_a_declined_one_is_not_issued(client, two_waiting, dewi):
    client.force_login(dewi)
    client.post(reverse("certificates:decline", args=[two_waiting[0].pk]), {"reason": "Daftar hadir belum lengkap"})
    batch = batches.prepare_batch(two_waiting, by=dewi)
    batches.confirm_batch(batch, by=dewi)
    outbox.drain()

    assert Certificate.objects.count() == 1
    assert CertificateBatch.objects.get().state == BatchState.CONFIRMED


def test_a_screen_that_is_out_of_date_takes_nothing_back(client, two_waiting, dewi):
    """Two of HR have the draft before them: one confirms, then the other takes it apart."""
    batch = batches.prepare_batch(two_waiting, by=dewi)
    stale = CertificateBatch.objects.get(pk=batch.pk)
    batches.confirm_batch(batch, by=dewi)
    with pytest.raises(RuleViolation, match="sudah dikonfirmasi"):
        batches.undo_batch(stale, by=dewi)
    client.force_login(dewi)
    answer = client.post(reverse("certificates:batch_undo", args=[batch.pk]), follow=True)
    assert "sudah dikonfirmasi" in words(answer)

    outbox.drain()
    assert Certificate.objects.count() == 2


def test_taking_a_batch_apart_twice_is_done_once_and_needs_the_right(two_waiting, dewi, sari):
    batch = batches.prepare_batch(two_waiting, by=dewi)
    with pytest.raises(RuleViolation) as refused:
        batches.undo_batch(batch, by=sari)
    assert refused.value.reasons == ["Sertifikat dikonfirmasi oleh SDM."]
    stale = CertificateBatch.objects.get(pk=batch.pk)
    batches.undo_batch(batch, by=dewi)
    batches.undo_batch(stale, by=dewi)

    assert AuditEvent.objects.filter(verb="certificate_batch.undone").count() == 1


def test_what_was_decided_meanwhile_is_not_declined(two_waiting, dewi):
    first, second = two_waiting
    stale = PendingCertificate.objects.get(pk=first.pk)
    batches.confirm_batch(batches.prepare_batch([first], by=dewi), by=dewi)
    with pytest.raises(RuleViolation, match="sedang diterbitkan"):
        batches.decline(stale, reason="Daftar hadir belum lengkap", by=dewi)
    outbox.drain()
    with pytest.raises(RuleViolation, match="sudah terbit"):
        batches.decline(stale, reason="Daftar hadir belum lengkap", by=dewi)
    batches.decline(second, reason="Daftar hadir belum lengkap", by=dewi)
    with pytest.raises(RuleViolation, match="sudah menolak"):
        batches.decline(second, reason="Alasan yang lain", by=dewi)

    assert sorted(PendingCertificate.objects.values_list("declined_reason", flat=True)) == ["", "Daftar hadir belum lengkap"]


def test_nobody_declines_her_own(dewi):
    default_design(needs_confirmation=True)
    own = issue_for_completion(completed(dewi), at=ISSUED_AT)
    with pytest.raises(RuleViolation, match="Rekan kerja"):
        batches.decline(own, reason="Tidak saya perlukan", by=dewi)


def test_every_screen_has_one_heading_and_no_inline_style(client, certificate, two_waiting, dewi, sari):
    batch = batches.prepare_batch(two_waiting, by=dewi)
    pages = [see(client, sari, "list")]
    pages += [see(client, dewi, name) for name in ("manage", "waiting", "design", "design_new", "type_new", "issuer_new")]
    pages += [see(client, dewi, name, certificate.pk) for name in ("detail", "revoke", "reissue")]
    pages += [see(client, dewi, f"{name}_edit", getattr(certificate, name).pk) for name in ("design", "type", "issuer")]
    pages += [see(client, dewi, "batch", batch.pk), see(client, dewi, "decline", two_waiting[0].pk)]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert len(re.findall("<h1", html)) == 1, page.request["PATH_INFO"]
        assert " style=" not in html


# --- the page of the course ---
def test_the_page_of_a_completed_course_leads_to_its_certificate(client, certificate, sari, wati):
    course = certificate.completion.course
    client.force_login(sari)
    page = client.get(reverse("courses:course", args=[course.slug]))
    assert certificate.number in words(page)
    assert reverse("certificates:download", args=[certificate.pk]) in page.content.decode()

    client.force_login(wati)
    assert certificate.number not in words(client.get(reverse("courses:course", args=[course.slug])))


def test_the_page_of_the_course_says_that_hr_has_to_confirm(client, two_waiting, sari):
    client.force_login(sari)
    page = client.get(reverse("courses:course", args=[two_waiting[0].completion.course.slug]))

    assert "Sertifikat terbit setelah dikonfirmasi SDM" in words(page)


# --- Wagtail's editor ---
def test_designs_are_snippets_with_revisions(client, db):
    from people.models import Account

    design = default_design()
    client.force_login(Account.objects.create_superuser("teknis", name="Admin Teknis"))
    for address in (
        "certificatedesign/",
        f"certificatedesign/edit/{design.pk}/",
        f"certificatedesign/history/{design.pk}/",
        "certificatetype/",
        "issuer/",
    ):
        assert client.get(f"/kelola/snippets/certificates/{address}").status_code == 200, address
