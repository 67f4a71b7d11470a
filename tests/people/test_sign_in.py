"""The front door: names as people type them, no way around it, delays that hit the guesser and not the owner."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from people.domain import sign_in
from people.models import Account, AccountSession, SignInDelay
from tests.factories.people import PASSWORD, AccountFactory

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"


@pytest.fixture
def nia(db):
    return AccountFactory(nip="198609262015051001", name="Nia Kurnia", email="nia@contoh.example", password=PASSWORD)


def enter(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "name",
    ["198609262015051001", "19860926 201505 1 001", " 19860926.201505.1.001 ", "nia@contoh.example", " NIA@Contoh.Example "],
)
def test_names_as_people_type_them(client, nia, name):
    answer = enter(client, name)
    assert answer.status_code == 302 and is_in(client)
    nia.refresh_from_db()
    assert nia.activated_at and nia.last_login


@pytest.mark.parametrize(
    "name",
    [
        "",
        "198609262015051002",
        "lain@contoh.example",
        "x" * 5000,
        "1986²",
        "ni\u202ea",
        "'; drop table",
        "nia@contoh.example\r\nBcc: x",
    ],
)
def test_other_names_get_the_same_answer(client, nia, name):
    answer = enter(client, name)
    assert answer.status_code in (200, 422) and not is_in(client)


def test_unknown_and_known_names_get_the_same_page(client, nia):
    def page(name):
        text = enter(client, name, "salah-sekali-123").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce-\S+|' + re.escape(name), "", text)

    assert page("198609262015051001") == page("198609262015051002") == page("199999999999999999")


def test_a_deep_link_survives_sign_in(client, nia):
    wanted = reverse("people:security")
    answer = client.get(wanted)
    assert answer.status_code == 302 and answer.url == f"{LOGIN}?next={wanted}"
    assert client.post(answer.url, {"login": nia.nip, "password": PASSWORD, "next": wanted}).url == wanted


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil",
        "\\/evil.example",
        "https:evil.example",
    ],
)
def test_no_open_redirect(client, nia, evil):
    for address in (f"{LOGIN}?next={evil}", LOGIN):
        answer = client.post(address, {"login": nia.nip, "password": PASSWORD, "next": evil})
        assert "evil" not in answer.url and not answer.url.startswith("javascript")
        client.logout()


def test_nobody_signs_up_and_no_other_door_opens(client, nia):
    assert client.get("/akun/baru/").url == LOGIN
    before = Account.objects.count()
    client.post("/akun/baru/", {"email": "x@y.example", "password1": PASSWORD, "nip": "1"})
    assert Account.objects.count() == before
    assert client.get("/akun/kata-sandi/lupa/").url == reverse("people:link_request")


@pytest.mark.parametrize(
    "path",
    [
        "/kelola/login/",
        "/kelola/password_reset/",
        "/kelola/password_reset/confirm/MQ/set-password/",
        "/kelola/logout/",
        "/kelola/account/",
    ],
)
def test_wagtails_own_doors_lead_to_ours(client, nia, path):
    """Permanent: a POST with right credentials to Wagtail's sign-in signs nobody in."""
    for method in (client.get, client.post):
        answer = method(path, {"username": nia.nip, "login": nia.nip, "password": PASSWORD, "new_password1": "Lain-sekali-99"})
        assert answer.status_code == 302 and answer.url.startswith("/akun/") and not is_in(client)
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)


def test_wagtail_itself_sends_strangers_to_our_sign_in(client):
    assert client.get("/kelola/").url.startswith(LOGIN)


def test_a_closed_account_stays_out(client, nia):
    Account.objects.filter(pk=nia.pk).update(is_active=False)
    enter(client, nia.nip)
    assert not is_in(client)


# --- Delays -------------------------------------------------------------------------------------------------------------------------------


