"""Sari's story from the evaluation to the record, step by step. Reading it is the documentation of the loop (architecture §2)."""

from __future__ import annotations

import pytest

from certificates.models import Certificate
from core.domain.errors import RuleViolation
from courses.domain.hours import year_summary
from improvement.domain import daily, guidance, loop, transfer
from improvement.domain.check import check_trails
from improvement.domain.trail import headline, trail_of
from improvement.enums import AssignmentState, ProposalState, Remedy, TransferDay
from improvement.models import Proposal, TransferQuestion
from people.models import Notice
from performance.enums import Cause, GapStatus
from performance.models import Gap, GapChange, PerformanceRecord
from tests.factories.courses import pass_course
from tests.factories.improvement import jakarta


def test_saris_story_from_the_second_to_the_fourth_quarter(story, sari, budi, wati):
    clock = story.clock

    # 13 July. The file of the second quarter says: 71 % of the family cards within 24 hours, the target is 90 %.
    story.measured("Triwulan II 2026", 71)
    case, child = story.case, story.child
    assert (case.status, child.status, child.parent) == (GapStatus.OPEN, GapStatus.OPEN, case)

    # Nothing is assigned by the system. A talk is offered, because the cause comes first; no course is offered before it is known.
    assert [offer.remedy for offer in Proposal.objects.all()] == [Remedy.GUIDANCE]
    with pytest.raises(RuleViolation, match="Sebutkan dulu sebabnya|Name the cause first"):
        loop.assign_training(child, course=story.courses[0], by=budi, at=story.now)

    # 16 July. Sari and Budi find two causes; the one that is a lack of skill leads to two courses, the shorter one first.
    clock.move_to(2026, 7, 16)
    with pytest.raises(RuleViolation):
        loop.agree_on_cause(child, Cause.SKILL, by=sari, at=story.now)
    offers = loop.agree_on_cause(child, Cause.SKILL, note="Berkas diperiksa dua kali.", by=budi, at=story.now)
    assert [(offer.rank, offer.course.title, offer.reason["jp"]) for offer in offers] == [
        (1, "Layanan Cepat di Loket Adminduk", 5), (2, "Komunikasi Publik untuk Petugas Layanan", 6)]
    assert (offers[0].reason["value"], offers[0].reason["target"], offers[0].reason["period"]) == ("71", "90", "2026-04/2026-06")

    # 17 July. Budi confirms both; nobody else does, Sari least of all. Child and case are addressed.
    clock.move_to(2026, 7, 17)
    for stranger in (sari, wati):
        with pytest.raises(RuleViolation):
            loop.confirm_proposal(offers[0], by=stranger, at=story.now)
    given = [loop.confirm_proposal(offer, by=budi, due_on=jakarta(2026, 9, 30).date(), at=story.now) for offer in offers]
    assert {gap.status for gap in Gap.objects.all()} == {GapStatus.ADDRESSED}
    with pytest.raises(RuleViolation):
        loop.confirm_proposal(offers[0], by=budi, at=story.now)

    # Sari gets the reason in plain words, once the ten minutes of undo are over.
    notice = Notice.objects.get(person=sari, key=f"assignment:{given[0].pk}")
    assert notice.created_at == given[0].undo_until and "71" in notice.body and "90" in notice.body

    # 23 July. They talk, agree on one action, and both stand by it.
    clock.move_to(2026, 7, 23)
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=child, by=budi, at=story.now)
    guidance.add_agenda_item(talk, "Berkas pindah datang masih lambat.", by=sari, at=story.now)
    talk = guidance.save_talk(talk, version=1, by=budi, goal="90 % sebelum akhir Triwulan IV", action="Memakai lembar periksa untuk setiap KK baru",
                              action_due_on=jakarta(2026, 8, 31).date(), asks_agreement=True, at=story.now)
    talk = guidance.confirm_agreement(talk, by=sari, at=story.now)
    assert talk.closed_at and talk.gap == case

    # 12 September. She has read both courses and passed both quizzes: certificates, 11 learning hours, and no closed gap.
    clock.move_to(2026, 9, 12)
    for assignment in given:
        pass_course(assignment.enrolment, at=story.now)
    assert Certificate.objects.filter(person=sari).count() == 2
    assert year_summary(sari, 2026).jp == 11
    child.refresh_from_db()
    case.refresh_from_db()
    assert child.status == GapStatus.AWAITING_REVIEW
    assert case.status == GapStatus.ADDRESSED, "the agreed action is still open"
    guidance.mark_action_done(talk, by=budi, at=story.now)
    case.refresh_from_db()
    assert case.status == GapStatus.AWAITING_REVIEW

    # She plans how to use it at work, and is asked on day 30; Budi on day 60; day 90 calls for the review and judges nothing.
    given[0].enrolment.refresh_from_db()
    transfer.save_plan(given[0].enrolment, situation="warga datang dengan KK baru", action="memakai lembar periksa", starts_on=story.now.date(),
                       by=sari, at=story.now)
    clock.move_to(2026, 10, 12)
    assert daily.open_questions(at=story.now)["asked"] == 2
    day_30 = TransferQuestion.objects.filter(day=TransferDay.DAY_30).first()
    transfer.answer(day_30, "often", by=sari, example="Lembar periksa dipakai tiap hari.", at=story.now)
    clock.move_to(2026, 11, 11)
    daily.open_questions(at=story.now)
    day_60 = TransferQuestion.objects.filter(day=TransferDay.DAY_60, enrolment=day_30.enrolment).get()
    with pytest.raises(RuleViolation):
        transfer.answer(day_60, "yes", by=sari, at=story.now)
    transfer.answer(day_60, "yes", by=budi, at=story.now)
    clock.move_to(2026, 12, 11)
    assert daily.open_questions(at=story.now)["reviews"] == 2
    assert {gap.status for gap in Gap.objects.all()} == {GapStatus.AWAITING_REVIEW}

    # 14 January. The fourth quarter is measured: 93 %. Now, and only now, both gaps are improved.
    clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    child.refresh_from_db()
    case.refresh_from_db()
    assert (case.status, child.status) == (GapStatus.IMPROVED, GapStatus.IMPROVED)
    assert [change.to_status for change in GapChange.objects.filter(gap=child)] == ["open", "addressed", "awaiting_review", "improved"]

    # The record says what was, what is, and what had been done before the measurement; Sari may add a note before it is final.
    entry = PerformanceRecord.objects.get(gap=child, kind="improved")
    assert entry.summary == "Permohonan KK selesai dalam 24 jam: dari 71\N{NO-BREAK SPACE}% menjadi 93\N{NO-BREAK SPACE}%."
    assert (entry.before["value"], entry.after["value"], entry.done_before) == ("71", "93", ["guidance", "course"])
    assert {piece["kind"] for piece in entry.evidence} >= {"evaluation", "assignment", "completion", "certificate", "guidance", "transfer"}
    assert entry.state == "proposed" and Notice.objects.filter(person=sari, kind="record", body__contains=entry.summary).count() == 1

    # Nothing is asked of anybody any more, and the trail tells it all, unbroken.
    assert not TransferQuestion.objects.filter(answered_at__isnull=True, cancelled_at__isnull=True).exists()
    trail = trail_of(child, viewer=budi, at=story.now)
    assert headline(trail) == "Dari 71\N{NO-BREAK SPACE}% menjadi 93\N{NO-BREAK SPACE}%" and trail.is_intact
    kinds = [step.kind for step in trail.steps]
    assert [kind for kind in dict.fromkeys(kinds)] == [
        "evaluation", "gap", "cause", "proposal", "decision", "guidance", "course", "certificate", "transfer", "status", "record"]
    report = check_trails()
    assert report.broken == [] and report.gaps == 2 and report.records == 4


