"""Workers killed at random moments: no job is lost, none takes effect twice (Done-when 8, in small)."""

import pytest

from core.domain import outbox
from core.models import AuditEvent, Job, JobState
from tests.faults.arena import arena

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def everything_is_done():
    return not Job.objects.exclude(state=JobState.DONE).exists()


def effects():
    return sorted(AuditEvent.objects.filter(verb="toy.done").values_list("object_id", flat=True))


def test_ten_kills_lose_nothing_and_double_nothing(tmp_path):
    count = 200
    pauses = {"before": 0.02, "inside": 0.03, "after": 0.02}
    outbox.enqueue_many("toy.careful", [(f"toy:{number}", {"number": number, **pauses}) for number in range(count)], max_attempts=50)
    with arena(tmp_path, workers=2, seed=2026) as field:
        field.kill(times=10, until=everything_is_done, pause=(0.1, 0.5))
        assert field.kills >= 5
    assert effects() == list(range(count))


def test_a_kill_between_the_commit_and_the_mark_doubles_only_what_is_not_careful(tmp_path):
    """The control: the same kill doubles the effect of a handler that does not look first, so the arena can see a double."""
    outbox.enqueue("toy.dies", "careful", {"number": 1, "careful": True})
    outbox.enqueue("toy.dies", "careless", {"number": 2, "careful": False})
    with arena(tmp_path) as field:
        field.wait(everything_is_done, seconds=60)
    assert effects() == [1, 2, 2]
