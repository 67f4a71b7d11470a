"""Many questions at once from what people have: rows of a spreadsheet, or plain text with A. B. C. and a line "Kunci: B".

Reading stores nothing. Each row keeps its number and source, so that a sentence can point at it and the faulty ones stay for repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from assessments.domain import bank
from assessments.enums import QuestionType
from assessments.models import Question
from assessments.question_types.choice import looks
from assessments.question_types.texts import clean_text
from core.domain.errors import RuleViolation
from core.domain.tabular import header_key
from people.models import Account

LONGEST, MOST = 300_000, 200
LETTERS = "ABCDEFGHIJ"

_NAMES = {
    "stem": ("soal", "pertanyaan", "question", "stem", "butirsoal"), "key": ("kunci", "kuncijawaban", "jawaban", "jawabanbenar", "answer", "key"),
    "explanation": ("pembahasan", "penjelasan", "explanation", "rationale"), "topic": ("topik", "topic", "materi"),
    "difficulty": ("tingkat", "tingkatkesulitan", "kesulitan", "difficulty"), "points": ("bobot", "poin", "points"), "name": ("nama", "name"),
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names}
_DIFFICULTY = {"1": 1, "mudah": 1, "easy": 1, "2": 2, "sedang": 2, "medium": 2, "3": 3, "sulit": 3, "sukar": 3, "hard": 3}
_TRUE, _FALSE = {"benar", "true", "b", "t", "ya"}, {"salah", "false", "s", "f", "tidak"}

_CELL = re.compile(r'"((?:[^"]|""){0,6000})"(?=\t|\n|\Z)|([^\t\n]*)')
# Lines come stripped, and no two repeats stand side by side: no text makes these slow.
_WORD_LIST = re.compile(r"(?m)^\*?[A-Ja-j][.)]\s")
_OPTION = re.compile(r"(\*?) ?([A-Ja-j])[.)]\s(.*)")
_LABEL = re.compile(r"([A-Za-z][A-Za-z ]{2,19})[:=](.*)")
_NUMBER = re.compile(r"\d{1,3}[.)]\s")
_OPTION_HEAD = re.compile(r"(?:pilihan|opsi|option|jawaban)?([a-j])|(?:pilihan|opsi|option)(10|[1-9])")


@dataclass
class Pasted:
    """One question as it was found. ``row`` is the spreadsheet's row or the line of the text; ``problems`` keep it from being saved."""

    row: int
    source: str
    values: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    type: str = ""
    right: tuple[int, ...] = ()

    @property
    def stem(self) -> str:
        return self.values.get("stem", "")

    def keywords(self) -> dict[str, Any]:
        """For ``bank.create_question``."""
        if self.type == QuestionType.TRUE_FALSE and not self.options:
            options = [{"text": "", "is_correct": index in self.right} for index in range(2)]
        else:
            options = [{"text": text, "is_correct": index in self.right} for index, text in enumerate(self.options)]
        return {"type": self.type, "stem": self.stem, "options": options, "explanation": self.values.get("explanation", ""),
                "points": self.values.get("points") or 1}


def read(text: str, *, collection: Collection | None = None) -> list[Pasted]:
    """The questions in ``text``, each with its problems. With a collection, questions that stand there already are a problem too.

    ``RuleViolation``: nothing in it, too long, or more than 200 questions.
    """
    if len(text) > LONGEST:
        raise RuleViolation(_("The text is longer than %(limit)d characters. Paste it in parts.") % {"limit": LONGEST})
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
    # A list copied from a word processor has tabs too, after its letters.
    is_table = "\t" in cleaned and not _WORD_LIST.search(cleaned)
    found = list(_table(cleaned) if is_table else _blocks(cleaned.replace("\t", " ")))
    if not found:
        raise RuleViolation(_("There is no question in this text."))
    if len(found) > MOST:
        raise RuleViolation(_("These are %(count)d questions; paste at most %(most)d at once.") % {"count": len(found), "most": MOST})
    for pasted in found:
        _judge(pasted)
    _mark_doubles(found, collection)
    return found


@transaction.atomic
def save(
    found: Iterable[Pasted], collection: Collection, *, topic: str = "", by: Account | None, at: datetime | None = None
) -> list[Question]:
    """Store all questions without problems, all or none of them. ``topic`` is for those that name none."""
    return [
        bank.create_question(
            collection, **pasted.keywords(), topic=pasted.values.get("topic") or topic, name=pasted.values.get("name", ""),
            difficulty=_DIFFICULTY.get(looks(pasted.values.get("difficulty", "")), 2), by=by, at=at,
        )
        for pasted in found if not pasted.problems
    ]


