"""An attempt against a reference of twenty lines: whatever order of answers, repeats, marks, late arrivals and hand-ins Hypothesis thinks of,
both hold the same, and the steps replay to the row. ``BINA_MODEL_RUNS`` sets how many runs (the full arena uses 2,000)."""

import os
from copy import copy
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assessments.domain import attempts
from assessments.models import Attempt
from tests.factories.assessments import make_question, make_quiz
from tests.factories.people import AccountFactory

RUNS = int(os.environ.get("BINA_MODEL_RUNS", "40"))
LIMIT, GRACE = 10, 120
QUESTIONS = st.integers(0, 2)
REVISIONS = st.one_of(st.none(), st.integers(1, 12))


class Reference:
    """The rules in plain words: the highest revision of a question counts, also when it repeats what stands; nothing after the end;
    what stands and brings no higher revision is nothing."""

    def __init__(self):
        self.answers, self.revisions, self.flags, self.known, self.is_open, self.late = {}, {}, set(), set(), True, False

    def may_write(self, seconds):
        return self.is_open and seconds <= LIMIT * 60 + GRACE

    def answer(self, question, response, revision, seconds, clock):
        """What is expected: nothing, written, superseded or closed."""
        same = self.answers.get(question, []) == response
        current = self.revisions.get(question, 0)
        number = max(current + 1, clock) if revision is None else revision
        if same and (revision is None or revision <= current or not self.may_write(seconds)):
            return "nothing"
        if number <= current and (question, number) in self.known:
            return "nothing"
        if not self.may_write(seconds):
            self.is_open = False
            return "closed"
        if revision is not None:
            self.known.add((question, number))
        if number <= current:
            return "superseded"
        self.answers[question], self.revisions[question] = response, number
        return "written"


class AttemptMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.person = AccountFactory()
        pool = [make_question(options=3), make_question("multiple", right=(0, 1), options=3), make_question("true_false")]
        quiz = make_quiz(questions=pool, is_shuffled=False, time_limit_minutes=LIMIT, attempt_limit=1)
        self.began = timezone.now()
        self.seconds = 0
        self.attempt = attempts.start(self.person, quiz.current, at=self.began)
        self.quiz, self.reference, self.older = quiz, Reference(), copy(self.attempt)

    @property
    def now(self):
        return self.began + timedelta(seconds=self.seconds)

    def _response(self, question, picks):
        options = self.attempt.layout[question]["o"]
        # By place, never by the random names of options: the same draw must give the same run.
        return sorted({options[pick % len(options)] for pick in (picks if question == 1 else picks[:1])})

    @rule(question=QUESTIONS, picks=st.lists(st.integers(0, 2), max_size=3), revision=REVISIONS, is_stale=st.booleans())
    def answer(self, question, picks, revision, is_stale):
        response = self._response(question, picks)
        taken = self.attempt
        if is_stale:  # a request that had read the attempt before the last one wrote
            key = str(taken.layout[question]["v"])
            assume(set(self.older.answers.get(key, [])) != set(response) or (revision or 0) > self.older.revisions.get(key, 0))
            taken = self.older
        self.older = copy(self.attempt)
        expected = self.reference.answer(question, response, revision, self.seconds, int(self.now.timestamp() * 1000))
        try:
            saved = attempts.answer(taken, taken.layout[question]["v"], response, client_revision=revision, at=self.now)
            outcome = "superseded" if saved.is_superseded and saved.is_written else "written" if saved.is_written else "nothing"
        except attempts.AttemptClosed:
            outcome = "closed"
        # The stale reading ends with its request: the next one reads anew, as a view does.
        self.attempt = Attempt.objects.select_related("version").get(pk=self.attempt.pk)
        assert outcome == expected

    @rule(question=QUESTIONS, on=st.booleans(), revision=st.integers(1, 12))
    def send_what_stands_with_a_mark(self, question, on, revision):
        """As the page sends a tap on the mark: the answer that stands goes along, and its revision orders the mark too."""
        laid = self.attempt.layout[question]
        response = self.reference.answers.get(question, [])
        counts = revision > self.reference.revisions.get(question, 0)
        changes = counts and on != (question in self.reference.flags)
        may_write = self.reference.may_write(self.seconds)
        try:
            saved = attempts.save(self.attempt, laid["v"], response, is_flagged=on, client_revision=revision, at=self.now)
            assert saved.is_written == (counts and may_write) and not saved.is_superseded
        except attempts.AttemptClosed:
            assert changes and not may_write
            self.reference.is_open = False
        if counts and may_write:
            self.reference.answers[question], self.reference.revisions[question] = response, revision
            self.reference.known.add((question, revision))
            if changes:
                (self.reference.flags.add if on else self.reference.flags.discard)(question)
        self.attempt = Attempt.objects.select_related("version").get(pk=self.attempt.pk)

    @rule(question=QUESTIONS, on=st.booleans())
    def mark(self, question, on):
        changes = on != (question in self.reference.flags)
        try:
            saved = attempts.flag(self.attempt, self.attempt.layout[question]["v"], on, at=self.now)
            assert saved.is_written == changes
            if changes:
                assert self.reference.may_write(self.seconds)
                (self.reference.flags.add if on else self.reference.flags.discard)(question)
        except attempts.AttemptClosed:
            assert changes and not self.reference.may_write(self.seconds)
            self.reference.is_open = False

    @rule(step=st.sampled_from([0, 1, 60, 300, GRACE]))
    def time_passes(self, step):
        self.seconds += step

    @precondition(lambda self: self.seconds > 0)
    @rule()
    def hand_in(self):
        attempts.finish(self.attempt, by=self.person, at=self.now)
        self.reference.is_open = False

    @rule()
    def start_again(self):
        try:
            same = attempts.start(self.person, self.quiz.current, at=self.now)
            assert same.pk == self.attempt.pk and self.reference.may_write(self.seconds)
        except attempts.RuleViolation:
            assert not self.reference.may_write(self.seconds)
            self.reference.is_open = False

    @invariant()
    def both_hold_the_same(self):
        stored = Attempt.objects.get(pk=self.attempt.pk)
        numbers = {laid["v"]: index for index, laid in enumerate(stored.layout)}
        assert {numbers[int(key)]: value for key, value in stored.answers.items()} == self.reference.answers
        assert {numbers[int(key)]: value for key, value in stored.revisions.items()} == self.reference.revisions
        assert {numbers[version] for version in stored.flags} == self.reference.flags
        assert (stored.state == "open") == self.reference.is_open == (stored.score is None)
        replayed = attempts.replay(stored)
        assert (replayed.answers, replayed.revisions, sorted(replayed.flags)) == (stored.answers, stored.revisions, sorted(stored.flags))
        assert list(stored.steps.values_list("sequence", flat=True)) == list(range(1, stored.last_sequence + 1))
        assert Attempt.objects.filter(person=self.person).count() == 1


def run(runs):
    run_state_machine_as_test(AttemptMachine, settings=settings(
        max_examples=runs, stateful_step_count=15, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)))


@pytest.mark.django_db
def test_an_attempt_behaves_like_its_reference():
    run(RUNS)


@pytest.mark.django_db
@pytest.mark.arena
def test_an_attempt_behaves_like_its_reference_two_thousand_times():
    run(2_000)