def test_a_measurement_closes_the_gap_whatever_had_been_done_and_the_record_says_what(story, sari):
    """Nothing was done, yet the next quarter is good: improved by chance, and written as such (issue §5)."""
    story.missed("Triwulan II 2026", 71)
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    entry = PerformanceRecord.objects.get(gap=story.child)
    assert entry.kind == "improved" and entry.done_before == ["none"]
    assert not Proposal.objects.filter(state=ProposalState.PROPOSED).exists()


def test_what_was_learned_after_the_measured_time_is_not_credited(story):
    """The course was finished in January, the measurement speaks of October to December."""
    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.clock.move_to(2027, 1, 10)
    story.learned()
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    assert PerformanceRecord.objects.get(gap=story.child, kind="improved").done_before == ["none"]


def test_open_assignments_become_voluntary_when_a_measurement_closes_the_gap(story, sari):
    story.missed("Triwulan II 2026", 71)
    given = story.assigned(due_on=jakarta(2027, 3, 1).date())
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    given.refresh_from_db()
    given.enrolment.refresh_from_db()
    assert (given.state, given.due_on) == (AssignmentState.VOLUNTARY, None)
    assert (given.enrolment.due_on, given.enrolment.origin) == (None, "self")
    assert Notice.objects.get(person=sari, key=f"voluntary:{given.pk}").body
    # She may still finish it: certificate and hours count, the closed gap stays as it is.
    story.clock.pass_time(days=3)
    story.learned()
    assert Certificate.objects.filter(person=sari).count() == 1 and story.child.status == GapStatus.IMPROVED
    assert check_trails().broken == []


