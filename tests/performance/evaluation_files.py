"""Small evaluation files for tests, made in memory: a workbook with two sheets, or CSV files as other systems write them."""

from __future__ import annotations

import io

import openpyxl

from core.domain.exports import ExportSheet, xlsx_bytes
from people.domain import imports
from people.enums import ImportKind
from tests.people.import_files import SAMPLES, csv_text

__all__ = [
    "SAMPLES",
    "SIASN_RATINGS",
    "applied",
    "checked",
    "csv_text",
    "indicator",
    "messages",
    "problems",
    "rating",
    "sheets_of",
    "workbook",
]

SIASN_RATINGS = {
    "nip": "nipBaru", "nama": "Nama PNS", "tahun": "tahun", "bulan_mulai": "bulanMulaiPenilaian", "bulan_selesai": "bulanSelesaiPenilaian",
    "hasil_kerja": "hasilKinerja", "perilaku_kerja": "perilakuKerja", "predikat": "kuadranKinerja", "nip_penilai": "penilaiNipNrp",
}  # fmt: skip
OFFICE_INDICATORS = {"nip": "NIP Pegawai", "indikator": "Indikator Kinerja Individu", "arah": "Polaritas", "realisasi": "Capaian"}


def rating(nip: str, **more) -> dict:
    return {
        "nip": nip, "tahun": 2025, "bulan_mulai": 4, "bulan_selesai": 6, "hasil_kerja": "Sesuai ekspektasi",
        "perilaku_kerja": "Sesuai ekspektasi", "predikat": "Baik",
    } | more  # fmt: skip


def indicator(nip: str, **more) -> dict:
    return {
        "nip": nip, "aspek": "Kuantitas", "indikator": "Jumlah permohonan dilayani per hari", "satuan": "permohonan", "target": 40,
        "arah": "tinggi", "realisasi": 42,
    } | more  # fmt: skip


def workbook(ratings: list[dict], indicators: list[dict] | None = None) -> bytes:
    sheets = [ExportSheet("Kinerja", list(ratings[0]), [list(row.values()) for row in ratings])] if ratings else []
    if indicators:
        sheets.append(ExportSheet("Indikator", list(indicators[0]), [list(row.values()) for row in indicators]))
    return xlsx_bytes(sheets)


def sheets_of(path) -> dict[str, list[dict]]:
    """The rows of a workbook by sheet, as a program would read them."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = {}
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def _run(*contents: bytes, by=None, at=None, **options):
    files = [(f"berkas{number}", io.BytesIO(content)) for number, content in enumerate(contents)]
    return imports.upload(ImportKind.EVALUATIONS, files, by=by, options=options, at=at)


def checked(*contents: bytes, **more):
    return imports.check(_run(*contents, **more))


def applied(*contents: bytes, by=None, at=None, all_or_nothing=False, **options):
    run = _run(*contents, by=by, at=at, **options)
    imports.ask_apply(run, by=by, all_or_nothing=all_or_nothing, at=at)
    return imports.apply(run, at=at)


def problems(run) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column key and severity of everything that was told."""
    rows = run.rows.order_by("sheet", "row")
    return [(row.sheet, row.row, problem["key"], problem["severity"]) for row in rows for problem in row.problems]


def messages(run) -> str:
    return "\n".join(problem["message"] for row in run.rows.order_by("sheet", "row") for problem in row.problems)
