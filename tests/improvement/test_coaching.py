"""Guidance and counselling: who may read and write what (decisions 24)."""

from __future__ import annotations

import pytest

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from improvement.domain import counselling, guidance, loop
from improvement.domain.remedies import may_have_courses
from improvement.domain.trail import trail_of
from improvement.enums import Remedy
from improvement.models import AgendaItem, Counselling, Guidance, Proposal
from people.enums import Role
from performance.enums import Cause, GapStatus
from tests.factories.improvement import jakarta
from tests.factories.people import GrantFactory

SECRET = "Ia sedang merawat ibunya yang sakit"


# --- guidance ------------------------------------------------------------------------------------------------------------------------------
def test_the_first_remedy_of_a_result_gap_is_a_talk_within_fourteen_days(story):
    story.measured("Triwulan II 2026", 71)
    offer = Proposal.objects.get()
    assert (offer.remedy, offer.gap, offer.reason["within_days"]) == (Remedy.GUIDANCE, story.case, 14)


def test_planning_the_talk_confirms_it_and_addresses_the_case(story, sari, budi):
    story.measured("Triwulan II 2026", 71)
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2026, 7, 23), gap=story.case, by=budi, at=story.now)
    assert talk.proposal.state == "confirmed" and story.case.status == GapStatus.ADDRESSED
    assert story.child.status == GapStatus.OPEN, "a child is addressed by a remedy of its own"


def test_a_talk_also_answers_children_whose_cause_is_no_lack_of_skill(story, sari, budi):
    story.measured("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.PROCEDURE, by=budi, at=story.now)
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=story.child, by=budi, at=story.now)
    assert (talk.gap, story.child.status) == (story.case, GapStatus.ADDRESSED)
    talk = guidance.save_talk(talk, version=1, by=budi, agreement="Penunjuk berkas dipasang.", at=story.now)
    guidance.close_without_action(talk, by=budi, at=story.now)
    assert (story.case.status, story.child.status) == (GapStatus.AWAITING_REVIEW, GapStatus.AWAITING_REVIEW)


def test_each_reads_what_is_hers(story, sari, budi, ratna, wati, agus):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, by=budi, at=story.now)
    assert guidance.fields_for(talk, budi) >= {"private_note", "goal", "formal_summary"}
    assert guidance.fields_for(talk, sari) == guidance.SHARED | guidance.FORMAL
    assert guidance.fields_for(talk, ratna) == frozenset(), "nothing is a formal record before the talk is closed"
    talk = guidance.save_talk(talk, version=talk.version, by=budi, goal="90 %", at=story.now)
    talk = guidance.close_without_action(talk, by=budi, at=story.now)
    assert guidance.fields_for(talk, ratna) == guidance.FORMAL
    assert guidance.fields_for(talk, wati) == guidance.fields_for(talk, agus) == frozenset()
    assert list(Guidance.objects.visible_to(ratna)) == [], "HR reads the formal record, not the talk"
    assert list(guidance.formal_records(ratna)) == [talk] and list(guidance.formal_records(wati)) == []
    assert list(guidance.formal_records(budi)) == [], "a superior reads agreements as the one who led the talk"


def test_an_older_form_overwrites_nothing(story, sari, budi):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, by=budi, at=story.now)
    guidance.save_talk(talk, version=1, by=budi, goal="90 %", at=story.now)
    with pytest.raises(RuleViolation, match="jendela lain"):
        guidance.save_talk(talk, version=1, by=budi, goal="80 %", at=story.now)
    assert Guidance.objects.get().goal == "90 %"


def test_the_agreement_holds_when_both_have_confirmed_the_same_words(story, sari, budi, wati):
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, by=budi, at=story.now)
    with pytest.raises(RuleViolation):
        guidance.save_talk(talk, version=1, by=budi, action="Lembar periksa", asks_agreement=True, at=story.now)
    due = jakarta(2026, 8, 31).date()
    talk = guidance.save_talk(talk, version=1, by=budi, action="Lembar periksa", action_due_on=due, asks_agreement=True, at=story.now)
    with pytest.raises(RuleViolation):
        guidance.confirm_agreement(talk, by=wati, at=story.now)
    talk = guidance.save_talk(talk, version=2, by=budi, action="Lembar periksa tiap pagi", action_due_on=due, at=story.now)
    assert talk.confirmed_by_conductor_at is None, "other words need both confirmations anew"
    guidance.confirm_agreement(talk, by=budi, at=story.now)
    talk = guidance.confirm_agreement(talk, by=sari, at=story.now)
    assert talk.state == "closed" and guidance.mark_action_done(talk, by=sari, at=story.now).action_done_at


def test_nobody_guides_herself_and_strangers_plan_nothing(story, sari, budi, wati):
    for conductor, by in ((sari, budi), (budi, sari), (wati, wati)):
        with pytest.raises(RuleViolation):
            guidance.plan_guidance(sari, conductor=conductor, scheduled_at=story.now, by=by, at=story.now)


