"""Learners answer while HR imports people: every acknowledged answer is stored, and answers are stored between two batches of the import
(decisions 10). The web process is the product's own; the import runs beside it, as in a worker.

An answer counts as saved meanwhile when it was sent after the first batch was committed and acknowledged before the last one was.
``arena``: 10,000 rows; it prints its figures (``pytest -s``), no time is asserted.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from assessments.domain import attempts
from assessments.models import Attempt
from people.domain import imports
from people.domain.import_plan import Importer
from people.enums import ImportKind
from people.models import Account
from tests.benchmarks.import_people import make_file
from tests.factories.assessments import make_quiz
from tests.factories.people import AccountFactory
from tests.faults.phones import BROKEN, TOKEN
from tests.faults.web import web

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

QUESTIONS = 4
logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each answer


@dataclass
class Learner:
    """One phone: goes round the questions and changes her mind each time, until she is told to stop."""

    base: str
    attempt: int
    names: dict[int, list[str]]  # question -> its options as the page names them
    options: dict[str, int | str]  # what the server keeps for each of those names
    questions: dict[int, int]  # question -> version
    cookie: str
    saved: list[tuple[float, float]] = field(default_factory=list)  # sent, acknowledged
    last: dict[int, str] = field(default_factory=dict)
    strange: list[int] = field(default_factory=list)

    def run(self, done: threading.Event) -> None:
        cookies = {settings.SESSION_COOKIE_NAME: self.cookie, settings.CSRF_COOKIE_NAME: TOKEN}
        with httpx.Client(base_url=self.base, cookies=cookies, timeout=60, headers={"X-Requested-With": "fetch"}) as client:
            turn = 0
            while not done.is_set():
                turn += 1
                n = turn % QUESTIONS + 1
                name = self.names[n][turn // QUESTIONS % len(self.names[n])]
                sent = time.monotonic()
                if self._is_saved(client, n, name, 1000 + turn, done):
                    self.saved.append((sent, time.monotonic()))
                    self.last[n] = name

    def _is_saved(self, client: httpx.Client, n: int, name: str, revision: int, done: threading.Event) -> bool:
        """Sent again with the same number until the server has answered, as the script of the page does."""
        data = {"pilihan": name, "revisi": str(revision), "csrfmiddlewaretoken": TOKEN}
        for _again in range(5):
            try:
                status = client.post(f"/kuis/percobaan/{self.attempt}/soal/{n}/", data=data).status_code
            except BROKEN:
                continue
            if status == 204:
                return True
            self.strange.append(status)
            done.wait(0.1)
        return False


def learners(base: str, count: int) -> list[Learner]:
    quiz = make_quiz(QUESTIONS, is_shuffled=False)
    found = []
    for number in range(count):
        person = AccountFactory(nip=f"19900101201001{9000 + number}")
        attempt = attempts.start(person, quiz.current, context_key=f"enrolment:{number}")
        client = Client()
        client.force_login(person)
        laid = dict(enumerate(attempt.layout, 1))
        names = {n: [str(name) for name in one["t"]] for n, one in laid.items()}
        options = {str(name): option for one in laid.values() for option, name in zip(one["o"], one["t"], strict=True)}
        versions = {n: one["v"] for n, one in laid.items()}
        found.append(Learner(base, attempt.pk, names, options, versions, client.cookies[settings.SESSION_COOKIE_NAME].value))
    return found


@contextmanager
def batches_watched(monkeypatch, *, size: int | None):
    """When each batch began and was committed; ``size`` other than the product's is the control."""
    seen: list[tuple[float, float]] = []
    real = Importer.batches
    if size:
        monkeypatch.setattr(Importer, "batch_size", size)

    def watched(self, plans):
        for batch in real(self, plans):
            began = time.monotonic()
            yield batch
            assert not connection.in_atomic_block, "a batch is committed before the next one is asked for"
            seen.append((began, time.monotonic()))

    monkeypatch.setattr(Importer, "batches", watched)
    yield seen


