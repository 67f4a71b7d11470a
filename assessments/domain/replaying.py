"""What an attempt holds, as its steps alone tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assessments.enums import StepKind
from assessments.models import Attempt, Step


@dataclass
class State:
    """What an attempt holds, derived from its steps. ``revealed``: questions whose answer was looked at; it is final then."""

    answers: dict[str, Any] = field(default_factory=dict)
    flags: list[int] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    revealed: list[int] = field(default_factory=list)
    is_finished: bool = False


def replay(attempt: Attempt) -> State:
    """The state as the steps alone tell it. A test and an audit compare it with what the row holds."""
    return replay_steps(attempt.steps.order_by("sequence"))


def replay_steps(steps: Iterable[Step]) -> State:
    state = State()
    for step in steps:
        key = str(step.version_id)
        if step.kind == StepKind.ANSWER and step.version_id not in state.revealed and step.data["rev"] > state.revisions.get(key, 0):
            state.answers[key], state.revisions[key] = step.data["r"], step.data["rev"]
        elif step.kind == StepKind.FLAG:
            state.flags = [other for other in state.flags if other != step.version_id] + [step.version_id] * bool(step.data["on"])
        elif step.kind == StepKind.REVEAL:
            state.revealed.append(step.version_id)
        elif step.kind == StepKind.FINISH:
            state.is_finished = True
    return state
