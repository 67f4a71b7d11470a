from datetime import time

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import checks, tasks  # noqa: F401
        from core.domain import housekeeping, schedule
        from core.receivers import guard_audit

        post_migrate.connect(guard_audit, sender=self, dispatch_uid="core.guard_audit")
        schedule.daily(housekeeping.DAILY, at=time(3, 10))
        schedule.daily(housekeeping.BACKUP, at=time(2, 30))
