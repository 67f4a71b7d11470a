"""P3: what anybody may learn, what nobody learns, and what forgers and guessers get."""

from __future__ import annotations

import hashlib
import random
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from certificates.domain import limits
from certificates.domain.revocation import reissue, revoke
from certificates.domain.verification import check_text, check_token, is_same_file
from certificates.enums import CertificateState, Standing
from certificates.models import Certificate, Revocation
from core.domain import outbox
from core.domain.errors import RuleViolation
from core.models import AuditEvent
from people.models import Notice
from tests.factories.certificates import ISSUED_AT, certified_course, issued

pytestmark = pytest.mark.django_db

REASON = "Nama pelatihan salah cetak"


@pytest.fixture
def certificate(sari):
    sari.rank, sari.grade = "Penata Muda", "III/a"
    sari.save(update_fields=["rank", "grade"])
    return issued(sari, certified_course(months=36))


def page_of(client, certificate, **more):
    return client.get(reverse("certificates:verify", args=[certificate.token]), **more)


def heading(response) -> str:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    assert len(found) == 1
    return found[0].strip()


# --- the verdicts ---
def test_a_valid_certificate_shows_the_public_facts(client, certificate):
    response = page_of(client, certificate)
    page = response.content.decode()

    assert response.status_code == 200
    assert heading(response) == "Sertifikat ini berlaku"
    for text in (
        "Sari Wulandari, A.Md.",
        "••• ••• 914",
        certificate.number,
        "Layanan Cepat di Loket Adminduk",
        "5 JP (lima)",
        "14 Oktober sampai 23 November 2026",
        "88, Memuaskan",
        "Badan Pengembangan Sumber Daya Manusia",
        "23 November 2029",
    ):
        assert text in page, text
    assert "Diperiksa" in page
    assert "WIB" in page


def test_rank_post_unit_and_the_whole_nip_stay_out(client, certificate):
    page = page_of(client, certificate).content.decode()

    for secret in (
        "Penata Muda",
        "III/a",
        "Petugas loket",
        "Kelurahan Melati",
        certificate.facts["nip"],
        certificate.facts["nip_grouped"],
        certificate.check_code,
        "19930417",
    ):
        assert secret not in page, secret


def test_an_expired_one_says_since_when(client, certificate):
    verdict = check_token(certificate.token, at=ISSUED_AT + timedelta(days=3 * 365 + 2))
    assert verdict.standing == Standing.EXPIRED

    Certificate.objects.update(valid_until=timezone.now().date() - timedelta(days=30))
    response = page_of(client, certificate)
    assert heading(response) == "Sertifikat ini sudah kedaluwarsa"
    assert "Kedaluwarsa pada" in response.content.decode()


def test_the_last_day_still_counts(certificate):
    assert certificate.standing(on=certificate.valid_until) == Standing.VALID
    assert certificate.standing(on=certificate.valid_until + timedelta(days=1)) == Standing.EXPIRED


def test_a_revoked_one_says_when_and_why(client, certificate, dewi):
    revoke(certificate, reason=REASON, by=dewi, at=ISSUED_AT)
    response = page_of(client, certificate)

    assert heading(response) == "Sertifikat ini dicabut"
    assert REASON in response.content.decode()
    assert "Dicabut pada" in response.content.decode()


def test_a_replaced_one_names_its_successor(client, certificate, dewi):
    successor = reissue(certificate, reason="Nama pegawai diperbaiki", by=dewi, at=ISSUED_AT)
    response = page_of(client, certificate)

    assert heading(response) == "Sertifikat ini sudah diganti"
    assert successor.number in response.content.decode()
    assert heading(page_of(client, successor)) == "Sertifikat ini berlaku"


def test_an_unknown_token_and_a_malformed_one_look_the_same(client, certificate):
    pages = [client.get(reverse("certificates:verify", args=[token])) for token in ("A" * 22, "x", "'; DROP TABLE", "a" * 500)]

    assert {page.status_code for page in pages} == {404}
    assert {heading(page) for page in pages} == {"Tidak ditemukan"}
    assert len({re.sub(r"Diperiksa.*?WIB|nonce=\S+", "", page.content.decode()) for page in pages}) == 1


def test_found_and_not_found_cost_one_query_each(certificate, django_assert_num_queries):
    for token in (certificate.token, "A" * 22, ""):
        with django_assert_num_queries(1):
            check_token(token)


# --- by number ---
def test_by_number_alone_the_name_stays_hidden(client, certificate):
    response = client.post(reverse("certificates:lookup"), {"q": f"  {certificate.number.lower()} "})
    page = response.content.decode()

    assert heading(response) == "Sertifikat ini berlaku"
    assert "Layanan Cepat di Loket Adminduk" in page
    for secret in ("Sari", "914", "88, Memuaskan", certificate.check_code):
        assert secret not in page, secret


