"""What the types answered by typing one value share. The response is the text as it was typed, cleaned of what cannot be seen."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.base import AnswerField, QuestionType
from assessments.question_types.texts import clean_typed
from core.domain.errors import RuleViolation


class TypedType(QuestionType):
    """``field_kind``: ``line``, ``number`` or ``area``, how the input looks."""

    template = "assessments/answer/text.html"
    field_kind = "line"
    most_values = 1

    def instruction(self, body: dict) -> str:
        return _("Type your answer.")

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        return {}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        return AnswerField(self.template, self.instruction(body), self.field_kind, value=response or "", limit=self.longest_value,
                           unit=body.get("unit", ""))

    def retyped(self, field: AnswerField, values: list[str]) -> AnswerField:
        return replace(field, value=values[0]) if values else field

    def read(self, values: list[str], laid: dict) -> Any:
        return self.check(values[0], laid) if values else None

    def check(self, response: Any, laid: dict) -> Any:
        """The text cleaned; an empty one takes the answer back. ``RuleViolation``: no text, or too long."""
        if not isinstance(response, str):
            raise RuleViolation(_("This answer does not belong to the question. Open the question again and answer once more."))
        text = clean_typed(response)
        if len(text) > self.longest_value:
            raise RuleViolation(_("The answer is longer than %(limit)d characters. Shorten it, then save again.") % {"limit": self.longest_value})
        return text

    def is_complete(self, response: Any) -> bool:
        return bool(response)

    def is_same(self, one: Any, other: Any) -> bool:
        return (one or "") == (other or "")

    def summary(self, body: dict, response: Any) -> list[str]:
        return [response] if response else []
