"""Giving, changing, asking, undoing: people decide, and each refusal is a sentence."""

from __future__ import annotations

import pytest

from core.domain.errors import RuleViolation
from courses.enums import EnrolmentState
from improvement.domain import assignments, bulk, loop, requests, undo
from improvement.domain.remedies import decline_proposal
from improvement.enums import AssignmentState, ProposalState, RequestState
from improvement.models import Proposal, TrainingAssignment
from people.models import Notice
from performance.enums import Cause, GapStatus
from performance.models import Gap
from tests.factories.improvement import jakarta
from tests.factories.people import AccountFactory, PlacementFactory


@pytest.fixture
def offers(story, budi):
    story.measured("Triwulan II 2026", 71)
    return loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)


def test_only_a_lack_of_skill_leads_to_a_course(story, budi):
    story.measured("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.PROCEDURE, note="Tidak ada penunjuk berkas.", by=budi, at=story.now)
    assert not Proposal.objects.filter(remedy="course").exists()
    with pytest.raises(RuleViolation, match="keterampilan"):
        loop.assign_training(story.child, course=story.courses[0], by=budi, at=story.now)


def test_offers_lapse_when_the_cause_turns_out_to_be_another(story, offers, budi):
    loop.agree_on_cause(story.child, Cause.TOOL, by=budi, at=story.now)
    assert set(Proposal.objects.filter(remedy="course").values_list("state", flat=True)) == {ProposalState.LAPSED}


def test_declining_needs_a_reason_and_leaves_the_gap_open(story, offers, budi):
    with pytest.raises(RuleViolation):
        decline_proposal(offers[0], reason="", by=budi, at=story.now)
    decline_proposal(offers[0], reason="Sudah dikuasai.", by=budi, at=story.now)
    assert story.child.status == GapStatus.OPEN


def test_another_course_may_be_chosen_and_the_offer_says_so(story, offers, budi):
    given = loop.confirm_proposal(offers[0], course=story.courses[1], by=budi, at=story.now)
    offers[0].refresh_from_db()
    assert given.course.pk == story.courses[1].pk and offers[0].state == ProposalState.DECLINED
    assert story.courses[1].title in offers[0].decision_reason


def test_the_first_decider_wins(story, offers, budi, ratna):
    loop.confirm_proposal(offers[0], by=ratna, at=story.now)
    with pytest.raises(RuleViolation, match="Ratna"):
        decline_proposal(offers[0], reason="Nanti saja.", by=budi, at=story.now)


def test_without_a_superior_and_unit_hr_central_hr_decides(story, dewi, sari, wati):
    sari.placements.update(superior=None)
    story.measured("Triwulan II 2026", 71)
    with pytest.raises(RuleViolation):
        loop.agree_on_cause(story.child, Cause.SKILL, by=wati, at=story.now)
    assert loop.agree_on_cause(story.child, Cause.SKILL, by=dewi, at=story.now)


def test_a_former_superior_decides_no_more(story, offers, budi, sari):
    sari.placements.update(superior=None)
    with pytest.raises(RuleViolation):
        loop.confirm_proposal(offers[0], by=budi, at=story.now)


def test_undo_within_ten_minutes_leaves_nothing_behind(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    story.clock.pass_time(minutes=9)
    undo.undo_assignment(given, by=budi, at=story.now)
    given.refresh_from_db()
    assert given.state == AssignmentState.UNDONE and given.enrolment.state == EnrolmentState.WITHDRAWN
    assert {gap.status for gap in Gap.objects.all()} == {GapStatus.OPEN}
    assert not Notice.objects.filter(person=sari).exists()
    # The offer stands again and may be confirmed again.
    again = loop.confirm_proposal(Proposal.objects.get(pk=offers[0].pk), by=budi, at=story.now)
    assert again.pk != given.pk and story.child.status == GapStatus.ADDRESSED
    story.clock.pass_time(minutes=11)
    with pytest.raises(RuleViolation, match="Sepuluh menit"):
        undo.undo_assignment(again, by=budi, at=story.now)


def test_the_learner_asks_for_another_date_and_gets_it(story, offers, budi, sari, wati):
    given = loop.confirm_proposal(offers[0], due_on=jakarta(2026, 8, 31).date(), by=budi, at=story.now)
    with pytest.raises(RuleViolation):
        requests.ask(given, "other_date", text="Loket ramai.", wanted_on=jakarta(2026, 10, 1).date(), by=wati, at=story.now)
    asked = requests.ask(given, "other_date", text="Loket ramai.", wanted_on=jakarta(2026, 10, 1).date(), by=sari, at=story.now)
    assert Notice.objects.filter(person=budi, kind="request").count() == 1
    with pytest.raises(RuleViolation):
        requests.ask(given, "context", text="Sekali lagi.", by=sari, at=story.now)
    with pytest.raises(RuleViolation, match="alasan"):
        requests.respond(asked, granted=False, by=budi, at=story.now)
    requests.respond(asked, granted=True, by=budi, at=story.now)
    given.refresh_from_db()
    given.enrolment.refresh_from_db()
    assert given.due_on == given.enrolment.due_on == jakarta(2026, 10, 1).date()


def test_another_course_on_request_keeps_the_gap_addressed(story, offers, budi, sari):
    given = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    asked = requests.ask(given, "other_course", text="Yang ini sudah saya kuasai.", wanted_course=story.courses[1], by=sari, at=story.now)
    asked = requests.respond(asked, granted=True, by=budi, at=story.now)
    given.refresh_from_db()
    assert (asked.state, given.state, story.child.status) == (RequestState.GRANTED, AssignmentState.CANCELLED, GapStatus.ADDRESSED)
    assert TrainingAssignment.objects.active().get().course.pk == story.courses[1].pk


def test_reminders_are_rare(story, offers, budi):
    given = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    assignments.remind(given, by=budi, at=story.clock.pass_time(minutes=10))
    with pytest.raises(RuleViolation):
        assignments.remind(given, by=budi, at=story.clock.pass_time(days=2))
    assignments.remind(given, by=budi, at=story.clock.pass_time(days=2))


# --- many at once --------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def colleagues(melati, budi):
    people = [AccountFactory(name=f"Rekan {number}") for number in range(3)]
    for person in people:
        PlacementFactory(person=person, unit=melati, superior=budi)
    return people


def test_the_dry_run_shows_who_gets_the_course_and_who_not(story, colleagues, budi, wati):
    course = story.courses[0]
    loop.assign_without_gap(colleagues[0], course=course, by=budi, reason="Tugas baru", at=story.now)
    nips = [colleagues[0].nip, colleagues[1].nip, wati.nip, "123", colleagues[1].nip]
    plan = bulk.plan_bulk(course, criteria={"nips": nips}, reason="Tugas baru", by=budi, at=story.now)
    assert [row.row for row in plan.receivers] == [2] and plan.count == 1
    assert [(row.row, row.problems[0]) for row in plan.skipped] == [
        (1, "Pelatihan ini sudah ditugaskan."),
        (3, "Tidak ada pegawai dengan NIP ini di antara pegawai yang Anda tangani."),
        (4, "Tidak ada pegawai dengan NIP ini di antara pegawai yang Anda tangani."),
        (5, "NIP ini sudah ada di daftar."),
    ]
    assert TrainingAssignment.objects.count() == 1, "a dry run writes nothing"


def test_the_dry_run_says_what_the_single_assignment_says(story, colleagues, budi):
    course, person = story.courses[0], colleagues[0]
    loop.assign_without_gap(person, course=course, by=budi, reason="Tugas baru", at=story.now)
    row = bulk.plan_bulk(course, criteria={"nips": [person.nip]}, by=budi, at=story.now).rows[0]
    assert list(row.problems) == assignments.fitness(person, course, gap=None, at=story.now)


def test_a_bulk_assignment_is_undone_as_one(story, colleagues, budi, melati, ratna):
    plan = bulk.plan_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="Layanan baru", by=ratna, at=story.now)
    assert plan.count == 5  # Budi, Sari and three colleagues
    with pytest.raises(RuleViolation):
        bulk.assign_in_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="Layanan baru", expected="3", by=ratna, at=story.now)
    deed = bulk.assign_in_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="Layanan baru", expected=plan.token, by=ratna, at=story.now)
    assert deed.assignments.count() == 5
    assert not Notice.objects.filter(created_at__lt=deed.undo_until).exists()
    with pytest.raises(RuleViolation):
        undo.undo_bulk(deed, by=budi, at=story.now)
    assert undo.undo_bulk(deed, by=ratna, at=story.clock.pass_time(minutes=8)) == 5
    assert not Notice.objects.exists() and not TrainingAssignment.objects.standing().exists()


