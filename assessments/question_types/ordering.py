"""Things to be put in order.

Content: ``{"items": ["first", "second", "third"]}`` in the right order. Partial scoring: the share of neighbours that follow one another
as they should (so that one item in a wrong place does not spoil all); exact: all or nothing.
Response: ``{item id: position from 1}``; two items with one position, or an item without, are an unfinished answer, which is kept and earns
what its neighbours earn.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.enums import Scoring
from assessments.question_types.base import AnswerField, Choice, ContentField, Draft, Part
from assessments.question_types.choice import looks, random_names
from assessments.question_types.matching import SCORINGS
from assessments.question_types.parts import PartsType, foreign
from assessments.question_types.texts import clean_line

FEWEST, MOST, LONGEST = 3, 12, 300


class Ordering(PartsType):
    code = Code.ORDERING
    label = Code.ORDERING.label
    template = "assessments/answer/ordering.html"

    def scorings(self) -> list[tuple[str, Any]]:
        return list(SCORINGS)

    def instruction(self, body: dict) -> str:
        if body.get("scoring") == Scoring.EXACT:
            return _("Give each line its place, 1 is the first. The question counts only when all are right.")
        return _("Give each line its place, 1 is the first. Each line that follows the right one counts.")

    def content_fields(self) -> list[ContentField]:
        return [ContentField("items", gettext_lazy("Steps in the right order"), "text", is_required=True, rows=6, longest=6_000,
                             help_text=gettext_lazy("One a line, the first on top. Learners see them mixed."))]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"items": [line.strip() for line in str(values.get("items") or "").splitlines() if line.strip()]}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"items": "\n".join(content.get("items", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        items = content.get("items")
        return {"items": [clean_line(item) for item in (items if isinstance(items, (list, tuple)) else [])]}

    def problems(self, draft: Draft) -> list[str]:
        items = draft.content.get("items", [])
        reasons = []
        if not FEWEST <= len(items) <= MOST:
            reasons.append(_("Give %(fewest)d to %(most)d steps.") % {"fewest": FEWEST, "most": MOST})
        if any(not looks(item) for item in items):
            reasons.append(_("A step is empty."))
        seen = [looks(item) for item in items]
        if len(set(seen)) < len(seen):
            reasons.append(_("Two steps say the same."))
        if any(len(item) > LONGEST for item in items):
            reasons.append(_("A line is longer than %(limit)d characters.") % {"limit": LONGEST})
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        items = draft.content["items"]
        rows = [{"id": name, "text": item} for name, item in zip(random_names(len(items), 3), items, strict=True)]
        # In the order of their random ids: the stored body says nothing about the right order.
        body = {"items": sorted(rows, key=lambda row: row["id"]), "scoring": draft.scoring or Scoring.PARTIAL.value}
        return body, self.key_for(draft, body), {}

    def key_for(self, draft: Draft, body: dict) -> dict:
        ids = {row["text"]: row["id"] for row in body["items"]}
        if set(draft.content["items"]) != set(ids) or len(draft.content["items"]) != len(ids):
            raise ValueError("the steps are not those that were shown")
        return {"order": [ids[item] for item in draft.content["items"]]}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        texts = {row["id"]: row["text"] for row in body["items"]}
        return {"items": [texts[ident] for ident in key["order"]]}

    def is_usable(self, body: dict, key: dict) -> bool:
        ids = [row["id"] for row in body.get("items", [])]
        return len(ids) >= 2 and sorted(key.get("order", [])) == sorted(ids)

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        # Always mixed: in the author's order the page would tell the answer.
        ids = [row["id"] for row in body["items"]]
        random.shuffle(ids)
        return {"p": ids}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        texts, given = {row["id"]: row["text"] for row in body["items"]}, response or {}
        places = range(1, len(laid["p"]) + 1)
        parts = [Part(texts[ident], choices=[Choice(str(place), str(place), given.get(ident) == place) for place in places]) for ident in laid["p"]]
        return AnswerField(self.template, self.instruction(body), parts=parts)

    def value_of(self, part: str, posted: str, laid: dict) -> Any:
        if not posted:
            return ""
        if not (posted.isascii() and posted.isdigit() and len(posted) < 3):
            raise foreign()
        return int(posted)

    def checked_value(self, part: str, value: Any, laid: dict) -> Any:
        if value == "" or (type(value) is int and 1 <= value <= len(laid["p"])):
            return value
        raise foreign()

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        given, order = response or {}, key["order"]
        at = {}
        for ident, place in given.items():
            at.setdefault(place, []).append(ident)
        sequence = [ids[0] if len(ids) == 1 else None for _place, ids in sorted(at.items())]
        is_whole = len(sequence) == len(order) and None not in sequence
        if body.get("scoring") == Scoring.EXACT or len(order) < 2:
            return Fraction(int(is_whole and sequence == order))
        # Neighbours by place: a place left out between two items parts them.
        placed = {place: ids[0] for place, ids in at.items() if len(ids) == 1}
        right = sum(placed.get(place) == first and placed.get(place + 1) == second
                    for first, second in pairwise(order) for place in placed)
        return Fraction(right, len(order) - 1)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return self.summary(body, {ident: place for place, ident in enumerate(key["order"], 1)})

    def summary(self, body: dict, response: Any) -> list[str]:
        texts = {row["id"]: row["text"] for row in body["items"]}
        return [f"{place}. {texts.get(ident, '')}" for ident, place in sorted((response or {}).items(), key=lambda pair: (pair[1], pair[0]))]
