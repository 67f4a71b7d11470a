"""A word or a short phrase, compared with the answers its author accepts.

Content: ``{"answers": [{"text": "pelayanan prima", "percent": 100, "remark": ""}], "heeds_case": false, "heeds_accents": false}``. In an
accepted answer ``*`` stands for any characters (``\\*`` for a star). Spaces count as one, those at the ends do not count; the best share of
all answers that fit is given.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types import variants
from assessments.question_types.base import ContentField, Draft
from assessments.question_types.texts import clean_line
from assessments.question_types.typed import TypedType


def plain(text: str, *, heeds_case: bool, heeds_accents: bool) -> str:
    """How two texts are compared: forms of one letter made equal; case and accents only where they count."""
    plain_text = unicodedata.normalize("NFKC", clean_line(text))
    if not heeds_accents:
        plain_text = "".join(char for char in unicodedata.normalize("NFD", plain_text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain_text) if heeds_case else unicodedata.normalize("NFC", plain_text).casefold()


def fits(text: str, pattern: str) -> bool:
    """Does ``text`` fit a pattern with ``*``? In steps of the product of both lengths at most, whatever the pattern says."""
    parts = _parts(pattern)
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def _parts(pattern: str) -> list[str]:
    """What stands between the stars."""
    return [part.replace("\ue000", "*") for part in pattern.replace("\\*", "\ue000").split("*")]


def best(text: str, answers: list[dict], *, heeds_case: bool, heeds_accents: bool) -> dict | None:
    """The accepted answer worth most among those that fit; None: none does."""
    given = plain(text, heeds_case=heeds_case, heeds_accents=heeds_accents)
    fitting = [answer for answer in answers if fits(given, plain(answer["text"], heeds_case=heeds_case, heeds_accents=heeds_accents))]
    return max(fitting, key=lambda answer: answer["percent"], default=None)


class ShortText(TypedType):
    code = Code.SHORT_TEXT
    label = Code.SHORT_TEXT.label

    def instruction(self, body: dict) -> str:
        if body.get("heeds_case"):
            return _("Type a short answer. Capital letters count.")
        return _("Type a short answer. Capital letters do not matter.")

    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("answers", gettext_lazy("Accepted answers"), "text", is_required=True, rows=5, longest=12_000, help_text=gettext_lazy(
                # xgettext:no-python-format
                "One a line. Where only part of the points is due: “answer = 50 % # remark”. A star stands for any characters.")),
            ContentField("heeds_case", gettext_lazy("Capital letters count"), "tick"),
            ContentField("heeds_accents", gettext_lazy("Accents count (é is not e)"), "tick"),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {"answers": variants.from_lines(values.get("answers")), "heeds_case": bool(values.get("heeds_case")),
                "heeds_accents": bool(values.get("heeds_accents"))}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {**content, "answers": variants.to_lines(content.get("answers", []))}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"answers": variants.cleaned(content.get("answers")), "heeds_case": bool(content.get("heeds_case")),
                "heeds_accents": bool(content.get("heeds_accents"))}

    def problems(self, draft: Draft) -> list[str]:
        answers = draft.content.get("answers", [])
        reasons = variants.text_problems(answers)
        if any(answer["text"] and answer["percent"] and not any(_parts(answer["text"])) for answer in answers):
            reasons.append(_("A star alone accepts everything: write what the answer must contain."))
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        body = {"heeds_case": draft.content["heeds_case"], "heeds_accents": draft.content["heeds_accents"]}
        return body, self.key_for(draft, body), {}

    def key_for(self, draft: Draft, body: dict) -> dict:
        if body["heeds_case"] != draft.content["heeds_case"]:
            raise ValueError("learners were told whether capital letters count")
        return {"answers": draft.content["answers"], "heeds_accents": draft.content["heeds_accents"]}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"answers": key["answers"], "heeds_case": body["heeds_case"], "heeds_accents": key["heeds_accents"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return any(answer["percent"] == 100 for answer in key.get("answers", []))

    def _best(self, response: Any, body: dict, key: dict) -> dict | None:
        return best(response, key["answers"], heeds_case=body["heeds_case"], heeds_accents=key["heeds_accents"]) if response else None

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        found = self._best(response, body, key)
        return Fraction(found["percent"], 100) if found else Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return [answer["text"].replace("\\*", "*") for answer in key["answers"] if answer["percent"] == 100]

    def remarks(self, response: Any, body: dict, key: dict, feedback: dict) -> list[str]:
        found = self._best(response, body, key)
        return [found["remark"]] if found and found["remark"] else []

    def all_remarks(self, body: dict, key: dict, feedback: dict) -> list[tuple[str, str]]:
        return [(answer["text"], answer["remark"]) for answer in key["answers"] if answer["remark"]]
