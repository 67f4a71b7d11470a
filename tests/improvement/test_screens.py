"""The screens of the loop: each person opens hers, and what she may not see is not there."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from improvement.domain import assignments, counselling, loop, requests
from improvement.domain.summary import compute_summaries
from improvement.models import (
    BulkAssignment,
    Counselling,
    Guidance,
    LearnerRequest,
    Proposal,
    TrainingAssignment,
    TransferPlan,
    TransferQuestion,
)
from people.enums import Role
from performance.enums import Cause, GapStatus
from performance.models import Gap, PerformanceRecord
from tests.factories.people import AccountFactory, GrantFactory


def opened(client, name, *args, **query):
    response = client.get(reverse(f"improvement:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def words(page):
    """What the person reads in the main part of a page: no tag, no attribute, no address can stand for a figure."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def as_(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def told(story):
    """71 % measured, cause found, first course confirmed."""
    story.measured("Triwulan II 2026", 71)
    offers = loop.agree_on_cause(story.child, Cause.SKILL, by=story.superior, at=story.now)
    loop.confirm_proposal(offers[0], by=story.superior, at=story.now)
    return story


def test_home_shows_the_course_with_its_reason_and_what_waits(client, told, sari):
    page = words(opened(as_(client, sari), "home"))
    given = TrainingAssignment.objects.get()
    assert "Layanan Cepat di Loket Adminduk" in page and " ".join(given.reason.split()) in page
    assert "71 %" in " ".join(given.reason.split())
    assert " ".join(given.reason.split()) in words(opened(client, "assignment", given.pk))


def test_home_of_somebody_without_tasks_says_who_assigns(client, wati):
    page = opened(as_(client, wati), "home")
    assert "Pelatihan diberikan oleh atasan" in page


def test_my_performance_shows_finding_source_and_no_other_name(client, told, sari, wati):
    page = opened(as_(client, sari), "my_performance")
    assert "71 % target 90 %" in words(page) and "Triwulan II 2026" in words(page) and wati.name not in page


def test_context_is_kept_and_answered_by_the_superior(client, told, sari, budi):
    url = reverse("improvement:gap_context", args=[told.child.pk])
    assert as_(client, sari).post(url, {"kind": "context", "text": ""}).status_code == 422
    assert client.post(url, {"kind": "context", "text": "Jaringan sering putus."}).status_code == 302
    page = opened(as_(client, budi), "gap", told.child.pk)
    assert "Jaringan sering putus." in page
    context = told.child.contexts.get()
    assert (
        client.post(reverse("improvement:answer_context", args=[context.pk]), {"answer": "Sudah kami laporkan."}).status_code
        == 302
    )


def test_team_counts_open_their_rows(client, told, budi, wati):
    page = opened(as_(client, budi), "team")
    assert "Sari Wulandari" in page
    assert as_(client, wati).get(reverse("improvement:team")).status_code == 404


def test_person_page_is_for_superior_and_hr_and_the_reading_is_noted(client, told, sari, budi, ratna, wati):
    from core.models import AuditEvent

    for reader in (budi, ratna):
        assert "71 % target 90 %" in words(opened(as_(client, reader), "person", sari.pk))
    assert AuditEvent.objects.filter(verb="person.read", subject_id=sari.pk).count() == 2
    assert as_(client, wati).get(reverse("improvement:person", args=[sari.pk])).status_code == 404
    assert as_(client, sari).get(reverse("improvement:person", args=[sari.pk])).status_code == 404


def test_cause_then_course_through_the_screens(client, story, budi):
    story.measured("Triwulan II 2026", 71)
    as_(client, budi)
    assert (
        client.post(
            reverse("improvement:set_cause", args=[story.child.pk]), {"cause": "skill", "note": "Berkas diperiksa dua kali."}
        ).status_code
        == 302
    )
    offer = Proposal.objects.filter(remedy="course").first()
    assert offer.course.title in opened(client, "gap", story.child.pk)
    opened(client, "confirm", offer.pk)
    assert client.post(reverse("improvement:confirm", args=[offer.pk]), {"due_on": "2020-01-01"}).status_code == 422
    assert client.post(reverse("improvement:confirm", args=[offer.pk]), {}).status_code == 302
    story.child.refresh_from_db()
    assert Gap.objects.get(pk=story.child.pk).status == GapStatus.ADDRESSED
    given = TrainingAssignment.objects.get()
    assert client.post(reverse("improvement:take_back", args=[given.pk])).status_code == 302
    assert Gap.objects.get(pk=story.child.pk).status == GapStatus.OPEN


