"""By hand: ``python -m tests.benchmarks.item_statistics [ATTEMPTS]``: item statistics of one quiz with ten of twelve questions drawn.

Aim: <= 10 s for 100,000 attempts (a million marks). Prints figures as JSON. A database of its own (``DATABASE_URL``, else SQLite in a
temporary folder).
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

CHUNK = 2_000


def main(count: int) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = str(Path(tempfile.mkdtemp(prefix="bina-bench-")))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    quiz = _quiz()
    began = time.perf_counter()
    _fill(quiz, count)
    figures: dict = {"database": connection.vendor, "attempts": count, "filled_s": round(time.perf_counter() - began, 1)}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    from assessments.domain import gain, item_statistics

    began, cpu = time.perf_counter(), time.process_time()
    found = item_statistics.figures(quiz)
    figures |= {"figures_s": round(time.perf_counter() - began, 2), "cpu_s": round(time.process_time() - cpu, 2), "n": found.n,
                "items": len(found.items), "signs": sum(len(item.signs) for item in found.items)}
    began = time.perf_counter()
    item_statistics.figures(quiz)
    figures["kept_s"] = round(time.perf_counter() - began, 3)
    began = time.perf_counter()
    gain.gains(quiz)
    figures["gains_s"] = round(time.perf_counter() - began, 2)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _quiz():
    from tests.factories.assessments import make_question, make_quiz

    questions = [make_question(options=4) for _index in range(12)]
    return make_quiz(questions=questions, draw=10, attempt_limit=None)


def _fill(quiz, count: int) -> None:
    from django.utils import timezone

    from assessments.enums import AttemptState, Ending
    from assessments.models import AnswerKey, Attempt, Mark, QuestionVersion
    from tests.factories.people import AccountFactory

    dice, person, now = random.Random(7), AccountFactory(), timezone.now()  # noqa: S311
    versions = [entry["v"] for entry in quiz.current.spec["questions"]]
    options = {pk: [option["id"] for option in QuestionVersion.objects.get(pk=pk).body["options"]] for pk in versions}
    right = {pk: AnswerKey.objects.get(pk=pk).data["correct"][0] for pk in versions}
    for start in range(0, count, CHUNK):
        attempts, chosen = [], []
        for index in range(start, min(start + CHUNK, count)):
            skill, shown = dice.random(), dice.sample(versions, 10)
            given = {pk: right[pk] if dice.random() < 0.3 + 0.6 * skill else dice.choice(options[pk]) for pk in shown}
            points = sum(given[pk] == right[pk] for pk in shown)
            attempts.append(Attempt(
                person=person, quiz=quiz, version=quiz.current, context_key=f"enrolment:{index}", number=1, state=AttemptState.FINISHED,
                layout=[{"v": pk, "o": options[pk], "t": options[pk]} for pk in shown], answers={str(pk): [value] for pk, value in given.items()},
                last_sequence=12, started_at=now, finished_at=now + timedelta(minutes=9), ending=Ending.TAP, score=Decimal(points * 10),
                points=Decimal(points), points_possible=Decimal(10), is_passed=points >= 7))
            chosen.append((shown, given))
        stored = Attempt.objects.bulk_create(attempts, batch_size=CHUNK)
        Mark.objects.bulk_create(
            [Mark(attempt=attempt, version_id=pk, position=place, fraction=Decimal(given[pk] == right[pk]), is_answered=True)
             for attempt, (shown, given) in zip(stored, chosen, strict=True) for place, pk in enumerate(shown, 1)], batch_size=5_000)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