# --- rows of a spreadsheet -------------------------------------------------------------------------------------------------------------
def _rows(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Number, cells and source of each row; a cell with line breaks stands between quotation marks, as spreadsheets copy it."""
    position, number = 0, 1
    while position <= len(text):
        start, cells = position, []
        while True:
            match = _CELL.match(text, position)
            assert match is not None
            cells.append(match[1].replace('""', '"') if match[1] is not None else match[2])
            position = match.end()
            if position >= len(text) or text[position] == "\n":
                break
            position += 1
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells], text[start:position]
        position += 1
        number += 1


def _table(text: str) -> Iterator[Pasted]:
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        return
    columns = _columns(first[1])
    if columns is None:
        yield _row_of(*first, columns)
    for row in rows:
        yield _row_of(*row, columns)


def _columns(cells: list[str]) -> list[str] | None:
    """The meaning of each column when the first row is a header; None: it is a question already."""
    keys = [header_key(cell) for cell in cells]
    if not {"stem", "key"} <= {_FIELDS.get(key) for key in keys}:
        return None
    return [_FIELDS.get(key) or ("option" if _OPTION_HEAD.fullmatch(key) else "") for key in keys]


def _row_of(number: int, cells: list[str], source: str, columns: list[str] | None) -> Pasted:
    pasted = Pasted(number, source)
    if columns is None:  # question, options ..., key, explanation
        columns = ["stem", *["option"] * (len(cells) - 3), "key", "explanation"][: len(cells)]
    for name, cell in zip(columns, cells, strict=False):
        if name == "option":
            pasted.options.append(cell)
        elif name and cell:
            pasted.values[name] = cell
    while pasted.options and not pasted.options[-1]:
        pasted.options.pop()
    return pasted


# --- plain text ---------------------------------------------------------------------------------------------------------------------------
def _blocks(text: str) -> Iterator[Pasted]:
    pasted: Pasted | None = None
    last, is_after_blank = "stem", False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            is_after_blank = True
            continue
        if pasted is not None and _begins_anew(line, pasted, is_after_blank):
            yield pasted
            pasted = None
        if pasted is None:
            pasted, last = Pasted(number, ""), "stem"
        pasted.source += raw + "\n"
        last = _take(pasted, line, last)
        is_after_blank = False
    if pasted is not None:
        yield pasted


def _begins_anew(line: str, pasted: Pasted, is_after_blank: bool) -> bool:
    """A numbered line, or a plain one after a blank line, begins a question when the present one has its key or its options."""
    if _label(line)[0] or _OPTION.fullmatch(line) or not (pasted.options or "key" in pasted.values):
        return False
    return bool(_NUMBER.match(line)) or is_after_blank


def _take(pasted: Pasted, line: str, last: str) -> str:
    """Puts a line where it belongs and returns what it continued or began."""
    if match := _OPTION.fullmatch(line):
        pasted.options.append(match[3].strip())
        if match[1]:
            pasted.values["key"] = ",".join(filter(None, [pasted.values.get("key"), LETTERS[len(pasted.options) - 1]]))
        return "option"
    name, rest = _label(line)
    if name:
        pasted.values[name] = rest
        return name
    if last == "option":
        pasted.options[-1] = f"{pasted.options[-1]} {line.strip()}"
    else:
        before = pasted.values.get(last, "")
        pasted.values[last] = f"{before}\n{line.strip()}" if before else _NUMBER.sub("", line).strip()
    return last


def _label(line: str) -> tuple[str, str]:
    match = _LABEL.fullmatch(line)
    return (_FIELDS.get(header_key(match[1]), ""), match[2].strip()) if match else ("", "")


# --- what is wrong with it -------------------------------------------------------------------------------------------------------------
def _judge(pasted: Pasted) -> None:
    pasted.type, pasted.right = _key(pasted)
    if pasted.problems:
        return
    draft = bank.make_draft(**pasted.keywords())
    pasted.problems += bank.problems(pasted.type, draft)


def _key(pasted: Pasted) -> tuple[str, tuple[int, ...]]:
    key = looks(pasted.values.get("key", "")).rstrip(".)")
    if not key:
        pasted.problems.append(_("The key is missing: add a column or a line “Kunci”."))
        return QuestionType.SINGLE, ()
    truth = {looks(option) for option in pasted.options} <= _TRUE | _FALSE and len(pasted.options) in (0, 2)
    if truth and key in _TRUE | _FALSE:
        is_true = key in _TRUE
        if not pasted.options:
            return QuestionType.TRUE_FALSE, (0 if is_true else 1,)
        return QuestionType.TRUE_FALSE, tuple(index for index, text in enumerate(pasted.options) if (looks(text) in _TRUE) == is_true)
    right = _indexes(key, pasted.options)
    if right is None:
        pasted.problems.append(_("The key “%(key)s” is none of the options.") % {"key": pasted.values["key"][:40]})
        return QuestionType.SINGLE, ()
    return (QuestionType.MULTIPLE if len(right) > 1 else QuestionType.SINGLE), right


def _indexes(key: str, options: list[str]) -> tuple[int, ...] | None:
    """Which options the key names: letters (``b``, ``a, c``) or the text of one; None when it names something else."""
    parts = [part.strip(" .)(") for part in re.split(r"[,;/&]|\bdan\b|\band\b|\s", key) if part.strip(" .)(")]
    if parts and all(len(part) == 1 and part.upper() in LETTERS for part in parts):
        found = sorted({LETTERS.index(part.upper()) for part in parts})
        return tuple(found) if found[-1] < len(options) else None
    texts = [looks(option) for option in options]
    return (texts.index(key),) if key in texts else None


def _mark_doubles(found: list[Pasted], collection: Collection | None) -> None:
    seen: dict[str, int] = {}
    stored = set()
    if collection is not None:
        stems = Question.objects.filter(collection=collection, is_active=True).values_list("current__stem", flat=True)
        stored = {looks(stem) for stem in stems if stem}
    for pasted in found:
        stem = looks(clean_text(pasted.stem))
        if stem and stem in seen:
            pasted.problems.append(_("The same question as in row %(row)d.") % {"row": seen[stem]})
        elif stem and stem in stored:
            pasted.problems.append(_("This question is in the bank already."))
        seen.setdefault(stem, pasted.row)
