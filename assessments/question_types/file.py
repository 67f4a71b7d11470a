"""A file as answer (a letter, a photo of a form, a table) that a person grades, by criteria or by a percent.

Content: ``{"kinds": ["pdf", "picture"], "guide": "for graders only", "rubric": [{"name": "Isi", "points": 4}]}``. Response: ``"17:surat.pdf"``, the
number of the stored file and its name. The number is no key to anything: who reads a file asks for it by attempt and question
(domain/answer_files.py), so a number of somebody else's file leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types import rubric
from assessments.question_types.base import AnswerField, ContentField, Draft
from assessments.question_types.essay import LONGEST_GUIDE
from assessments.question_types.texts import clean_text
from assessments.question_types.typed import TypedType
from core.domain.errors import RuleViolation

LONGEST_NAME = 100
KINDS = {"pdf": gettext_lazy("PDF"), "picture": gettext_lazy("picture (JPG, PNG)"), "document": gettext_lazy("document (DOCX, XLSX, PPTX)")}
_RESPONSE = re.compile(r"([0-9]{1,12}):(.{1,100})")


class FileAnswer(TypedType):
    code = Code.FILE
    label = Code.FILE.label
    template = "assessments/answer/file.html"
    is_manual = True
    longest_value = LONGEST_NAME + 13

    def content_fields(self) -> list[ContentField]:
        kinds = [ContentField(f"kind_{name}", words, "tick", initial=name == "pdf") for name, words in KINDS.items()]
        return [
            *kinds,
            ContentField("rubric", gettext_lazy("Criteria"), "text", rows=4, longest=3_000, help_text=gettext_lazy(
                "One a line with its points: “Content = 4”. Learners see them. Empty: graders give a percent.")),
            ContentField("guide", gettext_lazy("Guide for graders"), "text", rows=4, longest=LONGEST_GUIDE,
                         help_text=gettext_lazy("What a good answer holds. Only graders read it.")),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"kinds": [name for name in KINDS if values.get(f"kind_{name}")], "guide": values.get("guide") or "",
                "rubric": rubric.from_lines(values.get("rubric"))}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        ticks = {f"kind_{name}": name in content.get("kinds", ()) for name in KINDS}
        return {**ticks, "guide": content.get("guide", ""), "rubric": rubric.to_lines(content.get("rubric", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        given = content.get("kinds")
        kinds = [name for name in KINDS if isinstance(given, (list, tuple)) and name in given]
        return {"kinds": kinds, "guide": clean_text(content.get("guide")), "rubric": rubric.cleaned(content.get("rubric"))}

    def problems(self, draft: Draft) -> list[str]:
        reasons = rubric.problems(draft.content.get("rubric", []))
        if not draft.content.get("kinds"):
            reasons.insert(0, _("Tick at least one kind of file."))
        if len(draft.content.get("guide", "")) > LONGEST_GUIDE:
            reasons.append(_("The guide is longer than %(limit)d characters.") % {"limit": LONGEST_GUIDE})
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        return {name: draft.content[name] for name in ("kinds", "rubric")}, {"guide": draft.content["guide"]}, {}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"kinds": body["kinds"], "guide": key["guide"], "rubric": body["rubric"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return bool(body.get("kinds"))

    def instruction(self, body: dict) -> str:
        return _("Upload one file: %(kinds)s, at most 5 MB. A person reads and grades it.") % {
            "kinds": ", ".join(str(KINDS[name]) for name in body["kinds"])}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        hint = _("It is read for: %(criteria)s.") % {
            "criteria": ", ".join(f"{row['name']} ({row['points']})" for row in body["rubric"])} if body.get("rubric") else ""
        return AnswerField(self.template, self.instruction(body), value=response or "", limit=self.longest_value, hint=hint,
                           extra={"name": self.name_of(response)})

    def check(self, response: Any, laid: dict) -> str:
        text = super().check(response, laid)
        if text and not _RESPONSE.fullmatch(text):
            raise RuleViolation(_("This answer does not belong to the question. Open the question again and answer once more."))
        return text

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        """Only blanks are asked here; what was uploaded waits for a person (domain/hand_grading.py)."""
        return Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return []

    def summary(self, body: dict, response: Any) -> list[str]:
        return [self.name_of(response)] if response else []

    @staticmethod
    def name_of(response: Any) -> str:
        found = _RESPONSE.fullmatch(response) if isinstance(response, str) else None
        return found[2] if found else ""

    @staticmethod
    def number_of(response: Any) -> int | None:
        """The number of the stored file, of a response in canonical form."""
        found = _RESPONSE.fullmatch(response) if isinstance(response, str) else None
        return int(found[1]) if found else None
