"""L10 and A3: what a person sets and sees of herself; who gives roles, closes accounts and helps people in."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from core.domain import audit, menu
from core.models import AuditEvent
from people.domain import access_words, accounts, grants, my_data
from people.domain.accounts import may_close
from people.models import Account, EmailChange, Grant
from tests.factories.people import PASSWORD, AccountFactory, GrantFactory, PlacementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    account = AccountFactory(nip="admin", name="Administrator", status="technical")
    grants.grant(account, "admin", by=None)
    return account


# --- L10 ------------------------------------------------------------------------------------------------------------------------------------


def test_preferences_are_kept_on_the_account(client, sari):
    client.force_login(sari)
    page = client.get(reverse("people:profile")).content.decode().replace("\u00a0", " ")
    assert "Budi Santoso" in page and "19930417 201903 2 914" in page and len(re.findall("<h1", page)) == 1
    answer = client.post(reverse("people:profile"), {"phone": "0812 3456 7890", "saves_data": "on"})
    assert answer.status_code == 302
    sari.refresh_from_db()
    assert (sari.phone, sari.saves_data, sari.wants_email) == ("0812 3456 7890", True, False)


def test_nothing_else_can_be_set_by_the_form(client, sari):
    client.force_login(sari)
    before = Account.objects.filter(pk=sari.pk).values().get()
    fields = {field.name: "1" for field in Account._meta.fields if field.name not in ("phone", "wants_email", "saves_data")}
    client.post(reverse("people:profile"), {**fields, "phone": "1", "is_superuser": "on", "nip": "1", "email": "x@y.example"})
    after = Account.objects.filter(pk=sari.pk).values().get()
    assert {name for name in before if before[name] != after[name]} <= {"phone", "wants_email", "saves_data"}


def test_a_phone_number_that_is_none_is_told_at_the_field(client, sari):
    client.force_login(sari)
    answer = client.post(reverse("people:profile"), {"phone": "telepon saya"})
    assert answer.status_code == 422 and "telepon saya" in answer.content.decode()


def test_a_new_address_needs_a_fresh_proof_and_the_wish_goes_on_after_it(client, sari):
    """Whoever finds a screen left open does not move the account to her own mailbox."""
    sari.set_password(PASSWORD)
    sari.save()
    client.post("/akun/masuk/", {"login": sari.nip, "password": PASSWORD})
    answer = client.post(reverse("people:change_address"), {"email": "orang.lain@contoh.example"})
    assert answer.status_code == 302 and answer.url.startswith("/akun/pastikan/") and not EmailChange.objects.exists()
    client.post(answer.url, {"password": "tebakan-salah-1"})
    assert not EmailChange.objects.exists()
    client.post(answer.url, {"password": PASSWORD, "next": reverse("people:change_address")})
    assert EmailChange.objects.get().new_email == "orang.lain@contoh.example"


def test_a_new_address_waits(client, sari, budi):
    client.force_login(sari)
    assert client.post(reverse("people:change_address"), {"email": budi.email}).status_code == 422
    client.post(reverse("people:change_address"), {"email": "sari.baru@contoh.example"})
    sari.refresh_from_db()
    assert sari.email == "sari@contoh.example" and EmailChange.objects.get().new_email == "sari.baru@contoh.example"
    assert "sari.baru@contoh.example" in client.get(reverse("people:profile")).content.decode()


def test_my_data_holds_everything_and_the_trail(client, sari, budi, ratna):
    audit.record_read("account.viewed", sari, by=ratna, subject=sari)
    audit.record("grant.given", sari, by=ratna, subject=budi)
    client.force_login(sari)
    page = client.get(reverse("people:my_data")).content.decode()
    assert "Ratna Hapsari" in page
    data = json.loads(client.post(reverse("people:my_data_file")).content)
    assert data["people"]["account"]["nip"] == sari.nip and data["people"]["placements"][0]["superior"].startswith("Budi")
    verbs = [step["verb"] for step in data["trail"]]
    assert "account.viewed" in verbs and "my_data.exported" in verbs and "grant.given" not in verbs
    assert "password" not in json.dumps(data["people"]["account"]) and "token" not in json.dumps(data)


def test_other_apps_add_their_part(sari):
    my_data.register("trial", "Trial", lambda person: {"nip": person.nip, "day": person.created_at})
    try:
        assert my_data.export(sari)["trial"]["nip"] == sari.nip
    finally:
        my_data._parts.pop("trial")


# --- A3 -------------------------------------------------------------------------------------------------------------------------------------


def test_who_may_see_what_in_sentences(sari, budi, ratna, dewi, agus, wati):
    assert any("1" in sentence for sentence in access_words.what_she_sees(budi))
    seen_by = " ".join(access_words.who_sees_her(sari))
    assert all(name in seen_by for name in ("Budi", "Ratna", "Dewi", "Agus")) and "Wati" not in seen_by
    assert "Ratna" not in " ".join(access_words.who_sees_her(dewi))


def test_central_hr_gives_and_takes_a_role(client, dewi, sari, melati):
    client.force_login(dewi)
    page = reverse("people:access", args=[sari.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"role": "evaluator", "unit": melati.pk})
    given = Grant.objects.get(person=sari)
    assert (given.role, given.unit, given.granted_by) == ("evaluator", melati, dewi)
    assert client.post(page, {"role": "evaluator"}).status_code == 422
    assert client.post(page, {"role": "admin"}).status_code == 422
    client.post(reverse("people:access_revoke", args=[given.pk]))
    assert not Grant.objects.filter(person=sari).exists()
    assert set(AuditEvent.objects.filter(subject_id=sari.pk).values_list("verb", flat=True)) >= {
        "grant.given",
        "grant.taken",
        "account.viewed",
    }


def test_nobody_gives_herself_a_role_on_the_screen(client, dewi, admin):
    for person in (dewi, admin):
        client.force_login(person)
        answer = client.post(reverse("people:access", args=[person.pk]), {"role": "trainer"})
        assert answer.status_code == 422


def test_who_opens_the_screens(client, sari, budi, tono, wati, agus, ratna, dewi, admin):
    page = reverse("people:access", args=[sari.pk])
    for nobody in (sari, budi, tono, wati):
        client.force_login(nobody)
        assert client.get(reverse("people:roles")).status_code == 404 and client.get(page).status_code == 404
        for name in ("access_code", "access_state"):
            assert client.post(reverse(f"people:{name}", args=[sari.pk]), {"act": "close"}).status_code == 404
    for reader in (agus, ratna, dewi, admin):
        client.force_login(reader)
        assert client.get(reverse("people:roles")).status_code == 200 and client.get(page).status_code == 200


def test_hr_of_a_unit_reaches_her_units_only_and_gives_no_roles(client, ratna, sari, dewi, melati):
    client.force_login(ratna)
    assert client.get(reverse("people:access", args=[dewi.pk])).status_code == 404
    assert client.post(reverse("people:access", args=[sari.pk]), {"role": "evaluator", "unit": melati.pk}).status_code == 422
    found = client.post(reverse("people:roles"), {"cari": "a"}).content.decode()
    assert "Sari Wulandari" in found and "Dewi Lestari" not in found


def test_the_auditor_only_reads(client, agus, sari):
    client.force_login(agus)
    for name, data in (("access_code", {}), ("access_state", {"act": "close"}), ("access_state", {"act": "reset"})):
        assert client.post(reverse(f"people:{name}", args=[sari.pk]), data).status_code == 422
    sari.refresh_from_db()
    assert sari.is_active


def test_the_code_is_shown_once(client, ratna, sari):
    client.force_login(ratna)
    page = client.post(reverse("people:access_code", args=[sari.pk]))
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page.content.decode())[0]
    assert "no-store" in page.headers["Cache-Control"]
    assert code not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert client.get(reverse("people:access_code", args=[sari.pk])).status_code == 405


def test_closing_and_opening_an_account(client, ratna, sari):
    client.force_login(ratna)
    client.post(reverse("people:access_state", args=[sari.pk]), {"act": "close"})
    sari.refresh_from_db()
    assert not sari.is_active
    client.post(reverse("people:access_state", args=[sari.pk]), {"act": "reopen"})
    sari.refresh_from_db()
    assert sari.is_active
    assert client.post(reverse("people:access_state", args=[sari.pk]), {"act": "x"}).status_code == 404


def test_who_may_close_whom(ratna, dewi, admin, agus, sari, tono, wati):
    assert not may_close(sari, by=ratna) and not may_close(sari, by=dewi) and not may_close(agus, by=admin)
    assert may_close(tono, by=ratna) and may_close(ratna, by=ratna) and may_close(admin, by=dewi) and may_close(sari, by=wati)
    other = AccountFactory()
    GrantFactory(person=other, role="admin")
    assert not may_close(other, by=admin)


def test_a_lost_phone(client, dewi, ratna, sari, admin):
    Authenticator.objects.create(user=sari, type="totp", data={"secret": "x"})
    assert accounts.may_reset_second_step(sari, by=ratna) and not accounts.may_reset_second_step(sari, by=dewi)
    assert accounts.may_reset_second_step(admin, by=dewi) and accounts.may_reset_second_step(dewi, by=dewi)
    client.force_login(dewi)
    client.post(reverse("people:access_state", args=[sari.pk]), {"act": "reset"})
    assert not Authenticator.objects.filter(user=sari).exists() and sari.notices.get().kind == "security"


def test_the_list_of_roles_costs_the_same_for_many(client, dewi, melati, django_assert_num_queries):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("people:roles"))
        return len(seen)

    client.force_login(dewi)
    menu.forget(dewi.pk)
    client.get(reverse("people:roles"))
    few = queries()
    for _number in range(12):
        person = AccountFactory()
        PlacementFactory(person=person, unit=melati)
        GrantFactory(person=person, role="trainer")
    assert queries() == few
