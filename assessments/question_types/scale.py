"""Statements to agree with more or less (Likert): an opinion, never right or wrong, worth no points.

Content: ``{"statements": ["..."], "labels": ["Sangat tidak setuju", ..., "Sangat setuju"]}``, 2 to 7 labels from the lowest to the highest.
Response: ``{statement id: label number from 1}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types.base import AnswerField, Choice, ContentField, Draft, Part
from assessments.question_types.choice import looks, random_names
from assessments.question_types.parts import PartsType, foreign
from assessments.question_types.texts import clean_line

MOST_STATEMENTS, LONGEST = 15, 300
FEWEST_LABELS, MOST_LABELS, LONGEST_LABEL = 2, 7, 60


class Scale(PartsType):
    code = Code.SCALE
    label = Code.SCALE.label
    template = "assessments/answer/matching.html"
    is_graded = False

    def instruction(self, body: dict) -> str:
        return _("Say what you think. There is no right or wrong here, and it gives no points.")

    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("statements", gettext_lazy("Statements"), "text", is_required=True, rows=5, longest=6_000,
                         help_text=gettext_lazy("One a line.")),
            ContentField("labels", gettext_lazy("Steps of the scale"), "text", is_required=True, rows=5, longest=600,
                         initial=gettext_lazy("Strongly disagree\nDisagree\nNeither\nAgree\nStrongly agree"),
                         help_text=gettext_lazy("One a line, from the lowest to the highest.")),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: [line.strip() for line in str(values.get(name) or "").splitlines() if line.strip()] for name in ("statements", "labels")}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {name: "\n".join(content.get(name, [])) for name in ("statements", "labels")}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: content.get(name) for name in ("statements", "labels")}
        return {name: [clean_line(line) for line in (lines if isinstance(lines, (list, tuple)) else [])] for name, lines in given.items()}

    def problems(self, draft: Draft) -> list[str]:
        statements, labels = draft.content.get("statements", []), draft.content.get("labels", [])
        reasons = []
        if not 1 <= len(statements) <= MOST_STATEMENTS:
            reasons.append(_("Give 1 to %(most)d statements.") % {"most": MOST_STATEMENTS})
        if not FEWEST_LABELS <= len(labels) <= MOST_LABELS:
            reasons.append(_("Give %(fewest)d to %(most)d steps of the scale.") % {"fewest": FEWEST_LABELS, "most": MOST_LABELS})
        for lines, limit in ((statements, LONGEST), (labels, LONGEST_LABEL)):
            if any(not looks(line) for line in lines) or len({looks(line) for line in lines}) < len(lines):
                reasons.append(_("A line is empty or stands there twice."))
            if any(len(line) > limit for line in lines):
                reasons.append(_("A line is longer than %(limit)d characters.") % {"limit": limit})
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        statements = draft.content["statements"]
        rows = [{"id": name, "text": text} for name, text in zip(random_names(len(statements), 2), statements, strict=True)]
        return {"statements": rows, "labels": list(draft.content["labels"])}, {}, {}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"statements": [row["text"] for row in body["statements"]], "labels": body["labels"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return bool(body.get("statements")) and len(body.get("labels", [])) >= FEWEST_LABELS

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        return {"p": [row["id"] for row in body["statements"]], "s": len(body["labels"])}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        texts, given = {row["id"]: row["text"] for row in body["statements"]}, response or {}
        parts = [Part(texts[ident], choices=[Choice(str(step), label, given.get(ident) == step) for step, label in enumerate(body["labels"], 1)])
                 for ident in laid["p"]]
        return AnswerField(self.template, self.instruction(body), parts=parts)

    def value_of(self, part: str, posted: str, laid: dict) -> Any:
        if not posted:
            return ""
        if not (posted.isascii() and posted.isdigit() and len(posted) < 3):
            raise foreign()
        return int(posted)

    def checked_value(self, part: str, value: Any, laid: dict) -> Any:
        if value == "" or (type(value) is int and 1 <= value <= laid["s"]):
            return value
        raise foreign()

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        return Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return []

    def summary(self, body: dict, response: Any) -> list[str]:
        given = response or {}
        return [f"{row['text']}: {body['labels'][given[row['id']] - 1]}" for row in body["statements"] if row["id"] in given]
