"""Backups (decisions 25): the database as one consistent file, and the uploads beside it. Restoring is described in docs/operations.md."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation

KEEP = 14
DONE = "done.json"


@dataclass(frozen=True)
class Backup:
    path: Path
    made_at: datetime
    size: int


def make(*, folder: Path | None = None, with_media: bool = True) -> Backup:
    """A new backup folder ``bina-<time>``; it counts only once its ``done.json`` (checksums) stands in it. The newest fourteen are kept.

    Nobody waits meanwhile: SQLite's backup API (in one step) and pg_dump both read a snapshot. ``RuleViolation`` when the disk is full or
    pg_dump fails.
    """
    now = timezone.now()
    root = Path(folder or settings.BINA_BACKUP_DIR)
    draft = root / f".bina-{now:%Y%m%d-%H%M%S-%f}"
    try:
        draft.mkdir(mode=0o700, parents=True)
        names = [copy_sqlite(Path(connection.settings_dict["NAME"]), draft) if connection.vendor == "sqlite" else _dump_postgresql(draft)]
        if with_media and Path(settings.MEDIA_ROOT).is_dir() and not settings.S3_BUCKET:
            names.append(_pack_media(draft))
        sums = {name: _sha256(draft / name) for name in names}
        (draft / DONE).write_text(json.dumps({"made_at": now.isoformat(), "vendor": connection.vendor, "sha256": sums}, indent=1))
        final = draft.rename(root / draft.name.removeprefix("."))
    except (OSError, sqlite3.Error, subprocess.SubprocessError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise RuleViolation(_("The backup could not be made: %(reason)s") % {"reason": getattr(error, "stderr", "") or error})
    for old in listing(root)[KEEP:]:
        shutil.rmtree(old.path, ignore_errors=True)
    return _read(final)


def listing(folder: Path | None = None) -> list[Backup]:
    """Complete backups made until now, newest first.

    One dated in the future (the clock was ahead once) counts for nothing until its time has come: it neither hides that the nightly ones
    have stopped nor pushes a new one out, and is not deleted meanwhile.
    """
    root, now = Path(folder or settings.BINA_BACKUP_DIR), timezone.now()
    found = [backup for path in root.glob(f"bina-*/{DONE}") if (backup := _read(path.parent)).made_at <= now]
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def check(path: Path) -> list[str]:
    """What is wrong with a backup: changed or missing files; empty: all checksums agree."""
    sums = json.loads((path / DONE).read_text())["sha256"]
    return [name for name, expected in sums.items() if not (path / name).exists() or _sha256(path / name) != expected]


def _read(path: Path) -> Backup:
    made_at = datetime.fromisoformat(json.loads((path / DONE).read_text())["made_at"])
    return Backup(path, made_at, sum(file.stat().st_size for file in path.iterdir()))


def copy_sqlite(database: Path, folder: Path) -> str:
    """The database as it is at one moment, into ``folder``; returns the file's name. ``sqlite3.Error`` when it cannot be read whole.

    All pages in one step: a backup in several steps begins anew after each commit of somebody else, and never ends while people work.
    In WAL mode the one step reads a snapshot and holds nobody up.
    """
    source = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=20)
    target = sqlite3.connect(folder / "bina.sqlite3")
    try:
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode=DELETE")
        if target.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check")
    finally:
        target.close()
        source.close()
    os.chmod(folder / "bina.sqlite3", 0o600)
    return "bina.sqlite3"


def _dump_postgresql(draft: Path) -> str:
    wanted = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": str(wanted["PASSWORD"] or "")}
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={draft / 'bina.dump'}"]
    for option, value in (("--host", wanted["HOST"]), ("--port", wanted["PORT"]), ("--username", wanted["USER"])):
        command += [f"{option}={value}"] if value else []
    subprocess.run([*command, str(wanted["NAME"])], env=environment, check=True, capture_output=True, text=True, timeout=3600)
    return "bina.dump"


def _pack_media(draft: Path) -> str:
    with tarfile.open(draft / "media.tar.gz", "w:gz", compresslevel=1) as archive:
        archive.add(settings.MEDIA_ROOT, arcname="media")
    return "media.tar.gz"


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