def test_by_gap_everybody_whose_cause_is_skill(story, budi, ratna, colleagues):
    story.measured("Triwulan II 2026", 71)
    story.measured("Triwulan II 2026", 80, person=colleagues[0])
    loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    criteria = {"indicator": story.indicator.pk}
    plan = bulk.plan_bulk(story.courses[0], criteria=criteria, by=ratna, at=story.now)
    assert plan.count == 1 and [row.problems[0] for row in plan.skipped] == ["Sebutkan dulu sebabnya."]
    bulk.assign_in_bulk(story.courses[0], criteria=criteria, by=ratna, expected=plan.token, at=story.now)
    given = TrainingAssignment.objects.get()
    assert given.gap == story.child and "71" in given.reason and story.case.status == GapStatus.ADDRESSED


def test_the_dry_run_asks_a_constant_number_of_queries(story, colleagues, budi, ratna, melati, django_assert_max_num_queries):
    ratna.placement  # noqa: B018
    with django_assert_max_num_queries(8):
        bulk.plan_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="x", by=ratna, at=story.now)
    for number in range(20):
        PlacementFactory(person=AccountFactory(name=f"Banyak {number}"), unit=melati, superior=budi)
    with django_assert_max_num_queries(8):
        assert bulk.plan_bulk(story.courses[0], criteria={"unit": melati.pk}, reason="x", by=ratna, at=story.now).count > 20
