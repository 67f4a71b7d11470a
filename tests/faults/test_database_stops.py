"""Learners answer while the database crashes three times: what was acknowledged is there, once; nobody is told "closed" (reliability F1).

The server is the test's own, with its log written through to the disk as in production.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from fractions import Fraction

import pytest

from tests.faults.arena import ROOT, environment
from tests.faults.cluster import Cluster, cluster
from tests.faults.phones import Phone, answer_all, report
from tests.faults.web import web

pytestmark = [pytest.mark.fault, pytest.mark.arena]

LEARNERS = int(os.environ.get("BINA_ARENA_LEARNERS", "500"))
QUESTIONS, STOPS = 20, 3


def _python(folder, url: str, *arguments: str, text: str | None = None) -> str:
    env = environment(folder, DATABASE_URL=url)
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, input=text, capture_output=True, text=True, timeout=1_800)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _phones(text: str) -> list[Phone]:
    return [Phone(**{**row, "right": {int(n): name for n, name in row["right"].items()}}) for row in json.loads(text)]


@contextmanager
def _crashing(server: Cluster, phones: list[Phone]):
    """``STOPS`` crashes, when a tenth, four tenths and seven tenths of the answers are in; each time the database is away for a second."""
    done, crashes = threading.Event(), []
    shares = [Fraction(1 + 3 * turn, 10) * len(phones) * QUESTIONS for turn in range(STOPS)]

    def work() -> None:
        for share in shares:
            while sum(len(phone.acknowledged) for phone in phones) < share:
                if done.wait(0.02):
                    return
            server.stop()
            crashes.append(time.monotonic())
            done.wait(1)
            server.start()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield crashes
    finally:
        done.set()
        thread.join(120)


@pytest.mark.django_db(transaction=True)  # only for the address book of the arena: nothing is written to the tests' own database
def test_answers_survive_three_crashes_of_the_database(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    with cluster() as server:
        _python(tmp_path, server.url, "manage.py", "migrate", "--verbosity", "0")
        phones = _phones(_python(tmp_path, server.url, "-m", "tests.faults.phones", "prepare", str(LEARNERS), str(QUESTIONS)))
        with web(tmp_path, DATABASE_URL=server.url) as (base, _master):
            began = time.monotonic()
            with _crashing(server, phones) as crashes:
                answer_all(base, phones, patience=1_500)
            print(f"\nPostgreSQL, {len(crashes)} crashes: {report(phones, time.monotonic() - began)}")
        text = json.dumps([asdict(phone) for phone in phones])
        problems = json.loads(_python(tmp_path, server.url, "-m", "tests.faults.phones", "outcome", text=text))
    assert len(crashes) == STOPS, "the answers were in before the crashes: the run proves nothing"
    assert sum(phone.busy + phone.retries for phone in phones), "no phone noticed a crash: the run proves nothing"
    assert not problems, "\n".join(problems)
