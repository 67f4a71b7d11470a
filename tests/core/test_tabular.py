"""Reading what people upload: every kind of file is either read whole or refused with one sentence, within bounded memory."""

import io
import struct
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import exports, tabular_xlsx
from core.domain.errors import RuleViolation
from core.domain.tabular import Limits, clean_text, header_key, open_table
from core.domain.tabular_xlsx import XlsxTable

HEADER = ["nip", "nama", "status"]
ROWS = [["198609262015051001", "Sari Wulandari", "PNS"], ["199402082016222955", "Budi Santosa, S.E.", "PPPK"]]


def workbook(*sheets, formats=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        for cell, text in formats:
            page[cell].number_format = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(members, *, mode=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", mode) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return buffer.getvalue()


def rows_of(data, **kwargs):
    with open_table(data, name="berkas", **kwargs) as table:
        return [(row.number, list(row.cells)) for sheet in table.sheets for row in sheet.rows()]


def refusal(data, **kwargs):
    with pytest.raises(RuleViolation) as refused:
        rows_of(data, **kwargs)
    assert len(refused.value.reasons) == 1
    return refused.value.reasons[0]


# --- What is read -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_in_every_shape_offices_use(delimiter, encoding):
    rows = [*ROWS, ["198609262015051002", "Andrée Öz", "PNS"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [HEADER, *rows])
    assert rows_of(text.encode(encoding)) == [(1, HEADER), (2, rows[0]), (3, rows[1]), (4, rows[2])]


def test_excels_sep_line_is_obeyed_and_counted():
    assert rows_of(b"sep=|\r\nnip|nama\r\n1|2,3;4\r\n") == [(2, ["nip", "nama"]), (3, ["1", "2,3;4"])]


def test_rows_count_as_the_spreadsheet_counts_them():
    assert rows_of(b'a,b\n\n1,"two\nlines"\n,\n3,4\n') == [(1, ["a", "b"]), (3, ["1", "two\nlines"]), (5, ["3", "4"])]
    assert rows_of(workbook(("S", [["a", "b"], [], [1, 2]]))) == [(1, ["a", "b"]), (3, ["1", "2"])]


def test_xlsx_cells_come_as_the_text_that_was_stored():
    data = workbook(
        ("Pegawai", [[
            "198609262015051001", 198609262015051, 42.59, 40.0, 0.3, 1.98609e17, date(2025, 4, 1), datetime(2025, 4, 1, 10, 30), True,
            " spasi ", 0.98, 1.05, "007",
        ]]),
        formats=[("K1", "0%"), ("L1", "0.00%")],
    )
    assert rows_of(data) == [(1, [
        "198609262015051001", "198609262015051", "42.59", "40", "0.3", "1.98609E+17", "2025-04-01", "2025-04-01 10:30", "TRUE",
        "spasi", "98%", "105%", "007",
    ])]


def test_sheets_are_found_by_name_and_records_by_header():
    data = workbook(("Kinerja", [["NIP Baru", "Hasil_Kerja"], ["1", "baik"], ["2"]]), ("Indikator", [["nip"]]))
    with open_table(data, name="k.xlsx") as table:
        assert table.kind == "xlsx"
        assert table.sheet("indikator").name == "Indikator"
        assert table.sheet("lain") is None
        records = list(table.sheet("kinerja").records())
        assert [(record.number, record.get("nip", "nipbaru"), record.get("hasilkerja")) for record in records] == [(2, "1", "baik"), (3, "2", "")]
        assert list(table.sheet("kinerja").records()) == records  # it can be read again


def test_headers_that_mean_the_same_have_one_key():
    assert {header_key(text) for text in ("NIP Baru", "nip_baru", "nipBaru", " Nip-Baru ")} == {"nipbaru"}


def test_what_our_own_writer_disarmed_is_read_back_as_it_was():
    texts = ["=1+1", "+62811", "-5", "@nama", "biasa", "'kutip"]
    data = exports.csv_bytes(["x"], [[text] for text in texts])
    assert [cells[0] for _number, cells in rows_of(data)[1:]] == texts


def test_formulas_are_never_evaluated_and_links_not_followed():
    assert rows_of(workbook(("S", [["=1+1", '=HYPERLINK("http://x")', "teks"]]))) == [(1, ["", "", "teks"])]


def test_names_are_cleaned_of_invisible_characters():
    assert clean_text(" Sa\u202eri\u200b  Wulan\u00addari\u00a0 ") == "Sari Wulandari"


# --- What is refused ----------------------------------------------------------------------------------------------------------------

GOOD = workbook(("S", [HEADER, *ROWS * 200]))


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "0 bita"),
        (b"<html><table><tr><td>nip</td></tr></table></html>", "HTML"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "HTML"),
        (b"%PDF-1.7 ...", "bukan tabel"),
        (b"\x89PNG\r\n\x1a\n", "bukan tabel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (b"PK\x03\x04 and nothing else", "rusak"),
        (archive([("word/document.xml", b"<x/>"), ("[Content_Types].xml", b"<x/>")]), "dokumen jenis lain"),
        (archive([("xl/workbook.bin", b"x"), ("[Content_Types].xml", b"<x/>")]), "biner"),
        (archive([("xl/workbook.xml", b"no xml"), ("[Content_Types].xml", b"no xml")]), "rusak"),
        (b"a,b\n1,\"open\n2,3\n", "tanda kutip"),
        (b"a,b,c\n1,2,3\n4,5", "terpotong"),
        (b"\n\n  \n", "tidak berisi"),
        (bytes(range(256)) * 8, "bukan tabel"),
        (b"nip,nip ,nama\n1,2,3\n", None),
    ],
)
def test_broken_and_foreign_files_get_a_sentence(data, part):
    if part is None:
        with open_table(data, name="x.csv") as table, pytest.raises(RuleViolation, match="lebih dari sekali"):
            list(next(iter(table.sheets)).records())
    else:
        assert part in refusal(data)


@pytest.mark.parametrize("share", range(2, 50, 4))
def test_a_workbook_cut_anywhere_is_refused(share):
    assert "rusak" in refusal(GOOD[: len(GOOD) * share // 50])


@pytest.mark.parametrize("share", range(1, 50, 3))
def test_a_workbook_with_one_changed_byte_is_read_or_refused_but_never_an_error(share):
    data = bytearray(GOOD)
    data[len(data) * share // 50] ^= 0xFF
    try:
        assert rows_of(bytes(data))
    except RuleViolation as refused:
        assert refused.reasons


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<x/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _megabyte in range(300):
                member.write(bytes(1_000_000))
    data = buffer.getvalue()
    tracemalloc.start()
    assert "zip bomb" in refusal(data)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_sizes_that_lie_are_not_believed():
    data = bytearray(archive([("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", bytes(5_000_000))]))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24: entry + 28] = struct.pack("<I", 100)  # the central directory says: 100 bytes
    assert "rusak" in refusal(bytes(data))


def test_too_many_members_too_large_and_encrypted_members():
    many = [("[Content_Types].xml", b""), *((f"xl/{number}", b"") for number in range(1_001))]
    assert "bagian" in refusal(archive(many))
    assert "lebih besar" in refusal(GOOD, limits=Limits(max_bytes=1_000))
    locked = bytearray(archive([("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")]))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert "kata sandi" in refusal(bytes(locked))


def test_limits_of_rows_columns_and_cells():
    for data in (workbook(("S", [["a"]] * 12)), b"a\n" * 12):
        assert "lebih dari 10 baris" in refusal(data, limits=Limits(max_rows=11))
        assert len(rows_of(data, limits=Limits(max_rows=12))) == 12
    wide = ["x"] * 201
    assert "200 kolom" in refusal(workbook(("S", [wide])))
    assert "200 kolom" in refusal((",".join(wide)).encode())
    assert "karakter" in refusal(b"a,b\n" + b"x" * 40_000 + b",1\n")


def sheet_of(rows: bytes) -> bytes:
    """A workbook with this text between the tags of its only sheet's data."""
    data = io.BytesIO(workbook(("S", [["nip"]])))
    with zipfile.ZipFile(data) as packed:
        members = [(info.filename, packed.read(info)) for info in packed.infolist()]
    return archive([
        (name, body[: body.index(b"<sheetData>") + 11] + rows + body[body.index(b"</sheetData>"):] if name.endswith("sheet1.xml") else body)
        for name, body in members
    ])


def cell(place: str, text: str = "") -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode() if text else f'<c r="{place}"/>'.encode()


def test_a_row_number_that_no_sheet_has_is_refused_at_once():
    """The reader makes every row that is left out: a row that calls itself number two thousand million would keep a page for an hour."""
    last = b'<row r="1048576">' + cell("A1048576", "x") + b"</row>"
    assert rows_of(sheet_of(last)) == [(1_048_576, ["x"])]
    for number in (1_048_577, 2_000_000_000):
        assert "rusak" in refusal(sheet_of(f'<row r="{number}">'.encode() + cell(f"A{number}", "x") + b"</row>"))


def test_empty_cells_far_to_the_right_are_passed_over_but_not_without_end(monkeypatch):
    far = b"".join(f'<row r="{number}">'.encode() + cell(f"A{number}", "x") + cell(f"XFD{number}") + b"</row>" for number in range(1, 4))
    assert rows_of(sheet_of(far)) == [(1, ["x"]), (2, ["x"]), (3, ["x"])]
    monkeypatch.setattr(tabular_xlsx, "MAX_CELLS", 40_000)
    assert "rusak" in refusal(sheet_of(far))


class SlowStorage(io.BytesIO):
    is_slow = False

    def read(self, *args):
        if self.is_slow:
            raise TimeoutError("storage")
        return super().read(*args)


def test_a_slow_storage_does_not_make_the_file_a_damaged_one():
    storage = SlowStorage(GOOD)
    table = XlsxTable(storage, "berkas", Limits())
    storage.is_slow = True
    with pytest.raises(TimeoutError):
        list(table.rows(0))


def test_the_installations_row_limit_counts_without_the_header(settings):
    settings.BINA_IMPORT_MAX_ROWS = 3
    assert len(rows_of(b"nip\n1\n2\n3\n")) == 4
    assert "lebih dari 3 baris" in refusal(b"nip\n1\n2\n3\n4\n")


def test_an_xlsx_of_entities_or_external_things_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    assert refusal(archive([("[Content_Types].xml", bomb), ("xl/workbook.xml", bomb)]))


def test_nul_and_lone_surrogates_are_shown_not_stored():
    assert rows_of(b'a,b\n1\x002,3\n'.replace(b"\0", "\ufffd".encode())) == [(1, ["a", "b"]), (2, ["1\ufffd2", "3"])]


def test_a_large_file_is_read_in_little_memory():
    line = ";".join(["198609262015051001", "Nama Pegawai Yang Panjang", "PNS", "III/a", "Unit Kerja"] * 3) + "\r\n"
    data = io.BytesIO((line * 60_000).encode())
    tracemalloc.start()
    with open_table(data, name="besar.csv") as table:
        assert sum(1 for _row in table.sheets[0].rows()) == 60_000
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_are_an_error(data):
    for start in (b"", b"PK\x03\x04", b"a,b\n"):
        try:
            rows_of(start + data)
        except RuleViolation as refused:
            assert refused.reasons
