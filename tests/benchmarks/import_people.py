"""By hand: ``python -m tests.benchmarks.import_people [ROWS]``: import of 10,000 people into an empty database, then again.

The aims are <= 60 s and <= 300 MB, and no transaction longer than a second. Uses a database of its own (``DATABASE_URL``, else SQLite in
a temporary folder) and prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

STATUSES = ("PNS", "PNS", "PNS", "PPPK")
STAFF_OF_ONE = 12


def make_file(path: Path, rows: int) -> None:
    """A tree of units of 40 people each, everybody below the head of her unit, the heads below the first person."""
    from core.domain.exports import ExportSheet, xlsx_bytes
    from tests.factories.people import make_nip

    header = ("nip", "nama", "gelar_belakang", "status", "golongan", "jenis_jabatan", "jabatan", "kode_unit", "unit_kerja", "kode_induk",
              "atasan_nip", "email_dinas", "pendidikan")

    def lines():
        for number in range(rows):
            unit, is_pppk = number // 40, number % 4 == 3
            head = unit * 40
            superior = make_nip(head, pppk=head % 4 == 3) if number != head else (make_nip(0) if head else "")
            yield (
                make_nip(number, pppk=is_pppk), f"Pegawai Uji {number}", "S.E.", STATUSES[number % 4], "IX" if is_pppk else "III/a",
                "pelaksana", f"Jabatan {number % 60}", f"B{unit:04d}", f"Unit {unit}", f"B{unit // 10:04d}" if unit else "", superior,
                f"uji{number}@contoh.example", "S-1",
            )

    path.write_bytes(xlsx_bytes([ExportSheet("Pegawai", header, lines())]))


def main(rows: int) -> dict:
    folder = Path(tempfile.mkdtemp(prefix="bina-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ["BINA_DATA_DIR"] = str(folder)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from people.domain.import_report import import_now

    call_command("migrate", verbosity=0)
    file = folder / "people.xlsx"
    make_file(file, rows)
    longest = _watch_transactions(transaction)
    figures: dict = {"rows": rows, "file_kb": file.stat().st_size // 1024}
    for turn in ("first", "again"):
        began, cpu = time.perf_counter(), time.process_time()
        result = import_now("people", [file])
        figures[turn] = {
            "seconds": round(time.perf_counter() - began, 1), "cpu": round(time.process_time() - cpu, 1),
            **{key: value for key, value in result.items() if key != "problems"},
        }
    figures["longest_transaction_ms"] = round(longest[0] * 1000)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def _watch_transactions(transaction) -> list[float]:
    """The longest time between the outermost BEGIN and COMMIT of this process."""
    longest, began = [0.0], [0.0]
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def timed_enter(self):
        if not transaction.get_connection(self.using).in_atomic_block:
            began[0] = time.perf_counter()
        return enter(self)

    def timed_leave(self, *error):
        answer = leave(self, *error)
        if not transaction.get_connection(self.using).in_atomic_block:
            longest[0] = max(longest[0], time.perf_counter() - began[0])
        return answer

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = timed_enter, timed_leave
    return longest


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
