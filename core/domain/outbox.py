"""The outbox: work after a commit, durable in the database; Celery only wakes a worker (architecture §5).

A Job row is written in the business transaction. A worker claims it with one guarded UPDATE that sets a lease; while the handler runs, the
lease is renewed; whoever is killed loses the lease and the sweeper hands the job on. A handler may therefore run more than once and must be
**idempotent**: look whether the work is done, do it, and commit it in one transaction.
"""

from __future__ import annotations

import logging
import random
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.domain import waking
from core.domain.leases import keep_lease
from core.logs import scrubbed
from core.models import Job, JobState

log = logging.getLogger("bina.outbox")

Handler = Callable[[Job], None]
_handlers: dict[str, Handler] = {}

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
LATE_LEASE = "The worker was stopped in the middle of this work."


class Later(Exception):
    """A handler's wish to run again at ``at`` (outside working hours, quota used up): no failure, no attempt spent."""

    def __init__(self, at: datetime):
        self.at = at
        super().__init__(at.isoformat())


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register an idempotent function for jobs of ``kind`` (called from an app's ``tasks.py``, imported in ``AppConfig.ready``).

    The handler gets the Job; ``job.instant`` is the moment that counts as now (history is replayed by ``drain(at=...)``).
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, key: str, payload: dict | None = None, *, run_after: datetime | None = None, max_attempts: int = 8) -> Job:
    """Write a job into the caller's transaction; the same ``key`` twice is one job. ``payload`` holds ids only, no personal data.

    ``run_after`` in the future: the sweeper finds it then (up to ``BINA_SWEEP_SECONDS`` later).
    """
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "payload": payload or {}, "run_after": run_after or timezone.now(), "max_attempts": max_attempts},
    )
    if created and (run_after is None or run_after <= timezone.now()):
        transaction.on_commit(lambda: waking.wake(job.pk))
    return job


def enqueue_many(kind: str, items: Iterable[tuple[str, dict]], *, run_after: datetime | None = None, max_attempts: int = 8) -> int:
    """Many jobs (``(key, payload)``) with one INSERT per thousand; keys that exist are left alone. Returns how many were handed in."""
    due = run_after or timezone.now()
    jobs = [Job(kind=kind, key=key, payload=payload, run_after=due, max_attempts=max_attempts) for key, payload in items]
    Job.objects.bulk_create(jobs, batch_size=1000, ignore_conflicts=True)
    if jobs and due <= timezone.now():
        transaction.on_commit(waking.wake_drain)
    return len(jobs)


