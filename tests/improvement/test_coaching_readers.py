"""Who reads what of a talk is printed above each field, and it is true: on its page, on the trail, in the text for the official record."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from improvement.domain import counselling, guidance, loop
from improvement.domain.review import what_is_open
from improvement.domain.siasn_export import evidence_text
from improvement.domain.trail import trail_of
from people.enums import Role
from performance.enums import Cause
from performance.models import PerformanceRecord
from tests.factories.improvement import jakarta
from tests.factories.people import AccountFactory, GrantFactory, PlacementFactory, PositionFactory

WORDS = {"goal": "ISI-TUJUAN", "reality": "ISI-KEADAAN", "options": "ISI-PILIHAN", "agreement": "ISI-KESEPAKATAN", "private_note": "ISI-PRIBADI"}
FORMAL = {"formal_summary": "ISI-RESMI", "action": "RENCANA-AKSI"}


def page_of(client, person, name, *args) -> str:
    client.force_login(person)
    response = client.get(reverse(f"improvement:{name}", args=args))
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


@pytest.fixture
def held(story, sari, budi):
    """Budi has written down what was said and asks Sari to confirm; she has not."""
    story.measured("Triwulan II 2026", 71)
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=story.case, by=budi, at=story.now)
    return guidance.save_talk(
        talk, version=1, by=budi, action_due_on=jakarta(2026, 8, 31).date(), asks_agreement=True, at=story.now, **WORDS, **FORMAL)


@pytest.fixture
def agreed(story, held, sari):
    return guidance.confirm_agreement(held, by=sari, at=story.now)


@pytest.fixture
def others(melati, cempaka, dewi, agus):
    """Everybody who reads Sari's trail, but took no part in the talk and is not HR of her unit."""
    evaluator = AccountFactory(name="Eka Penilai")
    GrantFactory(person=evaluator, role=Role.EVALUATOR, unit=melati)
    return [agus, evaluator]


def follow(sari, superior) -> None:
    """Sari has another superior from now on."""
    sari.placements.filter(ends_on__isnull=True).update(superior=superior)


# --- guidance -------------------------------------------------------------------------------------------------------------------------------
def test_the_guided_person_reads_the_audience_of_each_field(client, held, sari, budi):
    page = page_of(client, sari, "guidance", held.pk)
    assert page.count("Dibaca Anda dan Budi Santoso") == 5, "agenda, and the four boxes"
    assert page.count("Catatan resmi, dibaca Anda, Budi Santoso, dan sesudah pertemuan ditutup juga SDM unit dan SDM pusat") == 2
    assert "boleh menyimpan catatan pribadi" in page and "ISI-PRIBADI" not in page
    for words in ("ISI-TUJUAN", "ISI-KEADAAN", "ISI-PILIHAN", "ISI-KESEPAKATAN", "ISI-RESMI", "RENCANA-AKSI"):
        assert words in page


def test_the_conductor_of_a_closed_talk_reads_the_same_labels(client, agreed, budi):
    page = page_of(client, budi, "guidance", agreed.pk)
    assert page.count("Dibaca Anda dan Sari Wulandari") == 5 and "Catatan resmi, dibaca Anda, Sari Wulandari" in page
    assert page.index("Hanya Anda, sebagai catatan pribadi") < page.index("ISI-PRIBADI")


def test_hr_reads_the_formal_record_of_a_closed_talk_and_nothing_before(client, story, held, sari, ratna, dewi):
    for reader in (ratna, dewi):
        page = page_of(client, reader, "guidance", held.pk)
        assert "setelah pertemuan ditutup" in page and not any(words in page for words in (*WORDS.values(), *FORMAL.values()))
        assert "RENCANA-AKSI" not in page_of(client, reader, "coaching_monitor")
    guidance.confirm_agreement(held, by=sari, at=story.now)
    page = page_of(client, ratna, "guidance", held.pk)
    assert "ISI-RESMI" in page and "RENCANA-AKSI" in page and not any(words in page for words in WORDS.values())
    assert "Catatan resmi, dibaca Sari Wulandari, Budi Santoso, SDM unit, dan SDM pusat" in page
    assert "RENCANA-AKSI" in page_of(client, ratna, "coaching_monitor")


def test_the_trail_of_an_unconfirmed_talk_says_only_that_it_took_place(client, story, held, sari, budi, ratna, others):
    for reader in (sari, budi, ratna, *others):
        assert "RENCANA-AKSI" not in page_of(client, reader, "trail", story.case.pk)


def test_the_trail_tells_the_agreed_action_to_its_readers_only(client, story, agreed, sari, budi, ratna, others):
    for reader in (sari, budi, ratna):
        assert "Disepakati: RENCANA-AKSI" in page_of(client, reader, "trail", story.case.pk)
    lina = AccountFactory(name="Lina Kepala")
    follow(sari, lina)
    for reader in (lina, *others):
        page = page_of(client, reader, "trail", story.case.pk)
        assert "Pertemuan bimbingan" in page and "Budi Santoso" in page and "RENCANA-AKSI" not in page
    assert "RENCANA-AKSI" not in str(trail_of(story.case).steps), "without a reader nothing is told"


