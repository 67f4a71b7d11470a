"""A rule explains itself to the learner and enforces itself. One small class a file; the recipe is docs/add-an-access-rule.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.models import Attempt


@dataclass(frozen=True)
class Allowance:
    """What one person is given in every quiz: time in percent of the limit, or no limit, and attempts beyond the quiz's own."""

    time_percent: int = 100
    extra_attempts: int = 0
    has_no_time_limit: bool = False


@dataclass(frozen=True)
class Situation:
    """Who wants to start: ``spec`` of the published quiz, her ``attempts`` in this context (newest first), the server's clock, and what she
    was given (None: nothing)."""

    spec: dict
    attempts: list[Attempt]
    at: datetime
    allowance: Allowance | None = None

    @property
    def finished(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.finished_at is not None]


@dataclass(frozen=True)
class Declaration:
    """A sentence that is ticked before the start; ``name`` is the field of the form and what the start step keeps."""

    name: str
    words: str


class Rule:
    """``words``: sentences for the page before the quiz; empty when the rule has nothing to say here."""

    def words(self, situation: Situation) -> list[str]:
        return []


class StartRule(Rule):
    """Decides whether an attempt may begin."""

    def problems(self, situation: Situation) -> list[str]:
        """Sentences why she cannot start now; empty: she can, as far as this rule goes."""
        return []

    def next_at(self, situation: Situation) -> datetime | None:
        """When the rule will let her in again, if it is only a matter of waiting."""
        return None

    def declaration(self, situation: Situation) -> Declaration | None:
        """What she has to tick; a start without it is refused in ``undeclared``'s words."""
        return None

    def undeclared(self, situation: Situation) -> str:
        return ""


class AccessRule(Rule):
    """Decides how long an attempt stays open. The earliest of all deadlines counts; it is stored when the attempt starts."""

    ending = ""

    def due_at(self, situation: Situation) -> datetime | None:
        """The deadline of an attempt that starts at ``situation.at``; None: no deadline by this rule."""
        return None


class GradingRule(Rule):
    """Decides what the share of the points is worth."""

    def is_passed(self, spec: dict, share: Fraction) -> bool:
        """``share`` is exact, 0 to 1. All rules must agree."""
        return True