def test_wrong_tries_wait_longer_and_longer():
    door = sign_in.Door("x")
    now = timezone.now()
    waits = []
    for _number in range(12):
        while wait := door.waits(at=now):
            waits.append(int(wait.total_seconds()))
            now += wait
        door.failed(at=now)
    assert waits == [5, 10, 20, 40, 80, 160]


def test_ten_thousand_tries_in_an_hour_are_few_looks_at_the_password():
    door, start, looked = sign_in.Door("x"), timezone.now(), 0
    for number in range(10_000):
        moment = start + timedelta(hours=1) * number / 10_000
        if not door.waits(at=moment):
            looked += 1
            door.failed(at=moment)
    assert looked <= 50


def test_a_stranger_cannot_lock_the_owner_out(client, nia):
    enter(client, nia.nip)
    client.post("/akun/keluar/")
    stranger = type(client)()
    for _number in range(30):
        enter(stranger, nia.nip, "tebakan-salah-1")
    page = enter(stranger, nia.nip).content.decode()
    assert not is_in(stranger) and "tautan" in page.lower() or "link" in page.lower()

    assert enter(client, nia.nip).status_code == 302 and is_in(client)


def test_e_mail_and_nip_are_one_door(client, nia):
    for number in range(8):
        enter(client, nia.nip if number % 2 else nia.email, "tebakan-salah-1")
    assert SignInDelay.objects.count() == 1 and SignInDelay.objects.get().failures >= 6


def test_names_of_nobody_are_slowed_down_too(client):
    for _number in range(8):
        answer = enter(client, "199999999999999999", "tebakan-salah-1")
    assert SignInDelay.objects.get().blocked_until and (
        "Too many" in answer.content.decode() or "Terlalu" in answer.content.decode()
    )


def test_no_personal_data_in_the_counts(client, nia):
    enter(client, nia.nip, "salah-salah-salah")
    assert nia.nip not in str(list(SignInDelay.objects.values()))


def test_an_office_behind_one_address_is_not_counted(client):
    people = [AccountFactory(password=PASSWORD) for _number in range(60)]
    for person in people:
        office = type(client)(REMOTE_ADDR="10.0.0.1")
        assert enter(office, person.nip).status_code == 302


def test_a_forged_device_cookie_is_a_stranger(client, nia):
    client.cookies["bina-device"] = f'["x", [{nia.pk}]]'
    for _number in range(8):
        enter(client, nia.nip, "tebakan-salah-1")
    assert SignInDelay.objects.get().device == ""


def test_a_known_device_has_a_count_of_its_own_and_a_right_try_clears_it(client, nia):
    enter(client, nia.nip)
    client.post("/akun/keluar/")
    enter(client, nia.nip, "salah-ketik-1")
    assert SignInDelay.objects.get().device
    enter(client, nia.nip)
    assert not SignInDelay.objects.exists()


def test_old_counts_are_forgotten(nia):
    door = sign_in.Door("x")
    long_ago = timezone.now() - timedelta(days=2)
    for _number in range(9):
        door.failed(at=long_ago)
    assert not door.waits()
    SignInDelay.objects.create(subject="y", failures=3, last_failed_at=long_ago)
    assert sign_in.forget_old_delays() == 1


# --- Sessions -------------------------------------------------------------------------------------------------------------------------------


def test_the_session_id_changes_at_sign_in_and_dies_at_sign_out(client, nia):
    client.get(LOGIN)
    client.session["x"] = 1
    before = client.session.session_key
    enter(client, nia.nip)
    inside = client.session.session_key
    assert before != inside
    client.post("/akun/keluar/")
    assert not AccountSession.objects.filter(session_key=inside).exists()
    client.cookies["bina"] = inside
    assert client.get(reverse("people:security")).status_code == 302


