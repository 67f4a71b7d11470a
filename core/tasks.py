"""What Celery runs: small doors into the domain. None of them holds anything that a lost message could lose."""

from __future__ import annotations

import time

from celery import shared_task

from core.domain import audit_chain, outbox, schedule

SEAL_SECONDS = 10
_sealed_at = 0.0


def seal_when_late() -> None:
    """Between two jobs: a worker with a long queue would read the clock's own message about sealing much too late."""
    global _sealed_at
    if time.monotonic() - _sealed_at >= SEAL_SECONDS:
        audit_chain.seal()
        _sealed_at = time.monotonic()


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    outbox.run_job(job_id)
    seal_when_late()


@shared_task(name="core.drain")
def drain() -> None:
    """A stretch of work of about twenty seconds: whatever is due, oldest first."""
    outbox.work_off(seconds=20, between=seal_when_late)


@shared_task(name="core.sweep")
def sweep() -> None:
    outbox.sweep()


@shared_task(name="core.seal_audit")
def seal_audit() -> None:
    audit_chain.seal()


@shared_task(name="core.tick")
def tick() -> None:
    schedule.tick()
