"""Several right answers. Two ways of scoring, each told to the learner in words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import QuestionType as Code
from assessments.enums import Scoring
from assessments.question_types.base import Draft
from assessments.question_types.choice import ChoiceType


class MultipleChoice(ChoiceType):
    code = Code.MULTIPLE
    label = Code.MULTIPLE.label
    field_kind = "checkbox"

    def instruction(self, body: dict) -> str:
        if body.get("scoring") == Scoring.EXACT:
            return _("Choose all right answers. The question counts only when all are right.")
        return _("Choose all right answers. A right choice adds, a wrong choice takes away.")

    def scorings(self) -> list[tuple[str, Any]]:
        return [(str(code), words) for code, words in Scoring.choices]

    def problems(self, draft: Draft) -> list[str]:
        reasons = super().problems(draft)
        right = sum(option.is_correct for option in draft.options)
        if not right:
            reasons.append(_("Mark the right answers."))
        elif right == len(draft.options):
            reasons.append(_("All options are right: give at least one that is not."))
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        body, key, feedback = super().build(draft)
        return {**body, "scoring": draft.scoring or Scoring.PARTIAL.value}, key, feedback

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        """Exact: all or nothing. Partial: (right chosen - wrong chosen) / right ones, never below 0, so that ticking everything earns little."""
        chosen, right = set(response or ()), set(key["correct"])
        if body.get("scoring") == Scoring.EXACT:
            return Fraction(int(chosen == right))
        return max(Fraction(len(chosen & right) - len(chosen - right), len(right)), Fraction(0))
