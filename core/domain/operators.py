"""Who operates the installation (decisions: administrators). ``core`` knows no roles; the wiring registers the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_questions: list[Callable[[Any], bool]] = []


def register(question: Callable[[Any], bool]) -> None:
    """``question(user)`` says whether the user is an operator; one question, the last registered."""
    _questions[:] = [question]


def may_operate(user: Any) -> bool:
    """False for strangers, and for everybody while nobody registered a question."""
    return bool(getattr(user, "is_authenticated", False) and _questions and _questions[0](user))
