"""CSV as offices write it: comma, semicolon or tab; UTF-8 with or without BOM, UTF-16, cp1252."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, cast

from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.tabular_row import Limits, Row, storable

DELIMITERS = ";,\t"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class CsvTable:
    def __init__(self, stream: IO[bytes], name: str, limits: Limits):
        self._stream, self._name, self._limits = stream, name, limits
        self._encoding = self._find_encoding()
        self._delimiter, self._skips_first = self._find_delimiter()
        self.names = ("",)

    def close(self) -> None:
        return None

    def rows(self, _index: int = 0) -> Iterator[Row]:
        self._stream.seek(0)
        text = self._text()
        watch = _LastCharacter(text)
        reader = csv.reader(watch, delimiter=self._delimiter, strict=True)
        previous: tuple[int, int] | None = None  # cells and row number of the row before
        width = held = 0
        try:
            for number, cells in enumerate(reader, 1):
                if number == 1 and self._skips_first or not any(cell.strip() for cell in cells):
                    continue
                self._check(number, cells)
                held += 1
                if self._limits.max_rows is not None and held > self._limits.max_rows:
                    raise RuleViolation(_("%(name)s has more than %(limit)d rows.") % {"name": self._name, "limit": self._limits.max_rows - 1})
                width = width or len(cells)
                previous = (len(cells), number)
                yield Row(number, tuple(_cell(cell) for cell in cells))
        except csv.Error:
            raise RuleViolation(_("%(name)s cannot be read near line %(line)d: a quotation mark is opened and not closed, or the file is cut off.")
                                % {"name": self._name, "line": reader.line_num})
        if previous and previous[0] < width and not watch.last.endswith(("\n", "\r")):
            raise RuleViolation(_("%(name)s ends in the middle of row %(row)d; the file seems to be cut off.")
                                % {"name": self._name, "row": previous[1]})

    def _text(self) -> IO[str]:
        unclosable = cast(IO[bytes], _Unclosable(self._stream))
        return io.TextIOWrapper(unclosable, encoding=self._encoding, errors="replace", newline="")

    def _check(self, number: int, cells: list[str]) -> None:
        if len(cells) > self._limits.max_columns and any(cell.strip() for cell in cells[self._limits.max_columns:]):
            raise RuleViolation(_("Row %(row)d of %(name)s has more than %(limit)d columns.")
                                % {"row": number, "name": self._name, "limit": self._limits.max_columns})
        if any(len(cell) > self._limits.max_cell for cell in cells):
            raise RuleViolation(_("Row %(row)d of %(name)s holds a cell with more than %(limit)d characters.")
                                % {"row": number, "name": self._name, "limit": self._limits.max_cell})

    def _find_encoding(self) -> str:
        head = self._stream.read(64 * 1024)
        self._stream.seek(0)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in head:
            even, odd = head[0::2].count(0), head[1::2].count(0)
            if even + odd > 0.6 * len(head) / 2 and min(even, odd) < 0.05 * max(even, odd):
                return "utf-16-le" if odd > even else "utf-16-be"
            raise RuleViolation(_("%(name)s is no table. Choose an .xlsx or a .csv file.") % {"name": self._name})
        return "utf-8" if self._is_utf8() else "cp1252"

    def _is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := self._stream.read(1024 * 1024):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        finally:
            self._stream.seek(0)
        return True

    def _find_delimiter(self) -> tuple[str, bool]:
        """The delimiter that the first lines use most outside quotation marks; Excel's ``sep=`` line is obeyed and skipped."""
        self._stream.seek(0)
        text = self._text()
        lines = [line for line in (text.readline(65536) for _count in range(10)) if line.strip()]
        if not lines:
            raise RuleViolation(_("%(name)s holds no rows.") % {"name": self._name})
        first = lines[0].strip().lower()
        if first.startswith("sep=") and len(first) == 5:
            return lines[0].strip()[4], True
        unquoted = "".join(lines[0].split('"')[0::2]) or lines[0]
        counts = {delimiter: unquoted.count(delimiter) for delimiter in DELIMITERS}
        if not any(counts.values()):
            counts = {delimiter: sum(line.count(delimiter) for line in lines) for delimiter in DELIMITERS}
        return max(DELIMITERS, key=lambda delimiter: counts[delimiter]), False


def _cell(text: str) -> str:
    text = storable(text).strip()
    # Our own writer puts an apostrophe before what a spreadsheet could take for a formula; reading such a list back removes it.
    if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS):
        return text[1:].strip()
    return text


class _LastCharacter:
    """Passes lines through and remembers the last one; an endless line is cut into pieces, which the cell limit then refuses."""

    def __init__(self, lines: IO[str]):
        self._lines, self.last = lines, ""

    def __iter__(self) -> Iterator[str]:
        while line := self._lines.readline(1_000_000):
            self.last = line
            yield line


class _Unclosable(io.RawIOBase):
    """Lets ``TextIOWrapper`` go without closing the caller's file."""

    def __init__(self, stream: IO[bytes]):
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