def test_number_and_code_together_open_the_name(client, certificate):
    page = client.post(
        reverse("certificates:lookup"), {"q": certificate.number, "code": certificate.check_code.lower().replace("-", " ")}
    ).content.decode()
    assert "Sari Wulandari, A.Md." in page

    wrong = client.post(reverse("certificates:lookup"), {"q": certificate.number, "code": "2222-2222"}).content.decode()
    assert "Sari" not in wrong
    assert "Kode itu bukan milik nomor ini" in wrong


def test_the_printed_code_alone_finds_the_paper(certificate):
    for typed in (certificate.check_code, certificate.check_code.replace("-", ""), certificate.check_code.lower()):
        verdict = check_text(typed)
        assert verdict.certificate == certificate
        assert verdict.is_full


def test_a_number_may_come_by_address_but_a_code_is_not_read_from_there(client, certificate):
    address, code = reverse("certificates:lookup"), certificate.check_code

    beside = client.get(address, {"q": certificate.number, "code": code})
    assert heading(beside) == "Sertifikat ini berlaku"
    assert "Sari" not in beside.content.decode()
    for typed in (code, code.replace("-", ""), code.lower()):
        alone = client.get(address, {"q": typed})
        assert heading(alone) == "Tidak ditemukan"
        assert "Sari" not in alone.content.decode()
        assert heading(client.post(address, {"q": typed})) == "Sertifikat ini berlaku"


def test_by_number_alone_neither_the_reason_nor_the_successor_is_told(client, certificate, dewi):
    """Words that a person wrote may name somebody; decision 23 opens title, dates and state."""
    reason = "Sari Wulandari tercatat dua kali"
    successor = reissue(certificate, reason=reason, by=dewi, at=ISSUED_AT)
    revoke(successor, reason=reason, by=dewi, at=ISSUED_AT)
    address = reverse("certificates:lookup")

    for one, state, day in ((certificate, "Sertifikat ini sudah diganti", "Diganti pada"), (successor, "Sertifikat ini dicabut", "Dicabut pada")):
        by_number = client.post(address, {"q": one.number})
        page = by_number.content.decode()
        assert heading(by_number) == state
        assert day in page
        assert "23 November 2026" in page
        assert reason not in page
        assert "Sari" not in page
        assert (one.number == successor.number) or (successor.number not in page)
        with_code = client.post(address, {"q": one.number, "code": one.check_code}).content.decode()
        assert reason in with_code
    assert successor.number in client.post(address, {"q": certificate.number, "code": certificate.check_code}).content.decode()


def test_an_unknown_number_reveals_nothing_and_can_be_tried_again(client, certificate):
    response = client.post(reverse("certificates:lookup"), {"q": "7K4Q-M2XO"})

    assert response.status_code == 404
    assert heading(response) == "Tidak ditemukan"
    assert "7K4Q-M2XO" in response.content.decode()
    assert 'value="7K4Q-M2XO"' in response.content.decode()


def test_an_empty_question_gets_a_sentence_at_the_field(client):
    response = client.post(reverse("certificates:lookup"), {"q": "  "})

    assert response.status_code == 422
    assert "Tulis nomor atau kode" in response.content.decode()
    assert client.get(reverse("certificates:lookup")).status_code == 200


def test_typed_markup_is_shown_as_text(client):
    response = client.post(reverse("certificates:lookup"), {"q": "<script>alert(1)</script>"})

    assert "<script>alert" not in response.content.decode()


# --- the page ---
def test_no_sign_in_no_cookie_no_index_no_cache(client, certificate):
    response = page_of(client, certificate)

    assert not response.cookies
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_forms_need_no_cookie(certificate):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("certificates:lookup"), {"q": certificate.number}).status_code == 200


def test_the_page_is_light(client, certificate):
    assert len(page_of(client, certificate, HTTP_ACCEPT_ENCODING="br").content) < 4_000


# --- the file ---
def test_a_pdf_can_be_compared_with_the_issued_one(client, certificate):
    outbox.drain(at=ISSUED_AT)
    certificate.refresh_from_db()
    data = default_storage.open(certificate.file_name).read()
    address = reverse("certificates:compare", args=[certificate.token])

    def ask(content):
        return client.post(address, {"file": SimpleUploadedFile("x.pdf", content, "application/pdf")}).content.decode()

    assert "Berkas ini asli" in ask(data)
    assert "Berkas ini berbeda" in ask(data[:-1] + b"x")
    assert client.post(address).status_code == 422


def test_a_copy_made_by_an_earlier_renderer_stays_genuine(certificate):
    certificate.file_sha256, certificate.former_sha256 = "b" * 64, ["a" * 64]

    assert is_same_file(certificate, "a" * 64)
    assert is_same_file(certificate, "b" * 64)
    assert not is_same_file(certificate, "c" * 64)
    assert not is_same_file(Certificate(), "")