def test_the_text_for_the_official_record_tells_the_action_to_its_readers_only(client, story, agreed, sari, budi, others):
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    entry = PerformanceRecord.objects.get(gap=story.case, kind="improved")
    assert "RENCANA-AKSI" in page_of(client, budi, "proof_text", entry.pk) and "RENCANA-AKSI" in evidence_text(entry, viewer=sari)
    for reader in others:
        page = page_of(client, reader, "proof_text", entry.pk)
        assert "Bimbingan: 13 Juli 2026." in page and "RENCANA-AKSI" not in page


def test_a_later_superior_learns_that_something_is_still_to_be_done_not_what(client, story, agreed, sari):
    lina = AccountFactory(name="Lina Kepala")
    follow(sari, lina)
    assert what_is_open(story.case) == ["Kesepakatan dalam pertemuan bimbingan belum selesai dijalankan."]
    assert "RENCANA-AKSI" not in page_of(client, lina, "gap", story.case.pk)


def test_the_way_back_from_a_trail_is_open_to_its_reader(client, story, held, sari, budi, others):
    for reader in (sari, budi, *others):
        page = page_of(client, reader, "trail", story.case.pk)
        back = re.search(r'<a class="back" href="([^"]+)"', page)[1]
        assert client.get(back).status_code == 200, (reader.name, back)


# --- counselling ----------------------------------------------------------------------------------------------------------------------------
def test_the_counselled_person_learns_who_is_told_what(client, story, behaviour_gap, sari, ratna, dewi, counsellor):
    session = counselling.plan_counselling(
        sari, counsellor=counsellor, recipient=dewi, scheduled_at=story.now, gap=behaviour_gap, by=ratna, at=story.now)
    assert dewi.name in page_of(client, sari, "counselling", session.pk), "from the appointment on, not after the fact"
    counselling.save_session(
        session, version=1, by=counsellor, notes="ISI-RAHASIA", shared_summary="ISI-RINGKASAN", agreed_result="ISI-HASIL", at=story.now)
    page = page_of(client, sari, "counselling", session.pk)
    assert page.index("Dibaca Anda dan Nadia Konselor") < page.index("ISI-RINGKASAN")
    assert "hanya menerima hasil yang disepakati" in page and "ISI-HASIL" not in page and "ISI-RAHASIA" not in page
    told = page_of(client, dewi, "counselling", session.pk)
    assert told.index("Dibaca Anda dan Nadia Konselor") < told.index("ISI-HASIL")


def test_a_counselling_without_a_recipient_says_so(client, story, sari, ratna, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    assert "Tidak ada orang lain yang menerima hasilnya." in page_of(client, sari, "counselling", session.pk)


def test_the_superior_meets_one_word_for_counselling(client, story, behaviour_gap, sari, budi, ratna, counsellor):
    pages = [page_of(client, budi, "gap", behaviour_gap.pk), page_of(client, budi, "plan_counselling", sari.pk)]
    session = counselling.plan_counselling(
        sari, counsellor=counsellor, scheduled_at=story.now, gap=behaviour_gap, by=ratna, at=story.now)
    session = counselling.save_session(session, version=1, by=counsellor, shared_summary="Ringkas.", at=story.now)
    counselling.close_session(session, by=counsellor, at=story.now)
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 95)
    pages += [page_of(client, budi, name, behaviour_gap.pk) for name in ("gap", "trail")]
    pages.append(page_of(client, sari, "record", behaviour_gap.records.get().pk))
    for page in pages:
        assert "Pendampingan" in page and "Konseling" not in page and "konseling" not in page


def test_the_recipient_is_hr_of_the_unit_or_central_hr(client, story, sari, budi, ratna, dewi, wati, cempaka, puspa, counsellor):
    strange = AccountFactory(name="Hana SDM")
    PlacementFactory(person=strange, unit=cempaka, position=PositionFactory(name="Analis"))
    GrantFactory(person=strange, role=Role.HR_UNIT, unit=cempaka)
    former = AccountFactory(name="Gita Mantan")
    GrantFactory(person=former, role=Role.HR_UNIT, unit=puspa, ends_on=jakarta(2020, 1, 1).date())
    GrantFactory(person=budi, role=Role.HR_UNIT, unit=puspa)
    assert counselling.recipients_for(sari) == [dewi, ratna]
    for recipient in (strange, former, wati, budi, sari):
        assert counselling.may_plan(sari, counsellor=counsellor, recipient=recipient, by=ratna), recipient.name
    page = page_of(client, ratna, "plan_counselling", sari.pk)
    assert dewi.name in page and "Hana SDM" not in page and "Gita Mantan" not in page


def test_a_cause_other_than_skill_still_shows_no_action_on_the_child(client, story, agreed, budi, sari, others):
    """The talk of the case also answers its children: their trails obey the same rule."""
    loop.agree_on_cause(story.child, Cause.PROCEDURE, by=budi, at=story.now)
    assert "RENCANA-AKSI" in page_of(client, sari, "trail", story.child.pk)
    for reader in others:
        assert "RENCANA-AKSI" not in page_of(client, reader, "trail", story.child.pk)
