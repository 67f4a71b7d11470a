"""Courses are given for what nobody has dealt with, with the measured reason, to those who were shown; each wish and each deed once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from core.domain.errors import RuleViolation
from improvement.domain import assignments, bulk, gaps_to_training, loop, requests, undo
from improvement.domain.gap_list import GapChoice, gaps_seen_by
from improvement.enums import AssignmentState
from improvement.models import LearnerRequest, Proposal, TrainingAssignment
from people.models import Notice, Placement
from performance.domain import evaluations
from performance.enums import Cause, GapStatus
from performance.models import Gap
from tests.factories.improvement import jakarta
from tests.factories.people import AccountFactory, PlacementFactory
from tests.factories.performance import period


@pytest.fixture
def offers(story, budi):
    story.measured("Triwulan II 2026", 71)
    return loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)


@pytest.fixture
def colleague(story, melati, budi):
    person = AccountFactory(name="Rekan")
    PlacementFactory(person=person, unit=melati, superior=budi)
    return person


# --- the reason ------------------------------------------------------------------------------------------------------------------------------
def test_another_course_keeps_the_measured_reason_and_tells_why(story, offers, budi):
    given = loop.confirm_proposal(offers[0], course=story.courses[1], reason="Lebih dekat dengan tugasnya.", by=budi, at=story.now)
    offers[0].refresh_from_db()
    assert "71" in given.reason and "90" in given.reason and given.reason.endswith("Lebih dekat dengan tugasnya.")
    assert offers[0].decision_reason.endswith("Lebih dekat dengan tugasnya.") and story.courses[1].title in offers[0].decision_reason


def test_words_for_the_offered_course_come_after_the_measured_reason(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], reason="Mari kita coba.", by=budi, at=story.now)
    assert "71" in given.reason and given.reason.endswith("Mari kita coba.")
    asked = requests.ask(given, "other_course", text="Sudah saya kuasai.", wanted_course=story.courses[1], by=sari, at=story.now)
    requests.respond(asked, granted=True, by=budi, at=story.now)
    assert TrainingAssignment.objects.active().get().reason == given.reason, "said once"


# --- a review -------------------------------------------------------------------------------------------------------------------------------
def test_a_gap_that_nobody_addressed_is_not_found_improved_by_a_person(story, offers, budi):
    with pytest.raises(RuleViolation):
        loop.review(story.child, verdict="improved", finding="Rapi.", by=budi, at=story.now)
    assert story.child.status == GapStatus.OPEN
    loop.waive(story.child, reason="Targetnya keliru.", by=budi, at=story.now)
    assert story.child.status == GapStatus.WAIVED


# --- not twice --------------------------------------------------------------------------------------------------------------------------------
def test_a_gap_that_has_its_course_is_offered_to_hr_no_more(story, offers, budi, ratna):
    loop.confirm_proposal(Proposal.objects.get(remedy="course", rank=2), by=budi, at=story.now)
    assert gaps_to_training.offers_for(ratna) == []


def test_no_course_for_a_gap_that_awaits_its_review(story, offers, budi, ratna):
    loop.confirm_proposal(offers[0], by=budi, at=story.now)
    story.learned()
    assert story.child.status == GapStatus.AWAITING_REVIEW
    with pytest.raises(RuleViolation):
        loop.assign_training(story.child, course=story.courses[1], by=budi, at=story.now)
    plan = bulk.plan_bulk(story.courses[1], criteria={"indicator": story.indicator.pk}, by=ratna, at=story.now)
    assert plan.count == 0 and plan.skipped[0].problems
    assert not TrainingAssignment.objects.active().exists()


# --- the list that was shown --------------------------------------------------------------------------------------------------------------------
def test_a_list_of_nip_narrows_the_people_with_the_gap(story, offers, budi, ratna, sari, colleague):
    story.measured("Triwulan II 2026", 60, person=colleague)
    loop.agree_on_cause(Gap.objects.get(person=colleague, kind="indicator"), Cause.SKILL, by=budi, at=story.now)
    criteria = {"indicator": story.indicator.pk, "nips": [sari.nip, "123", budi.nip, sari.nip]}
    plan = bulk.plan_bulk(story.courses[0], criteria=criteria, by=ratna, at=story.now)
    assert [(row.person, row.gap, row.row) for row in plan.receivers] == [(sari, story.child, 1)]
    assert [row.row for row in plan.skipped] == [2, 3, 4] and all(row.problems for row in plan.skipped)


def test_others_in_the_place_of_those_shown_are_not_assigned(story, ratna, melati, budi, colleague):
    """The number is the same, the people are not."""
    criteria = {"unit": melati.pk}
    shown = bulk.plan_bulk(story.courses[0], criteria=criteria, reason="Layanan baru", by=ratna, at=story.now)
    Placement.objects.filter(person=colleague).delete()
    PlacementFactory(person=AccountFactory(name="Orang lain"), unit=melati, superior=budi)
    again = bulk.plan_bulk(story.courses[0], criteria=criteria, reason="Layanan baru", by=ratna, at=story.now)
    assert again.count == shown.count and again.token != shown.token
    with pytest.raises(RuleViolation):
        bulk.assign_in_bulk(story.courses[0], criteria=criteria, reason="Layanan baru", expected=shown.token, by=ratna, at=story.now)


def test_offers_are_assigned_together_or_not_at_all(story, offers, budi, ratna, colleague):
    chosen = gaps_to_training.preview(gaps_to_training.offers_for(ratna), by=ratna)
    with pytest.raises(RuleViolation):
        gaps_to_training.assign_offers(chosen, due_on=None, expected="1", by=ratna)
    made = gaps_to_training.assign_offers(chosen, due_on=None, expected=gaps_to_training.token_of(chosen), by=ratna)
    assert [one.count for one in made] == [1]


def test_the_number_of_unknown_causes_is_the_length_of_its_list(story, ratna, sari):
    story.measured("Triwulan II 2026", 71)
    listed = gaps_seen_by(ratna, GapChoice(cause="none"))
    assert gaps_to_training.waiting_for_cause(ratna) == len(listed) == 1
    loop.waive(story.case, reason="Predikat dipersoalkan.", by=ratna, at=story.now)
    assert list(gaps_seen_by(ratna, GapChoice(cause="none"))) == [story.child], "left over from its case"
    assert gaps_to_training.waiting_for_cause(ratna) == 1


def test_a_deed_that_was_undone_goes_no_further(story, ratna, melati):
    """The job reads the row under a lock before each part of the list."""
    deed = bulk.assign_in_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="Layanan baru", by=ratna, at=story.now)
    undo.undo_bulk(deed, by=ratna, at=story.now)
    deed.undone_at = None  # as a job that read the row before
    assert bulk.continue_bulk(deed, at=story.now) == 0
    assert not TrainingAssignment.objects.active().exists()


# --- once ---------------------------------------------------------------------------------------------------------------------------------------
def test_nobody_is_reminded_before_the_assignment_is_told(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], due_on=jakarta(2026, 7, 15).date(), by=budi, at=story.now)
    assert assignments.remind_due(at=story.clock.pass_time(minutes=5)) == 0
    with pytest.raises(RuleViolation):
        assignments.remind(given, by=budi, at=story.now)
    assert assignments.remind_due(at=story.clock.pass_time(minutes=6)) == 1
    assert Notice.objects.filter(person=sari, kind="reminder").count() == 1


def test_the_database_holds_one_open_request(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    requests.ask(given, "context", text="Loket ramai.", by=sari, at=story.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        LearnerRequest.objects.create(assignment=given, kind="context", text="Sekali lagi.", created_at=story.now)


def test_a_request_looks_at_the_assignment_as_it_stands_now(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    TrainingAssignment.objects.update(state=AssignmentState.CANCELLED)
    with pytest.raises(RuleViolation):
        requests.ask(given, "context", text="Loket ramai.", by=sari, at=story.now)


def test_a_former_superior_finalises_no_draft(story, sari, budi):
    draft = evaluations.record_internal(sari, period=period("Triwulan II 2026"), result_rating="below", by=budi, at=story.now)
    sari.placements.update(superior=None)
    with pytest.raises(RuleViolation):
        evaluations.finalise([draft], by=budi, at=story.now)
    assert not Gap.objects.exists()
