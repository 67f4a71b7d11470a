"""The registry of question types: one file a type, found by its code."""

from __future__ import annotations

from assessments.question_types.base import AnswerField, Draft, OptionDraft, QuestionType
from assessments.question_types.multiple import MultipleChoice
from assessments.question_types.single import SingleChoice
from assessments.question_types.true_false import TrueFalse

__all__ = ["TYPES", "AnswerField", "Draft", "OptionDraft", "QuestionType", "type_of"]

TYPES: dict[str, QuestionType] = {str(kind.code): kind for kind in (SingleChoice(), MultipleChoice(), TrueFalse())}


def type_of(code: str) -> QuestionType:
    """The type with this code. ``KeyError`` for an unknown one: codes come from our own enum."""
    return TYPES[str(code)]
