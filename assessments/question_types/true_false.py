"""A statement that is true or false: one right answer of two, always in the same order."""

from __future__ import annotations

from random import Random

from django.utils.translation import gettext as _

from assessments.enums import QuestionType as Code
from assessments.question_types.base import Draft
from assessments.question_types.single import SingleChoice


class TrueFalse(SingleChoice):
    code = Code.TRUE_FALSE
    label = Code.TRUE_FALSE.label

    def instruction(self, body: dict) -> str:
        return _("Is this statement true or false?")

    def problems(self, draft: Draft) -> list[str]:
        reasons = super().problems(draft)
        if len(draft.options) != 2:
            reasons.append(_("A statement is either true or false: give exactly two options."))
        return reasons

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        return super().lay_out(body, random=random, is_shuffled=False)
