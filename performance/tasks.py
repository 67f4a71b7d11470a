"""Background work of ``performance``."""

from __future__ import annotations

from datetime import time

from core.domain import outbox, schedule
from core.models import Job
from performance.domain import gap_rules, record
from performance.models import GapRule

schedule.daily("performance.finalise_records", at=time(1, 15))


@outbox.handler("performance.finalise_records")
def finalise_records(job: Job) -> None:
    record.finalise_due(at=job.instant)


@outbox.handler(gap_rules.APPLY)
def apply_rule(job: Job) -> None:
    rule = GapRule.objects.filter(pk=job.payload["rule"]).first()
    if rule is not None:
        gap_rules.apply_rule(rule, at=job.instant)