def test_declining_needs_a_reason(client, story, budi):
    story.measured("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    offer = Proposal.objects.filter(remedy="course").first()
    as_(client, budi)
    opened(client, "decline", offer.pk)
    assert client.post(reverse("improvement:decline", args=[offer.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("improvement:decline", args=[offer.pk]), {"reason": "Sudah pernah."}).status_code == 302


def test_request_and_its_answer(client, told, sari, budi):
    given = TrainingAssignment.objects.get()
    url = reverse("improvement:assignment", args=[given.pk])
    as_(client, sari)
    assert client.post(url, {"kind": "other_date", "text": "Mohon setelah akhir bulan."}).status_code == 422
    assert client.post(url, {"kind": "context", "text": "Sedang cuti."}).status_code == 302
    asked = LearnerRequest.objects.get()
    assert "Sedang cuti." in opened(as_(client, budi), "approvals")
    opened(client, "approval", asked.pk)
    assert client.post(reverse("improvement:approval", args=[asked.pk]), {"decision": "no"}).status_code == 422
    assert client.post(reverse("improvement:approval", args=[asked.pk]), {"decision": "yes", "text": "Baik."}).status_code == 302
    assert client.get(reverse("improvement:approval", args=[asked.pk])).status_code == 200
    as_(client, sari)
    assert client.get(reverse("improvement:request", args=[asked.pk])).status_code == 302
    assert requests.open_requests(budi).count() == 0


def test_a_talk_from_plan_to_done(client, told, sari, budi, ratna, wati):
    as_(client, budi)
    opened(client, "plan_guidance", sari.pk)
    url = reverse("improvement:plan_guidance", args=[sari.pk])
    assert client.post(url, {"scheduled_at": "2020-01-01T09:00"}).status_code == 422
    assert (
        client.post(url + f"?gap={told.case.pk}", {"scheduled_at": "2099-01-01T09:00", "place": "Ruang rapat"}).status_code == 302
    )
    talk = Guidance.objects.get()
    assert client.post(reverse("improvement:add_agenda", args=[talk.pk]), {"text": "Lembar periksa"}).status_code == 302
    facts = {
        "version": talk.version,
        "goal": "90 %",
        "reality": "71 %",
        "action": "Memakai lembar periksa",
        "action_due_on": "2099-02-01",
        "private_note": "RAHASIA-BUDI",
        "asks_agreement": "1",
    }
    assert client.post(reverse("improvement:write_talk", args=[talk.pk]), facts).status_code == 302
    stale = client.post(reverse("improvement:write_talk", args=[talk.pk]), facts | {"goal": "JANGAN HILANG"})
    assert stale.status_code == 422 and "JANGAN HILANG" in stale.content.decode()
    assert "RAHASIA-BUDI" in opened(client, "guidance", talk.pk)
    mine = opened(as_(client, sari), "guidance", talk.pk)
    assert "RAHASIA-BUDI" not in mine and "90 %" in mine
    talk.refresh_from_db()
    assert (
        client.post(reverse("improvement:talk_deed", args=[talk.pk, "setuju"]), {"version": talk.version}).status_code == 302
    )
    official = opened(as_(client, ratna), "guidance", talk.pk)
    assert "Memakai lembar periksa" in official and "RAHASIA-BUDI" not in official and "71 %" not in official
    assert as_(client, wati).get(reverse("improvement:guidance", args=[talk.pk])).status_code == 404
    as_(client, budi)
    assert client.post(reverse("improvement:talk_deed", args=[talk.pk, "selesai"])).status_code == 302
    opened(client, "talks")
    opened(as_(client, ratna), "coaching_monitor")


def test_counselling_shows_each_reader_her_fields(client, told, sari, budi, ratna):
    counsellor = AccountFactory(name="Nina Konselor")
    GrantFactory(person=counsellor, role=Role.COUNSELLOR)
    opened(as_(client, budi), "plan_counselling", sari.pk)
    session = counselling.plan_counselling(
        sari, counsellor=counsellor, scheduled_at=told.now, recipient=ratna, by=budi, at=told.now
    )
    as_(client, counsellor)
    opened(client, "counselling", session.pk)
    facts = {"version": session.version, "notes": "ISI-RAHASIA", "shared_summary": "RINGKASAN", "agreed_result": "HASIL"}
    assert client.post(reverse("improvement:counselling", args=[session.pk]), facts).status_code == 302
    assert "ISI-RAHASIA" in opened(client, "counselling", session.pk)
    assert "ISI-RAHASIA" not in Counselling.objects.get().notes_encrypted
    person = opened(as_(client, sari), "counselling", session.pk)
    assert "RINGKASAN" in person and "ISI-RAHASIA" not in person and "HASIL" not in person
    told_to = opened(as_(client, ratna), "counselling", session.pk)
    assert "HASIL" in told_to and "RINGKASAN" not in told_to and "ISI-RAHASIA" not in told_to
    assert as_(client, budi).get(reverse("improvement:counselling", args=[session.pk])).status_code == 404
    assert as_(client, counsellor).post(reverse("improvement:session_deed", args=[session.pk, "tutup"])).status_code == 302


def test_after_learning_plan_and_transfer_then_review_and_record(client, told, sari, budi):
    told.learned()
    enrolment = TrainingAssignment.objects.get().enrolment
    as_(client, sari)
    opened(client, "plan", enrolment.pk)
    plan = {"situation": "berkas kurang", "action": "sebutkan semua sekaligus", "starts_on": "2099-01-01"}
    assert client.post(reverse("improvement:plan", args=[enrolment.pk]), plan).status_code == 302
    assert TransferPlan.objects.get().action == "sebutkan semua sekaligus"
    question = TransferQuestion.objects.get(day="30")
    TransferQuestion.objects.update(opens_on="2026-01-01")
    opened(client, "transfer", question.pk)
    assert (
        client.post(
            reverse("improvement:transfer", args=[question.pk]),
            {"answer": "often", "barrier": "none", "example": "Tiap hari."},
        ).status_code
        == 302
    )
    opened(as_(client, budi), "transfer_confirm")
    sixty = TransferQuestion.objects.get(day="60")
    opened(client, "transfer_confirm_one", sixty.pk)
    assert client.post(reverse("improvement:transfer_confirm_one", args=[sixty.pk]), {"answer": "yes"}).status_code == 302
    as_(client, budi)
    opened(client, "review", told.child.pk)
    assert (
        client.post(reverse("improvement:review", args=[told.child.pk]), {"verdict": "improved", "finding": ""}).status_code
        == 422
    )
    assert (
        client.post(
            reverse("improvement:review", args=[told.child.pk]),
            {"verdict": "improved", "finding": "92 % pekan ini.", "value": "92"},
        ).status_code
        == 302
    )
    trail = opened(client, "trail", told.child.pk)
    assert "92" in trail
    opened(client, "proof_text", PerformanceRecord.objects.filter(kind="improved").get().pk)
    entry = PerformanceRecord.objects.filter(kind="improved").get()
    as_(client, sari)
    opened(client, "records")
    opened(client, "record", entry.pk)
    assert client.post(reverse("improvement:record", args=[entry.pk]), {"note": "Terima kasih."}).status_code == 302
    entry.refresh_from_db()
    assert entry.person_note == "Terima kasih." and entry.state == "final"
    opened(client, "my_performance")
    assert client.get(reverse("improvement:export_learning")).status_code == 200
    assert client.get(reverse("improvement:export_learning"), {"jenis": "xlsx"}).status_code == 200


def test_waiving_needs_its_reason(client, told, budi):
    as_(client, budi)
    opened(client, "waive", told.child.pk)
    assert client.post(reverse("improvement:waive", args=[told.child.pk]), {"reason": " "}).status_code == 422
    assert client.post(reverse("improvement:waive", args=[told.child.pk]), {"reason": "Pindah jabatan."}).status_code == 302


def test_reminder_twice_is_refused_in_words(client, told, budi):
    given = TrainingAssignment.objects.get()
    as_(client, budi)
    text = assignments.reminder_text(given)
    opened(client, "remind", given.pk)
    assert client.post(reverse("improvement:remind", args=[given.pk]), {"text": text}).status_code == 302
    assert client.post(reverse("improvement:remind", args=[given.pk]), {"text": text}).status_code == 422


def test_hr_overview_gap_list_and_many_at_once(client, story, sari, budi, ratna, melati):
    story.measured("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    compute_summaries()
    as_(client, ratna)
    opened(client, "overview")
    opened(client, "overview", unit=melati.pk)
    assert client.get(reverse("improvement:overview"), {"unit": "abc"}).status_code == 404
    assert "Sari" in opened(client, "gap_list")
    page = opened(client, "gaps")
    key = page.split('name="usulan" value="')[1].split('"')[0]
    page = opened(client, "gaps", usulan=key)
    assert "Sari Wulandari" in page
    shown = page.split('name="expected" value="')[1].split('"')[0]
    url = reverse("improvement:gaps")
    assert client.post(url, {"usulan": key, "expected": "7"}).status_code == 422
    assert client.post(url, {"usulan": key, "expected": shown, "due_on": "31 Feb"}).status_code == 422
    assert client.post(url, {"usulan": key, "expected": shown}).status_code == 302
    deed = BulkAssignment.objects.get()
    assert client.post(reverse("improvement:bulk_undo", args=[deed.pk])).status_code == 302
    assert TrainingAssignment.objects.active().count() == 0


def test_bulk_by_list_of_nip_shows_list_before_it_assigns(client, story, sari, ratna):
    as_(client, ratna)
    opened(client, "bulk")
    url = reverse("improvement:bulk")
    facts = {"course": story.courses[0].pk, "nips": f"{sari.nip}\n123", "reason": "Aplikasi baru mulai Agustus."}
    assert client.post(url, {"course": story.courses[0].pk}).status_code == 422
    shown = client.post(url, facts)
    assert shown.status_code == 200 and "Sari Wulandari" in shown.content.decode() and TrainingAssignment.objects.count() == 0
    assert client.post(url, facts | {"expected": "1"}).status_code == 422, "another list than the one that was shown"
    expected = shown.content.decode().split('name="expected" value="')[1].split('"')[0]
    assert client.post(url, facts | {"expected": expected}).status_code == 302
    assert TrainingAssignment.objects.count() == 1


def test_free_assignment_by_the_superior(client, story, sari, budi):
    as_(client, budi)
    opened(client, "assign", sari.pk)
    assert (
        client.post(reverse("improvement:assign", args=[sari.pk]), {"course": story.courses[0].pk, "reason": ""}).status_code
        == 422
    )
    assert (
        client.post(
            reverse("improvement:assign", args=[sari.pk]), {"course": story.courses[0].pk, "reason": "Tugas baru."}
        ).status_code
        == 302
    )


def test_auditor_reads_and_decides_nothing(client, told, agus):
    as_(client, agus)
    opened(client, "overview")
    opened(client, "gap_list")
    opened(client, "trail", told.child.pk)
    assert client.get(reverse("improvement:gap", args=[told.child.pk])).status_code == 404
    assert client.get(reverse("improvement:gaps")).status_code == 404


@pytest.mark.parametrize("name", ["home", "my_performance"])
def test_learner_pages_cost_six_queries_whatever_there_is(client, told, sari, name, django_assert_max_num_queries):
    """Session and person count; the menu is cached (decisions 6)."""
    as_(client, sari)
    opened(client, name)
    told.learned()
    with django_assert_max_num_queries(6):
        opened(client, name)
