"""Learners answer while web workers are killed: every acknowledged answer is stored, once; nobody is told "closed" (reliability F1, in small).

Clients behave as the script of the quiz page does: one key per answer, sent again until the server has answered. ``BINA_ARENA_LEARNERS`` and
``BINA_ARENA_KILLS`` make it larger.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from assessments.domain import attempts
from assessments.models import Attempt
from tests.factories.assessments import make_quiz, right_answer
from tests.factories.people import AccountFactory
from tests.faults.web import BROKEN, TOKEN, web

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

LEARNERS = int(os.environ.get("BINA_ARENA_LEARNERS", "20"))
KILLS = int(os.environ.get("BINA_ARENA_KILLS", "8"))
QUESTIONS, SECONDS = 6, 90


def _workers(master: subprocess.Popen) -> list[int]:
    with suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()]
    return []


def _killer(master: subprocess.Popen, done: threading.Event, kills: list[int], dice: random.Random) -> None:
    while not done.wait(dice.uniform(0.1, 0.4)) and len(kills) < KILLS:
        if pids := _workers(master):
            pid = dice.choice(pids)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                kills.append(pid)


class Learner:
    """One phone: answers every question, sends a third of them twice, then hands in; keeps what the server said."""

    def __init__(self, base: str, attempt: Attempt, cookie: str, right: dict[int, str], seed: int):
        self.base, self.attempt, self.right, self.dice = base, attempt.pk, right, random.Random(seed)
        self.cookies = {settings.SESSION_COOKIE_NAME: cookie, settings.CSRF_COOKIE_NAME: TOKEN}
        self.acknowledged: dict[int, int] = {}
        self.strange: list[tuple[str, int]] = []
        self.retries = 0

    def run(self) -> Learner:
        with httpx.Client(base_url=self.base, cookies=self.cookies, timeout=30, headers={"X-Requested-With": "fetch"}) as client:
            for n, name in self.right.items():
                for _turn in range(1 + (self.dice.random() < 1 / 3)):
                    self.send(client, f"/kuis/percobaan/{self.attempt}/soal/{n}/", {"pilihan": name, "revisi": str(1000 + n)}, good=(204,))
                self.acknowledged[n] = 1
            self.send(client, f"/kuis/percobaan/{self.attempt}/kirim/", {}, good=(302,))
        return self

    def send(self, client: httpx.Client, path: str, data: dict, *, good: tuple[int, ...]) -> None:
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            try:
                answer = client.post(path, data={**data, "csrfmiddlewaretoken": TOKEN})
                if answer.status_code in good:
                    return
                self.strange.append((path, answer.status_code))
                if answer.status_code < 500:
                    return
            except BROKEN:
                self.retries += 1
            time.sleep(self.dice.uniform(0.02, 0.2))
        raise AssertionError(f"{path} was never answered")


def _prepared(base: str) -> list[Learner]:
    quiz = make_quiz(QUESTIONS, is_shuffled=False)
    learners = []
    for number in range(LEARNERS):
        person = AccountFactory()
        attempt = attempts.start(person, quiz.current, context_key=f"enrolment:{number}")
        client = Client()
        client.force_login(person)
        right = {n: dict(zip(laid["o"], laid["t"], strict=True))[right_answer(laid["v"])[0]] for n, laid in enumerate(attempt.layout, 1)}
        learners.append(Learner(base, attempt, client.cookies[settings.SESSION_COOKIE_NAME].value, right, number))
    return learners


def test_acknowledged_answers_survive_the_death_of_workers(tmp_path):
    kills: list[int] = []
    with web(tmp_path) as (base, master):
        learners = _prepared(base)
        done = threading.Event()
        killer = threading.Thread(target=_killer, args=(master, done, kills, random.Random(3)))
        killer.start()
        try:
            with ThreadPoolExecutor(max_workers=LEARNERS) as pool:
                finished = list(pool.map(Learner.run, learners))
        finally:
            done.set()
            killer.join(30)
    connection.close()
    assert len(kills) >= min(KILLS, 3), "too few kills: the run proves nothing"
    strange = [one for learner in finished for one in learner.strange]
    assert not strange, f"answers other than yes or a cut line: {strange}"
    for learner in finished:
        attempt = Attempt.objects.get(pk=learner.attempt)
        assert len(learner.acknowledged) == QUESTIONS
        assert (attempt.state, len(attempt.answers), attempt.score) == ("finished", QUESTIONS, 100), "0 lost"
        steps = list(attempt.steps.values_list("kind", flat=True))
        assert steps == ["start", *["answer"] * QUESTIONS, "finish", "grade"], "0 doubled"
        assert attempts.replay(attempt).answers == attempt.answers
        assert attempt.marks.count() == QUESTIONS
