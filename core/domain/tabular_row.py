"""Rows, cells as text, and the limits of the table reader."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Limits:
    """Upper bounds, looked at before anything is unpacked (``max_rows`` while reading). ``max_rows`` None: the installation's."""

    max_bytes: int = 50_000_000
    max_members: int = 1_000
    max_unpacked: int = 400_000_000
    max_shared_text: int = 100_000_000
    max_ratio: int = 150
    max_rows: int | None = None
    max_columns: int = 200
    max_cell: int = 32_767


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[str, ...]


def header_key(text: str) -> str:
    """How two headers count as one: ``NIP Baru``, ``nip_baru`` and ``nipBaru`` are all ``nipbaru``."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def text_of(value: object, *, is_percent: bool = False) -> str:
    """A stored value as text: dates ISO, whole numbers without a fraction, nothing in scientific notation that was not stored so."""
    if value is None:
        return ""
    if isinstance(value, str):
        return storable(value).strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value, is_percent)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        return str(value)
    return storable(str(value)).strip()


def storable(text: str) -> str:
    """Characters that a database refuses (NUL, lone surrogates) become U+FFFD, so that the row is kept and the fault is seen."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def _number_text(value: int | float, is_percent: bool) -> str:
    if is_percent:
        # Excel stores 98 % as 0.98; what the person saw and meant is "98%".
        return f"{(Decimal(repr(value)) * 100).normalize():f}%"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return ""
        if abs(value) >= 1e15:
            return repr(value).upper()
        return f"{Decimal(repr(value)).normalize():f}" if value else "0"
    return str(value)
