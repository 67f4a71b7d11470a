"""What the small script adds, and that nothing is lost without it."""

import re

import pytest
from django.urls import reverse

from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def person(sari):
    sari.set_password(PASSWORD)
    sari.save()
    return sari


def sign_in(page, person):
    page.tab.get_by_label("NIP atau surel dinas").fill(person.nip)
    page.tab.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.tab.get_by_role("button", name="Masuk", exact=True).click()
    page.tab.wait_for_load_state("networkidle")


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_with_the_nip(visit, person, script):
    page = visit(reverse("account_login"), script=script)
    sign_in(page, person)
    assert page.tab.url == page.base + reverse("improvement:home")
    assert person.full_name.split()[0] in page.tab.locator("h1").inner_text()


def test_a_wrong_password_moves_the_focus_to_what_is_wrong(visit, person):
    page = visit(reverse("account_login"))
    page.tab.get_by_label("NIP atau surel dinas").fill(person.nip)
    page.tab.get_by_label("Kata sandi", exact=True).fill("salah-sekali")
    page.tab.get_by_role("button", name="Masuk", exact=True).click()
    page.tab.wait_for_selector("[role=alert]")
    assert page.tab.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.tab.title().startswith("Galat:")
    assert page.tab.get_by_label("NIP atau surel dinas").input_value() == person.nip
    page.console.clear()
    page.check()


def test_a_password_can_be_looked_at(visit):
    page = visit(reverse("account_login"))
    page.tab.get_by_label("Kata sandi", exact=True).fill("rahasia")
    page.tab.get_by_role("button", name="Lihat").click()
    assert page.tab.locator("#id_password").get_attribute("type") == "text"
    page.tab.get_by_role("button", name="Sembunyikan").click()
    assert page.tab.locator("#id_password").get_attribute("type") == "password"


def test_without_script_no_button_promises_more_than_it_does(visit):
    page = visit(reverse("account_login"), script=False)
    assert not page.tab.locator("[data-reveal]").is_visible()


def test_a_form_is_sent_once_and_says_so(visit):
    page = visit("/gaya/orang/")
    sent = []
    # 204: the browser stays on the page, as it does while it waits.
    page.tab.route("**/tampilan/", lambda route: (sent.append(route.request), route.fulfill(status=204)))
    page.tab.evaluate("document.querySelector('form[data-unsaved] .btn').click()")
    page.tab.get_by_role("button", name="Menyimpan…").wait_for()
    page.tab.evaluate("document.querySelector('form[data-unsaved]').requestSubmit()")
    assert page.tab.locator("#live").inner_text() == "Menyimpan…"
    assert len(sent) == 1


def test_theme_and_text_size_change_at_once(visit):
    page = visit("/aksesibilitas/")
    page.tab.get_by_text("Gelap", exact=True).click()
    page.tab.get_by_text(re.compile("130")).last.click()
    assert page.tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.tab.evaluate("getComputedStyle(document.documentElement).fontSize") == "20.8px"
    page.tab.wait_for_load_state("networkidle")
    page.go("/")
    assert page.tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_theme_changes_without_script_too(visit):
    page = visit("/aksesibilitas/", script=False)
    page.tab.get_by_text("Gelap", exact=True).click()
    page.tab.get_by_role("button", name="Simpan tampilan").click()
    assert page.tab.locator("html").get_attribute("data-theme") == "dark"


def test_losing_the_connection_is_said_and_its_return_too(visit):
    page = visit("/gaya/materi/")
    page.tab.context.set_offline(True)
    page.tab.locator("#offline").wait_for(state="visible")
    page.tab.context.set_offline(False)
    page.tab.locator("#offline").wait_for(state="hidden")


def test_leaving_with_changes_asks_first(visit):
    page = visit("/gaya/orang/")
    asked = []
    page.tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.tab.locator("#g2").fill("Loket cepat untuk KK")
    page.go("/gaya/kosong/")
    assert asked == ["beforeunload"]


def test_leaving_without_changes_asks_nothing(visit):
    page = visit("/gaya/orang/")
    asked = []
    page.tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.go("/gaya/kosong/")
    assert asked == []


@pytest.mark.parametrize("script", [True, False])
def test_a_confirmation_opens_and_closes_with_the_keyboard(visit, script):
    page = visit("/gaya/komponen/", script=script)
    button = page.tab.get_by_role("button", name="Hapus draf")
    button.focus()
    page.tab.keyboard.press("Enter")
    page.tab.get_by_role("heading", name="Hapus draf ini?").wait_for(state="visible")
    page.tab.keyboard.press("Escape")
    page.tab.get_by_role("heading", name="Hapus draf ini?").wait_for(state="hidden")


def test_the_first_tab_stop_jumps_to_the_content(visit):
    page = visit("/gaya/orang/")
    page.tab.keyboard.press("Tab")
    assert page.tab.evaluate("document.activeElement.className") == "skip"
    page.tab.keyboard.press("Enter")
    assert page.tab.evaluate("document.activeElement.id") == "m"


def test_a_docked_bar_never_covers_the_focus(visit):
    page = visit("/gaya/materi/", width=360)
    for _step in range(30):
        page.tab.keyboard.press("Tab")
        covered = page.tab.evaluate(
            """() => { const e = document.activeElement, box = e.getBoundingClientRect();
            const dock = document.querySelector('.dock').getBoundingClientRect();
            return !e.closest('.dock, .skip') && e !== document.body && box.height > 0 && box.top >= dock.top; }"""
        )
        assert not covered


def test_saying_saved_reaches_the_bar_and_the_live_region(visit):
    page = visit("/gaya/materi/")
    page.tab.evaluate("bina.status('waiting', 'Menunggu sinyal (2)')")
    assert page.tab.locator("#save-status").inner_text() == "Menunggu sinyal (2)"
    assert page.tab.locator("#live").inner_text() == "Menunggu sinyal (2)"
