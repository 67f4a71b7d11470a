"""Background work of ``courses``."""

from __future__ import annotations

from datetime import time

from core.domain import outbox, schedule
from core.models import Job
from courses.domain import shelves

schedule.daily("courses.shelf_members", at=time(0, 10))


@outbox.handler("courses.shelf_members")
def shelf_members(job: Job) -> None:
    """Grants that ended yesterday by their date send no signal: their holders leave the shelves here."""
    shelves.sync_members(at=job.instant)
