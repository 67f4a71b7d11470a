"""What the types share whose answer has several parts (rows to match, items to order, gaps): one posted value a part, in the order shown.

The response is a JSON object ``{part id: value}`` that holds only the parts that are filled, so that half an answer is kept as half an answer.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.base import AnswerField, Part, QuestionType
from core.domain.errors import RuleViolation


def foreign() -> RuleViolation:
    return RuleViolation(_("This answer does not belong to the question. Open the question again and answer once more."))


class PartsType(QuestionType):
    """``laid["p"]`` holds the part ids in the order shown. ``value_of`` turns a posted value of one part into the stored one."""

    @abstractmethod
    def value_of(self, part: str, posted: str, laid: dict) -> Any:
        """The stored value; empty: this part is not filled. ``RuleViolation`` for what was never shown."""

    @abstractmethod
    def checked_value(self, part: str, value: Any, laid: dict) -> Any:
        """A stored value in canonical form, or ``RuleViolation``."""

    def read(self, values: list[str], laid: dict) -> Any:
        if not values:
            return None
        if len(values) != len(laid["p"]):
            raise foreign()
        found = {part: self.value_of(part, posted, laid) for part, posted in zip(laid["p"], values, strict=True)}
        return self.check({part: value for part, value in found.items() if value != ""}, laid)

    def check(self, response: Any, laid: dict) -> dict[str, Any]:
        if not isinstance(response, dict) or not set(response) <= set(laid["p"]):
            raise foreign()
        checked = {part: self.checked_value(part, value, laid) for part, value in sorted(response.items())}
        return {part: value for part, value in checked.items() if value != ""}

    def is_complete(self, response: Any) -> bool:
        """Something is filled; how much of it counts when it is graded."""
        return bool(response)

    def is_same(self, one: Any, other: Any) -> bool:
        return (one or {}) == (other or {})

    def retyped(self, field: AnswerField, values: list[str]) -> AnswerField:
        if len(values) != len(field.parts):
            return field
        return replace(field, parts=[_retyped(part, value) for part, value in zip(field.parts, values, strict=True)])


def _retyped(part: Part, value: str) -> Part:
    if not part.choices:
        return replace(part, value=value)
    return replace(part, choices=[replace(choice, is_chosen=choice.name == value) for choice in part.choices])
