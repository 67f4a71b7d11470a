"""Writing a talk: nothing typed is lost, nobody confirms words she did not see, and a tap made twice is one deed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from core.domain.errors import RuleViolation
from improvement.domain import counselling, guidance
from improvement.enums import SessionState
from improvement.models import Counselling, Guidance
from people.models import Notice
from tests.factories.improvement import jakarta

DUE = jakarta(2026, 8, 31).date()


@pytest.fixture
def talk(story, sari, budi):
    story.measured("Triwulan II 2026", 71)
    return guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=story.case, by=budi, at=story.now)


@pytest.fixture
def asked(story, talk, budi):
    return guidance.save_talk(talk, version=1, by=budi, goal="90 %", action="Lembar periksa", action_due_on=DUE, asks_agreement=True, at=story.now)


def version_in(page: str) -> int:
    return int(re.search(r'name="version" value="(\d+)"', page)[1])


def sent(client, person, name, args, data):
    client.force_login(person)
    response = client.post(reverse(f"improvement:{name}", args=args), data)
    return response.status_code, response.content.decode()


# --- nothing typed is lost --------------------------------------------------------------------------------------------------------------------
def test_words_for_a_talk_that_was_closed_meanwhile_come_back_for_copying(client, story, asked, sari, budi):
    guidance.confirm_agreement(asked, by=sari, at=story.now)
    status, page = sent(client, budi, "write_talk", [asked.pk], {"version": asked.version, "reality": "JANGAN HILANG", "private_note": "JUGA INI"})
    assert status == 422
    assert "Pertemuan ini sudah ditutup." in page and "belum tersimpan" in page
    assert "JANGAN HILANG</textarea>" in page and "JUGA INI</textarea>" in page
    status, page = sent(client, sari, "add_agenda", [asked.pk], {"text": "AGENDA SAYA"})
    assert status == 422 and "AGENDA SAYA</textarea>" in page and "sudah ditutup" in page


def test_words_for_a_session_that_was_closed_meanwhile_come_back_for_copying(client, story, sari, ratna, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    session = counselling.save_session(session, version=1, by=counsellor, notes="x", at=story.now)
    counselling.close_session(session, by=counsellor, at=story.now)
    status, page = sent(client, counsellor, "counselling", [session.pk], {"version": session.version, "notes": "CATATAN PANJANG"})
    assert status == 422 and "CATATAN PANJANG</textarea>" in page and "Sesi ini sudah ditutup." in page


def test_a_talk_changed_in_another_window_is_compared_and_saved(client, story, asked, sari, budi):
    old = {"version": 1, "goal": "Tujuan saya", "action": "Lembar periksa", "action_due_on": "2026-08-31"}
    status, page = sent(client, budi, "write_talk", [asked.pk], old)
    assert status == 422 and "jendela lain" in page
    shown = page[page.index("Yang tersimpan sementara itu"):page.index("<textarea")]
    assert "90 %" in shown and "Lembar periksa" not in shown, "only what differs is laid beside it"
    assert "Tujuan saya</textarea>" in page
    status, _page = sent(client, budi, "write_talk", [asked.pk], old | {"version": version_in(page)})
    assert status == 302 and Guidance.objects.get().goal == "Tujuan saya"


def test_a_session_changed_in_another_window_is_compared_and_saved(client, story, sari, ratna, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    counselling.save_session(session, version=1, by=counsellor, notes="Jendela pertama", at=story.now)
    status, page = sent(client, counsellor, "counselling", [session.pk], {"version": 1, "notes": "Jendela kedua"})
    assert status == 422 and "Jendela pertama" in page and "Jendela kedua</textarea>" in page
    status, _page = sent(client, counsellor, "counselling", [session.pk], {"version": version_in(page), "notes": "Jendela kedua"})
    assert status == 302 and counselling.read(Counselling.objects.get(), by=counsellor)["notes"] == "Jendela kedua"


# --- both confirm the same words --------------------------------------------------------------------------------------------------------------
def test_nobody_confirms_words_that_were_changed_since_she_read_them(client, story, asked, sari, budi):
    client.force_login(sari)
    read = version_in(client.get(reverse("improvement:guidance", args=[asked.pk])).content.decode())
    changed = guidance.save_talk(
        asked, version=asked.version, by=budi, action="Lembur tiap Sabtu", action_due_on=DUE, asks_agreement=True, at=story.now)
    status, page = sent(client, sari, "talk_deed", [asked.pk, "setuju"], {"version": read})
    assert status == 422 and "baca kembali" in page and "Lembur tiap Sabtu" in page
    assert Guidance.objects.get().state == SessionState.HELD
    assert sent(client, sari, "talk_deed", [asked.pk, "setuju"], {})[0] == 422, "a button without its words confirms nothing"
    assert sent(client, sari, "talk_deed", [asked.pk, "setuju"], {"version": changed.version})[0] == 302
    assert Guidance.objects.get().state == SessionState.CLOSED


@pytest.mark.parametrize("changed", [{"agreement": "Kata lain"}, {"formal_summary": "Ringkasan lain"}, {"action": "Aksi lain"}])
def test_other_agreed_words_need_both_confirmations_anew(story, asked, budi, changed):
    facts = {"goal": "90 %", "action": "Lembar periksa", "action_due_on": DUE}
    same = guidance.save_talk(asked, version=asked.version, by=budi, at=story.now, **facts | {"options": "Tiga jalan"})
    assert same.confirmed_by_conductor_at, "a note on the talk is not the agreement"
    other = guidance.save_talk(same, version=same.version, by=budi, at=story.now, **facts | changed)
    assert other.confirmed_by_conductor_at is None


def test_the_second_confirmation_closes_the_talk_whoever_comes_first(story, talk, sari, budi):
    facts = {"action": "Lembar periksa", "action_due_on": DUE}
    talk = guidance.save_talk(talk, version=1, by=budi, at=story.now, **facts)
    talk = guidance.confirm_agreement(talk, by=sari, at=story.now)
    asked_before = Notice.objects.filter(person=sari, key__startswith="agreement:").count()
    talk = guidance.save_talk(talk, version=talk.version, by=budi, asks_agreement=True, at=story.now, **facts)
    assert talk.state == SessionState.CLOSED
    assert Notice.objects.filter(person=sari, key__startswith="agreement:").count() == asked_before, "she has confirmed; nobody asks again"


# --- a deed is done once ----------------------------------------------------------------------------------------------------------------------
def test_a_double_tap_plans_one_talk(client, story, sari, budi, ratna, counsellor):
    story.measured("Triwulan II 2026", 71)
    url = reverse("improvement:plan_guidance", args=[sari.pk])
    client.force_login(budi)
    for _tap in range(2):
        for address in (url, f"{url}?gap={story.case.pk}"):
            assert client.post(address, {"scheduled_at": "2099-01-01T09:00"}).status_code == 302
    assert Guidance.objects.count() == 2, "one for the gap, one without"
    assert Notice.objects.filter(person=sari, key__startswith="guidance:").count() == 2
    for _tap in range(2):
        counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    assert Counselling.objects.count() == 1


def test_an_old_page_of_a_talk_does_nothing_to_the_new_state(story, talk, sari, budi):
    old = Guidance.objects.get()
    guidance.save_talk(talk, version=1, by=budi, action="Lembar periksa", action_due_on=DUE, asks_agreement=True, at=story.now)
    for deed in (guidance.cancel_guidance, lambda one, **more: guidance.move_guidance(one, scheduled_at=jakarta(2099, 1, 1), **more)):
        with pytest.raises(RuleViolation):
            deed(old, by=budi, at=story.now)
    with pytest.raises(RuleViolation):
        guidance.close_without_action(Guidance(pk=old.pk, conductor=budi, person=sari, state=SessionState.HELD), by=budi, at=story.now)
    closed = guidance.confirm_agreement(Guidance.objects.get(), by=sari, at=story.now)
    first = guidance.mark_action_done(closed, by=sari, at=story.now).action_done_at
    with pytest.raises(RuleViolation):
        guidance.mark_action_done(closed, by=budi, at=story.clock.pass_time(days=1))
    assert Guidance.objects.get().action_done_at == first


def test_an_old_page_of_a_session_does_nothing_to_the_new_state(story, sari, ratna, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    session = counselling.save_session(session, version=1, by=counsellor, notes="x", at=story.now)
    old = Counselling.objects.get()
    counselling.close_session(session, by=counsellor, at=story.now)
    for deed in (counselling.close_session, counselling.cancel_session):
        with pytest.raises(RuleViolation):
            deed(old, by=counsellor, at=story.now)
    assert Counselling.objects.get().state == SessionState.CLOSED


def test_the_conductor_moves_the_appointment(client, story, talk, sari, budi, wati):
    client.force_login(budi)
    url = reverse("improvement:move_guidance", args=[talk.pk])
    assert url in client.get(reverse("improvement:guidance", args=[talk.pk])).content.decode()
    assert "2026-07-13T09:00" in client.get(url).content.decode()
    assert client.post(url, {"scheduled_at": "2020-01-01T09:00"}).status_code == 422
    assert client.post(url, {"scheduled_at": "2099-03-02T10:30", "place": "Ruang rapat"}).status_code == 302
    moved = Guidance.objects.get()
    assert (moved.scheduled_at, moved.place, moved.version) == (jakarta(2099, 3, 2, 10, 30), "Ruang rapat", 2)
    for other in (sari, wati):
        client.force_login(other)
        assert client.get(url).status_code == 404
    client.force_login(sari)
    assert url not in client.get(reverse("improvement:guidance", args=[talk.pk])).content.decode()
