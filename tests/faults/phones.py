"""Phones that answer a quiz as the page's script does: one key per answer, sent again until the server has answered, a third of them twice.

    phones = prepared(base, learners=20, questions=6)      # rows in the database of this process
    answer_all(phones)                                     # all at once
    assert not outcome(phones)                             # what was lost, doubled, falsely refused

For a database that is not the tests' own: ``python -m tests.faults.phones prepare 500 20`` prints the phones as JSON,
``python -m tests.faults.phones outcome`` reads them from standard input and prints the problems.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field

import httpx

BROKEN = (httpx.TransportError,)
TOKEN = "a" * 32  # CSRF: the same secret in cookie and form


@dataclass
class Phone:
    """``right`` is the name on the page of the right option, by question. ``strange`` are answers that no phone should get; ``retries``
    counts cut lines, ``busy`` answers of 5xx (the server could not, and said so); ``waited`` is the longest time until an answer was acknowledged."""

    attempt: int
    cookies: dict[str, str]
    right: dict[int, str]
    seed: int
    acknowledged: list[int] = field(default_factory=list)
    strange: list[tuple[str, int]] = field(default_factory=list)
    retries: int = 0
    busy: int = 0
    sent: int = 0
    waited: float = 0.0

    async def run(self, base: str, patience: float) -> None:
        dice = random.Random(self.seed)  # noqa: S311
        ends = time.monotonic() + patience
        async with httpx.AsyncClient(base_url=base, cookies=self.cookies, timeout=60, headers={"X-Requested-With": "fetch"}) as client:
            for n, name in self.right.items():
                for _turn in range(1 + (dice.random() < 1 / 3)):
                    began = time.monotonic()
                    await self._send(client, f"soal/{n}/", {"pilihan": name, "revisi": str(1000 + n)}, 204, dice, ends)
                    self.waited = max(self.waited, time.monotonic() - began)
                self.acknowledged.append(n)
            await self._send(client, "kirim/", {}, 302, dice, ends)

    async def _send(self, client: httpx.AsyncClient, path: str, data: dict, good: int, dice: random.Random, ends: float) -> None:
        while time.monotonic() < ends:
            try:
                self.sent += 1
                answer = await client.post(f"/kuis/percobaan/{self.attempt}/{path}", data={**data, "csrfmiddlewaretoken": TOKEN})
                if answer.status_code == good:
                    return
                if answer.status_code < 500:
                    self.strange.append((path, answer.status_code))
                    return
                self.busy += 1
            except BROKEN:
                self.retries += 1
            await asyncio.sleep(dice.uniform(0.05, 0.4))
        raise AssertionError(f"attempt {self.attempt}: {path} was never answered")


def answer_all(base: str, phones: list[Phone], *, patience: float = 90) -> None:
    """All phones at once. ``AssertionError``: one was not served within ``patience`` seconds."""
    async def everybody() -> None:
        await asyncio.gather(*(phone.run(base, patience) for phone in phones))

    # In a thread of its own: in this one the browser of an earlier test may have left its loop running.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, everybody()).result()


def prepared(learners: int, questions: int) -> list[Phone]:
    """So many people with an open attempt of one quiz and a session."""
    from django.conf import settings
    from django.test import Client

    from assessments.domain import attempts
    from tests.factories.assessments import make_quiz, right_answer
    from tests.factories.people import AccountFactory

    quiz = make_quiz(questions, is_shuffled=False)
    phones = []
    for number in range(learners):
        person = AccountFactory()
        attempt = attempts.start(person, quiz.current, context_key=f"enrolment:{number}")
        client = Client()
        client.force_login(person)
        right = {n: dict(zip(laid["o"], laid["t"], strict=True))[right_answer(laid["v"])[0]] for n, laid in enumerate(attempt.layout, 1)}
        cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value, settings.CSRF_COOKIE_NAME: TOKEN}
        phones.append(Phone(attempt.pk, cookies, right, number))
    return phones


def outcome(phones: list[Phone]) -> list[str]:
    """Every difference between what the server acknowledged and what the database holds: lost, doubled, not handed in, not replayable."""
    from assessments.domain import attempts
    from assessments.models import Attempt

    found = []
    for phone in phones:
        attempt = Attempt.objects.select_related("version").get(pk=phone.attempt)
        count = len(phone.right)
        kinds = list(attempt.steps.values_list("kind", flat=True))
        wanted = ["start", *["answer"] * count, "finish", "grade"]
        if (attempt.state, len(attempt.answers), attempt.score) != ("finished", count, 100) or len(phone.acknowledged) != count:
            found.append(f"attempt {attempt.pk}: {attempt.state}, {len(attempt.answers)} of {count} answers, score {attempt.score}: lost")
        if kinds != wanted:
            found.append(f"attempt {attempt.pk}: steps {kinds}: lost or doubled")
        if attempts.replay(attempt).answers != attempt.answers or attempt.marks.count() != count:
            found.append(f"attempt {attempt.pk}: row and steps differ")
    return found + [f"attempt {phone.attempt}: {path} answered {status}" for phone in phones for path, status in phone.strange]


def report(phones: list[Phone], seconds: float) -> str:
    """One line of figures."""
    return (f"{len(phones)} phones, {sum(phone.sent for phone in phones)} requests in {seconds:.0f} s, "
            f"{sum(len(phone.acknowledged) for phone in phones)} answers acknowledged, {sum(phone.retries for phone in phones)} cut lines, "
            f"{sum(phone.busy for phone in phones)} times busy, longest wait {max(phone.waited for phone in phones):.1f} s")


def _main(verb: str, *numbers: str) -> None:
    import django

    django.setup()
    if verb == "prepare":
        json.dump([asdict(phone) for phone in prepared(*map(int, numbers))], sys.stdout)
    else:
        phones = [Phone(**{**row, "right": {int(n): name for n, name in row["right"].items()}}) for row in json.load(sys.stdin)]
        json.dump(outcome(phones), sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
