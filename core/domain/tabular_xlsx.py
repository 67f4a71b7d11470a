"""XLSX through openpyxl's streaming reader, after the archive's declared sizes were found harmless."""

from __future__ import annotations

import os
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

# One parser on every machine, the one that defusedxml guards; openpyxl would take lxml where that happens to be installed.
os.environ.setdefault("OPENPYXL_LXML", "False")

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from core.domain.errors import RuleViolation
from core.domain.tabular_row import Limits, Row, text_of

# Whatever a broken or hostile workbook can make the reader raise.
_DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, ValueError, IndexError, TypeError, AttributeError, OverflowError,
    NotImplementedError, RuntimeError, OSError, SyntaxError, DefusedXmlException, InvalidFileException, RecursionError, AssertionError,
)


MAX_ROW = 1_048_576  # of a sheet in this format
MAX_CELLS = 20_000_000  # 100,000 rows of 200 columns; the reader makes every cell that a row leaves out


class XlsxTable:
    def __init__(self, stream: IO[bytes], name: str, limits: Limits):
        self._name, self._limits = name, limits
        self._held: dict[int, int] = {}
        try:
            self._look_at_archive(stream)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            self.names = tuple(sheet.title for sheet in self._book.worksheets)
        except TimeoutError:  # the storage is slow; the file may be good
            raise
        except _DAMAGE:
            raise self._damaged()

    def close(self) -> None:
        self._book.close()

    def rows(self, index: int) -> Iterator[Row]:
        self._held[index] = seen = 0
        limit = self._limits.max_columns
        try:
            sheet: Any = self._book.worksheets[index]
            sheet.reset_dimensions()  # the declared size of a sheet may lie
            for number, cells in enumerate(sheet.iter_rows(), 1):
                # A row that calls itself number two thousand million, or a million rows as wide as the format allows, take minutes and no space.
                seen += len(cells)
                if number > MAX_ROW or seen > MAX_CELLS:
                    raise self._damaged()
                if any(cell.value is not None and text_of(cell.value) for cell in cells[limit:]):
                    raise self._too_wide(number)
                texts = [text_of(cell.value, is_percent=_is_percent(cell)) for cell in cells[:limit]]
                while texts and not texts[-1]:
                    texts.pop()
                if texts:
                    self._check(index, number, texts)
                    yield Row(number, tuple(texts))
        except TimeoutError:
            raise
        except _DAMAGE:
            raise self._damaged()

    def _check(self, index: int, number: int, texts: list[str]) -> None:
        limits = self._limits
        if any(len(text) > limits.max_cell for text in texts):
            raise RuleViolation(_("Row %(row)d of %(name)s holds a cell with more than %(limit)d characters.")
                                % {"row": number, "name": self._name, "limit": limits.max_cell})
        self._held[index] += 1
        if limits.max_rows is not None and self._held[index] > limits.max_rows:
            raise RuleViolation(_("%(name)s has more than %(limit)d rows.") % {"name": self._name, "limit": limits.max_rows - 1})

    def _look_at_archive(self, stream: IO[bytes]) -> None:
        """Members, declared sizes and ratio, before one byte is unpacked (``zipfile`` never yields more than the declared size)."""
        limits = self._limits
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
        stream.seek(0)
        unpacked, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
        shared = max((member.file_size for member in members if member.filename.lower().endswith("sharedstrings.xml")), default=0)
        if len(members) > limits.max_members or unpacked > limits.max_unpacked or shared > limits.max_shared_text:
            raise RuleViolation(_("%(name)s would unpack to far more than a table needs (%(size)d MB in %(members)d parts) and was not opened.")
                                % {"name": self._name, "size": unpacked // 1_000_000, "members": len(members)})
        if unpacked > 10_000_000 and unpacked > limits.max_ratio * max(packed, 1):
            raise RuleViolation(_("%(name)s is packed so tightly that it looks like an attack (a “zip bomb”) and was not opened.")
                                % {"name": self._name})
        if any(member.flag_bits & 0x1 for member in members):
            raise RuleViolation(_("%(name)s is protected by a password. Remove the password and save it again as .xlsx.") % {"name": self._name})
        names = {member.filename.lower() for member in members}
        if "xl/workbook.bin" in names:
            raise RuleViolation(_("%(name)s is a binary workbook (.xlsb). Save it as “Excel Workbook (.xlsx)”.") % {"name": self._name})
        if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise RuleViolation(_("%(name)s is an archive or another kind of document, not an Excel workbook.") % {"name": self._name})

    def _too_wide(self, number: int) -> RuleViolation:
        return RuleViolation(_("Row %(row)d of %(name)s has more than %(limit)d columns.")
                             % {"row": number, "name": self._name, "limit": self._limits.max_columns})

    def _damaged(self) -> RuleViolation:
        return RuleViolation(_("%(name)s is damaged or cut off and cannot be read. Open it in Excel, save it again, and choose it once more.")
                             % {"name": self._name})


def _is_percent(cell: Any) -> bool:
    return isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool) and "%" in (cell.number_format or "")
