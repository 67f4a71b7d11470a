"""One right answer among several."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import QuestionType as Code
from assessments.question_types.base import Draft
from assessments.question_types.choice import ChoiceType
from core.domain.errors import RuleViolation


class SingleChoice(ChoiceType):
    code = Code.SINGLE
    label = Code.SINGLE.label

    def instruction(self, body: dict) -> str:
        return _("Choose one answer.")

    def problems(self, draft: Draft) -> list[str]:
        reasons = super().problems(draft)
        right = sum(option.is_correct for option in draft.options)
        if not right:
            reasons.append(_("Mark the right answer."))
        if right > 1:
            reasons.append(_("Only one option can be right here. For several right ones choose the type “Several right answers”."))
        return reasons

    def is_usable(self, body: dict, key: dict) -> bool:
        return super().is_usable(body, key) and len(key["correct"]) == 1

    def read(self, values: list[str], laid: dict) -> Any:
        # A browser sends nothing when no radio button is chosen: that takes nothing back.
        return super().read(values, laid) if values else None

    def check(self, response: Any, laid: dict) -> list[str]:
        chosen = super().check(response, laid)
        if len(chosen) > 1:
            raise RuleViolation(_("Choose one answer only."))
        return chosen

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        return Fraction(int(bool(response) and list(response) == key["correct"]))
