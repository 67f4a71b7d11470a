"""By hand: ``python -m tests.benchmarks.sign_in [PEOPLE]``: right sign-ins from one address, with the real password hasher.

Aims: 500 in a minute all pass; unknown and known names differ by less than 10 ms (medians over 200 tries). Prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time


def main(people: int) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = tempfile.mkdtemp(prefix="bina-bench-")
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.test import Client

    from people.models import Account
    from tests.factories.people import make_nip

    call_command("migrate", verbosity=0)
    password = "benar-benar-rahasia"
    hashed = make_password(password)
    Account.objects.bulk_create([Account(nip=make_nip(number), name=f"P{number}", password=hashed) for number in range(people)])
    began, cpu, passed = time.perf_counter(), time.process_time(), 0
    for number in range(people):
        answer = Client().post("/akun/masuk/", {"login": make_nip(number), "password": password})
        passed += answer.status_code == 302
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    figures = {
        "people": people,
        "passed": passed,
        "seconds": round(seconds, 1),
        "a_minute": round(people / seconds * 60),
        "cpu_ms": round(used / people * 1000),
    }
    return figures | _timing(people)


def _timing(people: int) -> dict:
    """Process time of a wrong try for a name that exists and for one that does not; each name is tried once, so nothing waits."""
    from django.test import Client

    from tests.factories.people import make_nip

    known, unknown = [], []
    for number in range(min(people, 200)):
        for nips, first in ((known, number), (unknown, 50_000 + number)):
            began = time.process_time()
            Client().post("/akun/masuk/", {"login": make_nip(first), "password": "salah-sekali-12"})
            nips.append((time.process_time() - began) * 1000)
    return {"wrong_known_ms": round(statistics.median(known), 1), "wrong_unknown_ms": round(statistics.median(unknown), 1)}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)))
