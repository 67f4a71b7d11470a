"""The outbox: work after a commit, durable in the database; Celery only wakes a worker (architecture §5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.models import Job

Handler = Callable[[Job], None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register an idempotent function for jobs of ``kind`` (called from an app's ``tasks.py``, imported in ``AppConfig.ready``)."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, key: str, payload: dict | None = None, *, run_after: datetime | None = None, max_attempts: int = 8) -> Job:
    """Write a job into the caller's transaction; the same ``key`` twice is one job. ``payload`` holds ids only, no personal data."""
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "payload": payload or {}, "run_after": run_after or timezone.now(), "max_attempts": max_attempts},
    )
    if created:
        from core.tasks import wake

        transaction.on_commit(lambda: wake(job.pk, run_after))
    return job
