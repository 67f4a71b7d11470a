"""Pages that belong to nobody, and the settings of the display."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "terms", "offline", "service_worker"])
def test_strangers_may_read(client, name):
    assert client.get(reverse(f"core:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["help", "accessibility", "privacy", "terms"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_long_texts_exist_in_both_languages_with_one_heading(client, name, language):
    client.cookies["bina-language"] = language
    html = client.get(reverse(f"core:{name}")).content.decode()
    assert html.count("<h1>") == 1 and f'lang="{language}"' in html


def test_what_the_browser_speaks_does_not_count(client):
    html = client.get("/", headers={"accept-language": "en-US"}).content.decode()
    assert 'lang="id"' in html and "Belajar dari hasil kerja" in html


def test_the_public_home_offers_sign_in_and_a_way_to_check_certificates(client):
    html = client.get("/").content.decode()
    assert reverse("account_login") in html
    assert "Periksa sertifikat" in html


def test_signed_in_people_go_to_their_home(client, sari):
    client.force_login(sari)
    assert client.get("/").status_code == 302


def test_the_page_saya_knows_the_person(client, sari):
    client.force_login(sari)
    html = client.get(reverse("core:me")).content.decode()
    assert "Sari Wulandari, A.Md." in html and "Petugas loket, Kelurahan Melati" in html


def test_strangers_are_sent_to_sign_in(client):
    answer = client.get(reverse("core:me"))
    assert answer.status_code == 302 and reverse("account_login") in answer["Location"]


class TestDisplay:
    def test_a_choice_is_on_the_next_page_before_its_first_word(self, client):
        client.post(reverse("core:look"), {"theme": "dark", "text": "130", "next": "/"})
        assert '<html lang="id" data-theme="dark" data-text="130">' in client.get("/").content.decode()

    def test_following_the_device_needs_no_attribute(self, client):
        client.post(reverse("core:look"), {"theme": "system", "text": "100"})
        assert '<html lang="id">' in client.get("/").content.decode()

    def test_the_account_remembers_it_on_another_device(self, client, sari):
        client.force_login(sari)
        client.post(reverse("core:look"), {"theme": "dark", "text": "115", "language": "en"})
        sari.refresh_from_db()
        assert (sari.theme, sari.text_size, sari.language) == ("dark", 115, "en")
        client.logout()
        client.cookies.clear()
        client.force_login(sari)
        assert '<html lang="en" data-theme="dark" data-text="115">' in client.get(reverse("core:me")).content.decode()

    @pytest.mark.parametrize("data", [{"theme": "pink"}, {"text": "900"}, {"language": "xx"}, {}])
    def test_unknown_choices_change_nothing(self, client, data):
        assert not {"bina_theme", "bina_text", "bina-language"} & set(client.post(reverse("core:look"), data).cookies)

    def test_the_way_back_stays_in_the_house(self, client):
        assert client.post(reverse("core:look"), {"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"
        assert client.post(reverse("core:look"), {"theme": "dark", "next": "/bantuan/"})["Location"] == "/bantuan/"

    def test_script_gets_a_short_answer(self, client):
        assert client.post(reverse("core:look"), {"theme": "dark"}, headers={"x-requested-with": "fetch"}).status_code == 204


class TestErrors:
    def test_every_error_page_says_what_happened_and_what_now(self, rf):
        from core.views.errors import error_page

        for status in (400, 403, 404, 413, 422, 429, 500, 503):
            html = error_page(rf.get("/x/"), status, limit_mb=60, reasons=["Sebabnya belum disepakati."], retry_after=10).content.decode()
            assert html.count("<h1>") == 1 and 'class="btn"' in html, status

    def test_a_missing_page_is_drawn_in_our_design(self, client):
        answer = client.get("/tidak-ada/")
        assert answer.status_code == 404 and "Halaman ini tidak ada di sini" in answer.content.decode()
