"""Background work of the loop: what the clock asks for, and bulk assignments too large for one request."""

from __future__ import annotations

from datetime import time

from core.domain import outbox, schedule
from core.models import Job
from improvement.domain import assignments, bulk, daily, opened, reconcile, summary
from improvement.models import BulkAssignment

schedule.daily("improvement.reconcile", at=time(3, 0))
schedule.daily("improvement.questions", at=time(7, 30))
schedule.daily("improvement.reminders", at=time(7, 45))
schedule.every("improvement.opened", minutes=30)
schedule.every("improvement.summaries", minutes=60)


@outbox.handler("improvement.reconcile")
def heal(job: Job) -> None:
    reconcile.reconcile_loop(at=job.instant)


@outbox.handler("improvement.questions")
def ask_questions(job: Job) -> None:
    """Days 30, 60 and 90, and the calls for reviews."""
    daily.open_questions(at=job.instant)


@outbox.handler("improvement.reminders")
def remind(job: Job) -> None:
    assignments.remind_due(at=job.instant)


@outbox.handler("improvement.opened")
def tell_superiors(job: Job) -> None:
    opened.tell_superiors(at=job.instant)


@outbox.handler("improvement.summaries")
def compute_summaries(job: Job) -> None:
    summary.compute_summaries(at=job.instant)


@outbox.handler("improvement.bulk")
def continue_bulk(job: Job) -> None:
    deed = BulkAssignment.objects.select_related("course", "by").filter(pk=job.payload["bulk"]).first()
    if deed is not None:
        bulk.continue_bulk(deed, at=job.instant)
