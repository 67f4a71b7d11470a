"""The one reader of tables that people upload: XLSX and CSV, row by row, every cell as the text that was stored.

    with open_table(path_or_file, name="pegawai.xlsx") as table:
        for sheet in table.sheets:
            for row in sheet.rows():
                row.number, row.cells      # number as the spreadsheet counts it (the header is usually row 1)

Nothing is unpacked before the declared sizes were looked at; memory stays bounded whatever the file holds. Whatever is wrong with a file
is a ``RuleViolation`` with one sentence, also when it shows only in the middle of ``rows()``: validate a whole file before applying any of it.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.tabular_csv import CsvTable
from core.domain.tabular_row import Limits, Row, header_key, text_of
from core.domain.tabular_xlsx import XlsxTable

__all__ = ["Limits", "Record", "Row", "Sheet", "Table", "header_key", "open_table", "text_of"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"^\s*<(?:!doctype|html|\?xml|table|head|body|meta|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """A row below the header, by ``header_key``; a column that the row lacks is an empty text."""

    number: int
    values: dict[str, str]

    def get(self, *keys: str) -> str:
        """The first column of these names that has a text."""
        return next((value for key in keys if (value := self.values.get(key, ""))), "")


class Sheet:
    """One sheet (a CSV file has one, named after nothing). ``rows()`` may be called again: it starts anew."""

    def __init__(self, table: Any, index: int, name: str):
        self._table, self._index, self.name = table, index, name

    def rows(self) -> Iterator[Row]:
        """The rows that hold something, in order."""
        return self._table.rows(self._index)

    def header(self) -> Row | None:
        """The first row that holds something."""
        return next(iter(self.rows()), None)

    def records(self) -> Iterator[Record]:
        """The rows below the header by ``header_key`` of their column. Two columns of one name are refused."""
        rows = self.rows()
        header = next(rows, None)
        if header is None:
            return
        keys = [header_key(cell) for cell in header.cells]
        doubled = sorted({cell for cell, key in zip(header.cells, keys, strict=True) if key and keys.count(key) > 1})
        if doubled:
            raise RuleViolation(_("The column %(names)s stands in the file more than once.") % {"names": ", ".join(doubled)})
        for row in rows:
            yield Record(row.number, {key: cell for key, cell in zip(keys, row.cells, strict=False) if key})


class Table(AbstractContextManager):
    """An opened file: ``kind`` is ``xlsx`` or ``csv``."""

    def __init__(self, source: XlsxTable | CsvTable, kind: str, *, closes: IO[bytes] | None):
        self._source, self._closes, self.kind = source, closes, kind
        self.sheets = tuple(Sheet(source, index, name) for index, name in enumerate(source.names))

    def sheet(self, *names: str) -> Sheet | None:
        """The sheet with one of these names (``header_key`` decides), or None."""
        wanted = {header_key(name) for name in names}
        return next((sheet for sheet in self.sheets if header_key(sheet.name) in wanted), None)

    def close(self) -> None:
        self._source.close()
        if self._closes is not None:
            self._closes.close()

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_table(source: Path | str | IO[bytes] | bytes, *, name: str = "", limits: Limits | None = None) -> Table:
    """Open an uploaded table. What it is follows from its content, never from its name; ``name`` only helps the sentences.

    ``limits`` default to the installation's (``BINA_IMPORT_MAX_ROWS`` rows). The row limit counts rows that hold something, the header too.
    """
    limits = limits or Limits()
    if limits.max_rows is None:
        limits = replace(limits, max_rows=settings.BINA_IMPORT_MAX_ROWS + 1)
    stream, closes = _stream_of(source)
    try:
        return _recognise(stream, name or "file", limits, closes)
    except BaseException:
        if closes is not None:
            closes.close()
        raise


def _stream_of(source: Path | str | IO[bytes] | bytes) -> tuple[IO[bytes], IO[bytes] | None]:
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    if isinstance(source, (Path, str)):
        try:
            opened = open(source, "rb")  # noqa: SIM115 (closed by Table)
        except OSError:
            raise RuleViolation(_("The file %(name)s cannot be opened.") % {"name": Path(source).name})
        return opened, opened
    return source, None


def _recognise(stream: IO[bytes], name: str, limits: Limits, closes: IO[bytes] | None) -> Table:
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    if size == 0:
        raise RuleViolation(_("%(name)s is empty (0 bytes).") % {"name": name})
    if size > limits.max_bytes:
        raise RuleViolation(_("%(name)s is larger than %(limit)d MB. Split it, or remove pictures from it.")
                            % {"name": name, "limit": limits.max_bytes // 1_000_000})
    head = stream.read(64 * 1024)
    stream.seek(0)
    if head.startswith(b"PK"):
        return Table(XlsxTable(stream, name, limits), "xlsx", closes=closes)
    _refuse_other_kinds(head, name)
    return Table(CsvTable(stream, name, limits), "csv", closes=closes)


def _refuse_other_kinds(head: bytes, name: str) -> None:
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
            raise RuleViolation(_("%(name)s is protected by a password. Remove the password and save it again as .xlsx.") % {"name": name})
        raise RuleViolation(_("%(name)s is an old Excel file (.xls) or protected by a password. Save it as “Excel Workbook (.xlsx)”.")
                            % {"name": name})
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise RuleViolation(_("%(name)s is a web page (HTML), not a workbook, whatever its name says. Open it in Excel and save it as .xlsx.")
                            % {"name": name})
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")):
        raise RuleViolation(_("%(name)s is no table. Choose an .xlsx or a .csv file.") % {"name": name})


def clean_text(text: str) -> str:
    """NFC, spaces joined, invisible and direction-changing characters taken out: for names and labels, never for identifiers."""
    visible = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in {"Cf", "Cc", "Cs"} or char in "\t\n\r")
    return " ".join(visible.split())
