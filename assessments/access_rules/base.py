"""An access rule explains itself to the learner and enforces itself. One small class a file; the recipe is docs/add-an-access-rule.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.models import Attempt


@dataclass(frozen=True)
class Situation:
    """Who wants to start: ``spec`` of the published quiz, her ``attempts`` in this context (newest first), the server's clock."""

    spec: dict
    attempts: list[Attempt]
    at: datetime

    @property
    def finished(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.finished_at is not None]


class AccessRule:
    def words(self, situation: Situation) -> list[str]:
        """Sentences for the page before the quiz; empty when the rule has nothing to say here."""
        return []

    def problems(self, situation: Situation) -> list[str]:
        """Sentences why she cannot start now; empty: she can, as far as this rule goes."""
        return []

    def next_at(self, situation: Situation) -> datetime | None:
        """When the rule will let her in again, if it is only a matter of waiting."""
        return None
