"""Whatever happens in whatever order: completion alone never closes a gap, and gaps move only as decisions 17 allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.errors import RuleViolation
from improvement.domain import daily, guidance, loop, requests, transfer, undo
from improvement.domain.check import check_trails
from improvement.domain.reconcile import reconcile_loop
from improvement.models import Guidance, Proposal, TrainingAssignment, TransferQuestion
from performance.domain import gaps
from performance.enums import FINAL_STATUSES, GAP_TRANSITIONS, Cause, GapStatus
from performance.models import Gap, GapChange
from tests.factories.courses import enrolled, pass_course

EVENTS = [
    "cause", "confirm", "learn", "talk", "close_talk", "cancel_talk", "ask", "answer", "days", "withdraw", "self_learning", "take_back", "reconcile",
]
anything = st.lists(st.sampled_from(EVENTS), min_size=3, max_size=9)
between = st.lists(st.sampled_from(EVENTS), max_size=2)
#: Drawn at random, cause, confirmation and learning rarely come in their order, and without them the property would say little.
learned = st.tuples(between, between, between, between).map(
    lambda others: [*others[0], "cause", *others[1], "confirm", *others[2], "learn", *others[3]]
)


class Arena:
    """Tries an event in the present state; what is not allowed is refused with a sentence and changes nothing."""

    def __init__(self, story):
        self.story = story

    def play(self, event: str) -> None:
        self.story.clock.pass_time(hours=5)
        try:
            getattr(self, event)()
        except RuleViolation:
            pass

    def cause(self):
        loop.agree_on_cause(self.story.child, Cause.SKILL, by=self.story.superior, at=self.story.now)

    def confirm(self):
        offer = Proposal.objects.filter(remedy="course", state="proposed").first()
        if offer:
            loop.confirm_proposal(offer, by=self.story.superior, at=self.story.now)

    def learn(self):
        self.story.learned()

    def self_learning(self):
        enrolment = enrolled(self.story.person, self.story.courses[1], at=self.story.now)
        pass_course(enrolment, at=self.story.now)

    def talk(self):
        guidance.plan_guidance(self.story.person, conductor=self.story.superior, scheduled_at=self.story.now, gap=self.story.child,
                               by=self.story.superior, at=self.story.now)

    def close_talk(self):
        talk = Guidance.objects.filter(state="planned").first()
        if talk:
            talk = guidance.save_talk(talk, version=talk.version, by=self.story.superior, at=self.story.now)
            guidance.close_without_action(talk, by=self.story.superior, at=self.story.now)

    def cancel_talk(self):
        talk = Guidance.objects.filter(state="planned").first()
        if talk:
            guidance.cancel_guidance(talk, by=self.story.superior, at=self.story.now)

    def take_back(self):
        """Within the ten minutes: right after the confirmation."""
        assignment = self.story.person.assignments.may_be_taken_back(at=self.story.now - timedelta(hours=5)).first()
        if assignment:
            undo.undo_assignment(assignment, by=self.story.superior, at=self.story.now - timedelta(hours=5))

    def ask(self):
        assignment = self.story.person.assignments.active().first()
        if assignment:
            requests.ask(assignment, "context", text="Loket sedang ramai.", by=self.story.person, at=self.story.now)

    def answer(self):
        question = TransferQuestion.objects.filter(answered_at__isnull=True).first()
        if question:
            by = self.story.person if question.day == "30" else self.story.superior
            transfer.answer(question, "not_yet", by=by, barrier="time", at=self.story.now)

    def days(self):
        self.story.clock.pass_time(days=31)
        daily.open_questions(at=self.story.now)

    def withdraw(self):
        from courses.domain.enrolment import withdraw

        enrolment = self.story.person.enrolments.running().first()
        if enrolment:
            withdraw(enrolment, by=self.story.superior, reason="Pindah tugas", at=self.story.now)

    def reconcile(self):
        reconcile_loop(at=self.story.now)


@pytest.mark.parametrize(("runs", "examples", "share"), [(anything, 12, 0), (learned, 24, 0.5)], ids=["anything", "learned"])
def test_no_order_of_learning_and_talking_closes_a_gap(story, runs, examples, share):
    """``share``: at least so many of the runs must have completed the course that was assigned for the gap."""
    completed: list[bool] = []
    play = settings(max_examples=examples, deadline=None, derandomize=True, database=None)(given(events=runs)(_play))
    play(story=story, completed=completed)
    assert len(completed) >= examples and sum(completed) >= share * len(completed), f"{sum(completed)} of {len(completed)}"


def _play(story, completed, events):
    with transaction.atomic():
        story.clock.move_to(2026, 7, 13)
        story.measured("Triwulan II 2026", 71)
        arena = Arena(story)
        for event in events:
            arena.play(event)
        for gap in Gap.objects.all():
            assert gap.status not in FINAL_STATUSES, f"{gap} was closed by {events}"
        for change in GapChange.objects.exclude(from_status="").exclude(is_reversal=True):
            assert change.to_status in GAP_TRANSITIONS[change.from_status]
        assert check_trails().broken == [], events
        completed.append(TrainingAssignment.objects.filter(state="completed", gap__isnull=False).exists())
        # Only the next measurement closes it.
        story.clock.move_to(2027, 6, 14)
        story.measured("Triwulan IV 2026", 93)
        assert {gap.status for gap in Gap.objects.all()} == {GapStatus.IMPROVED}, events
        assert check_trails().broken == [], events
        transaction.set_rollback(True)


@pytest.mark.parametrize("to", list(GapStatus))
@pytest.mark.parametrize("start", list(GapStatus))
def test_a_gap_moves_only_along_the_table(story, budi, start, to):
    """All 36 pairs of decisions 17, through the one function that writes the status."""
    story.measured("Triwulan II 2026", 71)
    gap = story.child
    Gap.objects.filter(pk=gap.pk).update(status=start)
    gap.refresh_from_db()
    allowed = to in GAP_TRANSITIONS[start] or to == start
    if allowed:
        assert gaps.move_gap(gap, to, by=budi, reason="Terlihat di 50 berkas.", at=story.now).status == to
    else:
        with pytest.raises(RuleViolation):
            gaps.move_gap(gap, to, by=budi, reason="Terlihat di 50 berkas.", at=story.now)
        assert Gap.objects.get(pk=gap.pk).status == start


def test_the_learner_never_judges_herself(story, sari):
    story.measured("Triwulan II 2026", 71)
    for to in (GapStatus.IMPROVED, GapStatus.WAIVED, GapStatus.ADDRESSED):
        with pytest.raises(RuleViolation):
            gaps.move_gap(story.child, to, by=sari, reason="Saya yakin.", at=story.now)
