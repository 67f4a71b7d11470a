"""By hand: ``python -m tests.benchmarks.overview [PEOPLE]``: HR's overview over 70,000 people in 1,000 units (aim: <= 2 s from summaries).

Prints as JSON what computing the summaries costs and what reading them does. A database of its own (``DATABASE_URL``, else SQLite in a
temporary folder).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time


def main(people: int) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = tempfile.mkdtemp(prefix="bina-bench-")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from improvement.domain.summary import compute_summaries, overview
    from people.enums import Role
    from tests.factories.people import AccountFactory, GrantFactory

    call_command("migrate", verbosity=0)
    units = _units()
    _people(people, units)
    hr = AccountFactory(nip="197604042001122903", name="Dewi")
    GrantFactory(person=hr, role=Role.HR_CENTRAL)
    figures = {"people": people, "units": len(units), "compute": _timed(compute_summaries)}
    with CaptureQueriesContext(connection) as queries:
        figures["read"] = _timed(lambda: overview(hr).figures["people"])
    figures["queries"] = len(queries)
    return figures


def _timed(work) -> dict:
    began, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return {"seconds": round(time.perf_counter() - began, 2), "cpu": round(time.process_time() - cpu, 2), "answer": answer}


def _units() -> list:
    """A province, 40 agencies, 24 units below each."""
    from people.models import OrgUnit

    def tree(code: str, children: list) -> dict:
        return {"data": {"code": code, "name": f"Unit {code}"}, "children": children}

    agencies = [tree(f"31.{agency:02d}", [tree(f"31.{agency:02d}.{unit:02d}", []) for unit in range(24)]) for agency in range(40)]
    OrgUnit.load_bulk([tree("31", agencies)])
    return list(OrgUnit.objects.filter(depth=3))


def _people(count: int, units: list) -> None:
    """One in seven has a gap; everybody was evaluated and has learned something."""
    from datetime import date

    from django.utils import timezone

    from courses.models import LearningHours
    from people.models import Account, Placement
    from performance.models import Evaluation, Gap
    from tests.factories.people import make_nip
    from tests.factories.performance import period

    now, stretch = timezone.now(), period("Triwulan I 2025")
    accounts = Account.objects.bulk_create(
        [Account(nip=make_nip(n + 1000), name=f"Pegawai {n}", email=f"p{n}@contoh.example", password="!") for n in range(count)], batch_size=2000)
    Placement.objects.bulk_create([Placement(person=one, unit=units[n % len(units)]) for n, one in enumerate(accounts)], batch_size=2000)
    rated = Evaluation.objects.bulk_create(
        [Evaluation(person=one, period=stretch, state="final", result_rating="below" if n % 7 == 0 else "meets", behaviour_rating="meets",
                    created_at=now, finalised_at=now) for n, one in enumerate(accounts)], batch_size=2000)
    Gap.objects.bulk_create(
        [Gap(person=one.person, kind="result", opened_by=one, last_missed_period=stretch, opened_at=now) for one in rated[::7]], batch_size=2000)
    LearningHours.objects.bulk_create(
        [LearningHours(person=one, title="Pelatihan", minutes=225, uncapped_minutes=225, key=f"b:{n}", source_kind="completion", source_id=n,
                       completed_on=date(now.year, 1 + n % 12, 1), year=now.year, at=now) for n, one in enumerate(accounts)], batch_size=2000)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 70_000), indent=1))
