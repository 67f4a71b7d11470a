"""What every question type can do. A type is one small file with these methods; the recipe is docs/add-a-question-type.md.

Words: a *draft* is what a trainer wrote; a *body* is the public half of a version (what learners see); a *key* is the secret half;
*laid* is the entry of the attempt's layout for the question (order and names on the page, drawn at start); a *response* is an answer in
its stored form, which must be JSON. A draft holds either *options* to choose from or *content*, a plain JSON object whose shape the type
names in its docstring; formats, the editor and the type exchange nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any


@dataclass(frozen=True)
class OptionDraft:
    text: str
    is_correct: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Draft:
    """A question as its author wrote it. ``picture``: see domain/pictures.py; empty is none."""

    stem: str
    explanation: str
    options: Sequence[OptionDraft] = ()
    points: Decimal = Decimal(1)
    scoring: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    picture: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One option on the page. ``name`` means nothing outside its attempt."""

    name: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """One input of an answer with several: a row to match, an item to order, a gap. ``before`` and ``after`` is text around a gap."""

    label: str
    value: str = ""
    choices: list[Choice] = field(default_factory=list)
    before: str = ""
    after: str = ""
    kind: str = "text"
    size: int = 0
    name: str = ""


@dataclass(frozen=True)
class AnswerField:
    """What the page draws: ``template`` gets this object as ``field``. ``value`` is what was typed; ``limit`` its greatest length;
    ``unit`` and ``hint`` stand beside the input."""

    template: str
    instruction: str
    kind: str = ""
    choices: list[Choice] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    value: str = ""
    limit: int = 0
    unit: str = ""
    hint: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ContentField:
    """A field of the editor that belongs to the type. ``kind``: line, text, number, choice, tick. ``choices`` for kind choice."""

    name: str
    label: Any
    kind: str = "line"
    help_text: Any = ""
    is_required: bool = False
    choices: Sequence[tuple[str, Any]] = ()
    initial: Any = ""
    longest: int = 4_000
    rows: int = 4


class QuestionType(ABC):
    """The methods of a type. ``code`` is stored, ``label`` is shown to trainers.

    ``is_graded``: False when an answer is never right or wrong (a scale, a reflection): it is worth no points and stands in no statistics of
    difficulty. ``is_manual``: a person grades it; ``grade`` is then asked for blanks only. ``draws_picture``: the type needs a picture, which
    ``build`` puts into ``body["picture"]`` and its template draws. ``longest_value``: characters that one posted
    value may have; more is refused before anything looks at it. ``most_values``: how many values one post may carry.
    """

    code = ""
    label: Any = ""
    has_options = False
    is_graded = True
    is_manual = False
    draws_picture = False
    longest_value = 200
    most_values = 50

    # --- writing -----------------------------------------------------------------------------------------------------------------------
    def scorings(self) -> Sequence[tuple[str, Any]]:
        """The ways of scoring an author can choose from, ``(code, words)``; the first is the default. Empty: there is only one."""
        return ()

    def content_fields(self) -> Sequence[ContentField]:
        """What the editor asks beyond stem, explanation and details; empty for types with options."""
        return ()

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Content from the values of ``content_fields`` (as people type them: one variant a line, and so on). Never raises: what cannot be
        understood is kept in a form that ``problems`` names."""
        return dict(values)

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The way back: what stands in the editor's fields."""
        return dict(content)

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Content in its one canonical form (texts cleaned, defaults filled in), whoever wrote it: editor, paste or format. Never raises."""
        return dict(content)

    @abstractmethod
    def problems(self, draft: Draft) -> list[str]:
        """Sentences why the draft cannot be used, beyond what holds for all types; empty: it can."""

    @abstractmethod
    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        """Body, key and remarks (feedback by part id) of a draft without problems. A way of scoring goes into ``body["scoring"]``."""

    def key_for(self, draft: Draft, body: dict) -> dict:
        """The key that ``draft`` gives to a body that exists: for a key corrected after people answered. What learners saw stays, ids too.
        ``ValueError``: the draft changes more than the key."""
        raise ValueError("the key of this type cannot be corrected")

    def draft_options(self, body: dict, key: dict, feedback: dict) -> list[OptionDraft]:
        """The way back, for the editor; empty for types without options."""
        return []

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        """The way back for types with content, in canonical form."""
        return {}

    @abstractmethod
    def is_usable(self, body: dict, key: dict) -> bool:
        """Can a stored version be answered rightly at all? Asked before a quiz is published."""

    # --- answering ---------------------------------------------------------------------------------------------------------------------
    @abstractmethod
    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        """Order and names on the page for one attempt."""

    @abstractmethod
    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        ...

    def retyped(self, field: AnswerField, values: list[str]) -> AnswerField:
        """The same field holding what was posted but not stored (refused, or signed out meanwhile). Values that were never shown are left
        out; never raises."""
        return field

    @abstractmethod
    def read(self, values: list[str], laid: dict) -> Any:
        """The response in posted values. None: nothing was said, keep what stands. ``RuleViolation``: names this attempt never showed."""

    @abstractmethod
    def check(self, response: Any, laid: dict) -> Any:
        """A response in canonical form. ``RuleViolation`` when it is no response to what was shown."""

    @abstractmethod
    def is_complete(self, response: Any) -> bool:
        ...

    def is_same(self, one: Any, other: Any) -> bool:
        """Do both say the same? An unchanged answer is not written again."""
        return one == other

    # --- after hand-in -----------------------------------------------------------------------------------------------------------------
    @abstractmethod
    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        """0 to 1, exact, never a float."""

    @abstractmethod
    def correct_answer(self, body: dict, key: dict) -> list[str]:
        """The right answer in words, one entry a part."""

    @abstractmethod
    def summary(self, body: dict, response: Any) -> list[str]:
        """A response in words, one entry a part; empty when nothing was answered."""

    def remarks(self, response: Any, body: dict, key: dict, feedback: dict) -> list[str]:
        """What the author says to this response; read after hand-in only."""
        return []

    def all_remarks(self, body: dict, key: dict, feedback: dict) -> list[tuple[str, str]]:
        """``(part in words, remark)`` for the trainer's page."""
        return []

    def choices_of(self, response: Any, body: dict) -> list[tuple[str, str]] | None:
        """For statistics: which of a few possible answers this was, ``(id, words)``; None where answers cannot be listed."""
        return None
