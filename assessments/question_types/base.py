"""What every question type can do. A type is one small file with these methods; the recipe is docs/add-a-question-type.md.

Words: a *draft* is what a trainer wrote; a *body* is the public half of a version (what learners see); a *key* is the secret half;
*laid* is the entry of the attempt's layout for the question (order and names on the page, drawn at start); a *response* is an answer in
its stored form, which must be JSON.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
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
    """A question as its author wrote it."""

    stem: str
    explanation: str
    options: Sequence[OptionDraft] = ()
    points: Decimal = Decimal(1)
    scoring: str = ""


@dataclass(frozen=True)
class Choice:
    """One option on the page. ``name`` means nothing outside its attempt."""

    name: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class AnswerField:
    """What the page draws: ``template`` gets this object as ``field``."""

    template: str
    instruction: str
    kind: str = ""
    choices: list[Choice] = field(default_factory=list)


class QuestionType(ABC):
    """The methods of a type. ``code`` is stored, ``label`` is shown to trainers."""

    code = ""
    label: Any = ""

    @abstractmethod
    def problems(self, draft: Draft) -> list[str]:
        """Sentences why the draft cannot be used, beyond what holds for all types; empty: it can."""

    @abstractmethod
    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        """Body, key and feedback per option of a draft without problems."""

    @abstractmethod
    def draft_options(self, body: dict, key: dict, feedback: dict) -> list[OptionDraft]:
        """The way back, for the editor."""

    @abstractmethod
    def is_usable(self, body: dict, key: dict) -> bool:
        """Can a stored version be answered rightly at all? Asked before a quiz is published."""

    @abstractmethod
    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        """Order and names on the page for one attempt."""

    @abstractmethod
    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        ...

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

    @abstractmethod
    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        """0 to 1."""

    @abstractmethod
    def correct_answer(self, body: dict, key: dict) -> list[str]:
        """The right answer in words, one entry a part."""

    @abstractmethod
    def summary(self, body: dict, response: Any) -> list[str]:
        """A response in words, one entry a part; empty when nothing was answered."""
