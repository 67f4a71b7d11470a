"""The outbox: nothing that was committed is lost, nothing is done by two at once, failures come back later and end with a person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from core import tasks
from core.domain import audit, outbox, schedule, waking
from core.models import AuditEvent, AuditLink, Job, JobState
from core.tasks import drain as drain_task
from core.tasks import run_job as run_job_task
from core.tasks import sweep as sweep_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    """A registry of handlers for one test."""
    handlers = {}
    monkeypatch.setattr(outbox, "_handlers", handlers)
    return handlers


@pytest.fixture
def seen(kinds):
    ran = []
    kinds["test.note"] = lambda job: ran.append(job.payload["number"])
    return ran


def test_a_job_lives_and_dies_with_the_business_transaction(seen):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue("test.note", "a", {"number": 1})
        raise ZeroDivisionError
    assert not Job.objects.exists()
    outbox.enqueue("test.note", "a", {"number": 1})
    assert outbox.drain() == 1
    assert seen == [1]


def test_the_same_key_is_one_job(seen):
    first, second = outbox.enqueue("test.note", "a", {"number": 1}), outbox.enqueue("test.note", "a", {"number": 2})
    assert first == second
    assert outbox.enqueue_many("test.note", [("a", {"number": 3}), ("b", {"number": 4})]) == 2
    assert outbox.drain() == 2
    assert seen == [1, 4]
    assert outbox.drain() == 0


def test_only_one_worker_gets_a_job(seen):
    job = outbox.enqueue("test.note", "a", {"number": 1})
    assert outbox.claim(job.pk) is not None
    assert outbox.claim(job.pk) is None
    assert outbox.run_job(job.pk) is False
    assert seen == []


def test_a_job_whose_worker_was_killed_is_handed_on_after_the_lease(seen, settings):
    noon = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        job = outbox.enqueue("test.note", "a", {"number": 1})
        outbox.claim(job.pk)  # and then the worker is gone
        assert outbox.drain() == 0
    with time_machine.travel(noon + timedelta(seconds=settings.BINA_JOB_LEASE_SECONDS + 1), tick=False):
        assert outbox.drain() == 1
    assert seen == [1]
    assert Job.objects.get().attempts == 2


def test_who_lost_the_lease_does_not_write_over_the_next_ones_state(kinds):
    def slow(job):
        Job.objects.filter(pk=job.pk).update(lease_token="another", lease_until=timezone.now() + timedelta(hours=1))

    kinds["test.slow"] = slow
    outbox.enqueue("test.slow", "a")
    outbox.drain()
    job = Job.objects.get()
    assert (job.state, job.lease_token) == (JobState.RUNNING, "another")


def test_failures_come_back_later_and_later_and_at_last_need_a_person(kinds):
    def fails(job):
        raise ValueError("NIP 198609262015051001 at sari@jakarta.go.id")

    kinds["test.fails"] = fails
    job = outbox.enqueue("test.fails", "a", max_attempts=4)
    now, waits = timezone.now(), []
    for _attempt in range(4):
        with time_machine.travel(now, tick=False):
            assert outbox.drain(raises=False) == 1
            job.refresh_from_db()
            waits.append((job.run_after - now).total_seconds())
            now = max(now, job.run_after) + timedelta(seconds=1)
    assert job.state == JobState.DEAD
    assert 4 <= waits[0] <= 6 and 8 <= waits[1] <= 12 and 16 <= waits[2] <= 24
    assert job.last_error.startswith("ValueError: NIP nip:")
    assert "sari@" not in job.last_error
    assert outbox.drain(raises=False) == 0


def test_work_that_kills_its_worker_each_time_ends_with_a_person(seen, settings):
    job = outbox.enqueue("test.note", "a", {"number": 1}, max_attempts=3)
    now = timezone.now()
    for _kill in range(3):
        with time_machine.travel(now, tick=False):
            assert outbox.claim(job.pk)
        now += timedelta(seconds=settings.BINA_JOB_LEASE_SECONDS + 1)
    with time_machine.travel(now, tick=False):
        outbox.drain()
    job.refresh_from_db()
    assert job.state == JobState.DEAD and seen == []


def test_a_failing_job_does_not_hold_up_the_others(kinds, seen):
    kinds["test.fails"] = lambda job: 1 / 0
    outbox.enqueue("test.fails", "a")
    outbox.enqueue("test.note", "b", {"number": 1})
    outbox.drain(raises=False)
    assert seen == [1]
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.WAITING, JobState.DONE}


def test_a_kind_without_a_handler_is_kept_for_a_person(kinds):
    outbox.enqueue("test.unknown", "a", max_attempts=1)
    outbox.drain(raises=False)
    assert "no handler" in Job.objects.get(state=JobState.DEAD).last_error


def test_a_handler_may_ask_for_later_without_spending_an_attempt(kinds):
    def not_at_night(job):
        if job.instant.hour < 1:
            raise outbox.Later(job.instant + timedelta(hours=2))

    kinds["test.mail"] = not_at_night
    at = datetime(2025, 4, 1, tzinfo=UTC)
    job = outbox.enqueue("test.mail", "a", run_after=at)
    assert outbox.drain(at=at, max_jobs=1) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.run_after) == (JobState.WAITING, 0, at + timedelta(hours=2))
    outbox.drain(at=at + timedelta(hours=2))
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_history_is_replayed_with_its_own_clock(seen):
    outbox.enqueue("test.note", "a", {"number": 1}, run_after=datetime(2025, 4, 1, tzinfo=UTC))
    outbox.enqueue("test.note", "b", {"number": 2}, run_after=datetime(2025, 7, 1, tzinfo=UTC))
    outbox.drain(at=datetime(2025, 5, 1, tzinfo=UTC))
    assert seen == [1]


def test_jobs_that_a_job_enqueues_run_in_the_same_drain(kinds, seen):
    kinds["test.chain"] = lambda job: outbox.enqueue("test.note", "after", {"number": 9})
    outbox.enqueue("test.chain", "first")
    assert outbox.drain() == 2
    assert seen == [9]


def test_a_failure_in_a_test_is_not_hidden(kinds):
    kinds["test.fails"] = lambda job: 1 / 0
    outbox.enqueue("test.fails", "a")
    with pytest.raises(ZeroDivisionError):
        outbox.drain()


def test_the_operator_gives_a_dead_job_another_chance_or_lets_it_go(kinds, seen, django_user_model):
    admin = django_user_model.objects.create_user("admin", name="Admin")
    outbox.enqueue("test.note", "a", {"number": 1})
    outbox.enqueue("test.note", "b", {"number": 2})
    Job.objects.update(state=JobState.DEAD, attempts=8)
    first, second = Job.objects.order_by("pk")
    outbox.retry(first, by=admin)
    outbox.dismiss(second, by=admin)
    outbox.drain()
    assert seen == [1]
    assert [job.state for job in Job.objects.order_by("pk")] == [JobState.DONE, JobState.DISMISSED]
    assert list(AuditEvent.objects.values_list("verb", "actor_id")) == [("job.retried", admin.pk), ("job.dismissed", admin.pk)]


@pytest.fixture
def sent(settings, monkeypatch):
    """What would have gone to the broker."""
    settings.BINA_OUTBOX_WAKES = True
    messages = []
    monkeypatch.setattr(waking, "_resting_until", 0.0)
    monkeypatch.setattr(waking.current_app, "send_task", lambda task, args, **options: messages.append((task, args)), raising=False)
    return messages


def test_a_commit_wakes_a_worker_with_nothing_but_the_id(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = outbox.enqueue("test.note", "a", {"number": 1})
        outbox.enqueue("test.note", "b", {"number": 1}, run_after=timezone.now() + timedelta(hours=1))
    assert sent == [("core.run_job", [job.pk])]


def test_a_broker_that_is_down_fails_no_request_and_is_left_alone_for_a_while(sent, monkeypatch, django_capture_on_commit_callbacks):
    tries = []

    def down(*args, **options):
        tries.append(1)
        raise ConnectionError

    monkeypatch.setattr(waking.current_app, "send_task", down, raising=False)
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            outbox.enqueue("test.note", str(number), {"number": number})
    assert len(tries) == 1
    assert Job.objects.count() == 5


def test_the_sweeper_wakes_workers_for_what_is_due_without_making_a_heap_of_messages(sent, seen):
    outbox.enqueue_many("test.note", [(str(number), {"number": number}) for number in range(500)])
    sweep_task()
    assert sent == [("core.drain", [])] * 4
    drain_task()
    assert len(seen) == 500
    sent.clear()
    sweep_task()
    assert sent == []


def test_a_long_queue_does_not_hold_up_the_seal_of_the_audit_trail(kinds, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(tasks, "_sealed_at", 0.0)
    monkeypatch.setattr(tasks, "SEAL_SECONDS", 0)
    sealed = []
    kinds["test.note"] = lambda job: (sealed.append(AuditLink.objects.count()), audit.record("test.done", job, by=None))
    outbox.enqueue_many("test.note", [(str(number), {}) for number in range(3)])
    tasks.drain()
    assert sealed == [0, 1, 2]
    assert AuditLink.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_a_handler_works(kinds, settings):
    settings.BINA_JOB_LEASE_SECONDS = 2
    moved = []

    def long_work(job):
        # waits for the other thread's renewal, which is what is tested here; ends at once when it came
        before = Job.objects.get(pk=job.pk).lease_until
        for _try in range(1000):
            if Job.objects.get(pk=job.pk).lease_until > before:
                moved.append(True)
                return
            import threading

            threading.Event().wait(0.01)

    kinds["test.long"] = long_work
    job = outbox.enqueue("test.long", "a")
    run_job_task(job.pk)
    assert moved == [True]
    assert Job.objects.get().state == JobState.DONE


def test_the_clock_puts_each_turn_into_the_outbox_once(monkeypatch, kinds):
    monkeypatch.setattr(schedule, "_turns", {})
    from datetime import time

    schedule.daily("test.daily", at=time(5, 30))
    schedule.every("test.often", minutes=15)
    morning = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)  # 05.00 in Jakarta
    assert schedule.tick(at=morning) == 1
    assert schedule.tick(at=morning + timedelta(minutes=1)) == 0
    assert schedule.tick(at=morning + timedelta(minutes=31)) == 2
    assert schedule.tick(at=morning + timedelta(hours=10)) == 1  # the daily one had its turn
    assert Job.objects.filter(kind="test.daily").values_list("key", flat=True).get() == "test.daily:2026-11-24"
