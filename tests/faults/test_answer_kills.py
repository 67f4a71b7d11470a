"""Learners answer while web workers are killed: every acknowledged answer is stored, once; nobody is told "closed" (reliability F1).

The small run is part of every test run; the arena (``script/test --full``) has 500 learners, 20 answers each, 25 kills.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.phones import answer_all, outcome, prepared, report
from tests.faults.web import web

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

LEARNERS = int(os.environ.get("BINA_ARENA_LEARNERS", "500"))
KILLS = int(os.environ.get("BINA_ARENA_KILLS", "25"))


def _workers(master: subprocess.Popen) -> list[int]:
    with suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()]
    return []


@contextmanager
def killing(master: subprocess.Popen, *, times: int, pause: tuple[float, float]):
    """kill -9 of a random web worker at random moments; yields the list of those killed."""
    done, kills, dice = threading.Event(), [], random.Random(3)  # noqa: S311

    def work() -> None:
        while not done.wait(dice.uniform(*pause)) and len(kills) < times:
            if pids := _workers(master):
                pid = dice.choice(pids)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    kills.append(pid)

    killer = threading.Thread(target=work)
    killer.start()
    try:
        yield kills
    finally:
        done.set()
        killer.join(30)


def _run(folder: Path, *, learners: int, questions: int, kills: int, pause: tuple[float, float], patience: float) -> None:
    with web(folder) as (base, master):
        phones = prepared(learners, questions)
        began = time.monotonic()
        with killing(master, times=kills, pause=pause) as killed:
            answer_all(base, phones, patience=patience)
        print(f"\n{connection.vendor}: {report(phones, time.monotonic() - began)}, {len(killed)} kills")
    connection.close()
    assert len(killed) >= min(kills, 3), "too few kills: the run proves nothing"
    assert not sum(phone.busy for phone in phones), "a worker that dies cuts the line; no other one answers 5xx"
    assert not (problems := outcome(phones)), "\n".join(problems)


def test_acknowledged_answers_survive_the_death_of_workers(tmp_path):
    _run(tmp_path, learners=20, questions=6, kills=8, pause=(0.1, 0.4), patience=90)


@pytest.mark.arena
def test_five_hundred_learners_and_twenty_five_kills(tmp_path):
    _run(tmp_path, learners=LEARNERS, questions=20, kills=KILLS, pause=(0.5, 4), patience=1_500)
