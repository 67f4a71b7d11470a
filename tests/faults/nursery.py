"""Starts worker processes without delay: Django is imported once, each worker is a fork of this process, and whoever was killed is replaced.

    python -m tests.faults.nursery NUMBER_OF_WORKERS PID_FOLDER

The workers are real ones (``celery worker --pool solo``); only their birth is quicker than in production.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

from core.processes import die_with_parent


def worker(number: int) -> None:
    from lms.celery import app

    arguments = ["--quiet", "worker", "--pool", "solo", "--loglevel", "error", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main([*arguments, "--hostname", f"arena-{number}@%h"])


def clock() -> None:
    from lms.celery import app

    app.start(["--quiet", "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "error", "--pidfile", ""])


def born(name: str, folder: Path) -> int:
    pid = os.fork()
    if pid:
        (folder / f"{name}.new").write_text(str(pid))
        (folder / f"{name}.new").rename(folder / f"{name}.pid")
        return pid
    try:
        die_with_parent()
        clock() if name == "clock" else worker(int(name.removeprefix("worker-")))
    finally:
        os._exit(0)


def main(workers: int, folder: Path) -> None:
    die_with_parent()
    django.setup()
    from lms import celery  # noqa: F401

    alive = {born(name, folder): name for name in ("clock", *(f"worker-{number}" for number in range(workers)))}
    while True:
        pid, _status = os.wait()
        if name := alive.pop(pid, ""):
            alive[born(name, folder)] = name


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
