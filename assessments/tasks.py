"""The clock of timed attempts: a job per attempt, due when deadline and grace are over, and a nightly look at all of them."""

from __future__ import annotations

from datetime import time

from assessments.domain import attempts
from assessments.models import Attempt
from core.domain import schedule
from core.domain.outbox import handler
from core.models import Job

SETTLE = "assessments.settle_due"


@handler(attempts.EXPIRE)
def expire(job: Job) -> None:
    """Hand in what ran out of time. An attempt that was handed in before is left as it is."""
    attempt = Attempt.objects.select_related("version").filter(pk=job.payload["attempt"]).first()
    if attempt is not None:
        attempts.settle(attempt, at=job.instant)


@handler(SETTLE)
def settle_due(job: Job) -> None:
    attempts.settle_due(at=job.instant)


schedule.daily(SETTLE, at=time(3, 10))
