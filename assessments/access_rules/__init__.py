"""The rules that let a learner start, in the order in which they speak."""

from __future__ import annotations

from assessments.access_rules.attempt_limit import AttemptLimit
from assessments.access_rules.base import AccessRule, Situation
from assessments.access_rules.cool_down import CoolDown
from assessments.access_rules.has_questions import HasQuestions
from assessments.access_rules.time_limit import TimeLimit, grace_seconds

__all__ = ["ATTEMPT_LIMIT", "COOL_DOWN", "RULES", "TIME_LIMIT", "AccessRule", "Situation", "grace_seconds"]

ATTEMPT_LIMIT, COOL_DOWN, TIME_LIMIT = AttemptLimit(), CoolDown(), TimeLimit()
RULES: tuple[AccessRule, ...] = (HasQuestions(), TIME_LIMIT, ATTEMPT_LIMIT, COOL_DOWN)
