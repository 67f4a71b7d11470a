"""By hand: ``python -m tests.benchmarks.gaps [PEOPLE]``: two quarters of 10,000 evaluations with two indicators each.

Measures ``apply_evaluations`` alone (aim: <= 60 s for 10,000 evaluations), then the import of a third quarter from a workbook with whatever
listens to it, its longest transaction (aim: <= 1 s), a simulation, and prints figures as JSON. A database of its own (``DATABASE_URL``, else
SQLite in a temporary folder). One in five misses.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

CHUNK = 200


def main(people: int) -> dict:
    folder = Path(tempfile.mkdtemp(prefix="bina-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = str(folder)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from core.domain.seeding import seed_reference
    from performance.models import Gap, GapRule
    from performance.signals import evaluations_finalised
    from tests.benchmarks.import_people import _watch_transactions

    call_command("migrate", verbosity=0)
    seed_reference()
    accounts, indicators = _people(people), _indicators()
    figures: dict = {"people": people}
    listeners, evaluations_finalised.receivers = evaluations_finalised.receivers, []
    evaluations_finalised.sender_receivers_cache.clear()
    for name, when, shift in (("first_quarter", "Triwulan I 2025", 0), ("second_quarter", "Triwulan II 2025", 3)):
        rows = _record(accounts, indicators, when, shift)
        figures[name] = _timed(lambda rows=rows: _apply(rows))
        figures[name]["gaps"] = dict(_statuses(Gap))
    figures["again"] = _timed(lambda: _apply(rows))
    evaluations_finalised.receivers = listeners
    evaluations_finalised.sender_receivers_cache.clear()
    figures["listeners"] = len(listeners)
    from performance.domain.gap_rules import simulate

    rule = GapRule(name="Uji", kind="indicator", consecutive_misses=2)
    figures["simulation"] = _timed(lambda: simulate(rule, indicators=[indicators[0].pk]).count)
    file = folder / "kinerja.xlsx"
    file.write_bytes(_workbook(accounts, indicators))
    longest = _watch_transactions(transaction)
    from people.domain.import_report import import_now

    for name in ("import", "import_again"):
        figures[name] = _timed(lambda: {k: v for k, v in import_now("evaluations", [file]).items() if k not in ("problems", "kinds")})
    figures["longest_transaction_ms"] = round(longest[0] * 1000)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _timed(work) -> dict:
    began, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return {"seconds": round(time.perf_counter() - began, 1), "cpu": round(time.process_time() - cpu, 1), "answer": answer}


def _people(count: int) -> list:
    from people.models import Account, OrgUnit, Placement, Position
    from tests.factories.people import make_nip

    units = [OrgUnit.add_root(code=f"B{number:04d}", name=f"Unit {number}") for number in range(max(count // 40, 1))]
    post = Position.objects.create(name="Petugas loket")
    rows = [Account(nip=make_nip(n), name=f"Pegawai Uji {n}", email=f"uji{n}@contoh.example", password="!") for n in range(count)]
    accounts = Account.objects.bulk_create(rows, batch_size=1000)
    Placement.objects.bulk_create(
        [
            Placement(person=one, unit=units[n // 40 % len(units)], position=post, superior=accounts[n // 40 * 40] if n % 40 else None)
            for n, one in enumerate(accounts)
        ],
        batch_size=1000,
    )
    return accounts


def _indicators() -> list:
    from tests.factories.performance import IndicatorFactory

    return [IndicatorFactory(name="KK selesai dalam 24 jam"), IndicatorFactory(name="Berkas benar", aspect="quality")]


def _misses(number: int, shift: int) -> bool:
    return (number + shift) % 5 == 0 or number % 10 == 0


def _record(accounts, indicators, when: str, shift: int) -> list:
    from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts
    from performance.domain.evaluations import record_final
    from tests.factories.performance import period

    stretch, rows = period(when), []
    for start in range(0, len(accounts), CHUNK):
        facts = []
        for number, account in enumerate(accounts[start : start + CHUNK], start):
            value = Decimal(70 if _misses(number, shift) else 95)
            scores = {one.pk: ScoreFacts(one.pk, Decimal(90), value, "higher") for one in indicators}
            rating = "below" if _misses(number, shift) else "meets"
            facts.append(EvaluationFacts(account.pk, stretch.pk, rating, "meets", scores=scores))
        rows += record_final(facts, by=None)
    return rows


def _apply(rows) -> int:
    from performance.domain.gaps import apply_evaluations

    return sum(len(apply_evaluations(rows[start : start + CHUNK])) for start in range(0, len(rows), CHUNK))


def _statuses(model):
    from django.db.models import Count

    return model.objects.order_by().values_list("status").annotate(n=Count("pk"))


def _workbook(accounts, indicators) -> bytes:
    from core.domain.exports import ExportSheet, xlsx_bytes

    ratings = (
        (one.nip, 2025, 7, 9, "Di bawah ekspektasi" if _misses(n, 1) else "Sesuai ekspektasi", "Sesuai ekspektasi")
        for n, one in enumerate(accounts)
    )
    scores = (
        (one.nip, "Waktu" if which.aspect == "time" else "Kualitas", which.name, "%", 90, "tinggi", 70 if _misses(n, 1) else 95)
        for n, one in enumerate(accounts)
        for which in indicators
    )
    return xlsx_bytes(
        [
            ExportSheet("Kinerja", ("nip", "tahun", "bulan_mulai", "bulan_selesai", "hasil_kerja", "perilaku_kerja"), ratings),
            ExportSheet("Indikator", ("nip", "aspek", "indikator", "satuan", "target", "arah", "realisasi"), scores),
        ]
    )


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000), indent=1))
