"""Background work of ``people``."""

from __future__ import annotations

from core.domain import outbox, schedule
from core.models import Job
from people.domain import digests
from people.models import Account, Notice

schedule.every("people.digests", minutes=10)


@outbox.handler("people.digests")
def collect_digests(job: Job) -> None:
    digests.enqueue_digests(at=job.instant)


@outbox.handler("people.digest")
def send_digest(job: Job) -> None:
    person = Account.objects.filter(pk=job.payload["person"], is_active=True).first()
    if person is not None:
        digests.send_digest(person, at=job.instant)


@outbox.handler("people.mail_security")
def send_security_mail(job: Job) -> None:
    notice = Notice.objects.select_related("person").filter(pk=job.payload["notice"]).first()
    if notice is not None:
        digests.send_security_mail(notice, at=job.instant)
