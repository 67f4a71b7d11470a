"""How the installation is doing, in sentences: green, or amber with what to do (screen A2)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.domain import audit_chain, audit_guard, backup, dates
from core.models import AuditEvent, Job, JobState

QUEUE_LATE = timedelta(minutes=5)
SEAL_LATE = timedelta(minutes=5)
BACKUP_OLD = timedelta(hours=36)
DISK_LOW_SHARE = 0.10
DISK_LOW_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Finding:
    """``words`` say what is; ``advice`` what to do (empty while all is well)."""

    name: str
    is_good: bool
    words: str
    advice: str = ""


def findings() -> list[Finding]:
    return [check() for check in (database, migrations, queue, dead_jobs, disk, last_backup, mail, cache, trail)]


def database() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    return Finding(_("Database"), True, _("%(kind)s answers; it holds %(size)s.") % {"kind": kind, "size": _bytes(size)})


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not pending:
        return Finding(_("Version of the tables"), True, _("Up to date."))
    words = ngettext("%(count)d change of the tables is waiting.", "%(count)d changes of the tables are waiting.", pending) % {"count": pending}
    return Finding(_("Version of the tables"), False, words, _("Stop the product and run “manage.py migrate”."))


def queue() -> Finding:
    now = timezone.now()
    open_jobs = Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING], run_after__lte=now)
    count, oldest = open_jobs.count(), open_jobs.aggregate(oldest=Min("run_after"))["oldest"]
    if not count:
        return Finding(_("Work in the background"), True, _("Nothing is waiting."))
    words = ngettext("%(count)d job is waiting, since %(time)s.", "%(count)d jobs are waiting, the oldest since %(time)s.", count) % {
        "count": count, "time": dates.format_daytime(oldest)}
    is_good = now - oldest < QUEUE_LATE
    return Finding(_("Work in the background"), is_good, words, "" if is_good else _("Look whether worker and clock run; nothing is lost meanwhile."))


def dead_jobs() -> Finding:
    count = Job.objects.filter(state=JobState.DEAD).count()
    if not count:
        return Finding(_("Failed work"), True, _("None."))
    words = ngettext("%(count)d job was tried many times without success.", "%(count)d jobs were tried many times without success.", count)
    return Finding(_("Failed work"), False, words % {"count": count}, _("Read the reason below, then let it run again or dismiss it."))


def disk() -> Finding:
    usage = shutil.disk_usage(_existing(Path(settings.DATA_DIR)))
    is_good = usage.free > min(usage.total * DISK_LOW_SHARE, DISK_LOW_BYTES)
    words = _("%(free)s of %(total)s are free.") % {"free": _bytes(usage.free), "total": _bytes(usage.total)}
    return Finding(_("Disk"), is_good, words, "" if is_good else _("Make room: without it nothing more can be saved."))


def last_backup() -> Finding:
    made = backup.listing()
    if not made:
        if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
            return Finding(_("Backup"), True, _("The database server is backed up outside of Bina; no backup was made with “manage.py backup”."))
        return Finding(_("Backup"), False, _("There is none yet."), _("Run “manage.py backup”; one is made each night at 02.30 WIB."))
    words = _("The last one is of %(time)s (%(size)s).") % {"time": dates.format_daytime(made[0].made_at), "size": _bytes(made[0].size)}
    is_good = timezone.now() - made[0].made_at < BACKUP_OLD
    return Finding(_("Backup"), is_good, words, "" if is_good else _("It is older than a day and a half; look at the log of the clock."))


def mail() -> Finding:
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Finding(_("E-mail"), True, _("Sent through %(host)s.") % {"host": settings.EMAIL_HOST})
    advice = _("Set EMAIL_HOST so that notices reach people.") if settings.PRODUCTION else ""
    return Finding(_("E-mail"), not settings.PRODUCTION, _("Written to a folder of this machine, not sent."), advice)


def cache() -> Finding:
    try:
        caches["default"].set("bina-health", 1, 10)
        works = caches["default"].get("bina-health") == 1
    except Exception:
        works = False
    return Finding(_("Cache"), works, _("Answers.") if works else _("Does not answer."), "" if works else _("Look at Redis or at the database."))


def trail() -> Finding:
    unsealed = AuditEvent.objects.filter(link__isnull=True, pk__gt=audit_chain.lowest_unsealed())
    oldest = unsealed.order_by("pk").values_list("at", flat=True).first()
    guarded = audit_guard.is_installed() or not settings.BINA_AUDIT_GUARD
    head = audit_chain.head()
    words = _("%(count)s entries are sealed.") % {"count": f"{head.count:,}".replace(",", ".")}
    if not guarded:
        return Finding(_("Audit trail"), False, words, _("Its guard is missing; run “manage.py migrate”."))
    if oldest is not None and timezone.now() - oldest > SEAL_LATE:
        return Finding(_("Audit trail"), False, words, _("Entries wait for their seal; look whether worker and clock run."))
    return Finding(_("Audit trail"), True, words)


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _bytes(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f" {unit}"
        size /= 1000
    return ""
