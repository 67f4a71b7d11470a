import os
import signal
import time

from django.apps import AppConfig


class ToysConfig(AppConfig):
    name = "tests.faults.toys"
    label = "toys"

    def ready(self) -> None:
        from django.db import transaction

        from core.domain.outbox import handler
        from core.models import AuditEvent, Job

        def write(number: int) -> None:
            AuditEvent.objects.create(at="2026-01-01T00:00:00Z", verb="toy.done", object_kind="toy", object_id=number)

        @handler("toy.careful")
        def careful(job: Job) -> None:
            """Looks, does, commits in one transaction: the way every handler has to be."""
            time.sleep(job.payload.get("before", 0))
            with transaction.atomic():
                Job.objects.select_for_update().get(pk=job.pk)
                if not AuditEvent.objects.filter(verb="toy.done", object_id=job.payload["number"]).exists():
                    write(job.payload["number"])
                time.sleep(job.payload.get("inside", 0))
            time.sleep(job.payload.get("after", 0))

        @handler("toy.dies")
        def dies(job: Job) -> None:
            """The worst moment: killed between the commit and the mark "done"; careful or not as the payload says."""
            if job.payload["careful"]:
                careful(job)
            else:
                write(job.payload["number"])
            if job.attempts == 1:
                os.kill(os.getpid(), signal.SIGKILL)
