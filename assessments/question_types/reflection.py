"""A thought written down for oneself: never graded, worth no points. Content: ``{"min_words": 0}``. Response: the text."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types.base import ContentField, Draft
from assessments.question_types.long_text import LongTextType, whole_number, word_problems


class Reflection(LongTextType):
    code = Code.REFLECTION
    label = Code.REFLECTION.label
    is_graded = False

    def instruction(self, body: dict) -> str:
        return _("Write down your own thoughts. There is no right or wrong here, and it gives no points.")

    def content_fields(self) -> list[ContentField]:
        return [ContentField("min_words", gettext_lazy("Words at least (advice)"), "number", longest=5)]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"min_words": whole_number(values.get("min_words"))}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"min_words": content.get("min_words") or ""}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"min_words": whole_number(content.get("min_words"))}

    def problems(self, draft: Draft) -> list[str]:
        return word_problems(draft.content.get("min_words", 0))

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        return {"min_words": draft.content["min_words"]}, {}, {}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"min_words": body["min_words"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return True

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        return Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return []
