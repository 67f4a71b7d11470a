"""Links by e-mail and codes on paper: once, for a short time, for one person; everybody concerned is told (reliability T15)."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from core.domain import crypto, outbox
from core.domain.errors import RuleViolation
from people.domain import one_time
from people.domain.accounts import first_admin, may_close, may_reset_second_step
from people.domain.email_changes import ask_email_change
from people.models import Account, AccountSession, EmailChange, OneTimeLink
from tests.factories.people import PASSWORD, AccountFactory, GrantFactory, PlacementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nia(melati):
    account = AccountFactory(nip="198609262015051001", name="Nia Kurnia", email="nia@contoh.example", password=PASSWORD)
    PlacementFactory(person=account, unit=melati)
    return account


class NoMailServer(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def asked_link(client, name: str, **more) -> str:
    """Ask on the page, let the worker send, and read the letter."""
    client.post(reverse("people:link_request"), {"name": name, **more})
    outbox.drain(kinds=["people.mail_link"])
    return re.search(r"https?://[^/]+(/akun/tautan/\S+)", mail.outbox[-1].body)[1]


def test_a_link_signs_in_once_and_leads_where_she_wanted_to_go(client, nia):
    wanted = reverse("people:security")
    link = asked_link(client, "19860926 201505 1 001", next=wanted)
    assert mail.outbox[-1].to == ["nia@contoh.example"] and wanted.replace("/", "%2F") in link

    assert client.get(link).status_code == 200 and not is_in(client)
    answer = client.post(link, {"next": wanted})
    assert is_in(client) and answer.url == f"{reverse('people:new_password')}?next={wanted.replace('/', '%2F')}"

    again = type(client)()
    assert again.get(link).status_code == 410 and again.post(link).status_code == 410 and not is_in(again)


def test_the_token_is_not_stored(client, nia):
    link = asked_link(client, nia.nip)
    token = link.split("/")[3]
    stored = OneTimeLink.objects.get()
    assert len(token) >= 32 and token not in (stored.token_hash, str(stored.__dict__))


def test_a_link_dies_after_half_an_hour_and_when_another_one_was_used(nia):
    token, newer = (one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID) for _number in range(2))
    with pytest.raises(RuleViolation):
        one_time.redeem(token, at=timezone.now() + timedelta(minutes=31))
    assert one_time.redeem(newer) == nia
    with pytest.raises(RuleViolation):
        one_time.redeem(token)


def test_who_asks_for_a_link_in_a_colleagues_name_makes_none_of_hers_useless(nia, ratna):
    code = one_time.print_code(nia, by=ratna)
    hers = one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID)
    one_time.send_link(nia)
    assert one_time.link_of(hers) is not None
    assert one_time.redeem_code(nia.nip, code) == nia


def test_a_new_code_replaces_the_former_code_and_no_link(nia, ratna):
    link = one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID)
    former, code = (one_time.print_code(nia, by=ratna) for _number in range(2))
    with pytest.raises(RuleViolation):
        one_time.redeem_code(nia.nip, former)
    assert one_time.link_of(link) is not None and one_time.redeem_code(nia.nip, code) == nia


@pytest.mark.parametrize("name", ["199999999999999999", "nobody@contoh.example", "x", "\u202e", "a" * 254])
def test_the_answer_is_the_same_for_unknown_names(client, nia, name):
    known = client.post(reverse("people:link_request"), {"name": nia.nip})
    unknown = client.post(reverse("people:link_request"), {"name": name})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    mail.outbox.clear()
    outbox.drain(kinds=["people.mail_link"])
    assert [letter.to for letter in mail.outbox] == [["nia@contoh.example"]]


def test_one_letter_in_two_minutes(client, nia):
    for _number in range(20):
        client.post(reverse("people:link_request"), {"name": nia.nip})
    outbox.drain(kinds=["people.mail_link"])
    assert len(mail.outbox) == 1


def ask_each_minute(account, *, since, minutes: int) -> list[int]:
    """The minutes in which a letter went out, while somebody asks in each of them."""
    sent = []
    for minute in range(minutes):
        moment, before = since + timedelta(minutes=minute), len(mail.outbox)
        one_time.ask_link(account.nip, at=moment)
        outbox.drain(kinds=["people.mail_link"], at=moment)
        sent += [minute] if len(mail.outbox) > before else []
    return sent


def test_letters_become_rarer_the_more_often_somebody_asks_until_a_link_is_used(nia):
    since = timezone.now().replace(minute=0, second=0, microsecond=0)
    assert ask_each_minute(nia, since=since, minutes=130) == [0, 2, 6, 14, 30, 60, 90, 120]
    # Whoever is refused has a letter that still works.
    last = re.search(r"/akun/tautan/([^/\s]+)", mail.outbox[-1].body)[1]
    later = since + timedelta(minutes=130)
    assert one_time.redeem(last, at=later) == nia
    assert ask_each_minute(nia, since=later, minutes=1) == [0]


def test_a_letter_that_was_not_accepted_is_tried_again(nia, settings):
    one_time.ask_link(nia.nip)
    settings.EMAIL_BACKEND = "tests.people.test_one_time.NoMailServer"
    with pytest.raises(ConnectionRefusedError):
        outbox.drain(kinds=["people.mail_link"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.drain(kinds=["people.mail_link"], at=timezone.now() + timedelta(seconds=30))
    assert [letter.to for letter in mail.outbox] == [["nia@contoh.example"]]


def test_no_letter_for_closed_accounts(client, nia):
    Account.objects.filter(pk=nia.pk).update(is_active=False)
    client.post(reverse("people:link_request"), {"name": nia.nip})
    outbox.drain(kinds=["people.mail_link"])
    assert not mail.outbox
    token = one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID)
    with pytest.raises(RuleViolation):
        one_time.redeem(token)


def test_recovery_ends_the_other_sessions_and_tells_the_owner(client, nia):
    Account.objects.filter(pk=nia.pk).update(activated_at=timezone.now())
    phone = type(client)()
    phone.force_login(nia)
    client.post(asked_link(client, nia.nip))
    assert phone.get(reverse("people:security")).status_code == 302
    assert AccountSession.objects.filter(account_id=nia.pk).count() == 1
    outbox.drain(kinds=["people.mail_security"])
    assert nia.notices.get().kind == "security" and len(mail.outbox) == 2


def test_after_a_link_she_chooses_a_password_without_the_old_one(client, nia):
    client.post(asked_link(client, nia.nip))
    assert client.post(reverse("people:new_password"), {"password": "kurang"}).status_code == 422
    answer = client.post(reverse("people:new_password"), {"password": "Empat kata yang panjang", "next": "/saya/"})
    assert answer.url == "/saya/" and is_in(client)
    nia.refresh_from_db()
    assert nia.check_password("Empat kata yang panjang")
    assert client.get(reverse("people:new_password")).url == "/akun/kata-sandi/"


def test_without_a_link_the_old_password_is_asked_for(client, nia):
    client.force_login(nia)
    client.post(reverse("people:new_password"), {"password": "Empat kata yang panjang"})
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)


def test_two_clicks_at_once_let_one_in(transactional_db):
    person = AccountFactory()
    token = one_time.make_link(person, by=None, valid_for=one_time.LINK_VALID)
    start, results = threading.Barrier(4), []

    def click():
        start.wait(10)
        try:
            results.append(one_time.redeem(token))
        except RuleViolation:
            results.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 4 and results.count(None) == 3


# --- Codes on paper -------------------------------------------------------------------------------------------------------------------------


def test_a_printed_code_opens_with_the_persons_nip_only(client, nia, ratna, sari):
    code = one_time.print_code(nia, by=ratna)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    for name, typed in ((sari.nip, code), (nia.nip, "AAAA-AAAA-AAAA-AAAA")):
        answer = client.post(reverse("people:one_time_code"), {"name": name, "code": typed})
        assert answer.status_code == 422 and not is_in(client)

    client.post(reverse("people:one_time_code"), {"name": "nia@contoh.example", "code": code.lower().replace("-", " ")})
    assert is_in(client)
    again = type(client)()
    again.post(reverse("people:one_time_code"), {"name": nia.nip, "code": code})
    assert not is_in(again)


def test_letters_that_look_alike_are_read_as_meant(nia, ratna):
    code = one_time.print_code(nia, by=ratna)
    assert one_time.redeem_code(nia.nip, code.replace("0", "O").replace("1", "l")) == nia


def test_codes_cannot_be_guessed_quickly(client, nia, ratna):
    code = one_time.print_code(nia, by=ratna)
    for _number in range(8):
        client.post(reverse("people:one_time_code"), {"name": nia.nip, "code": "0000-0000-0000-0000"})
    client.post(reverse("people:one_time_code"), {"name": nia.nip, "code": code})
    assert not is_in(client)


def test_who_may_print_a_code(nia, ratna, dewi, sari, budi, wati, tono, agus, bkd):
    assert not one_time.may_print_code(nia, by=ratna) and not one_time.may_print_code(nia, by=dewi)
    for nobody in (sari, budi, wati, tono, agus, nia):
        assert one_time.may_print_code(nia, by=nobody)
    other_hr = AccountFactory()
    GrantFactory(person=other_hr, role="hr_unit", unit=bkd)
    assert one_time.may_print_code(nia, by=other_hr)
    assert one_time.may_print_code(ratna, by=ratna)


def test_hr_of_a_unit_makes_no_code_for_a_guarded_role(nia, ratna, dewi):
    GrantFactory(person=nia, role="counsellor")
    assert one_time.may_print_code(nia, by=ratna) and not one_time.may_print_code(nia, by=dewi)


@pytest.mark.parametrize("role", ["auditor", "hr_central", "admin"])
def test_central_hr_does_not_become_the_auditor(role, nia, dewi):
    """Only an administrator opens, closes or resets the account of a role that only an administrator gives."""
    admin = AccountFactory()
    for person, held in ((nia, role), (admin, "admin")):
        GrantFactory(person=person, role=held)
    Authenticator.objects.create(user=nia, type="totp", data={"secret": "x"})
    for may in (one_time.may_print_code, may_reset_second_step, may_close):
        assert may(nia, by=dewi) and not may(nia, by=admin), may


def test_the_owner_is_told_that_a_code_was_made_and_hr_sees_no_password(nia, ratna):
    one_time.print_code(nia, by=ratna)
    assert "HR" in nia.notices.get().title or "SDM" in nia.notices.get().title
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)


# --- The first administrator, new addresses ----------------------------------------------------------------------------------------------------


def test_the_first_administrator_gets_a_link_and_there_is_one(client):
    admin, token = first_admin(name="Administrator")
    assert not admin.has_usable_password() and admin.status == "technical"
    client.post(reverse("people:one_time", args=[token]))
    assert is_in(client)
    with pytest.raises(RuleViolation):
        first_admin(name="Dua")
    same, another = first_admin(name="Dua", again=True)
    assert same == admin and another != token


def test_the_administrators_newest_link_is_the_only_one():
    _admin, token = first_admin(name="Administrator")
    _admin, newer = first_admin(name="Administrator", again=True)
    assert one_time.link_of(token) is None and one_time.link_of(newer) is not None


def test_a_new_address_holds_when_its_owner_confirmed_it(client, nia):
    ask_email_change(nia, "nia.baru@contoh.example", by=nia)
    outbox.drain(kinds=["people.mail_email_change", "people.mail_security"])
    assert sorted(letter.to[0] for letter in mail.outbox) == ["nia.baru@contoh.example", "nia@contoh.example"]
    letter = next(letter for letter in mail.outbox if letter.to == ["nia.baru@contoh.example"])
    link = re.search(r"https?://[^/]+(/akun/surel/\S+)", letter.body)[1]

    assert client.get(link).status_code == 200
    nia.refresh_from_db()
    assert nia.email == "nia@contoh.example"
    client.post(link)
    nia.refresh_from_db()
    assert nia.email == "nia.baru@contoh.example"
    assert client.post(link).status_code == 410


def test_the_former_address_is_told_also_when_the_new_one_was_confirmed_first(client, nia):
    ask_email_change(nia, "nia.baru@contoh.example", by=nia)
    outbox.drain(kinds=["people.mail_email_change"])
    client.post(re.search(r"https?://[^/]+(/akun/surel/\S+)", mail.outbox[-1].body)[1])
    nia.refresh_from_db()
    assert nia.email == "nia.baru@contoh.example"
    outbox.drain(kinds=["people.mail_security"])
    assert mail.outbox[-1].to == ["nia@contoh.example"]


def test_looking_at_a_link_with_head_uses_nothing_up_and_is_no_error(client, nia):
    token = one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID)
    assert client.head(reverse("people:one_time", args=[token])).status_code == 200
    ask_email_change(nia, "nia.baru@contoh.example", by=nia)
    outbox.drain(kinds=["people.mail_email_change"])
    assert client.head(re.search(r"https?://[^/]+(/akun/surel/\S+)", mail.outbox[-1].body)[1]).status_code == 200
    assert one_time.redeem(token) == nia


def test_who_signs_in_next_in_the_same_browser_does_not_inherit_the_recovery(client, nia, sari, settings):
    """The link waited for its second step in vain; a colleague signs in on the same machine: she needs her old password for a new one."""
    Authenticator.objects.create(user=nia, type="totp", data={"secret": crypto.encrypt("JBSWY3DPEHPK3PXP")})
    token = one_time.make_link(nia, by=None, valid_for=one_time.LINK_VALID)
    assert client.post(reverse("people:one_time", args=[token])).url == reverse("mfa_authenticate")
    sari.set_password(PASSWORD)
    sari.save()
    settings.ACCOUNT_LOGIN_TIMEOUT = -1
    client.post("/akun/masuk/", {"login": sari.nip, "password": PASSWORD})
    assert is_in(client)
    assert client.get(reverse("people:new_password")).url == "/akun/kata-sandi/"


def test_a_newer_wish_kills_the_older_and_a_taken_address_is_refused(nia, sari):
    first = ask_email_change(nia, "satu@contoh.example", by=nia)
    assert ask_email_change(nia, "SATU@contoh.example", by=nia) == first
    ask_email_change(nia, "dua@contoh.example", by=nia)
    first.refresh_from_db()
    assert first.is_withdrawn and EmailChange.objects.filter(is_withdrawn=False).count() == 1
    with pytest.raises(RuleViolation):
        ask_email_change(nia, sari.email, by=nia)