def test_a_gap_that_persists_is_written_down_and_gets_a_new_offer(story, budi):
    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.clock.move_to(2026, 9, 1)
    story.learned()
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 79)
    assert (story.child.status, story.case.status) == (GapStatus.PERSISTING, GapStatus.PERSISTING)
    entry = PerformanceRecord.objects.get(gap=story.child, kind="persisting")
    assert (entry.before["value"], entry.after["value"], entry.done_before) == ("71", "79", ["course"])
    assert Proposal.objects.filter(gap=story.case, remedy=Remedy.GUIDANCE, state=ProposalState.PROPOSED).exists()
    # A further course may be confirmed: the gap is addressed again.
    story.assigned(course=story.courses[1])
    assert story.child.status == GapStatus.ADDRESSED


def test_an_untouched_gap_that_misses_again_stays_open_and_writes_no_record(story):
    story.missed("Triwulan II 2026", 71)
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 75)
    assert (story.child.status, story.child.misses) == (GapStatus.OPEN, 2)
    assert not PerformanceRecord.objects.exists()


def test_a_superior_reviews_and_writes_no_evaluation(story, sari, budi):
    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.clock.move_to(2026, 9, 12)
    story.learned()
    with pytest.raises(RuleViolation):
        loop.review(story.child, verdict="improved", finding="Saya sudah bisa.", by=sari, at=story.now)
    story.clock.move_to(2026, 12, 11)
    before = sari.evaluations.count()
    seen = "Berkas diperiksa satu kali, 50 berkas saya lihat."
    written = loop.review(story.child, verdict="improved", finding=seen, value=92, by=budi, at=story.now)
    assert (story.child.status, sari.evaluations.count()) == (GapStatus.IMPROVED, before)
    entry = PerformanceRecord.objects.get(gap=story.child, kind="improved")
    assert (entry.after["review"], entry.after["value"], entry.by, entry.done_before) == (written.pk, "92", budi, ["course"])
    assert story.case.status != GapStatus.IMPROVED, "the case is judged for itself"
    assert check_trails().broken == []


def test_ending_without_measurement_needs_a_reason_and_stands_in_the_record(story, budi):
    child = story.missed("Triwulan II 2026", 71)
    with pytest.raises(RuleViolation):
        loop.waive(child, reason=" ", by=budi, at=story.now)
    loop.waive(child, reason="Pindah ke unit arsip sejak Juli.", by=budi, at=story.now)
    entry = PerformanceRecord.objects.get(gap=child)
    assert (entry.kind, entry.after["reason"]) == ("waived", "Pindah ke unit arsip sejak Juli.")
    assert story.child.status == GapStatus.WAIVED and check_trails().broken == []
