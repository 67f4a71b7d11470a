"""Numbers as people write them in evaluation files: ``71,5``, ``1.250,75``, ``98 %``; a lone ``1.000`` is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation

PLACES = Decimal("0.0001")
LARGEST = Decimal("9999999999")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_SHAPE = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,30})*")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d{1,17})?[eE][+-]?\d{1,3}")
# One separator before exactly three digits: thousands or decimals, nobody knows.
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


class Convention(Enum):
    """What the decimal separator of a file is, as far as its other numbers tell."""

    POINT = "."
    COMMA = ","
    UNKNOWN = ""
    MIXED = "?"


class NumberReader:
    """Reads the numbers of one file. What its unambiguous numbers show about the decimal separator settles the ambiguous ones.

    ``is_workbook``: number cells of a workbook always arrive with a point, so a lone ``68.485`` is a decimal there; only ``1.000``
    (which no number cell gives, its zeros would be gone) must have been typed as text and stays ambiguous.
    """

    def __init__(self, texts: Iterable[str], *, is_workbook: bool = False):
        self._is_workbook = is_workbook
        self._convention = convention_of(texts)
        if is_workbook and self._convention is Convention.UNKNOWN:
            self._convention = Convention.POINT
        elif self._convention is Convention.MIXED:
            self._convention = Convention.UNKNOWN

    def read(self, text: str) -> Decimal:
        """The number with at most four decimals (rounded half up), or ``RuleViolation`` with a sentence."""
        is_typed = self._is_workbook and text.strip().endswith("0")
        return parse_quantity(text, Convention.UNKNOWN if is_typed else self._convention)


def convention_of(texts: Iterable[str]) -> Convention:
    """Look at all numbers of a file: ``42.5`` and ``1,250.75`` speak for the point, ``71,5`` and ``1.250,75`` for the comma."""
    found = set()
    for text in texts:
        raw = _bare(text)
        if _SHAPE.fullmatch(raw) and not _AMBIGUOUS.fullmatch(raw) and (mark := _decimal_separator(raw)):
            found.add(mark)
    return Convention.MIXED if len(found) > 1 else Convention(found.pop() if found else "")


def parse_quantity(text: str, convention: Convention = Convention.UNKNOWN) -> Decimal:
    """One number. ``RuleViolation``: no number, too large, or ``1.000`` where the convention is not known."""
    raw = _bare(text)
    if not raw:
        raise RuleViolation(_("A number is missing here."))
    if _SCIENTIFIC.fullmatch(raw):
        return _bounded(Decimal(raw.replace(",", ".")), text)
    separator = _decimal_separator(raw) if raw.isascii() and _SHAPE.fullmatch(raw) else None
    if separator is None:
        raise RuleViolation(_("“%(text)s” is no number. Write it like 71,5 or 1250.") % {"text": text.strip()[:40]})
    if _AMBIGUOUS.fullmatch(raw):
        if convention not in (Convention.POINT, Convention.COMMA):
            raise RuleViolation(
                _(
                    "“%(text)s” can be read in two ways (thousands or decimals). Write it without the separator, or with two decimals."
                )
                % {"text": text.strip()[:40]}
            )
        separator = convention.value if convention.value in raw else ""
    digits = raw.replace("," if separator == "." else ".", "") if separator else raw.replace(".", "").replace(",", "")
    return _bounded(Decimal(digits.replace(",", ".")), text)


def _bare(text: str) -> str:
    raw = _SPACES.sub("", text or "").replace("\u2212", "-")
    return raw.removesuffix("%")


def _decimal_separator(raw: str) -> str | None:
    """The separator that must be the decimal one; empty: there is none (or only thousands); None: the marks make no sense."""
    points, commas = raw.count("."), raw.count(",")
    if points and commas:
        decimal, thousands = (".", ",") if raw.rfind(".") > raw.rfind(",") else (",", ".")
        return decimal if re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+\{decimal}\d+", raw) else None
    mark = "." if points else "," if commas else ""
    if mark and raw.count(mark) > 1:
        return "" if re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+", raw) else None
    return mark


def _bounded(number: Decimal, text: str) -> Decimal:
    if not number.is_finite() or abs(number) > LARGEST:
        raise RuleViolation(_("“%(text)s” is too large for a target or a result.") % {"text": text.strip()[:40]})
    return number.quantize(PLACES, ROUND_HALF_UP)