def test_closing_an_account_ends_its_sessions_at_once(client, nia, dewi):
    from people.domain.accounts import close_account, reopen_account

    enter(client, nia.nip)
    assert client.get(reverse("people:security")).status_code == 200
    close_account(nia, by=dewi)
    assert client.get(reverse("people:security")).status_code == 302
    reopen_account(nia, by=dewi)
    assert client.get(reverse("people:security")).status_code == 302


def test_my_devices_and_ending_them(client, nia, sari):
    phone = type(client)(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/120")
    enter(phone, nia.nip)
    enter(client, nia.nip)
    page = client.get(reverse("people:security")).content.decode()
    assert "Chrome · Android" in page and phone.session.session_key not in page and client.session.session_key not in page
    key = re.search(r'name="device" value="(\w+)"', page)[1]

    stranger = type(client)()
    stranger.force_login(sari)
    stranger.post(reverse("people:end_device"), {"device": key})
    assert phone.get(reverse("people:security")).status_code == 200
    client.post(reverse("people:end_device"), {"device": key})
    assert phone.get(reverse("people:security")).status_code == 302
    assert client.get(reverse("people:security")).status_code == 200


def test_a_new_password_ends_the_other_sessions_and_is_told(client, nia):
    phone = type(client)()
    enter(phone, nia.nip)
    enter(client, nia.nip)
    answer = client.post(
        "/akun/kata-sandi/", {"oldpassword": PASSWORD, "password1": "Kata-sandi-baru-77", "password2": "Kata-sandi-baru-77"}
    )
    assert answer.status_code == 302
    assert client.get(reverse("people:security")).status_code == 200
    assert phone.get(reverse("people:security")).status_code == 302
    assert nia.notices.get().kind == "security"


def test_weak_passwords_are_refused_with_a_sentence(client, nia):
    enter(client, nia.nip)
    for weak in ("pendek", "12345678901", "198609262015051001", "password123"):
        answer = client.post("/akun/kata-sandi/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
        assert answer.status_code != 302


def test_a_learner_is_remembered_on_her_phone_when_she_asks_for_it(client, nia):
    client.post(LOGIN, {"login": nia.nip, "password": PASSWORD, "remember": "on"})
    assert client.session.get_expiry_age() > 13 * 24 * 3600
    client.post("/akun/keluar/")
    enter(client, nia.nip)
    assert client.session.get_expire_at_browser_close()


def test_signing_in_costs_few_queries(client, nia, django_assert_max_num_queries):
    enter(client, nia.nip)
    client.post("/akun/keluar/")
    with django_assert_max_num_queries(16):
        enter(client, nia.nip)


# --- At the same moment -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [0, sign_in.FREE_TRIES])
def test_many_guesses_at_once_get_few_looks(earlier):
    """The ticket is taken before the password is looked at: twenty guesses in the same moment are not twenty looks, the first ones neither."""
    import threading

    from django.db import connections

    door, now = sign_in.Door("x"), timezone.now()
    for _number in range(earlier):
        door.waits(at=now)
        door.failed(at=now)
    start, let_in = threading.Barrier(20), []

    def guess():
        start.wait(20)
        try:
            if not door.waits(at=now):
                let_in.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(let_in) <= sign_in.FREE_TRIES + 1 - earlier


def test_a_right_first_try_leaves_no_count(client, nia):
    enter(client, nia.nip)
    assert is_in(client) and not SignInDelay.objects.exists()


# --- Sessions of former installations -----------------------------------------------------------------------------------------------------------


def test_sessions_of_accounts_that_are_gone_end_before_the_reference_is_made(nia):
    migration = importlib.import_module("people.migrations.0003_session_account")
    expires = timezone.now() + timedelta(days=1)
    for key, account_id in (("gone", nia.pk + 1000), ("hers", nia.pk), ("nobodys", None)):
        AccountSession.objects.create(session_key=key, session_data="", expire_date=expires, account_id=account_id)
    migration.end_sessions_of_nobody(apps, None)
    assert set(AccountSession.objects.values_list("session_key", flat=True)) == {"hers", "nobodys"}
