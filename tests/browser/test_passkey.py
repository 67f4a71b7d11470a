"""A passkey from registration to sign-in, with chromium's virtual authenticator."""

import pytest
from django.urls import reverse

from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def test_registering_a_passkey_and_signing_in_with_it(visit, sari):
    sari.set_password(PASSWORD)
    sari.save()
    page = visit(reverse("account_login"))
    tab = page.tab
    line = tab.context.new_cdp_session(tab)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    tab.get_by_label("NIP atau surel dinas").fill(sari.nip)
    tab.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Masuk", exact=True).click()
    tab.wait_for_url(lambda address: reverse("account_login") not in address)

    page.go(reverse("mfa_add_webauthn"))
    page.check()
    if reverse("account_reauthenticate") in tab.url:
        tab.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        tab.get_by_role("button", name="Lanjutkan").click()
        tab.wait_for_url(lambda address: reverse("mfa_add_webauthn") in address and "pastikan" not in address)
        page.check()
    tab.locator("#id_name").fill("Ponsel Sari")
    if tab.locator("#id_passwordless").is_visible():
        tab.locator("#id_passwordless").check()
    tab.get_by_role("button", name="Daftarkan kunci").click()
    tab.wait_for_url(lambda address: reverse("mfa_add_webauthn") not in address)
    page.go(reverse("mfa_list_webauthn"))
    assert tab.get_by_text("Ponsel Sari").is_visible()
    page.check()

    page.go(reverse("account_logout"))
    tab.get_by_role("button", name="Keluar").last.click()
    page.go(reverse("account_login"))
    tab.get_by_role("button", name="Masuk dengan kunci sandi").click()
    tab.wait_for_url(lambda address: reverse("account_login") not in address)
    assert not page.console


def test_without_a_key_a_word_appears_and_the_password_still_works(visit, sari):
    page = visit(reverse("account_login"))
    page.tab.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.tab.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.tab.get_by_text("Kunci tidak terbaca").first.wait_for()
