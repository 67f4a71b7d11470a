"""Writing tables: no text becomes a formula, a NIP keeps its digits, the same input gives the same bytes (reliability T8)."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import gettext_lazy

from core.domain import exports

PAYLOADS = [
    "=1+1", "=HYPERLINK(\"http://x\",\"klik\")", "=cmd|'/c calc'!A0", "+1+1", "+62 811 000", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "＝1+1", "＋1", "－1", "＠a", "|calc", "%0A", "=IMPORTXML(\"http://x\")",
    "=WEBSERVICE(\"x\")",
    "-", "=", "@", "+",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(payload):
    line = exports.csv_bytes(["Nama"], [[payload], ["biasa"]]).decode("utf-8-sig")
    cell = line.split("\r\n", 1)[1].lstrip('"')
    assert cell.startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx_bytes([exports.ExportSheet("S", ["Nama"], [[payload]])])))
    read = book.active["A2"]
    assert read.data_type != "f"
    assert read.value is None or str(read.value).strip("\r\n\t") == payload.replace("\r", "").strip("\r\n\t")


def test_kinds_of_values_keep_their_kind():
    instant = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    row = ["198609262015051001", 5, Decimal("71.5"), date(2026, 11, 24), instant, None, True, gettext_lazy("Waiting")]
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx_bytes([exports.ExportSheet("Nilai [1]: a/b", list("abcdefgh"), [row])])))
    assert book.sheetnames == ["Nilai  1   a b"]
    values = [cell.value for cell in book.active[2]]
    assert values[:4] == ["198609262015051001", 5, 71.5, datetime(2026, 11, 24)]
    assert values[4] == datetime(2026, 11, 24, 14, 30)  # Jakarta
    assert values[5:] == [None, True, "Menunggu"]
    text = exports.csv_bytes(list("abcdefgh"), [row]).decode("utf-8-sig").split("\r\n")[1]
    assert text == "198609262015051001;5;71.5;2026-11-24;2026-11-24 14:30;;TRUE;Menunggu"


def test_characters_that_no_spreadsheet_holds_are_left_out():
    data = exports.xlsx_bytes([exports.ExportSheet("S", ["x"], [["a\0b\x0bc\ud800d"]])])
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A2"].value == "abcd"


def test_the_same_input_gives_the_same_bytes():
    def make():
        return exports.xlsx_bytes([exports.ExportSheet("S", ["x"], [[date(2026, 1, 1)], ["teks"]])])

    assert make() == make()


def test_only_the_writer_and_the_reader_know_spreadsheets():
    root = Path(__file__).resolve().parents[2]
    allowed = {"core/domain/exports.py", "core/domain/tabular_csv.py", "core/domain/tabular_xlsx.py"}
    apps = ["lms", "improvement", "certificates", "courses", "assessments", "performance", "feedback", "people", "core"]
    found = {
        str(path.relative_to(root))
        for app in apps for path in (root / app).rglob("*.py")
        if any(line.strip().startswith(("import csv", "from csv", "import openpyxl", "from openpyxl")) for line in path.read_text().splitlines())
    }
    assert found <= allowed
