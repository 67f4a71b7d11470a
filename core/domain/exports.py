"""The one writer of tables: CSV and XLSX in which no text can become a formula (reliability T8). The same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

os.environ.setdefault("OPENPYXL_LXML", "False")  # the same bytes on every machine, whether lxml is installed or not

import openpyxl
from django.utils.functional import Promise
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.domain.dates import JAKARTA

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FIXED_TIME = datetime(2000, 1, 1)


@dataclass(frozen=True)
class ExportSheet:
    """``rows`` hold text, numbers, dates, instants (shown in Jakarta time), booleans or None."""

    name: str
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]], *, delimiter: str = ";") -> Iterator[str]:
    """The file line by line, for a streaming answer: with a BOM, so that Excel reads UTF-8, and the semicolon that an Indonesian Excel expects."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\ufeff")
    for row in _with_header(header, rows):
        writer.writerow([_csv_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_bytes(header: Sequence[Any], rows: Iterable[Sequence[Any]], *, delimiter: str = ";") -> bytes:
    return "".join(csv_lines(header, rows, delimiter=delimiter)).encode()


def xlsx_bytes(sheets: Iterable[ExportSheet]) -> bytes:
    """A workbook with bold, frozen headers; every text is a text cell, a NIP keeps its 18 digits."""
    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        page.freeze_panes = "A2"
        for column, title in enumerate(sheet.header, 1):
            page.column_dimensions[get_column_letter(column)].width = min(max(12, len(str(title)) + 4), 40)
        page.append([_xlsx_cell(page, title, bold=True) for title in sheet.header])
        for row in sheet.rows:
            page.append([_xlsx_cell(page, value) for value in row])
    buffer = io.BytesIO()
    book.properties.creator = "Bina"
    book.properties.created = book.properties.modified = _FIXED_TIME
    book.save(buffer)
    return _without_clock(buffer)


def safe_text(value: Any) -> str:
    """Text without characters that no spreadsheet can hold."""
    return _UNWRITABLE.sub("", str(value))


def _with_header(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = safe_text(value)
    # A leading quote keeps the text a text; also before spaces, which some programs skip.
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r", "\n")) else text


def _xlsx_cell(page: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, datetime):
        value = _local(value).replace(tzinfo=None)
    is_text = isinstance(value, (str, Promise)) or not isinstance(value, (int, float, Decimal, date, type(None)))
    cell = WriteOnlyCell(page, value=safe_text(value) if is_text else value)
    if is_text:
        cell.data_type = "s"  # openpyxl would make a live formula of "=1+1"
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _local(instant: datetime) -> datetime:
    return instant.astimezone(JAKARTA) if instant.tzinfo else instant


def _sheet_name(name: Any) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", safe_text(name))[:31] or "Sheet"


def _without_clock(buffer: io.BytesIO) -> bytes:
    """The archive again with a fixed time on every member, so that equal content means equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member.filename)
            if member.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            fixed = zipfile.ZipInfo(member.filename, date_time=(2000, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, data)
    return out.getvalue()
