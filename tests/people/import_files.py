"""Small files for import tests, made in memory: the same rows as XLSX or as CSV in the shapes that offices send."""

from __future__ import annotations

import io
from pathlib import Path

from core.domain.exports import ExportSheet, xlsx_bytes
from people.domain import imports
from people.enums import ImportKind

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "hr"

SIASN = {
    "nip": "NIP Baru",
    "nama": "Nama Lengkap",
    "gelar_depan": "gelarDepan",
    "gelar_belakang": "Gelar Belakang",
    "status": "Jenis Pegawai Nama",
    "golongan": "Gol Akhir Nama",
    "jenis_jabatan": "Jenis Jabatan Nama",
    "jabatan": "Jabatan Nama",
    "kode_unit": "Unor ID",
    "unit_kerja": "Unor Nama",
    "kode_induk": "Unor Induk ID",
    "atasan_nip": "NIP Atasan Langsung",
    "email_dinas": "emailGov",
}


def xlsx(rows: list[dict], *, columns: list[str] | None = None, above: list[list[str]] | None = None) -> bytes:
    names = columns or list(dict.fromkeys(key for row in rows for key in row))
    body = [[row.get(name) for name in names] for row in rows]
    if above:
        return xlsx_bytes([ExportSheet("Data", above[0], [*above[1:], names, *body])])
    return xlsx_bytes([ExportSheet("Data", names, body)])


def csv_text(rows: list[dict], *, delimiter: str = ";", names: dict[str, str] | None = None, encoding: str = "utf-8") -> bytes:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = [[(names or {}).get(key, key) for key in keys]] + [[str(row.get(key) or "") for key in keys] for row in rows]
    return (
        "\r\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines).encode(
            encoding
        )
        + b"\r\n"
    )


def person(nip: str, nama: str = "Pegawai Baru", **more) -> dict:
    """A row with the columns that matter; ``kode_unit`` and the rest only when given."""
    return {"nip": nip, "nama": nama, "status": "PNS", **more}


def run_of(content: bytes, *, by=None, name: str = "pegawai.xlsx", options: dict | None = None, at=None):
    return imports.upload(ImportKind.PEOPLE, [(name, io.BytesIO(content))], by=by, options=options, at=at)


def checked(content: bytes, **more):
    return imports.check(run_of(content, **more))


def applied(content: bytes, *, by=None, all_or_nothing: bool = False, at=None, **more):
    """Upload and apply at once, as the outbox would."""
    run = run_of(content, by=by, at=at, **more)
    imports.ask_apply(run, by=by, all_or_nothing=all_or_nothing, at=at)
    return imports.apply(run, at=at)


def problems(run) -> list[tuple[int, str, str]]:
    """Row, column key and severity of everything that was told."""
    return [(row.row, problem["key"], problem["severity"]) for row in run.rows.order_by("row") for problem in row.problems]


def messages(run) -> str:
    return "\n".join(problem["message"] for row in run.rows.order_by("row") for problem in row.problems)
