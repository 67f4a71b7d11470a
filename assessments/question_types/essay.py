"""An answer in sentences that a person grades, by criteria or by a percent.

Content: ``{"min_words": 0, "max_words": 500, "guide": "for graders only", "rubric": [{"name": "Isi", "points": 4}]}``. Response: the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types import rubric
from assessments.question_types.base import AnswerField, ContentField, Draft
from assessments.question_types.long_text import LongTextType, whole_number, word_problems
from assessments.question_types.texts import clean_text

LONGEST_GUIDE = 4_000


class Essay(LongTextType):
    code = Code.ESSAY
    label = Code.ESSAY.label
    is_manual = True

    def instruction(self, body: dict) -> str:
        return _("Answer in your own words. A person reads and grades it.")

    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("rubric", gettext_lazy("Criteria"), "text", rows=4, longest=3_000, help_text=gettext_lazy(
                "One a line with its points: “Content = 4”. Learners see them. Empty: graders give a percent.")),
            ContentField("guide", gettext_lazy("Guide for graders"), "text", rows=4, longest=LONGEST_GUIDE,
                         help_text=gettext_lazy("What a good answer holds. Only graders read it.")),
            ContentField("min_words", gettext_lazy("Words at least (advice)"), "number", longest=5),
            ContentField("max_words", gettext_lazy("Words at most (advice)"), "number", longest=5),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**{name: whole_number(values.get(name)) for name in ("min_words", "max_words")},
                "guide": values.get("guide") or "", "rubric": rubric.from_lines(values.get("rubric"))}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {**{name: content.get(name) or "" for name in ("min_words", "max_words")},
                "guide": content.get("guide", ""), "rubric": rubric.to_lines(content.get("rubric", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {**{name: whole_number(content.get(name)) for name in ("min_words", "max_words")},
                "guide": clean_text(content.get("guide")), "rubric": rubric.cleaned(content.get("rubric"))}

    def problems(self, draft: Draft) -> list[str]:
        content = draft.content
        reasons = word_problems(content.get("min_words", 0), content.get("max_words", 0)) + rubric.problems(content.get("rubric", []))
        if len(content.get("guide", "")) > LONGEST_GUIDE:
            reasons.append(_("The guide is longer than %(limit)d characters.") % {"limit": LONGEST_GUIDE})
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        content = draft.content
        return {name: content[name] for name in ("min_words", "max_words", "rubric")}, {"guide": content["guide"]}, {}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {**{name: body[name] for name in ("min_words", "max_words")}, "guide": key["guide"], "rubric": body["rubric"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return True

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        advice = [self.advice(body)]
        if body.get("rubric"):
            advice.append(_("It is read for: %(criteria)s.") % {
                "criteria": ", ".join(f"{row['name']} ({row['points']})" for row in body["rubric"])})
        return AnswerField(self.template, self.instruction(body), self.field_kind, value=response or "", limit=self.longest_value,
                           hint=" ".join(filter(None, advice)))

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        """Only blanks are asked here; whoever wrote something waits for a person (domain/hand_grading.py)."""
        return Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return []
