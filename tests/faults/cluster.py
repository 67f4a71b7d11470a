"""A PostgreSQL server of a test's own, which it may stop in the middle (``immediate``: as a crash) and start again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp


def binaries() -> Path | None:
    """Where ``initdb`` and ``pg_ctl`` are; None: no server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    elsewhere = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


@dataclass
class Cluster:
    folder: Path
    bin: Path
    user: str | None

    @property
    def url(self) -> str:
        return f"postgresql://bina@/bina?host={self.folder}"

    def run(self, *command: str, check: bool = True) -> None:
        as_owner = ["runuser", "-u", self.user, "--"] if self.user else []
        subprocess.run([*as_owner, *command], check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)

    def start(self) -> None:
        # Durable as in production: what was acknowledged must survive the crash by the log alone.
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=60 -c fsync=on -c synchronous_commit=on"
        self.run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "-t", "60", "-o", options, "start")

    def stop(self, *, check: bool = True) -> None:
        """As a crash: no checkpoint, no farewell to the clients."""
        self.run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop", check=check)


@contextmanager
def cluster():
    """A running server with an empty database ``bina``, gone when the block ends. Root is refused by PostgreSQL: another user owns it then."""
    found = binaries()
    assert found is not None, "no PostgreSQL server is installed"
    user = None
    folder = Path(mkdtemp(prefix="bina-cluster-", dir="/tmp"))  # noqa: S108 (short: a socket's path has at most 107 characters)
    if os.getuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, user)
        folder.chmod(0o755)
    mine = Cluster(folder, found, user)
    try:
        mine.run(str(found / "initdb"), "-D", str(folder / "data"), "-U", "bina", "-A", "trust", "-E", "UTF8", "--locale=C")
        mine.start()
        mine.run(str(found / "createdb"), "-h", str(folder), "-U", "bina", "bina")
        yield mine
    finally:
        mine.stop(check=False)
        shutil.rmtree(folder, ignore_errors=True)
