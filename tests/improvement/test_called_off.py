"""What was confirmed does not take place: the gap does not stay addressed by nothing, and what had been offered is offered again."""

from __future__ import annotations

import pytest

from courses.domain.enrolment import withdraw
from improvement.domain import counselling, guidance, loop
from improvement.domain.check import check_trails
from improvement.domain.reconcile import reconcile_loop
from improvement.domain.team import staff_of
from improvement.enums import SessionState
from improvement.models import Counselling, Guidance, Proposal
from performance.enums import Cause, GapStatus
from performance.models import Gap
from tests.factories.improvement import jakarta


def planned(story, gap) -> Guidance:
    return guidance.plan_guidance(
        story.person, conductor=story.superior, scheduled_at=jakarta(2026, 7, 23), gap=gap, by=story.superior, at=story.now)


def offered(gap) -> list[tuple[str, str]]:
    return list(gap.proposals.filter(state="proposed").values_list("remedy", "state"))


@pytest.fixture
def whole(story):
    yield story
    assert check_trails().broken == []
    assert not any(reconcile_loop(at=story.now).values())


def test_a_cancelled_talk_leaves_the_gap_to_be_decided_anew(whole, budi, sari):
    whole.missed("Triwulan II 2026", 71)
    guidance.cancel_guidance(planned(whole, whole.case), by=budi, at=whole.now)
    assert whole.case.status == GapStatus.OPEN and offered(whole.case) == [("guidance", "proposed")]
    assert [person.pk for person in staff_of(budi, on=whole.now.date(), wanted="talk")] == [sari.pk]
    assert planned(whole, whole.case).proposal is not None and whole.case.status == GapStatus.ADDRESSED


def test_the_parts_that_the_talk_had_answered_are_open_again_too(whole, budi):
    whole.missed("Triwulan II 2026", 71)
    loop.agree_on_cause(whole.child, Cause.TOOL, by=budi, at=whole.now)
    talk = planned(whole, whole.case)
    assert whole.child.status == GapStatus.ADDRESSED
    guidance.cancel_guidance(talk, by=budi, at=whole.now)
    assert (whole.case.status, whole.child.status) == (GapStatus.OPEN, GapStatus.OPEN)


def test_a_cancelled_appointment_likewise(whole, behaviour_gap, ratna, counsellor):
    session = counselling.plan_counselling(
        whole.person, counsellor=counsellor, scheduled_at=jakarta(2026, 7, 23), gap=behaviour_gap, by=ratna, at=whole.now)
    counselling.cancel_session(session, by=counsellor, at=whole.now)
    behaviour_gap.refresh_from_db()
    assert behaviour_gap.status == GapStatus.OPEN and ("counselling", "proposed") in offered(behaviour_gap)


def test_a_course_that_was_left_is_offered_again(whole, budi):
    whole.missed("Triwulan II 2026", 71)
    given = whole.assigned()
    withdraw(given.enrolment, by=budi, reason="Pindah tugas", at=whole.clock.pass_time(hours=2))
    assert (whole.case.status, whole.child.status) == (GapStatus.OPEN, GapStatus.OPEN)
    again = Proposal.objects.get(gap=whole.child, course=given.course, state="proposed")
    assert again.reason == given.proposal.reason
    loop.confirm_proposal(again, by=budi, at=whole.now)
    assert whole.child.status == GapStatus.ADDRESSED


def test_another_remedy_that_stands_keeps_the_gap_addressed(whole, budi):
    whole.missed("Triwulan II 2026", 71)
    given, talk = whole.assigned(), planned(whole, whole.case)
    guidance.cancel_guidance(talk, by=budi, at=whole.now)
    assert (whole.case.status, whole.child.status) == (GapStatus.ADDRESSED, GapStatus.ADDRESSED)
    withdraw(given.enrolment, by=budi, reason="Pindah tugas", at=whole.now)
    assert (whole.case.status, whole.child.status) == (GapStatus.OPEN, GapStatus.OPEN)


def test_what_was_done_before_the_gap_persisted_does_not_stand_for_it(whole, budi):
    """The first talk was closed, the measurement says it did not help; the second one is cancelled: persisting, not addressed."""
    whole.missed("Triwulan II 2026", 71)
    talk = guidance.save_talk(planned(whole, whole.case), version=1, by=budi, at=whole.now)
    guidance.close_without_action(talk, by=budi, at=whole.now)
    whole.clock.move_to(2026, 10, 5)
    whole.measured("Triwulan III 2026", 75)
    assert whole.case.status == GapStatus.PERSISTING
    guidance.cancel_guidance(planned(whole, whole.case), by=budi, at=whole.clock.pass_time(days=1))
    assert whole.case.status == GapStatus.PERSISTING and offered(whole.case) == [("guidance", "proposed")]


def test_a_gap_addressed_by_nothing_is_seen_and_healed(story, budi):
    """As rows written before this rule look."""
    story.missed("Triwulan II 2026", 71)
    planned(story, story.case)
    Guidance.objects.update(state=SessionState.CANCELLED)
    assert any("nothing that was confirmed stands" in sentence for sentence in check_trails().broken)
    assert reconcile_loop(at=story.now)["unanswered"] == 1
    assert story.case.status == GapStatus.OPEN and offered(story.case) == [("guidance", "proposed")]
    assert check_trails().broken == [] and not any(reconcile_loop(at=story.now).values())
    assert not Counselling.objects.exists() and Gap.objects.filter(status="addressed").count() == 0
