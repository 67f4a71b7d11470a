"""Certificates in a browser: the verdict in one look, the holder's page, the register; light, accessible, without script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse

from certificates.domain import batches
from certificates.domain.issue import issue_for_completion
from certificates.domain.revocation import reissue, revoke
from core.domain import outbox
from courses.domain import hours
from people.domain.notices import notify
from people.enums import NoticeKind
from tests.factories.certificates import ISSUED_AT, certified_course, completed, default_design, issued

pytestmark = pytest.mark.browser

WIDTHS = (360, 1280)


def keep(page, name):
    """Pictures for the eye, where a folder is named."""
    if folder := os.environ.get("BINA_SCREENSHOTS"):
        page.tab.screenshot(path=Path(folder) / f"{name}-{page.width}.png", full_page=True)


@pytest.fixture
def certificate(transactional_db, settings, live_server, sari):
    settings.BASE_URL = live_server.url
    found = issued(sari, certified_course(months=36))
    hours.seed_targets()
    hours.post(found.completion, at=ISSUED_AT)
    outbox.drain(at=ISSUED_AT)
    found.refresh_from_db()
    return found


def test_the_verdict_of_each_state(visit, certificate, dewi, wati):
    course = certified_course(title="Lain")
    revoked, replaced = issued(dewi, course), issued(wati, course)
    revoke(replaced, reason="Nama pelatihan salah cetak", by=dewi, at=ISSUED_AT)
    reissue(replaced, by=dewi, at=ISSUED_AT)
    for width in WIDTHS:
        for name, token in (
            ("valid", certificate.token),
            ("revoked", replaced.token),
            ("other", revoked.token),
            ("unknown", "x" * 22),
        ):
            page = visit(reverse("certificates:verify", args=[token]), width=width)
            keep(page, f"verify-{name}")
            # The browser itself reports the status 404 of "not found".
            page.console = [line for line in page.console if "404" not in line]
            page.check()
            page.assert_weight(25, requests=3)
    dark = visit(reverse("certificates:verify", args=[certificate.token]), theme="dark")
    keep(dark, "verify-dark")
    dark.check()


def test_asking_by_number_works_without_script(visit, certificate):
    page = visit(reverse("certificates:lookup"), script=False)
    keep(page, "lookup")
    page.tab.fill("#no", certificate.number)
    page.tab.click("main button")
    assert page.tab.locator("h1").inner_text() == "Sertifikat ini berlaku"
    assert "Sari" not in page.tab.locator("main").inner_text()
    keep(page, "by-number")
    page.tab.fill("#code", certificate.check_code)
    page.tab.click("main form button >> nth=0")
    assert "Sari Wulandari" in page.tab.locator("main").inner_text()


def test_the_public_home_leads_to_the_verdict(visit, certificate):
    page = visit("/")
    page.tab.fill("#no", certificate.number.lower())
    page.tab.click("form button >> nth=0")
    assert page.tab.locator("h1").inner_text() == "Sertifikat ini berlaku"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_holders_page(visit, certificate, sari, width):
    page = visit(reverse("certificates:list"), as_=sari, width=width)
    keep(page, "mine")
    page.check()
    page.assert_weight(60, requests=6)
    with page.tab.expect_download() as download:
        page.tab.click("text=Unduh PDF")
    assert download.value.suggested_filename == f"sertifikat-{certificate.number.replace('/', '-')}.pdf"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_screens_of_hr(visit, certificate, dewi, wati, width):
    default_design(needs_confirmation=True)
    waiting = issue_for_completion(completed(wati, certified_course(title="Komunikasi Publik")), at=ISSUED_AT)
    places = [
        ("manage", ()),
        ("detail", (certificate.pk,)),
        ("revoke", (certificate.pk,)),
        ("reissue", (certificate.pk,)),
        ("waiting", ()),
        ("decline", (waiting.pk,)),
        ("design", ()),
        ("design_new", ()),
        ("design_edit", (certificate.design_id,)),
        ("type_edit", (certificate.type_id,)),
    ]
    for name, args in places:
        page = visit(reverse(f"certificates:{name}", args=args), as_=dewi, width=width)
        keep(page, name)
        page.check()
        page.assert_weight(150, requests=6)
    batch = batches.prepare_batch([waiting], by=dewi)
    page = visit(reverse("certificates:batch", args=[batch.pk]), as_=dewi, width=width)
    keep(page, "batch")
    page.check()


def test_the_effect_is_shown_before_revoking(visit, certificate, dewi):
    page = visit(reverse("certificates:revoke", args=[certificate.pk]), as_=dewi)
    page.tab.fill("textarea", "Nama pelatihan salah cetak")
    page.tab.check("[name=takes_hours]")
    page.tab.click("main form button >> nth=0")
    page.tab.wait_for_selector("text=Inilah yang akan dibaca")
    assert "Jam pelajaran ikut ditarik" in page.tab.inner_text("main")
    keep(page, "revoke-effect")
    page.check()
    page.tab.click("button[name=confirm]")
    page.tab.wait_for_selector("text=sudah dicabut")


@pytest.mark.parametrize("width", WIDTHS)
def test_notices(visit, transactional_db, sari, width):
    for number in range(3):
        notify(
            sari,
            kind=NoticeKind.ASSIGNMENT,
            key=f"n:{number}",
            title=f"Pelatihan baru untuk Anda ({number})",
            body="Target 90 %, hasil 71 %.",
            url="/bantuan/",
        )
    page = visit(reverse("people:notices"), as_=sari, width=width)
    keep(page, "notices")
    page.check()
    page.assert_weight(60, requests=6)
