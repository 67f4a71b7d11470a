"""Waking workers. A broker that is down is no reason to fail a request: the sweeper finds the job anyway."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.conf import settings

log = logging.getLogger("bina.outbox")

PAUSE_SECONDS = 10
_resting_until = 0.0


def wake(job_id: int) -> None:
    """A worker should look at this job now."""
    _send("core.run_job", [job_id], expires=300)


def wake_drain() -> None:
    """A worker should run whatever is due."""
    _send("core.drain", [], expires=max(settings.BINA_SWEEP_SECONDS, 10))


def _send(task: str, args: list[int], *, expires: float) -> None:
    global _resting_until
    if not settings.BINA_OUTBOX_WAKES or time.monotonic() < _resting_until:
        return
    try:
        current_app.send_task(task, args=args, expires=expires, retry=False, ignore_result=True)
    except Exception as error:
        # After a failure the broker is left alone for a while, so that no request waits for it again and again.
        _resting_until = time.monotonic() + PAUSE_SECONDS
        log.warning("the queue's broker is away; the sweeper will find the work", extra={"error": type(error).__name__})
