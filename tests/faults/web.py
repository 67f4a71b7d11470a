"""The product's own web process on the test database, for clients that speak HTTP as phones do."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from core.processes import child_setup
from tests.faults.arena import ROOT, environment


@contextmanager
def web(folder: Path, *, workers: int = 3, **more: str):
    """The product's own web process on the test database, on a free port of loopback. ``more``: further environment (another ``DATABASE_URL``)."""
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    with open(folder / "web.log", "wb") as log:
        master = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "lms/gunicorn.py", "lms.wsgi"], cwd=ROOT, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, preexec_fn=child_setup(signal.SIGTERM),
            env=environment(folder, BINA_BIND=bind, BINA_WEB_WORKERS=str(workers), BINA_WEB_THREADS="4", BINA_BASE_URL=f"http://{bind}", **more),
        )
    try:
        _until_up(f"http://{bind}/sehat/", master, folder / "web.log")
        yield f"http://{bind}", master
    finally:
        master.terminate()
        with suppress(subprocess.TimeoutExpired):
            master.wait(15)
        master.kill()
        master.wait()


def _until_up(address: str, master: subprocess.Popen, log: Path) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and master.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(address).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the web process did not come up: {log.read_text()[-2000:]}")