def play(tmp_path, monkeypatch, *, rows: int, phones: int, size: int | None = None):
    """Import ``rows`` people while ``phones`` learners answer; returns the learners and the batches."""
    file = tmp_path / "orang.xlsx"
    make_file(file, rows)
    done = threading.Event()
    with web(tmp_path, workers=1) as (base, _master), batches_watched(monkeypatch, size=size) as batches:
        people = learners(base, phones)
        threads = [threading.Thread(target=person.run, args=(done,)) for person in people]
        for thread in threads:
            thread.start()
        try:
            with file.open("rb") as stream:
                run = imports.upload(ImportKind.PEOPLE, [("orang.xlsx", stream)], by=None)
            imports.ask_apply(run, by=None)
            run = imports.apply(run)
        finally:
            done.set()
            for thread in threads:
                thread.join(120)
    assert run.counts["created"] == rows, run.counts
    return people, batches


def meanwhile(people: list[Learner], batches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Answers sent after the first batch was committed and acknowledged before the last one was: SQLite has one writer, so each of them was
    committed between two batches."""
    first, last = batches[0][1], batches[-1][1]
    return [times for person in people for times in person.saved if first < times[0] and times[1] < last]


def lost(people: list[Learner]) -> list[str]:
    """What was acknowledged and is not stored, or was stored twice."""
    found = []
    for person in people:
        attempt = Attempt.objects.get(pk=person.attempt)
        found += [
            f"attempt {attempt.pk}, question {n}: {name} was acknowledged"
            for n, name in person.last.items()
            if attempt.answers.get(str(person.questions[n])) not in (person.options[name], [person.options[name]])
        ]
        stored = attempt.steps.filter(kind="answer").count()
        if stored != len(person.saved):
            found.append(f"attempt {attempt.pk}: {len(person.saved)} acknowledged, {stored} stored")
    return found


def test_answers_are_saved_between_the_batches_of_an_import(tmp_path, monkeypatch):
    people, batches = play(tmp_path, monkeypatch, rows=1200, phones=3)
    assert not [status for person in people for status in person.strange], "no answer was refused"
    assert not lost(people)
    assert meanwhile(people, batches), "answers wait for the whole import"


def test_the_control_with_one_huge_batch_leaves_no_room(tmp_path, monkeypatch):
    """Without batches there is nothing between them: the test above would fail."""
    people, batches = play(tmp_path, monkeypatch, rows=600, phones=3, size=10_000)
    assert not lost(people)
    assert len(batches) == 1 and not meanwhile(people, batches)


@pytest.mark.arena
def test_answers_are_saved_during_ten_thousand_rows(tmp_path, monkeypatch):
    before = Account.objects.count()
    people, batches = play(tmp_path, monkeypatch, rows=10_000, phones=8)
    within = meanwhile(people, batches)
    saved = sorted(told - sent for sent, told in within) or [float("inf")]
    refused = [status for person in people for status in person.strange]
    print(
        f"\n{connection.vendor}: {sum(len(person.saved) for person in people)} answers acknowledged, {len(lost(people))} lost; "
        f"{len(saved)} while batches were written, longest wait {saved[-1] * 1000:.0f} ms, "
        f"median {saved[len(saved) // 2] * 1000:.0f} ms; {len(batches)} batches, longest transaction "
        f"{max(ended - began for began, ended in batches) * 1000:.0f} ms in {batches[-1][1] - batches[0][0]:.0f} s; "
        f"refused: {refused}; longest wait of all {max(told - sent for person in people for sent, told in person.saved) * 1000:.0f} ms"
    )
    assert not refused
    assert not lost(people)
    assert len(within) >= len(batches) // 4
    assert Account.objects.count() == before + 10_000 + len(people)
    assert not transaction.get_connection().in_atomic_block
