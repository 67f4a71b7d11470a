"""The table of an attempt's states and times: what is accepted when, by the server's clock alone (reliability T4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain import attempts
from assessments.domain.attempts import AttemptClosed
from assessments.models import AnswerKey, Attempt
from core.domain import outbox
from tests.factories.assessments import make_quiz, right_answer, wrong_answer

pytestmark = pytest.mark.django_db

LIMIT = 10  # minutes; the grace is 20 % of it
GRACE = 120  # seconds
SECOND = timedelta(seconds=1)
DUE, END = timedelta(minutes=LIMIT), timedelta(minutes=LIMIT, seconds=GRACE)

# moment after the start -> is an answer accepted, is it marked late
MOMENTS = {
    "at the start": (timedelta(0), True, False), "a second in": (SECOND, True, False), "a second before": (DUE - SECOND, True, False),
    "on the deadline": (DUE, True, False), "a second after": (DUE + SECOND, True, True), "last second of grace": (END - SECOND, True, True),
    "end of grace": (END, True, True), "a second beyond": (END + SECOND, False, False), "next day": (timedelta(days=1), False, False),
}
STATES = ("fresh", "answered", "flagged", "superseding", "handed in")
ACTIONS = ("answer", "same answer", "confirmed answer", "other answer", "older answer", "flag", "finish", "start")


def _attempt(sari, state, began):
    attempt = attempts.start(sari, make_quiz(2, time_limit_minutes=LIMIT, attempt_limit=1).current, at=began)
    version = attempt.layout[0]["v"]
    if state != "fresh":
        attempts.answer(attempt, version, right_answer(version), client_revision=50, at=began)
    if state == "flagged":
        attempts.flag(attempt, version, True, at=began)
    if state == "superseding":
        attempts.answer(attempt, version, wrong_answer(version), client_revision=60, at=began)
        attempts.answer(attempt, version, right_answer(version), client_revision=70, at=began)
    if state == "handed in":
        attempts.finish(attempt, by=sari, at=began)
    return attempt, version


def _act(action, attempt, version, at, sari):
    """What the action returned, or AttemptClosed / "refused"."""
    try:
        match action:
            case "answer":
                other = attempt.layout[1]["v"]
                return attempts.answer(attempt, other, right_answer(other), client_revision=90, at=at)
            case "same answer":
                revision = attempt.revisions.get(str(version))
                return attempts.answer(attempt, version, attempt.answers.get(str(version), []), client_revision=revision, at=at)
            case "confirmed answer":
                return attempts.answer(attempt, version, attempt.answers.get(str(version), []), client_revision=91, at=at)
            case "other answer":
                return attempts.answer(attempt, version, wrong_answer(version), client_revision=92, at=at)
            case "older answer":
                return attempts.answer(attempt, version, wrong_answer(version), client_revision=40, at=at)
            case "flag":
                return attempts.flag(attempt, version, version not in attempt.flags, at=at)
            case "finish":
                return attempts.finish(attempt, by=sari, at=at)
            case "start":
                return attempts.start(sari, attempt.version, at=at)
    except AttemptClosed:
        return "closed"
    except attempts.RuleViolation:
        return "refused"


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
def test_state_and_action_and_time(sari, state, action, moment):
    began = timezone.now() - timedelta(days=3)
    after, is_open, is_late = MOMENTS[moment]
    is_open = is_open and state != "handed in"
    attempt, version = _attempt(sari, state, began)
    before = attempt.steps.filter(kind__in=["answer", "flag"]).count()
    outcome = _act(action, attempt, version, began + after, sari)
    stored = Attempt.objects.get(pk=attempt.pk)

    if action == "finish":
        assert stored.state == "finished" and outcome.score is not None
        over = after >= DUE and state != "handed in"
        assert stored.ending == ("time" if over else "tap")
        assert stored.finished_at == (began if state == "handed in" else began + (DUE if over else after))
    elif action == "start":
        assert outcome == ("refused" if not is_open else stored), "one attempt is allowed, and it is this one"
    elif action == "same answer":
        assert not outcome.is_written and stored.steps.filter(kind__in=["answer", "flag"]).count() == before
    elif action == "confirmed answer":
        assert outcome.is_written == is_open, "what stands is never called closed"
        assert stored.steps.filter(kind__in=["answer", "flag"]).count() == before + is_open
        assert stored.answers.get(str(version), []) == attempt.answers.get(str(version), []) and not outcome.is_superseded
    elif not is_open:
        assert outcome == "closed" and stored.state == "finished"
        assert stored.steps.filter(kind__in=["answer", "flag"]).count() == before
    elif action == "older answer" and state != "fresh":
        assert outcome.is_superseded and stored.answers[str(version)] == right_answer(version)
    else:
        assert outcome.is_written and outcome.is_late == is_late
    assert attempts.replay(stored).answers == stored.answers
    assert (stored.state == "finished") == (stored.score is not None)


def test_the_clock_hands_in_what_ran_out_of_time(sari, wati):
    began = timezone.now()
    quiz = make_quiz(1, time_limit_minutes=LIMIT)
    mine, other = attempts.start(sari, quiz.current, at=began), attempts.start(wati, make_quiz(1).current, at=began)
    version = mine.layout[0]["v"]
    attempts.answer(mine, version, right_answer(version), at=began)
    outbox.drain(at=began + END)
    assert Attempt.objects.get(pk=mine.pk).state == "open", "the grace counts"
    outbox.drain(at=began + END + 2 * SECOND)
    mine.refresh_from_db()
    assert (mine.state, mine.ending, mine.is_passed, mine.finished_at) == ("finished", "time", True, began + DUE)
    assert attempts.settle_due(at=began + timedelta(days=300)) == 0
    assert Attempt.objects.get(pk=other.pk).state == "open", "without a limit nothing runs out"


def test_an_attempt_that_cannot_be_graded_stops_no_other(sari, wati, budi):
    began = timezone.now()
    taken = [attempts.start(person, make_quiz(1, time_limit_minutes=LIMIT).current, at=began) for person in (sari, wati, budi)]
    AnswerKey.objects.filter(pk=taken[1].layout[0]["v"]).delete()
    with pytest.raises(ExceptionGroup, match="1 attempts could not be handed in, 2 were"):
        attempts.settle_due(at=began + END + SECOND)
    assert [Attempt.objects.get(pk=attempt.pk).state for attempt in taken] == ["finished", "open", "finished"]
