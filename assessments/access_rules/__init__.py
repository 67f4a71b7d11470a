"""Three lists of rules: what lets a learner start, how long an attempt stays open, what its points are worth. In the order in which they
speak; a rule may stand in two lists and speaks once."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from assessments.access_rules.attempt_limit import AttemptLimit
from assessments.access_rules.base import AccessRule, Allowance, Declaration, GradingRule, Rule, Situation, StartRule
from assessments.access_rules.cool_down import CoolDown
from assessments.access_rules.counted import CountedAttempts
from assessments.access_rules.has_questions import HasQuestions
from assessments.access_rules.honesty import Honesty
from assessments.access_rules.mode import ModeWords
from assessments.access_rules.pass_mark import PassMark
from assessments.access_rules.time_limit import TimeLimit, grace_seconds
from assessments.access_rules.waits_for_grade import WaitsForGrade
from assessments.access_rules.window import Window, instant

__all__ = [
    "ACCESS_RULES", "ATTEMPT_LIMIT", "COOL_DOWN", "COUNTED", "GRADING_RULES", "RULES", "START_RULES", "TIME_LIMIT", "WINDOW", "AccessRule",
    "Allowance", "Declaration", "Rule", "Situation", "StartRule", "deadline", "declarations", "ending_of", "grace_seconds", "is_passed", "undeclared",
]

ATTEMPT_LIMIT, COOL_DOWN, COUNTED, TIME_LIMIT, WINDOW = AttemptLimit(), CoolDown(), CountedAttempts(), TimeLimit(), Window()
START_RULES: tuple[StartRule, ...] = (HasQuestions(), WaitsForGrade(), WINDOW, ATTEMPT_LIMIT, COOL_DOWN, ModeWords(), Honesty())
ACCESS_RULES: tuple[AccessRule, ...] = (WINDOW, TIME_LIMIT)
GRADING_RULES: tuple[GradingRule, ...] = (PassMark(), COUNTED)
RULES: tuple[Rule, ...] = tuple(dict.fromkeys((*ACCESS_RULES, *START_RULES, *GRADING_RULES)))


def deadline(situation: Situation) -> datetime | None:
    """Of an attempt that starts now: the earliest deadline of all access rules. None: it stays open until it is handed in."""
    return min((due_at for rule in ACCESS_RULES if (due_at := rule.due_at(situation))), default=None)


def ending_of(spec: dict, due_at: datetime | None) -> str:
    """Which rule's deadline ``due_at`` was: the closing of the quiz, or the person's own time."""
    return WINDOW.ending if due_at is not None and due_at == instant(spec.get("closes_at")) else TIME_LIMIT.ending


def declarations(situation: Situation) -> list[Declaration]:
    """What is ticked before the start."""
    return [asked for rule in START_RULES if (asked := rule.declaration(situation))]


def undeclared(situation: Situation, given: frozenset[str]) -> list[str]:
    """Sentences for what was not ticked."""
    return [rule.undeclared(situation) for rule in START_RULES if (asked := rule.declaration(situation)) and asked.name not in given]


def is_passed(spec: dict, share: Fraction) -> bool:
    return all(rule.is_passed(spec, share) for rule in GRADING_RULES)
