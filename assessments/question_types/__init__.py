"""The registry of question types: one file a type, found by its code. The order is the order in which trainers see them."""

from __future__ import annotations

from typing import Any

from assessments.question_types.base import AnswerField, ContentField, Draft, OptionDraft, Part, QuestionType
from assessments.question_types.essay import Essay
from assessments.question_types.file import FileAnswer
from assessments.question_types.gaps import Gaps
from assessments.question_types.hotspot import HotSpot
from assessments.question_types.matching import Matching
from assessments.question_types.multiple import MultipleChoice
from assessments.question_types.number import Number
from assessments.question_types.ordering import Ordering
from assessments.question_types.reflection import Reflection
from assessments.question_types.scale import Scale
from assessments.question_types.short_text import ShortText
from assessments.question_types.single import SingleChoice
from assessments.question_types.true_false import TrueFalse

__all__ = ["TYPES", "AnswerField", "ContentField", "Draft", "OptionDraft", "Part", "QuestionType", "type_choices", "type_of"]

TYPES: dict[str, QuestionType] = {
    str(kind.code): kind for kind in (
        SingleChoice(), MultipleChoice(), TrueFalse(), ShortText(), Number(), Matching(), Ordering(), Gaps(), HotSpot(),
        Essay(), FileAnswer(), Scale(), Reflection(),
    )
}


def type_of(code: str) -> QuestionType:
    """The type with this code. ``KeyError`` for an unknown one: codes come from our own enum."""
    return TYPES[str(code)]


def type_choices() -> list[tuple[str, Any]]:
    """``(code, label)`` of every registered type, for forms and filters."""
    return [(code, kind.label) for code, kind in TYPES.items()]
