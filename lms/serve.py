"""``manage.py serve``: one command that runs web, worker and clock as three processes and keeps them running.

The supervisor imports no Django (it stays small and cannot break with the product). A child that ends comes back; SIGTERM, SIGINT and SIGHUP
stop all of them cleanly; when the supervisor itself is killed, the kernel stops the children (PR_SET_PDEATHSIG). Nothing is left behind, and
nothing is lost: whatever was being worked on is a Job row whose lease ends.
"""

from __future__ import annotations

import argparse
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from core.processes import child_setup
from lms import environment as env

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
STOP_SECONDS = 30
WEB_FIRST_SECONDS = 15
LONGEST_PAUSE = 30.0
DEMO_PASSWORD_LENGTH = 12
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Child:
    """One process: when it ended soon after its start, the next start waits longer."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = 0.0
    start_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=env.BASE_DIR, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
            preexec_fn=child_setup(), process_group=0,
        )

    def look(self) -> None:
        """Start it when it is its turn; notice its end."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
        elif self.process.poll() is not None:
            lived = now - self.started
            self.pause = 0.2 if lived > 10 else min(max(self.pause * 2, 0.5), LONGEST_PAUSE)
            say(f"{self.name} ended ({self.process.returncode}) after {lived:.0f} s; it starts again")
            self.process, self.start_at = None, now + self.pause

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def say(text: str) -> None:
    print(f"bina: {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if problem := _host_problem(options.host):
        say(problem)
        return 2
    folder = env.data_dir()
    (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _only_supervisor(folder)
    if lock is None:
        say(f"it already runs for {folder}; stop it first, or choose another folder with BINA_DATA_DIR.")
        return 2
    if not _wait_for_port(options.host, options.port):
        say(f"port {options.port} is in use; choose another one: --port {options.port + 1}")
        return 2
    _prepare_environment(options)
    if env.flag("BINA_PRODUCTION") and subprocess.call([sys.executable, "manage.py", "check", "--deploy", "--database", "default"], cwd=env.BASE_DIR):
        return 1
    return supervise(_children(options), options)


def supervise(children: list[Child], options: argparse.Namespace) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS | {signal.SIGCHLD})
    (env.data_dir() / "run" / "supervisor.pid").write_text(str(os.getpid()))
    greeted, began = False, time.monotonic()
    while True:
        # The page first: worker and clock wait until it answers, so that it has the processor for itself.
        for child in children if greeted or time.monotonic() - began > WEB_FIRST_SECONDS else children[:1]:
            child.look()
        received = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, 1.0 if greeted else 0.2)
        if received is not None and received.si_signo in STOP_SIGNALS:
            break
        if not greeted and _answers(options):
            greeted = True
            _greet(options)
    _stop(children)
    return 0


def _stop(children: list[Child]) -> None:
    """The clock first, then worker and web; each finishes what it is at, for at most half a minute."""
    for child in reversed(children):
        if child.is_running():
            child.process.terminate()  # type: ignore[union-attr]
    ends = time.monotonic() + STOP_SECONDS
    while any(child.is_running() for child in children) and time.monotonic() < ends:
        received = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, 0.2)
        if received is not None and received.si_signo == signal.SIGINT:
            break  # asked a second time: at once
    for child in children:
        if child.is_running():
            os.killpg(child.process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        if child.process is not None:
            child.process.wait()


def _children(options: argparse.Namespace) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "lms.celery", "--quiet", "--workdir", str(env.BASE_DIR)]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    quick = {"CELERY_SKIP_CHECKS": "1"}  # the system checks were made by migrate; here they cost each start of a worker two seconds
    bind = f"[{options.host}]:{options.port}" if ":" in options.host else f"{options.host}:{options.port}"
    return [
        Child("web", [*python, "gunicorn", "--config", "lms/gunicorn.py", "lms.wsgi"], {"BINA_BIND": bind, "BINA_STATEMENT_TIMEOUT_MS": "30000"}),
        # One worker, one process (embedded); production runs "celery worker" with more of them (docs/operations.md).
        Child("worker", [*celery, "worker", "--pool", "solo", "--loglevel", "warning", *alone], quick),
        # Never "worker --beat": killing that worker leaves its clock alive. The clock keeps no file, nothing can be damaged.
        Child("clock", [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "warning", "--pidfile", ""], quick),
    ]


def _prepare_environment(options: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ.setdefault("BINA_BASE_URL", f"http://localhost:{options.port}")
    if options.host not in LOOPBACK:
        os.environ.setdefault("BINA_ALLOWED_HOSTS", "*")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py serve", description="Runs web, worker and clock, and keeps them running.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="Another address than this machine's own needs BINA_DEMO_PASSWORD (12 characters).")
    parser.add_argument("--hello", type=Path, help="A text to print once the pages answer.")
    return parser.parse_args(arguments)


def _host_problem(host: str) -> str:
    if host in LOOPBACK or env.flag("BINA_PRODUCTION"):
        return ""
    if len(env.text("BINA_DEMO_PASSWORD")) >= DEMO_PASSWORD_LENGTH:
        return ""
    return f"--host {host} shows this installation to others; set BINA_DEMO_PASSWORD with at least {DEMO_PASSWORD_LENGTH} characters first."


def _only_supervisor(folder: Path):
    """A lock that ends with this process, however it ends."""
    lock = open(folder / "run" / "serve.lock", "w")  # noqa: SIM115 (kept open as long as we run)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _wait_for_port(host: str, port: int) -> bool:
    """Whether the port can be bound; a predecessor that was killed may need a few seconds to let it go."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(60):
        if number == 4:
            say(f"port {port} is in use; waiting up to 15 s for it")
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return True
            except OSError:
                time.sleep(0.25)
    return False


def _answers(options: argparse.Namespace) -> bool:
    # By number: a bare machine may not even know the name localhost.
    own = {"0.0.0.0": "127.0.0.1", "localhost": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104 (an address that was given)
    connection = http.client.HTTPConnection(own, options.port, timeout=2)
    try:
        connection.request("GET", "/sehat/", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _greet(options: argparse.Namespace) -> None:
    print(f"\nBina: http://localhost:{options.port}", flush=True)
    if options.hello and options.hello.exists():
        print(options.hello.read_text(), flush=True)
