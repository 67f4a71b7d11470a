"""A text with gaps to be filled: typed, chosen from a list, or a number. Each gap counts the same.

Content: ``{"text": "Loket buka [[1]] hari dengan [[2]].", "gaps": [...], "heeds_case": false}``, where a gap is ``{"kind": "text",
"answers": [{"text", "percent", "remark"}]}``, ``{"kind": "number", "answers": [{"value", "tolerance", "percent", "remark"}]}`` or
``{"kind": "choice", "options": [{"text", "is_correct"}]}``. Authors write it in one field (gap_markup.py). Response: ``{gap id: text or option id}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types import gap_markup, number, variants
from assessments.question_types.base import AnswerField, Choice, ContentField, Draft, Part
from assessments.question_types.choice import looks, random_names
from assessments.question_types.parts import PartsType, foreign
from assessments.question_types.short_text import best
from assessments.question_types.texts import clean_line, clean_text
from core.domain.errors import RuleViolation

MOST, LONGEST_TEXT, LONGEST_ANSWER = 20, 4_000, 200
_MARK = re.compile(r"\[\[(\d{1,3})\]\]")


class Gaps(PartsType):
    code = Code.GAPS
    label = Code.GAPS.label
    template = "assessments/answer/gaps.html"

    def instruction(self, body: dict) -> str:
        return _("Fill the gaps. Each right one counts.")

    # --- writing -----------------------------------------------------------------------------------------------------------------------
    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("text", gettext_lazy("Text with gaps"), "text", is_required=True, rows=6, longest=12_000, help_text=gettext_lazy(
                "Gaps stand in double brackets: [[lima|5]] is typed, [[=ramah~kasar]] chosen (= before the right word), [[#12,5 ± 0,5]] a number.")),
            ContentField("heeds_case", gettext_lazy("Capital letters count"), "tick"),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        text, gaps = gap_markup.from_markup(values.get("text"))
        return {"text": text, "gaps": gaps, "heeds_case": bool(values.get("heeds_case"))}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": gap_markup.to_markup(content.get("text", ""), content.get("gaps", [])), "heeds_case": content.get("heeds_case", False)}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        gaps = content.get("gaps")
        rows = [_cleaned_gap(gap) for gap in (gaps if isinstance(gaps, (list, tuple)) else []) if isinstance(gap, Mapping)]
        text = content.get("text")
        return {"text": clean_text(text) if isinstance(text, str) else "", "gaps": rows, "heeds_case": bool(content.get("heeds_case"))}

    def problems(self, draft: Draft) -> list[str]:
        text, gaps = draft.content.get("text", ""), draft.content.get("gaps", [])
        reasons = []
        if not gaps:
            reasons.append(_("Write at least one gap, e.g. [[lima|5]]."))
        if len(gaps) > MOST:
            reasons.append(_("Give at most %(most)d gaps.") % {"most": MOST})
        if sorted(int(mark) for mark in _MARK.findall(text)) != list(range(1, len(gaps) + 1)):
            reasons.append(_("Each gap has to stand in the text exactly once."))
        if len(text) > LONGEST_TEXT:
            reasons.append(_("The text is longer than %(limit)d characters.") % {"limit": LONGEST_TEXT})
        for index, gap in enumerate(gaps, 1):
            reasons += [_("Gap %(n)d: %(sentence)s") % {"n": index, "sentence": sentence} for sentence in _gap_problems(gap)]
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        content = draft.content
        shown = []
        for name, gap in zip(random_names(len(content["gaps"]), 2), content["gaps"], strict=True):
            options = [{"id": ident, "text": option["text"]}
                       for ident, option in zip(random_names(len(gap.get("options", ())), 3), gap.get("options", ()), strict=True)]
            shown.append({"id": name, "kind": gap["kind"], **({"options": options} if options else {})})
        body = {"text": content["text"], "gaps": shown, "heeds_case": content["heeds_case"]}
        return body, self.key_for(draft, body), {}

    def key_for(self, draft: Draft, body: dict) -> dict:
        content, key = draft.content, {}
        kinds = [(gap["kind"], [option["text"] for option in gap.get("options", ())]) for gap in content["gaps"]]
        if (content["text"], kinds) != (body["text"], [(gap["kind"], [one["text"] for one in gap.get("options", ())]) for gap in body["gaps"]]):
            raise ValueError("the text is not the one that was shown")
        for shown, gap in zip(body["gaps"], content["gaps"], strict=True):
            if gap["kind"] == "choice":
                options = zip(shown["options"], gap["options"], strict=True)
                key[shown["id"]] = {"correct": [one["id"] for one, option in options if option["is_correct"]]}
            else:
                key[shown["id"]] = {"answers": gap["answers"]}
        return {"gaps": key}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        gaps = []
        for shown in body["gaps"]:
            secret = key["gaps"][shown["id"]]
            if shown["kind"] == "choice":
                gaps.append({"kind": "choice", "options": [
                    {"text": option["text"], "is_correct": option["id"] in secret["correct"]} for option in shown["options"]]})
            else:
                gaps.append({"kind": shown["kind"], "answers": secret["answers"]})
        return {"text": body["text"], "gaps": gaps, "heeds_case": body["heeds_case"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        secrets = key.get("gaps", {})
        return bool(body.get("gaps")) and all(
            secrets.get(gap["id"], {}).get("correct") or any(answer["percent"] == 100 for answer in secrets.get(gap["id"], {}).get("answers", ()))
            for gap in body["gaps"])

    # --- answering ---------------------------------------------------------------------------------------------------------------------
    def lay_out(self, body: dict, *, random: Random, is_shuffled: bool) -> dict:
        # In the order of the text, in which the page posts them.
        laid: dict[str, Any] = {"p": [body["gaps"][int(mark) - 1]["id"] for mark in _MARK.findall(body["text"])], "g": {}}
        for gap in body["gaps"]:
            if gap["kind"] != "choice":
                laid["g"][gap["id"]] = {"k": gap["kind"]}
                continue
            ids = [option["id"] for option in gap["options"]]
            if is_shuffled:
                random.shuffle(ids)
            laid["g"][gap["id"]] = {"k": "choice", "o": ids, "t": random_names(len(ids), 3)}
        return laid

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        given, pieces, gaps = response or {}, _MARK.split(body["text"]), {}
        for gap in body["gaps"]:
            texts, place = {option["id"]: option["text"] for option in gap.get("options", ())}, laid["g"][gap["id"]]
            value = given.get(gap["id"], "")
            gaps[gap["id"]] = Part("", value="" if texts else str(value), kind=gap["kind"], size=LONGEST_ANSWER, choices=[
                Choice(name, texts[ident], ident == value) for ident, name in zip(place.get("o", ()), place.get("t", ()), strict=True)])
        parts = []
        # re.split gives text, number, text, number ... text; the number says which gap stands there. Posts come in the order of the text.
        for index in range(1, len(pieces), 2):
            part = gaps[body["gaps"][int(pieces[index]) - 1]["id"]]
            label = _("Gap %(n)d of %(count)d") % {"n": (index + 1) // 2, "count": len(gaps)}
            parts.append(Part(label, part.value, part.choices, before=pieces[index - 1], kind=part.kind, size=part.size))
        return AnswerField(self.template, self.instruction(body), parts=parts, extra={"after": pieces[-1]})

    def value_of(self, part: str, posted: str, laid: dict) -> Any:
        place = laid["g"][part]
        if place["k"] != "choice":
            return clean_line(posted)
        names = dict(zip(place["t"], place["o"], strict=True))
        if posted and posted not in names:
            raise foreign()
        return names[posted] if posted else ""

    def checked_value(self, part: str, value: Any, laid: dict) -> Any:
        place = laid["g"][part]
        if not isinstance(value, str) or (place["k"] == "choice" and value not in ("", *place["o"])):
            raise foreign()
        text = value if place["k"] == "choice" else clean_line(value)
        if len(text) > LONGEST_ANSWER:
            raise RuleViolation(_("The answer is longer than %(limit)d characters. Shorten it, then save again.") % {"limit": LONGEST_ANSWER})
        if place["k"] == "number" and text and number.parse(text) is None:
            raise RuleViolation(_("“%(text)s” is not a number. Write for example 12,5.") % {"text": text[:40]})
        return text

    # --- after hand-in -----------------------------------------------------------------------------------------------------------------
    def _found(self, gap: dict, value: str, body: dict, key: dict) -> dict | None:
        """The accepted answer that the value meets; ``percent`` says its share."""
        secret = key["gaps"][gap["id"]]
        if not value:
            return None
        if gap["kind"] == "choice":
            return {"percent": 100, "remark": ""} if value in secret["correct"] else None
        if gap["kind"] == "text":
            return best(value, secret["answers"], heeds_case=body["heeds_case"], heeds_accents=False)
        return number.best(number.parse(value), secret["answers"])

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        found = [self._found(gap, (response or {}).get(gap["id"], ""), body, key) for gap in body["gaps"]]
        return sum((Fraction(one["percent"], 100) for one in found if one), Fraction(0)) / len(found)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return [f"{n}: {' / '.join(_right(gap, key['gaps'][gap['id']]))}" for n, gap in enumerate(body["gaps"], 1)]

    def summary(self, body: dict, response: Any) -> list[str]:
        lines = []
        for n, gap in enumerate(body["gaps"], 1):
            texts, value = {option["id"]: option["text"] for option in gap.get("options", ())}, (response or {}).get(gap["id"], "")
            lines += [f"{n}: {texts.get(value, value)}"] if value else []
        return lines

    def remarks(self, response: Any, body: dict, key: dict, feedback: dict) -> list[str]:
        found = [self._found(gap, (response or {}).get(gap["id"], ""), body, key) for gap in body["gaps"]]
        return [one["remark"] for one in found if one and one["remark"]]

    def all_remarks(self, body: dict, key: dict, feedback: dict) -> list[tuple[str, str]]:
        return [(f"{n}: {answer.get('text') or number.line(answer)}", answer["remark"]) for n, gap in enumerate(body["gaps"], 1)
                for answer in key["gaps"][gap["id"]].get("answers", ()) if answer["remark"]]


def _right(gap: dict, secret: dict) -> list[str]:
    if gap["kind"] == "choice":
        return [option["text"] for option in gap["options"] if option["id"] in secret["correct"]]
    return [answer["text"] if gap["kind"] == "text" else number.line(answer) for answer in secret["answers"] if answer["percent"] == 100]


def _cleaned_gap(gap: Mapping[str, Any]) -> dict[str, Any]:
    if gap.get("kind") == "choice":
        given = gap.get("options")
        options = [option for option in (given if isinstance(given, (list, tuple)) else []) if isinstance(option, Mapping)]
        return {"kind": "choice", "options": [{"text": clean_line(one.get("text")), "is_correct": bool(one.get("is_correct"))} for one in options]}
    if gap.get("kind") == "number":
        return {"kind": "number", "answers": number.cleaned_answers(gap.get("answers"))}
    return {"kind": "text", "answers": variants.cleaned(gap.get("answers"))}


def _gap_problems(gap: Mapping[str, Any]) -> list[str]:
    if gap["kind"] == "text":
        return variants.text_problems(gap["answers"])
    if gap["kind"] == "number":
        return variants.problems(gap["answers"]) + number.answer_problems(gap["answers"])
    texts, right = [looks(option["text"]) for option in gap["options"]], sum(option["is_correct"] for option in gap["options"])
    reasons = []
    if not 2 <= len(texts) <= 10 or not all(texts) or len(set(texts)) < len(texts):
        reasons.append(_("a list has 2 to 10 different words."))
    if right != 1:
        reasons.append(_("exactly one word of a list is right."))
    return reasons
