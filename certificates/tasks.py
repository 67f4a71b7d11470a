"""Background work of ``certificates``."""

from __future__ import annotations

from datetime import time

from certificates.domain import batches, files
from certificates.domain.issue import issue_for_completion
from certificates.models import Certificate, CertificateBatch
from core.domain import outbox, schedule
from core.models import Job
from courses.models import Completion

schedule.daily("certificates.sweep", at=time(3, 40))


@outbox.handler("certificates.render")
def render(job: Job) -> None:
    certificate = Certificate.objects.select_related("person").get(pk=job.payload["certificate"])
    if not files.has_file(certificate):
        files.make_file(certificate, at=job.instant)


@outbox.handler("certificates.issue")
def issue(job: Job) -> None:
    """A certificate that could not be issued with its completion; what was issued meanwhile stays as it is."""
    issue_for_completion(Completion.objects.get(pk=job.payload["completion"]), at=job.instant)


@outbox.handler("certificates.issue_batch")
def issue_batch(job: Job) -> None:
    batches.issue_confirmed(CertificateBatch.objects.select_related("confirmed_by").get(pk=job.payload["batch"]), at=job.instant)


@outbox.handler("certificates.sweep")
def sweep(job: Job) -> None:
    files.sweep_leftovers()
