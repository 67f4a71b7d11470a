"""By hand: ``python -m tests.benchmarks.answer [ANSWERS]``: the work of one saved answer, in this process, through all middleware.

Aim: answer -> next question in one request, <= 4 statements of the engine (beside session and account), <= 10 ms CPU; an unchanged answer writes
nothing. Prints medians as JSON. A database of its own (``DATABASE_URL``, else SQLite in a temporary folder).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time


def main(count: int) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = tempfile.mkdtemp(prefix="bina-bench-")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from assessments.domain import attempts
    from tests.factories.assessments import make_quiz
    from tests.factories.people import AccountFactory

    call_command("migrate", verbosity=0)
    person, quiz = AccountFactory(), make_quiz(20, attempt_limit=None)
    attempt = attempts.start(person, quiz.current)
    client = Client(headers={"X-Requested-With": "fetch"})
    client.force_login(person)
    kinds: dict[str, list[float]] = {"next": [], "kept": [], "unchanged": []}
    statements: dict[str, int] = {}

    def send(kind: str, n: int, option: int, revision: int) -> None:
        data = {"pilihan": attempt.layout[n - 1]["t"][option], "revisi": str(revision)} | ({"go": str(n % 20 + 1)} if kind == "next" else {})
        began = time.process_time()
        answer = client.post(f"/kuis/percobaan/{attempt.pk}/soal/{n}/", data)
        kinds[kind].append(1000 * (time.process_time() - began))
        assert answer.status_code == (200 if kind == "next" else 204), answer.status_code

    for index in range(count):
        n, option = index % 20 + 1, index // 20 % 4
        send("next", n, option, 10 * index + 10)
        send("unchanged", n, option, 10 * index + 10)
        send("kept", n, (option + 1) % 4, 10 * index + 11)
    for kind, revision in (("next", 10**9), ("unchanged", 10**9), ("kept", 10**9 + 1)):
        with CaptureQueriesContext(connection) as asked:
            send(kind, 1, 0 if kind != "kept" else 1, revision)
        statements[kind] = len(asked)
    return {"database": connection.vendor, "answers": count, "statements": statements,
            **{f"{kind}_cpu_ms": round(statistics.median(times), 2) for kind, times in kinds.items()}}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))
