"""The nightly work of the ground: old jobs go, the whole audit trail is checked, a backup is made."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core.domain import audit_chain, backup
from core.domain.outbox import handler
from core.models import Job, JobState

log = logging.getLogger("bina.housekeeping")

DAILY = "core.housekeeping"
BACKUP = "core.backup"
KEEP_DONE = timedelta(days=30)


@handler(DAILY)
def run_housekeeping(job: Job) -> None:
    now = timezone.now()
    Job.objects.filter(state__in=[JobState.DONE, JobState.DISMISSED], finished_at__lt=now - KEEP_DONE).delete()
    audit_chain.seal(looks_everywhere=True)
    finding = audit_chain.verify()
    if finding.problems:
        log.error("the audit trail was changed", extra={"problems": len(finding.problems), "first": finding.problems[0]})


@handler(BACKUP)
def run_backup(job: Job) -> None:
    """Embedded installations back themselves up; a database server has its own plan (docs/operations.md)."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        backup.make()
