"""The arena: real worker processes on a real database, killed at random moments. Bounded in time and number, talks to nothing outside.

    @pytest.mark.fault
    @pytest.mark.django_db(transaction=True)
    def test_certificates_survive(tmp_path):
        ...  # write the business rows and their jobs as the product does
        with arena(tmp_path, workers=2) as field:
            field.kill(times=20, until=lambda: Job.objects.exclude(state=JobState.DONE).count() == 0)
        ...  # count: nothing lost, nothing double

Runs on whatever database the tests run on: workers use the test database itself (therefore ``transaction=True``: rows must be committed).
``lease`` and ``sweep`` are short, so that a killed job comes back within seconds; everything else is as in production.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import OperationalError, connection
from django.db.models import Count

from core.models import Job
from core.processes import child_setup

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("BINA_SECRET_KEY", "BINA_HASH_KEY", "BINA_NOTES_KEYS")


def database_url() -> str:
    """The address of the test database, for processes that the tests start."""
    wanted = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(str(wanted['NAME']))}"
    password = f":{quote(wanted['PASSWORD'])}" if wanted["PASSWORD"] else ""
    port = f"&port={wanted['PORT']}" if wanted["PORT"] else ""
    return f"postgresql://{quote(wanted['USER'])}{password}@/{wanted['NAME']}?host={quote(wanted['HOST'], safe='')}{port}"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process of the product needs to work on the test database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BINA_", "DJANGO_", "PYTEST_"))}
    secrets = {name: os.environ[name] for name in SECRETS if name in os.environ}
    return {
        **kept, **secrets, "DATABASE_URL": database_url(), "BINA_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "lms.settings",
        "BINA_LOG_LEVEL": "ERROR", "CELERY_SKIP_CHECKS": "1", "PYTHONWARNINGS": "ignore", **more,
    }


@dataclass
class Arena:
    folder: Path
    workers: int
    nursery: subprocess.Popen
    kills: int = 0
    dice: random.Random = field(default_factory=random.Random)

    def worker_pids(self) -> list[int]:
        found = []
        for number in range(self.workers):
            with suppress(OSError, ValueError):
                found.append(int((self.folder / "pids" / f"worker-{number}.pid").read_text()))
        return found

    def kill_one(self) -> bool:
        """kill -9 of a random worker."""
        pids = self.worker_pids()
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.dice.choice(pids), signal.SIGKILL)
            self.kills += 1
        return True

    def kill(self, *, times: int, until: Callable[[], bool], pause: tuple[float, float] = (0.3, 1.2), seconds: float = 120) -> None:
        """Kill ``times`` workers at random moments while work goes on, then wait until ``until()`` is true, at most ``seconds`` in all."""
        ends = time.monotonic() + seconds
        self.wait(lambda: len(self.worker_pids()) == self.workers, seconds=60)
        for _kill in range(times):
            time.sleep(self.dice.uniform(*pause))
            if _quietly(until) or time.monotonic() > ends:
                break
            self.kill_one()
        self.wait(until, seconds=max(ends - time.monotonic(), 1))

    def wait(self, until: Callable[[], bool], *, seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while not _quietly(until):
            if time.monotonic() > ends:
                states = dict(Job.objects.values_list("state").annotate(Count("pk")))
                log = (self.folder / "log").read_text()[-2000:]
                raise AssertionError(f"the arena was not done after {seconds:.0f} s: {self.kills} kills, jobs {states}, log: {log}")
            if self.nursery.poll() is not None:
                raise AssertionError(f"the nursery ended with {self.nursery.returncode}: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def arena(
    folder: Path, *, workers: int = 1, lease: int = 2, sweep: int = 1, seed: int | None = None, settings: str = "tests.faults.settings",
) -> Iterator[Arena]:
    """Workers and a clock on the test database; all of them are gone when the block ends."""
    for name in ("data", "pids"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    more = {"DJANGO_SETTINGS_MODULE": settings, "BINA_JOB_LEASE_SECONDS": str(lease), "BINA_SWEEP_SECONDS": str(sweep)}
    with open(folder / "log", "wb") as log:
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(workers), str(folder / "pids")], cwd=ROOT, env=environment(folder, **more),
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=child_setup(signal.SIGKILL),
        )
    try:
        yield Arena(folder, workers, nursery, dice=random.Random(seed))
    finally:
        nursery.kill()
        nursery.wait()
        gone = {int(path.read_text()) for path in (folder / "pids").glob("*.pid")}
        _end(gone)


def _end(pids: set[int]) -> None:
    """The kernel has told them to stop (their parent ended); whoever takes more than five seconds is killed."""
    ends = time.monotonic() + 5
    while (alive := {pid for pid in pids if is_alive(pid)}) and time.monotonic() < ends:
        time.sleep(0.05)
    for pid in alive:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _quietly(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except OperationalError:
        connection.close()
        return False