def due(now: datetime):
    """Jobs that nobody holds: waiting and due, or running under a lease that has ended."""
    return Job.objects.filter(
        Q(state=JobState.WAITING, run_after__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    )


def claim(job_id: int, *, at: datetime | None = None) -> Job | None:
    """Take the job for this worker, or None when it is not due or somebody else was quicker: one UPDATE decides."""
    now = at or timezone.now()
    token = secrets.token_hex(16)
    lease_until = max(now, timezone.now()) + timedelta(seconds=settings.BINA_JOB_LEASE_SECONDS)
    taken = due(now).filter(pk=job_id).update(
        state=JobState.RUNNING, lease_token=token, lease_until=lease_until, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken else None


def run_job(job_id: int, *, at: datetime | None = None, raises: bool = False, renews: bool = True) -> bool:
    """Claim and run one job; True when it was ours to run. A failure is stored and tried again later, with ``raises`` also raised."""
    job = claim(job_id, at=at)
    if job is None:
        return False
    if job.attempts > job.max_attempts:
        # Killed in the middle, each time: the work itself may be what kills the worker.
        _bury(job, job.last_error or LATE_LEASE)
        return True
    job.instant = at or timezone.now()  # type: ignore[attr-defined]
    try:
        function = _handlers.get(job.kind)
        if function is None:
            raise LookupError(f"no handler for jobs of kind {job.kind}")
        if renews:
            with keep_lease(job):
                function(job)
        else:
            function(job)
    except Later as later:
        _held(job).update(state=JobState.WAITING, run_after=later.at, attempts=F("attempts") - 1, lease_token="", lease_until=None)
    except Exception as error:
        _fail(job, error)
        if raises:
            raise
    else:
        # Guarded by the lease: who lost it must not write over the state of the one who has it now.
        _held(job).update(state=JobState.DONE, finished_at=timezone.now(), lease_token="", lease_until=None, last_error="")
    return True


def drain(max_jobs: int = 1000, *, kinds: Iterable[str] | None = None, at: datetime | None = None, raises: bool = True) -> int:
    """Run what is due in this process, oldest first, also what the jobs enqueue; for tests and the demo. Returns how many ran.

    ``at`` counts as now. A failing handler raises here (``raises=False``: it is stored for a later try, as in production).
    """
    done = 0
    while done < max_jobs:
        jobs = due(at or timezone.now())
        if kinds is not None:
            jobs = jobs.filter(kind__in=list(kinds))
        batch = list(jobs.order_by("run_after", "pk").values_list("pk", flat=True)[: max_jobs - done])
        ran = sum(run_job(pk, at=at, raises=raises, renews=False) for pk in batch)
        if not ran:
            return done
        done += ran
    return done


def work_off(*, seconds: float, between: Callable[[], None] | None = None) -> int:
    """What a drain message does: run due jobs until none is left or the time is up (then another message goes on).

    ``between`` is called after each job (what must not wait for the end of a long queue).
    """
    ends = time.monotonic() + seconds
    done = 0
    while time.monotonic() < ends:
        job_id = due(timezone.now()).order_by("run_after", "pk").values_list("pk", flat=True).first()
        if job_id is None:
            return done
        done += run_job(job_id)
        if between is not None:
            between()
    waking.wake_drain()
    return done


def sweep() -> int:
    """Every few seconds by the clock: wake workers for what is due and not held. Returns how many jobs wait.

    Messages without a memory: a drain message dies unread after one sweep, so that a long queue does not make a heap of messages.
    """
    waiting = due(timezone.now()).count()
    for _message in range(min(4, (waiting + 24) // 25)):
        waking.wake_drain()
    return waiting


def retry(job: Job, *, by, at: datetime | None = None) -> None:
    """The operator's second chance for a dead job: it may use all its attempts again."""
    from core.domain.audit import record

    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(
            state=JobState.WAITING, attempts=0, run_after=at or timezone.now(), lease_token="", lease_until=None, finished_at=None
        )
        if changed:
            record("job.retried", job, by=by, detail={"kind": job.kind}, at=at)
            transaction.on_commit(lambda: waking.wake(job.pk))


def dismiss(job: Job, *, by, at: datetime | None = None) -> None:
    """The operator's decision that a dead job will not be done."""
    from core.domain.audit import record

    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(state=JobState.DISMISSED, finished_at=at or timezone.now())
        if changed:
            record("job.dismissed", job, by=by, detail={"kind": job.kind}, at=at)


def delay_after(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s ... up to an hour, each shortened or lengthened by up to a fifth, so that failures do not come back together."""
    seconds = min(FIRST_DELAY.total_seconds() * 2 ** max(attempts - 1, 0), LONGEST_DELAY.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 (spread, no secret)


def _held(job: Job):
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)


def _fail(job: Job, error: Exception) -> None:
    message = scrubbed(f"{type(error).__name__}: {error}")[:2000]
    log.warning("job failed", extra={"kind": job.kind, "job": job.pk, "attempt": job.attempts}, exc_info=error)
    if job.attempts >= job.max_attempts:
        _bury(job, message)
    else:
        _held(job).update(
            state=JobState.WAITING, last_error=message, lease_token="", lease_until=None, run_after=timezone.now() + delay_after(job.attempts)
        )


def _bury(job: Job, message: str) -> None:
    log.error("job needs a person", extra={"kind": job.kind, "job": job.pk})
    _held(job).update(state=JobState.DEAD, last_error=message, lease_token="", lease_until=None, finished_at=timezone.now())