def test_not_yet_brings_help(story, sari, budi):
    """The superior is told the barrier, and the next talk has it on its agenda."""
    from improvement.domain import daily, transfer
    from improvement.models import TransferQuestion
    from people.models import Notice

    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.learned()
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2026, 9, 1), gap=story.case, by=budi, at=story.now)
    daily.open_questions(at=story.clock.pass_time(days=30))
    question = TransferQuestion.objects.get(day="30")
    transfer.answer(question, "not_yet", by=sari, barrier="tool", at=story.now)
    assert Notice.objects.get(person=budi, key=f"help:{question.pk}:{budi.pk}").body.count("alat")
    assert AgendaItem.objects.get(guidance=talk).text.startswith("Belum dicoba")
    assert story.child.status == GapStatus.AWAITING_REVIEW, "an answer is no mark"


# --- counselling ---------------------------------------------------------------------------------------------------------------------------
def test_behaviour_begins_with_counselling_never_with_a_course_alone(story, behaviour_gap, budi, sari, counsellor):
    assert [offer.remedy for offer in behaviour_gap.proposals.all()] == [Remedy.COUNSELLING]
    assert behaviour_gap.proposals.get().get_remedy_display() == "Pendampingan", "the only word for it outside the counsellor's room"
    loop.agree_on_cause(behaviour_gap, Cause.SKILL, by=budi, at=story.now)
    behaviour_gap.refresh_from_db()
    assert may_have_courses(behaviour_gap) == ["Pendampingan didahulukan; pelatihan saja bukan jawaban untuk perilaku kerja."]
    counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, gap=behaviour_gap, by=budi, at=story.now)
    behaviour_gap.refresh_from_db()
    assert may_have_courses(behaviour_gap) == [] and behaviour_gap.status == GapStatus.ADDRESSED


def test_each_reader_of_a_counselling_gets_her_own_fields(story, behaviour_gap, budi, sari, ratna, counsellor, dewi):
    session = counselling.plan_counselling(
        sari, counsellor=counsellor, recipient=dewi, scheduled_at=story.now, gap=behaviour_gap, by=ratna, at=story.now)
    session = counselling.save_session(session, version=1, by=counsellor, notes=SECRET, shared_summary="Jam kerja dibicarakan.",
                                       agreed_result="Bimbingan lanjutan.", at=story.now)
    assert SECRET not in session.notes_encrypted
    assert counselling.read(session, by=counsellor)["notes"] == SECRET
    recipient = counselling.read(session, by=dewi)
    assert recipient["agreed_result"] == "Bimbingan lanjutan." and {"notes", "shared_summary"}.isdisjoint(recipient)
    person = counselling.read(session, by=sari)
    assert person["shared_summary"] == "Jam kerja dibicarakan." and {"notes", "agreed_result"}.isdisjoint(person)
    for stranger in (budi, ratna):
        with pytest.raises(RuleViolation):
            counselling.read(session, by=stranger)
        assert not Counselling.objects.visible_to(stranger).exists()
    assert AuditEvent.objects.filter(verb="counselling.read", is_read=True).count() == 2
    with pytest.raises(RuleViolation):
        counselling.save_session(session, version=2, by=dewi, notes="x", at=story.now)


def test_trail_and_record_say_only_that_support_was_given(story, behaviour_gap, budi, sari, ratna, counsellor):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, gap=behaviour_gap, by=ratna, at=story.now)
    counselling.save_session(session, version=1, by=counsellor, notes=SECRET, shared_summary="Ringkas.", agreed_result="Hasil.", at=story.now)
    session.refresh_from_db()
    counselling.close_session(session, by=counsellor, at=story.now)
    behaviour_gap.refresh_from_db()
    assert behaviour_gap.status == GapStatus.AWAITING_REVIEW
    step = next(step for step in trail_of(behaviour_gap, viewer=budi).steps if step.kind == "support")
    assert (step.title, step.actor) == ("Pendampingan", "")
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 95)
    entry = behaviour_gap.records.get()
    assert entry.done_before == ["counselling"]
    for hidden in (SECRET, "Ringkas", "Hasil", "Nadia"):
        assert hidden not in str(entry.evidence)


def test_the_counsellor_is_independent_and_the_result_stays_away_from_the_superior(story, sari, budi, ratna, counsellor):
    GrantFactory(person=budi, role=Role.COUNSELLOR)
    assert counselling.counsellors_for(sari) == [counsellor]
    for chosen, recipient in ((budi, None), (ratna, None), (counsellor, budi), (counsellor, sari)):
        with pytest.raises(RuleViolation):
            counselling.plan_counselling(sari, counsellor=chosen, recipient=recipient, scheduled_at=story.now, by=ratna, at=story.now)


def test_hr_sees_that_it_took_place(story, sari, ratna, wati, counsellor, django_assert_num_queries):
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=story.now, by=ratna, at=story.now)
    found = counselling.took_place(ratna).get()
    assert found == session and found.get_deferred_fields() >= {"notes_encrypted", "shared_summary", "agreed_result"}
    assert not counselling.took_place(wati).exists()
