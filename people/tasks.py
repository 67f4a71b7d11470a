"""Background work of ``people``."""

from __future__ import annotations

from datetime import time

from core.domain import outbox, schedule
from core.models import Job
from people.domain import digests, email_changes, grants, imports, one_time, sign_in
from people.models import Account, AccountSession, EmailChange, ImportRun, Notice

NIGHTLY = "people.nightly"

schedule.every("people.digests", minutes=10)
schedule.daily(NIGHTLY, at=time(1, 30))


@outbox.handler(NIGHTLY)
def run_nightly(job: Job) -> None:
    imports.delete_old_files(at=job.instant)
    grants.sync_all_trainer_groups()
    sign_in.forget_old_delays(at=job.instant)
    AccountSession.objects.filter(expire_date__lt=job.instant).delete()


@outbox.handler(one_time.MAIL)
def mail_link(job: Job) -> None:
    account = Account.objects.filter(pk=job.payload["account"]).first()
    # A second attempt at the same letter is no further letter.
    if account is not None and (job.attempts > 1 or not one_time.is_too_soon(account, at=job.instant)):
        one_time.send_link(account, next_path=job.payload.get("next", ""), at=job.instant)


@outbox.handler(imports.CHECK)
def check_import(job: Job) -> None:
    if (run := ImportRun.objects.filter(pk=job.payload["run"]).first()) is not None:
        imports.check(run, at=job.instant)


@outbox.handler(imports.APPLY)
def apply_import(job: Job) -> None:
    if (run := ImportRun.objects.select_related("by").filter(pk=job.payload["run"]).first()) is not None:
        imports.apply(run, at=job.instant)


@outbox.handler(imports.UNDO)
def undo_import(job: Job) -> None:
    if (run := ImportRun.objects.filter(pk=job.payload["run"]).first()) is not None:
        imports.finish_undo(run, at=job.instant)


@outbox.handler(email_changes.MAIL)
def mail_email_change(job: Job) -> None:
    if (change := EmailChange.objects.select_related("person").filter(pk=job.payload["change"]).first()) is not None:
        email_changes.send_confirmation(change)


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
