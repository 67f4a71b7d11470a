"""What Celery runs: small doors into the domain. None of them holds anything that a lost message could lose."""

from __future__ import annotations

from celery import shared_task

from core.domain import audit_chain, outbox, schedule


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    outbox.run_job(job_id)


@shared_task(name="core.drain")
def drain() -> None:
    """A stretch of work of about twenty seconds: whatever is due, oldest first."""
    outbox.work_off(seconds=20)


@shared_task(name="core.sweep")
def sweep() -> None:
    outbox.sweep()


@shared_task(name="core.seal_audit")
def seal_audit() -> None:
    audit_chain.seal()


@shared_task(name="core.tick")
def tick() -> None:
    schedule.tick()
