"""A guarded role shows two things at each sign-in: the session counts, not the account."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from people.domain import grants
from people.enums import Role
from people.models import Account
from tests.factories.people import PASSWORD, AccountFactory

pytestmark = pytest.mark.django_db

LOGIN, SECURITY = "/akun/masuk/", "/akun/keamanan/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.BINA_REQUIRE_SECOND_STEP = True


@pytest.fixture
def hr(melati):
    account = AccountFactory(password=PASSWORD)
    grants.grant(account, Role.HR_UNIT, unit=melati, by=None)
    return account


def with_app(account) -> None:
    from people.adapters import SecondFactorAdapter

    Authenticator.objects.create(user=account, type="totp", data={"secret": SecondFactorAdapter().encrypt(SECRET)})


def code(offset: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + offset))


def enter(client, account):
    return client.post(LOGIN, {"login": account.nip, "password": PASSWORD})


def test_a_learner_needs_none(client):
    learner = AccountFactory(password=PASSWORD)
    enter(client, learner)
    assert client.get("/saya/").status_code == 200


def test_a_guarded_role_sets_it_up_before_anything_else(client, hr):
    enter(client, hr)
    for path in ("/saya/", reverse("people:import_list"), reverse("people:notices")):
        assert client.get(path).url == reverse("mfa_index")
    assert client.post(reverse("people:import_new")).url == reverse("mfa_index")
    assert client.get(SECURITY).status_code == 200 and client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth announces it after the commit
def test_setting_up_the_app_opens_this_session(client, hr):
    enter(client, hr)
    client.post("/akun/pastikan/", {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})
    assert client.get(reverse("people:import_list")).status_code == 200
    stored = Authenticator.objects.get(user=hr, type="totp").data["secret"]
    assert stored != secret
    assert hr.notices.filter(kind="security").exists()


def test_the_password_alone_signs_nobody_in_who_has_a_second_step(client, hr):
    with_app(hr)
    assert enter(client, hr).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get("/saya/").url.startswith(LOGIN)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code != 302
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("people:import_list")).status_code == 200


def test_a_guarded_session_is_never_remembered_for_two_weeks(client, hr):
    """The box "stay signed in" is ticked while the second step is still to come: the session must end with the working day all the same."""
    with_app(hr)
    client.post(LOGIN, {"login": hr.nip, "password": PASSWORD, "remember": "on"})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("people:import_list")).status_code == 200
    assert client.session.get_expiry_age() <= 12 * 3600


def test_a_session_that_came_in_without_it_is_asked_for_it(client, hr):
    with_app(hr)
    client.force_login(hr)
    answer = client.get(reverse("people:import_list"))
    assert answer.url.startswith(reverse("mfa_reauthenticate")) and "next=%2Fimpor%2F" in answer.url
    client.post(answer.url, {"code": code()})
    assert client.get(reverse("people:import_list")).status_code == 200


def test_a_code_works_once_and_guessing_ends_after_five(client, hr):
    with_app(hr)
    used = code()
    enter(client, hr)
    client.post(reverse("mfa_authenticate"), {"code": used})
    client.post("/akun/keluar/")
    enter(client, hr)
    client.post(reverse("mfa_authenticate"), {"code": used})
    assert "_auth_user_id" not in client.session
    for _number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "111111"})
    client.post(reverse("mfa_authenticate"), {"code": code(1)})
    assert "_auth_user_id" not in client.session


def test_a_one_time_link_does_not_go_around_the_second_step(client, hr):
    from people.domain import one_time

    with_app(hr)
    token = one_time.make_link(hr, by=None, valid_for=one_time.LINK_VALID)
    assert client.post(reverse("people:one_time", args=[token])).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_the_last_second_step_of_a_guarded_role_stays(client, hr):
    with_app(hr)
    enter(client, hr)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post("/akun/pastikan/", {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=hr, type="totp").exists()


def test_a_role_that_comes_later_ends_the_session_and_asks_at_the_next(client, melati, dewi):
    person = AccountFactory(password=PASSWORD)
    enter(client, person)
    assert client.get("/saya/").status_code == 200
    grants.grant(person, Role.EVALUATOR, unit=melati, by=dewi)
    assert client.get("/saya/").url.startswith(LOGIN)
    enter(client, person)
    assert client.get("/saya/").url == reverse("mfa_index")


@pytest.mark.parametrize("role", ["hr_unit", "hr_central", "evaluator", "counsellor", "auditor", "admin"])
def test_each_guarded_role(client, role, melati):
    person = AccountFactory(password=PASSWORD)
    grants.grant(person, role, unit=melati if role in grants.UNIT_ROLES else None, by=None)
    enter(client, person)
    assert client.get("/saya/").url == reverse("mfa_index")


def test_the_demo_does_without(client, hr, settings):
    settings.BINA_REQUIRE_SECOND_STEP = False
    enter(client, hr)
    assert client.get(reverse("people:import_list")).status_code == 200


def test_the_editor_is_behind_it_too(client, dewi):
    both = AccountFactory(password=PASSWORD)
    grants.grant(both, Role.TRAINER, by=None)
    grants.grant(both, Role.AUDITOR, by=None)
    enter(client, Account.objects.get(pk=both.pk))
    assert client.get("/kelola/").url == reverse("mfa_index")
