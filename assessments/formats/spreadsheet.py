"""Questions in a spreadsheet, one a row: CSV and XLSX.

Columns, by headers in Indonesian, English or our own names (capitals and spaces do not matter): ``jenis`` (type), ``nama``, ``soal``,
``pilihan A`` ... ``pilihan J``, ``kunci`` (``B``, ``A; C``, ``benar``), ``catatan A`` ... ``catatan J``, ``penilaian``, ``poin``, ``pembahasan``.
Types without options have the fields of the editor as columns, named as in the editor (``Jawaban yang diterima``, ``Pasangan`` ...), with what
one would type there. Without a type, a row with options is a single or multiple choice by its key, one with ``benar`` or ``salah`` a
statement. Pictures have no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from assessments.formats.base import LARGEST, MOST, Format, Item, Problem, Reading, Written
from assessments.question_types import TYPES, QuestionType, type_of
from core.domain.errors import RuleViolation
from core.domain.exports import CSV_TYPE, XLSX_TYPE, ExportSheet, csv_bytes, xlsx_bytes
from core.domain.tabular import Limits, Record, header_key, open_table

LETTERS = "ABCDEFGHIJ"
_LIMITS = Limits(max_bytes=LARGEST, max_unpacked=100_000_000, max_rows=MOST + 1)
_HEADS = {
    "type": ("jenis", "tipe", "type"), "name": ("nama", "name"), "stem": ("soal", "pertanyaan", "question", "stem"),
    "key": ("kunci", "kunci jawaban", "jawaban benar", "answer", "key"), "scoring": ("penilaian", "scoring"),
    "points": ("poin", "bobot", "points"), "explanation": ("pembahasan", "penjelasan", "explanation"),
}
_KEYS = {name: tuple(header_key(head) for head in heads) for name, heads in _HEADS.items()}
_OPTIONS, _REMARKS = ("pilihan", "opsi", "option"), ("catatan", "feedback", "remark")
_TRUE, _FALSE = ("benar", "true", "b", "t", "ya"), ("salah", "false", "s", "f", "tidak")
_YES = ("ya", "yes", "true", "1", "x", "benar")


class Spreadsheet(Format):
    can_write = True
    is_workbook = False

    def is_this(self, data: bytes) -> bool:
        if data.startswith(b"PK") != self.is_workbook:
            return False
        try:
            with open_table(data, limits=_LIMITS) as table:
                header = table.sheets[0].header() if table.sheets else None
        except RuleViolation:
            return False
        keys = {header_key(cell) for cell in header.cells} if header else set()
        return len(keys) > 1 and bool(keys & set(_KEYS["stem"])) and bool(keys & {*_KEYS["key"], *_KEYS["type"]})

    def read(self, data: bytes) -> Reading:
        found = Reading()
        with open_table(data, limits=_LIMITS) as table:
            records = list(table.sheets[0].records()) if table.sheets else []
        for record in records:
            where = _("row %(n)d") % {"n": record.number}
            try:
                found.items.append(_item(where, record))
            except ValueError as error:
                found.problems.append(Problem(where, str(error)))
        return found

    def write(self, items: Sequence[Item]) -> Written:
        left_out = [Problem(item.where, _("Questions of this type cannot be written in this format."))
                    for item in items if type_of(item.type).draws_picture]  # nothing without its picture
        rows = [_row(item) for item in items if not type_of(item.type).draws_picture]
        order = ["jenis", "nama", "soal", *(f"pilihan {letter}" for letter in LETTERS), "kunci", *(f"catatan {letter}" for letter in LETTERS),
                 "penilaian", "poin", "pembahasan"]
        others = dict.fromkeys(name for row in rows for name in row if name not in order)
        used = {name for row in rows for name, value in row.items() if value not in ("", None)}
        header = [name for name in [*order, *others] if name in used or name in ("jenis", "soal", "kunci")]
        return Written(self.table(header, [[row.get(name, "") for name in header] for row in rows]), len(rows), left_out)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        raise NotImplementedError


class Csv(Spreadsheet):
    code, label, endings, content_type = "csv", "CSV", ("csv",), CSV_TYPE

    def table(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        return csv_bytes(header, rows)


class Xlsx(Spreadsheet):
    code, label, endings, content_type = "xlsx", "Excel (XLSX)", ("xlsx",), XLSX_TYPE
    is_workbook = True

    def table(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
        return xlsx_bytes([ExportSheet(_("Questions"), header, rows)])


# --- Out ---------------------------------------------------------------------------------------------------------------------------------
def _row(item: Item) -> dict[str, Any]:
    words, kind = item.keywords, type_of(item.type)
    row: dict[str, Any] = {"jenis": item.type, "nama": item.name, "soal": words["stem"], "pembahasan": words["explanation"],
                           "poin": words["points"] if kind.is_graded else "", "penilaian": words["scoring"]}
    options = words.get("options") or ()
    for letter, option in zip(LETTERS, options, strict=False):
        row[f"pilihan {letter}"], row[f"catatan {letter}"] = option.text, option.feedback
    if options:
        row["kunci"] = "; ".join(letter for letter, option in zip(LETTERS, options, strict=False) if option.is_correct)
    values = kind.values_of(words.get("content") or {}) if not options else {}
    for asked in kind.content_fields() if not options else ():
        value = values.get(asked.name, "")
        row[str(asked.label)] = ("ya" if value else "") if asked.kind == "tick" else value
    return row


# --- In ----------------------------------------------------------------------------------------------------------------------------------
def _item(where: str, record: Record) -> Item:
    given = {name: record.get(*keys) for name, keys in _KEYS.items()}
    options = _options(record)
    kind = type_of(_type(given, options))
    keywords: dict[str, Any] = {"stem": given["stem"], "explanation": given["explanation"]}
    if given["points"]:
        keywords["points"] = given["points"]
    if given["scoring"]:
        keywords["scoring"] = _scoring(kind, given["scoring"])
    keywords |= {"options": _judged(kind, options, given["key"])} if kind.has_options else {"content": _content(kind, record)}
    return Item(where, str(kind.code), keywords, given["name"], _left_out(kind, record))


def _left_out(kind: QuestionType, record: Record) -> list[str]:
    """Columns of this row that hold something and have no place in a question of its type."""
    known = {key for keys in _KEYS.values() for key in keys} | {header_key(letter) for letter in LETTERS}
    if kind.has_options:
        known |= {key for index, letter in enumerate(LETTERS, 1) for words in (_OPTIONS, _REMARKS) for key in _marked(words, letter, index)}
    else:
        known |= {key for asked in kind.content_fields() for key in (header_key(asked.name), *_in_languages(asked.label))}
    return [_("The column “%(name)s” is left out.") % {"name": name} for name, value in record.values.items() if value and name not in known]


def _options(record: Record) -> list[dict[str, Any]]:
    rows = []
    for index, letter in enumerate(LETTERS, 1):
        text = record.get(*_marked(_OPTIONS, letter, index), header_key(letter))
        remark = record.get(*_marked(_REMARKS, letter, index))
        rows.append({"text": text, "feedback": remark, "is_correct": False})
    while rows and not rows[-1]["text"]:
        rows.pop()
    return rows


def _marked(words: Sequence[str], letter: str, index: int) -> list[str]:
    return [header_key(f"{word}{mark}") for word in words for mark in (letter, str(index))]


def _type(given: Mapping[str, str], options: Sequence[Any]) -> str:
    if word := header_key(given["type"]):
        for code, kind in TYPES.items():
            if word in {header_key(code), *_in_languages(kind.label)}:
                return code
        raise ValueError(_("Column “jenis”: “%(text)s” is not a type of question.") % {"text": given["type"][:40]})
    if options:
        return "multiple" if len(_marks(given["key"])) > 1 else "single"
    if given["key"].casefold().strip() in (*_TRUE, *_FALSE):
        return "true_false"
    raise ValueError(_("Column “jenis”: say what type of question this is, or give options and a key."))


def _in_languages(text: Any) -> set[str]:
    found = set()
    for language in ("id", "en", get_language() or "id"):
        with override(language):
            found.add(header_key(str(text)))
    return found


def _marks(key: str) -> list[str]:
    return [mark for mark in re.split(r"[\s;,./&]+", key.upper()) if mark]


def _judged(kind: QuestionType, options: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    if kind.code == "true_false":
        word = key.casefold().strip()
        is_true = word in (*_TRUE, "a")
        if not is_true and word not in (*_FALSE, "b"):
            raise ValueError(_("Column “kunci”: write “benar” or “salah”."))
        if word == "b" and len(options) == 2:  # the second option, not "benar"
            is_true = False
        shown = options if len(options) == 2 else [{"text": "", "feedback": ""}, {"text": "", "feedback": ""}]
        return [{**option, "is_correct": is_true == (index == 0)} for index, option in enumerate(shown)]
    marks = _marks(key)
    unknown = [mark for mark in marks if mark not in LETTERS[: len(options)] or len(mark) != 1]
    if unknown or not marks:
        raise ValueError(_("Column “kunci”: “%(text)s” names no option of this row.") % {"text": (unknown or [key])[0][:40]})
    return [{**option, "is_correct": letter in marks} for letter, option in zip(LETTERS, options, strict=False)]


def _scoring(kind: QuestionType, word: str) -> str:
    for code, words in kind.scorings():
        if header_key(word) in {header_key(code), *_in_languages(words)}:
            return code
    raise ValueError(_("Column “penilaian”: “%(text)s” is no way of scoring this type.") % {"text": word[:40]})


def _content(kind: QuestionType, record: Record) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for asked in kind.content_fields():
        text = record.get(header_key(asked.name), *_in_languages(asked.label))
        if asked.kind == "tick":
            values[asked.name] = text.casefold().strip() in _YES
        elif asked.kind == "choice" and text:
            values[asked.name] = next((code for code, words in asked.choices if header_key(text) in {header_key(code), *_in_languages(words)}), text)
        else:
            values[asked.name] = text or ("" if asked.kind != "choice" else asked.initial)
    return kind.content_of(values)
