"""The paper as the learner sees it: questions of her attempt in their order, and where she stands. Never reads a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain.drawing import types_of
from assessments.models import Attempt, QuestionVersion
from assessments.question_types import AnswerField, QuestionType, type_of
from assessments.question_types.texts import shortened


@dataclass(frozen=True)
class Cell:
    """A square of the question map, and a line of the review."""

    n: int
    is_answered: bool
    is_flagged: bool
    stem: str = ""
    section: str = ""

    @property
    def label(self) -> str:
        words = {(True, True): _("Question %(n)d, answered, marked"), (True, False): _("Question %(n)d, answered"),
                 (False, True): _("Question %(n)d, not answered, marked"), (False, False): _("Question %(n)d, not answered")}
        return words[(self.is_answered, self.is_flagged)] % {"n": self.n}


@dataclass(frozen=True)
class Shown:
    """One question on the page. ``picture`` stands above the answer, unless the answer is given on it."""

    n: int
    stem: str
    field: AnswerField
    is_flagged: bool
    section: dict | None = None
    is_final: bool = False
    picture: Mapping[str, Any] | None = None


def count(attempt: Attempt) -> int:
    return len(attempt.layout)


def kind_at(attempt: Attempt, n: int) -> tuple[QuestionType, dict]:
    """Type and layout entry of question ``n`` (1-based; the caller knows that it exists)."""
    laid = attempt.layout[n - 1]
    return type_of(types_of(attempt.version.spec)[laid["v"]]), laid


def cells(attempt: Attempt) -> list[Cell]:
    """The question map; no query."""
    types = types_of(attempt.version.spec)
    return [
        Cell(n, type_of(types[laid["v"]]).is_complete(attempt.answers.get(str(laid["v"]))), laid["v"] in attempt.flags)
        for n, laid in enumerate(attempt.layout, 1)
    ]


def lines(attempt: Attempt) -> list[Cell]:
    """The same with the beginnings of the questions, for the review: one query."""
    stems = dict(QuestionVersion.objects.filter(pk__in=[laid["v"] for laid in attempt.layout]).values_list("pk", "stem"))
    return [Cell(cell.n, cell.is_answered, cell.is_flagged, shortened(stems[laid["v"]], 56), _heading(attempt, cell.n))
            for cell, laid in zip(cells(attempt), attempt.layout, strict=True)]


def shown(attempt: Attempt, n: int, *, typed: list[str] | None = None, version: QuestionVersion | None = None) -> Shown:
    """Question ``n``: one query, unless its ``version`` has been read. ``typed`` are values of the page that were posted but not saved."""
    return _shown(attempt, n, version or QuestionVersion.objects.get(pk=attempt.layout[n - 1]["v"]), typed)


def whole(attempt: Attempt) -> list[Shown]:
    """All questions, kept by the browser so that a cut line stops nobody: one query."""
    versions = QuestionVersion.objects.in_bulk([laid["v"] for laid in attempt.layout])
    return [_shown(attempt, n, versions[laid["v"]], None) for n, laid in enumerate(attempt.layout, 1)]


def section_at(attempt: Attempt, n: int) -> dict | None:
    """The part that question ``n`` stands in: title, introduction, ``is_first`` (question of it) and ``is_case`` (the introduction belongs to
    every question: a case study). No query."""
    sections = attempt.version.spec.get("sections", [])
    if not sections:
        return None
    numbers = {entry["v"]: entry.get("s", 0) for entry in attempt.version.spec["questions"]}
    here = numbers.get(attempt.layout[n - 1]["v"], 0)
    is_first = n == 1 or numbers.get(attempt.layout[n - 2]["v"], 0) != here
    return {**sections[here - 1], "is_first": is_first} if here else None


def first_open(attempt: Attempt) -> int:
    """Where to go on: the first question without an answer, or the last one."""
    return next((cell.n for cell in cells(attempt) if not cell.is_answered), count(attempt))


def seconds_left(attempt: Attempt, *, at: datetime) -> int | None:
    """Until the deadline, rounded up (a page that counts to 0 hands in after it, never before), never below 0; None: no limit."""
    return max(ceil((attempt.due_at - at).total_seconds()), 0) if attempt.due_at else None


def _heading(attempt: Attempt, n: int) -> str:
    """The title of the part that begins with question ``n``."""
    section = section_at(attempt, n)
    return section["title"] if section and section["is_first"] else ""


def _shown(attempt: Attempt, n: int, version: QuestionVersion, typed: list[str] | None) -> Shown:
    kind, laid = kind_at(attempt, n)
    field = kind.form_field(version.body, laid, attempt.answers.get(str(version.pk)))
    return Shown(n, version.stem, kind.retyped(field, typed) if typed else field, version.pk in attempt.flags, section_at(attempt, n),
                 version.pk in attempt.revealed, None if kind.draws_picture else version.body.get("picture"))
