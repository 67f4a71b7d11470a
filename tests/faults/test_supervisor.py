"""``manage.py serve``: whoever is killed comes back, the supervisor's death leaves nothing behind, and no job is lost over all of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from core.domain import outbox
from core.models import AuditEvent, Job, JobState
from tests.faults.arena import ROOT, environment, is_alive

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


class Served:
    """A supervisor with its three children, as ``script/server`` starts it."""

    def __init__(self, folder: Path, *arguments: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        (folder / "data").mkdir(exist_ok=True)
        more = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "BINA_JOB_LEASE_SECONDS": "2", "BINA_SWEEP_SECONDS": "1", "BINA_WEB_WORKERS": "1"}
        self.log = folder / "serve.log"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), *arguments], cwd=ROOT, env=environment(folder, **more),
            stdout=open(self.log, "ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )

    def family(self) -> dict[int, str]:
        """All processes below the supervisor, by command line."""
        found, waiting = {}, [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for path in Path("/proc").glob("[0-9]*/stat"):
                try:
                    fields = path.read_text().rpartition(")")[2].split()
                    if int(fields[1]) == parent and fields[0] != "Z":
                        pid = int(path.parent.name)
                        found[pid] = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        waiting.append(pid)
                except OSError:
                    continue
        return found

    def child(self, word: str) -> int | None:
        return min((pid for pid, command in self.family().items() if word in command), default=None)

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/sehat/", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            return False

    def is_whole(self) -> bool:
        return self.answers() and bool(self.child("gunicorn") and self.child(" worker ") and self.child(" beat "))


def wait(question, seconds=60):
    ends = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < ends, "not within the time"
        time.sleep(0.1)


def all_done():
    return not Job.objects.exclude(state=JobState.DONE).exists()


def enqueue(numbers):
    outbox.enqueue_many("toy.careful", [(f"toy:{number}", {"number": number, "inside": 0.2}) for number in numbers], max_attempts=50)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the supervisor does not care about the database; once is enough")
def test_whoever_is_killed_comes_back_and_nothing_is_left_behind_or_lost(tmp_path):
    enqueue(range(10))
    served = Served(tmp_path)
    try:
        wait(served.is_whole)
        for word in (" worker ", "gunicorn", " beat "):
            killed = served.child(word)
            os.kill(killed, signal.SIGKILL)
            wait(lambda word=word, killed=killed: served.child(word) not in {None, killed})
        wait(served.is_whole)
        wait(all_done)

        enqueue(range(10, 20))
        family = set(served.family())
        assert len(family) >= 4
        served.process.kill()  # the supervisor itself, with no word to anybody
        served.process.wait()
        wait(lambda: not any(map(is_alive, family)), seconds=40)

        served = Served(tmp_path)
        wait(served.is_whole)
        wait(all_done)
        family = set(served.family())
        served.process.terminate()
        assert served.process.wait(timeout=40) == 0
        assert not any(map(is_alive, family))
    finally:
        served.process.kill()
    assert sorted(AuditEvent.objects.filter(verb="toy.done").values_list("object_id", flat=True)) == list(range(20))


def run_serve(folder, *arguments, **more):
    (folder / "data").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "serve", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(folder, **more), capture_output=True, text=True, timeout=60)


def test_showing_it_to_others_needs_a_long_demo_password(tmp_path):
    for more in ({}, {"BINA_DEMO_PASSWORD": "short"}):
        refused = run_serve(tmp_path, "--host", "0.0.0.0", **more)
        assert refused.returncode == 2
        assert "12 characters" in refused.stderr


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run_serve(tmp_path, "--port", str(other.getsockname()[1]))
    assert refused.returncode == 2
    assert "is in use" in refused.stderr


def test_one_folder_has_one_supervisor(tmp_path):
    import fcntl

    (tmp_path / "data" / "run").mkdir(parents=True)
    with open(tmp_path / "data" / "run" / "serve.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = run_serve(tmp_path)
    assert refused.returncode == 2
    assert "already runs" in refused.stderr


def test_the_supervisor_knows_no_django():
    code = "import lms.serve, sys; sys.exit(any(name.split('.')[0] in {'django', 'celery', 'wagtail'} for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0
