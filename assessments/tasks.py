"""The clock of timed attempts: a job per attempt, due when deadline and grace are over, and a nightly look at all of them. Regrading."""

from __future__ import annotations

from datetime import time

from assessments.domain import attempts, regrading
from assessments.models import Attempt, KeyCorrection
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


@handler(regrading.REGRADE)
def regrade(job: Job) -> None:
    """Results follow a corrected key, a batch at a time."""
    correction = KeyCorrection.objects.filter(pk=job.payload["correction"]).first()
    if correction is not None:
        regrading.regrade_batch(correction, after=job.payload["after"], at=job.instant)


schedule.daily(SETTLE, at=time(3, 10))
