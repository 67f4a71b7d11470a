"""Keeping a lease while the work takes longer than it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from core.models import Job, JobState


@contextmanager
def keep_lease(job: Job) -> Iterator[None]:
    """While the block runs, a second thread moves ``lease_until`` on, three times in each lease. A process that dies stops renewing."""
    stop = threading.Event()
    thread = threading.Thread(target=_renew, args=(job, stop), daemon=True, name=f"lease-{job.pk}")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def _renew(job: Job, stop: threading.Event) -> None:
    seconds = settings.BINA_JOB_LEASE_SECONDS
    try:
        while not stop.wait(seconds / 3):
            try:
                Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token).update(
                    lease_until=timezone.now() + timedelta(seconds=seconds)
                )
            except DatabaseError:
                # The database is away or busy: the next turn tries again; if the lease ends meanwhile, the handler is idempotent.
                connection.close()
    finally:
        connection.close()
