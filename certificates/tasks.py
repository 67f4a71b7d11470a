"""Background work of ``certificates``."""

from __future__ import annotations

from datetime import time

from certificates.domain import files
from certificates.models import Certificate
from core.domain import outbox, schedule
from core.models import Job

schedule.daily("certificates.sweep", at=time(3, 40))


@outbox.handler("certificates.render")
def render(job: Job) -> None:
    certificate = Certificate.objects.select_related("person").get(pk=job.payload["certificate"])
    if not files.has_file(certificate):
        files.make_file(certificate, at=job.instant)


@outbox.handler("certificates.sweep")
def sweep(job: Job) -> None:
    files.sweep_leftovers()
