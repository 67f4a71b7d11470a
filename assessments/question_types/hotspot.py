"""The right place or places on a picture; wrong areas are there to be told apart.

Content: ``{"areas": [{"at": [x, y, r] or [x, y, w, h], "text": "what is there", "is_correct": bool}, ...]}`` in percent of the picture, to a
tenth: a circle by its middle and radius (percent of the width), a rectangle by its upper left corner, width and height. ``"at": []`` is a
line of the editor that could not be read; its ``text`` is the line. Body: options as for a choice, each with ``at``, and ``is_one``: exactly
one area is right, so one is chosen. The areas are numbered on the picture and listed under it, which is how keyboard, screen reader and
pages without script answer. Response and scoring: as for several right answers (``multiple.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.enums import Scoring
from assessments.question_types.base import AnswerField, ContentField, Draft, OptionDraft
from assessments.question_types.multiple import MultipleChoice
from assessments.question_types.texts import clean_line
from core.domain.errors import RuleViolation

# "* 12,5 40 10 : Complaints counter": three numbers or four, a colon, words.
_LINE = re.compile(r"\s*(\*?)\s*((?:\d{1,3}(?:[.,]\d{1,4})?\s+){2,3}\d{1,3}(?:[.,]\d{1,4})?)\s*:(.*)", re.ASCII)
_SMALLEST = 1  # percent: what is smaller cannot be seen


class HotSpot(MultipleChoice):
    code = Code.HOTSPOT
    label = Code.HOTSPOT.label
    has_options = False
    draws_picture = True
    template = "assessments/answer/hotspot.html"

    # --- writing -----------------------------------------------------------------------------------------------------------------------
    def content_fields(self) -> list[ContentField]:
        return [ContentField(
            "areas", gettext_lazy("Places on the picture"), "text", is_required=True, rows=6, longest=12_000,
            help_text=gettext_lazy(
                "One a line, in percent of the picture from the upper left corner, then a colon and what is there; * before a right one. "
                "Circle: across, down, radius, e.g. “* 12,5 40 10 : Complaints counter”. Rectangle: across, down, width, height, e.g. "
                "“60 20 25 15 : Waiting room”."))]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        lines = [line.strip() for line in str(values.get("areas") or "").splitlines()]
        return {"areas": [_area(line) for line in lines if line]}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"areas": "\n".join(_line(area) for area in content.get("areas", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        areas = content.get("areas")
        return {"areas": [
            {"at": _numbers(area.get("at")), "text": clean_line(area.get("text")), "is_correct": bool(area.get("is_correct"))}
            for area in (areas if isinstance(areas, (list, tuple)) else []) if isinstance(area, Mapping)]}

    def problems(self, draft: Draft) -> list[str]:
        areas = draft.content.get("areas", [])
        unread = [area["text"] for area in areas if not area["at"]]
        reasons = [_("This line cannot be read: “%(line)s”. Write three or four numbers, a colon and what is there.") % {"line": line[:60]}
                   for line in unread]
        reasons += [_("“%(name)s” does not lie within the picture, or is too small: all numbers are percent of it.") % {"name": area["text"][:60]}
                    for area in areas if area["at"] and not _lies_within(area["at"])]
        return reasons or super().problems(_with_options(draft))

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        areas = draft.content["areas"]
        body, key, feedback = super().build(_with_options(draft))
        body["options"] = [{**option, "at": area["at"]} for option, area in zip(body["options"], areas, strict=True)]
        return {**body, "is_one": len(key["correct"]) == 1, "picture": dict(draft.picture)}, key, feedback

    def key_for(self, draft: Draft, body: dict) -> dict:
        if "is_one" not in body:  # while it is built
            return super().key_for(draft, body)
        key = super().key_for(_with_options(draft), body)
        if [area["at"] for area in draft.content["areas"]] != [option["at"] for option in body["options"]]:
            raise ValueError("the areas are not those that were shown")
        if (len(key["correct"]) == 1) != body["is_one"]:
            raise ValueError("one place was asked for and would be several, or the other way round")
        return key

    def draft_options(self, body: dict, key: dict, feedback: dict) -> list[OptionDraft]:
        return []

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"areas": [{"at": option["at"], "text": option["text"], "is_correct": option["id"] in key["correct"]} for option in body["options"]]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return super().is_usable(body, key) and bool(body.get("picture"))

    # --- answering ---------------------------------------------------------------------------------------------------------------------
    def instruction(self, body: dict) -> str:
        if body["is_one"]:
            return _("Choose one place: on the picture or in the list under it.")
        if body.get("scoring") == Scoring.EXACT:
            return _("Choose all right places, on the picture or in the list under it. The question counts only when all are right.")
        return _("Choose all right places, on the picture or in the list under it. A right choice adds, a wrong choice takes away.")

    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        return {**super().lay_out(body, random=random, is_shuffled=is_shuffled), "one": body["is_one"]}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        found, picture = super().form_field(body, laid, response), body["picture"]
        places = {option["id"]: option["at"] for option in body["options"]}
        marks = [_mark(places[ident], picture["width"], picture["height"]) for ident in laid["o"]]
        size = max(picture["width"], picture["height"]) // 28
        return replace(found, kind="radio" if laid["one"] else "checkbox",
                       extra={"picture": picture, "marks": marks, "size": str(size), "letter": str(size + size // 4)})

    def read(self, values: list[str], laid: dict) -> Any:
        # A browser sends nothing when no radio button is chosen: that takes nothing back.
        return None if laid["one"] and not values else super().read(values, laid)

    def check(self, response: Any, laid: dict) -> list[str]:
        chosen = super().check(response, laid)
        if laid["one"] and len(chosen) > 1:
            raise RuleViolation(_("Choose one place only."))
        return chosen


def _area(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line)
    if not found:
        return {"at": [], "text": line, "is_correct": False}
    return {"at": [float(number.replace(",", ".")) for number in found[2].split()], "text": found[3].strip(), "is_correct": bool(found[1])}


def _line(area: Mapping[str, Any]) -> str:
    if not area["at"]:
        return str(area["text"])
    return f"{'* ' if area['is_correct'] else ''}{' '.join(f'{number:g}' for number in area['at'])} : {area['text']}"


def _numbers(given: Any) -> list[float]:
    """Three or four numbers to a tenth; empty when they are not."""
    if not isinstance(given, (list, tuple)) or len(given) not in (3, 4):
        return []
    if not all(isinstance(number, (int, float)) and 0 <= number <= 1_000 for number in given):
        return []
    return [round(float(number), 1) for number in given]


def _lies_within(at: list[float]) -> bool:
    """A circle may reach over the edge, its middle may not; a rectangle lies in the picture as a whole."""
    if len(at) == 3:
        return at[0] <= 100 and at[1] <= 100 and _SMALLEST <= at[2] <= 50
    return min(at[2:]) >= _SMALLEST and at[0] + at[2] <= 100.05 and at[1] + at[3] <= 100.05


def _with_options(draft: Draft) -> Draft:
    return replace(draft, options=[OptionDraft(area["text"], area["is_correct"]) for area in draft.content.get("areas", [])])


def _mark(at: list[float], width: int, height: int) -> dict[str, Any]:
    """In whole px of the picture, as text (a template would write numbers as the language does)."""
    x, y = at[0] * width / 100, at[1] * height / 100
    if len(at) == 3:
        return {"x": str(round(x)), "y": str(round(y)), "r": str(round(at[2] * width / 100))}
    wide, high = at[2] * width / 100, at[3] * height / 100
    return {"left": str(round(x)), "top": str(round(y)), "w": str(round(wide)), "h": str(round(high)),
            "x": str(round(x + wide / 2)), "y": str(round(y + high / 2))}