# --- forgery (reliability T7) ---
def test_each_flipped_bit_of_token_facts_and_file_is_refused(certificate):
    outbox.drain(at=ISSUED_AT)
    certificate.refresh_from_db()
    data, dice, tried = default_storage.open(certificate.file_name).read(), random.Random(7), 0
    for at, sign in enumerate(certificate.token):
        for other in "AZaz09-_":
            if other != sign:
                assert not check_token(certificate.token[:at] + other + certificate.token[at + 1 :]).is_found
                tried += 1
    for at in dice.sample(range(len(data)), 2_000):
        forged = data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]
        assert not is_same_file(certificate, hashlib.sha256(forged).hexdigest())
        tried += 1
    for key, value in certificate.facts.items():
        Certificate.objects.update(facts={**certificate.facts, key: f"{value}x" if isinstance(value, str) else [value]})
        assert check_token(certificate.token).standing == Standing.DOUBTFUL
        tried += 1
    assert tried >= 2_100


def test_changed_facts_are_confirmed_to_nobody(client, certificate):
    Certificate.objects.update(facts={**certificate.facts, "name": "Orang Lain"})
    response = page_of(client, certificate)

    assert heading(response) == "Belum dapat dipastikan"
    assert "Orang Lain" not in response.content.decode()


# --- guessing ---
def test_guesses_are_braked_by_the_minute(client, certificate):
    for number in range(limits.MISSES_A_MINUTE):
        assert client.post(reverse("certificates:lookup"), {"q": f"2222-{number + 2222}"}).status_code == 404
    blocked = client.post(reverse("certificates:lookup"), {"q": certificate.number})

    assert blocked.status_code == 429
    assert blocked["Retry-After"] == "60"
    assert page_of(client, certificate).status_code == 429


def test_an_office_that_scans_many_papers_is_not_stopped(client, certificate):
    assert all(page_of(client, certificate).status_code == 200 for _scan in range(60))


def test_the_brake_is_loose_a_minute_later():
    now = timezone.now()
    for _try in range(limits.MISSES_A_MINUTE):
        limits.note_miss("203.0.113.7", at=now)

    assert not limits.may_check("203.0.113.7", at=now)
    assert limits.may_check("203.0.113.8", at=now)
    assert limits.may_check("203.0.113.7", at=now + timedelta(minutes=1))


# --- revoking and replacing ---
def test_only_central_hr_revokes_and_says_why(certificate, ratna, budi, dewi):
    for person in (ratna, budi):
        with pytest.raises(RuleViolation, match="SDM pusat"):
            revoke(certificate, reason=REASON, by=person, at=ISSUED_AT)
    with pytest.raises(RuleViolation, match="alasan"):
        revoke(certificate, reason="salah", by=dewi, at=ISSUED_AT)
    assert not Revocation.objects.exists()


def test_nobody_revokes_her_own(dewi):
    with pytest.raises(RuleViolation, match="miliknya sendiri"):
        revoke(issued(dewi), reason=REASON, by=dewi, at=ISSUED_AT)


def test_revoking_twice_is_refused_and_told_once(certificate, dewi, sari):
    revoke(certificate, reason=REASON, by=dewi, at=ISSUED_AT)
    with pytest.raises(RuleViolation, match="sudah dicabut"):
        revoke(certificate, reason=REASON, by=dewi, at=ISSUED_AT)

    assert Notice.objects.filter(person=sari, key=f"certificate_revoked:{certificate.pk}").count() == 1
    line = AuditEvent.objects.get(verb="certificate.revoked")
    assert (line.actor_id, line.subject_id) == (dewi.pk, sari.pk)


def test_a_new_document_has_its_own_number_and_todays_facts(certificate, dewi, sari):
    sari.title_back = "S.AP."
    sari.save(update_fields=["title_back"])
    successor = reissue(certificate, reason="Gelar diperbaiki", by=dewi, at=ISSUED_AT + timedelta(days=2))
    certificate.refresh_from_db()

    assert certificate.state == CertificateState.REPLACED
    assert successor.replaces == certificate
    assert successor.number == "0002/SERT/BPSDM/XI/2026"
    assert successor.facts["name"] == "Sari Wulandari, S.AP."
    assert successor.valid_until == certificate.valid_until
    with pytest.raises(RuleViolation, match="pengganti"):
        reissue(certificate, reason="Sekali lagi, tolong", by=dewi, at=ISSUED_AT)


def test_a_revoked_one_can_have_a_successor_and_stays_revoked(client, certificate, dewi):
    revoke(certificate, reason=REASON, by=dewi, at=ISSUED_AT)
    successor = reissue(certificate, by=dewi, at=ISSUED_AT)
    certificate.refresh_from_db()

    assert certificate.state == CertificateState.REVOKED
    page = page_of(client, certificate)
    assert heading(page) == "Sertifikat ini dicabut"
    assert successor.number in page.content.decode()
