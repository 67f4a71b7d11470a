"""Questions as trainers type them into a spreadsheet."""

import pytest

from assessments.domain.import_questions import import_questions
from assessments.formats import format_of
from core.domain.exports import ExportSheet, csv_bytes, xlsx_bytes

pytestmark = pytest.mark.django_db

HEADER = ["Jenis", "Soal", "Pilihan A", "Pilihan B", "Pilihan C", "Kunci", "Pembahasan", "Jawaban yang diterima", "Poin"]
ROWS = [
    ["", "Satu jawaban?", "Ya", "Tidak", "", "B", "Sebab.", "", ""],
    ["", "Dua jawaban?", "Ini", "Itu", "Sana", "A; c", "Sebab.", "", "2,5"],
    ["", "Loket buka hari Sabtu.", "", "", "", "Salah", "Sebab.", "", ""],
    ["benar atau salah", "Loket buka hari Senin.", "", "", "", "benar", "Sebab.", "", ""],
    ["Isian singkat", "Apa nama layanannya?", "", "", "", "", "Sebab.", "pelayanan prima\n*prima* = 50 %", ""],
]
FAULTY = [
    ["hantu", "Jenis apa?", "", "", "", "", "", "", ""], ["", "Kunci mana?", "Ya", "Tidak", "", "D", "", "", ""],
    ["", "Tanpa apa pun?", "", "", "", "", "", "", ""], ["true_false", "Tanpa kunci.", "", "", "", "mungkin", "", "", ""],
    ["", "Pilihan sama?", "Ya", "Ya", "", "A", "Sebab.", "", ""],
]


def _files(rows):
    return {"csv": csv_bytes(HEADER, rows), "xlsx": xlsx_bytes([ExportSheet("Soal", HEADER, rows)])}


@pytest.mark.parametrize("code", ["csv", "xlsx"])
def test_rows_become_questions_without_a_word_about_types(code):
    data = _files(ROWS)[code]
    assert format_of("auto", data).code == code
    reading = format_of("auto", data).read(data)
    assert reading.problems == []
    assert [item.type for item in reading.items] == ["single", "multiple", "true_false", "true_false", "short_text"]
    assert [[row["is_correct"] for row in item.keywords["options"]] for item in reading.items[:4]] == [
        [False, True], [True, False, True], [False, True], [True, False]]
    assert [answer["percent"] for answer in reading.items[4].keywords["content"]["answers"]] == [100, 50]
    assert import_questions(data, None, by=None, is_trial=True).imported == 5


@pytest.mark.parametrize("code", ["csv", "xlsx"])
def test_faults_name_row_and_column(code):
    found = import_questions(_files(ROWS[:1] + FAULTY)[code], None, by=None, format=code, is_trial=True)
    assert (found.read, found.imported, found.skipped) == (6, 1, 5)
    told = {problem.where: problem.message for problem in found.problems}
    assert "jenis" in told["baris 3"] and "“D”" in told["baris 4"] and "jenis" in told["baris 5"] and "benar" in told["baris 6"] and told["baris 7"]


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"\0\0\0", b"a;b\n1;2\n", b"soal\nApa?\n", b"\xff\xfe\0", b"<html>soal;kunci"])
def test_what_is_no_such_table_is_not_taken_for_one(data):
    from assessments.formats import FORMATS

    assert not FORMATS["csv"].is_this(data) and not FORMATS["xlsx"].is_this(data)


def test_columns_without_a_place_are_named():
    header = [*HEADER, "Topik", "Pilihan K"]
    data = csv_bytes(header, [[*ROWS[0], "Mengukur", ""], [*ROWS[4], "", "sebelas"], [*ROWS[2], "", ""]])
    notes = [item.notes for item in format_of("csv", data).read(data).items]
    assert len(notes[0]) == 1 and "topik" in notes[0][0] and len(notes[1]) == 1 and "pilihank" in notes[1][0] and notes[2] == []
