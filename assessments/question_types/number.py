"""A number with a tolerance and, if the author wants it, a unit.

Content: ``{"answers": [{"value": "12.5", "tolerance": "0.5", "percent": 100, "remark": ""}], "unit": "menit", "unit_rule": "none"}``, values
as decimal strings with a point; ``unit_rule``: ``none`` (the unit stands beside the box and is not typed), ``optional``, ``required``.
The response is the text as typed; what is no number is refused while answering, so that nobody loses a point to a slip of the finger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.enums import QuestionType as Code
from assessments.question_types import variants
from assessments.question_types.base import AnswerField, ContentField, Draft
from assessments.question_types.texts import clean_line
from assessments.question_types.typed import TypedType
from core.domain.errors import RuleViolation

LONGEST_UNIT, MOST_DIGITS = 20, 15
UNIT_RULES = (("none", gettext_lazy("Shown beside the box, not typed")), ("optional", gettext_lazy("May be typed")),
              ("required", gettext_lazy("Must be typed")))
_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")


def parse(text: str) -> Decimal | None:
    """A number as people in Indonesia write it: ``12,5``, ``1.250``, ``1.250,75``; also ``12.5``. None: no number.

    A single point before exactly three digits groups thousands (``1.250`` is 1250), as the language has it, except after a leading zero
    (``0.125``). Only the digits 0 to 9, at most 15 of them.
    """
    compact = re.sub(r"[  ]", "", text.strip()).replace("−", "-")
    if sum(char.isdigit() for char in compact) > MOST_DIGITS:
        return None
    if _GROUPED.fullmatch(compact) and not compact.lstrip("+-").startswith("0"):
        return Decimal(compact.replace(".", "").replace(",", "."))
    return Decimal(compact.replace(",", ".")) if _PLAIN.fullmatch(compact) else None


def canonical(text: object) -> str:
    """A stored decimal string (point for decimals, no grouping); what is none comes back as it was, for ``problems`` to name."""
    compact = clean_line(text)
    found = Decimal(compact) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", compact) and len(compact) <= MOST_DIGITS + 2 else None
    return compact if found is None else written(found).replace(",", ".")


def written(value: Decimal) -> str:
    """For people: a decimal comma, no grouping, no zeros at the end."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",") or "0"


def is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) is not None and sum(char.isdigit() for char in text) <= MOST_DIGITS


class Number(TypedType):
    code = Code.NUMBER
    label = Code.NUMBER.label
    field_kind = "number"
    longest_value = 60

    def instruction(self, body: dict) -> str:
        if body.get("unit") and body.get("unit_rule") == "required":
            return _("Type a number and its unit, e.g. 12,5 %(unit)s.") % {"unit": body["unit"]}
        return _("Type a number, e.g. 12,5.")

    def content_fields(self) -> list[ContentField]:
        return [
            ContentField("answers", gettext_lazy("Accepted numbers"), "text", is_required=True, rows=3, longest=6_000, help_text=gettext_lazy(
                # xgettext:no-python-format
                "One a line, with its tolerance: “12,5 ± 0,5”. Where only part of the points is due: “12 ± 1 = 50 % # remark”.")),
            ContentField("unit", gettext_lazy("Unit"), longest=LONGEST_UNIT, help_text=gettext_lazy("For example: menit, %, orang.")),
            ContentField("unit_rule", gettext_lazy("How the unit is treated"), "choice", choices=UNIT_RULES, initial="none"),
        ]

    def content_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        answers = [answer_of(row) for row in variants.from_lines(values.get("answers"))]
        return {"answers": answers, "unit": clean_line(values.get("unit")), "unit_rule": values.get("unit_rule") or "none"}

    def values_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        rows = [{**answer, "text": line(answer)} for answer in content.get("answers", [])]
        return {**content, "answers": variants.to_lines(rows)}

    def cleaned(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {"answers": cleaned_answers(content.get("answers")), "unit": clean_line(content.get("unit")),
                "unit_rule": str(content.get("unit_rule") or "none")}

    def problems(self, draft: Draft) -> list[str]:
        content = draft.content
        reasons = variants.problems(content.get("answers", [])) + answer_problems(content.get("answers", []))
        if len(content.get("unit", "")) > LONGEST_UNIT or re.search(r"[0-9]", content.get("unit", "")):
            reasons.append(_("A unit is a short word without digits."))
        if content.get("unit_rule") not in dict(UNIT_RULES):
            reasons.append(_("This treatment of the unit is unknown."))
        elif content["unit_rule"] != "none" and not content.get("unit"):
            reasons.append(_("Name the unit."))
        return reasons

    def build(self, draft: Draft) -> tuple[dict, dict, dict]:
        body = {"unit": draft.content["unit"], "unit_rule": draft.content["unit_rule"]}
        return body, self.key_for(draft, body), {}

    def key_for(self, draft: Draft, body: dict) -> dict:
        if (body["unit"], body["unit_rule"]) != (draft.content["unit"], draft.content["unit_rule"]):
            raise ValueError("learners were shown the unit")
        return {"answers": draft.content["answers"]}

    def draft_content(self, body: dict, key: dict, feedback: dict) -> dict[str, Any]:
        return {"answers": key["answers"], "unit": body["unit"], "unit_rule": body["unit_rule"]}

    def is_usable(self, body: dict, key: dict) -> bool:
        return any(answer["percent"] == 100 for answer in key.get("answers", []))

    def lay_out(self, body: dict, **more: Any) -> dict:
        # Whether a unit may be typed is looked up when an answer is checked, without reading the question.
        return {"u": body["unit"] if body["unit_rule"] != "none" else "", "m": body["unit_rule"] == "required"}

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        unit = body["unit"] if body["unit_rule"] == "none" else ""
        return AnswerField(self.template, self.instruction(body), self.field_kind, value=response or "", limit=self.longest_value, unit=unit)

    def check(self, response: Any, laid: dict) -> Any:
        text = super().check(response, laid)
        if not text:
            return ""
        if parse(_number_part(text, laid["u"])) is None:
            raise RuleViolation(_("“%(text)s” is not a number. Write for example 12,5.") % {"text": text[:40]})
        if laid["m"] and not _has_unit(text, laid["u"]):
            raise RuleViolation(_("Write the unit as well, e.g. 12,5 %(unit)s.") % {"unit": laid["u"]})
        return text

    def _best(self, response: Any, body: dict, key: dict) -> dict | None:
        return best(parse(_number_part(response or "", body["unit"] if body["unit_rule"] != "none" else "")), key["answers"])

    def grade(self, response: Any, body: dict, key: dict) -> Fraction:
        found = self._best(response, body, key)
        return Fraction(found["percent"], 100) if found else Fraction(0)

    def correct_answer(self, body: dict, key: dict) -> list[str]:
        return [f"{line(answer)} {body['unit']}".strip() for answer in key["answers"] if answer["percent"] == 100]

    def summary(self, body: dict, response: Any) -> list[str]:
        unit = body["unit"] if body["unit_rule"] == "none" else ""
        return [f"{response} {unit}".strip()] if response else []

    def remarks(self, response: Any, body: dict, key: dict, feedback: dict) -> list[str]:
        found = self._best(response, body, key)
        return [found["remark"]] if found and found["remark"] else []

    def all_remarks(self, body: dict, key: dict, feedback: dict) -> list[tuple[str, str]]:
        return [(line(answer), answer["remark"]) for answer in key["answers"] if answer["remark"]]


def best(value: Decimal | None, answers: Sequence[Mapping[str, Any]]) -> Any:
    """The accepted answer worth most among those whose tolerance holds ``value``; None: none does."""
    fitting = [answer for answer in answers if value is not None and abs(value - Decimal(answer["value"])) <= Decimal(answer["tolerance"])]
    return max(fitting, key=lambda answer: answer["percent"], default=None)


def cleaned_answers(given: object) -> list[dict[str, Any]]:
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, (list, tuple)) else []
    return [{"value": canonical(row.get("value")), "tolerance": canonical(row.get("tolerance") or "0"),
             "percent": variants.share(row.get("percent", 100)), "remark": clean_line(row.get("remark"))} for row in rows]


def answer_problems(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    reasons = []
    for answer in answers:
        if not is_number(answer["value"]):
            reasons.append(_("“%(text)s” is not a number. Write for example 12,5.") % {"text": answer["value"][:40]})
        elif not is_number(answer["tolerance"]) or answer["tolerance"].startswith("-"):
            reasons.append(_("“%(text)s” is not a tolerance. Write for example 0,5.") % {"text": answer["tolerance"][:40]})
    return reasons


def _has_unit(text: str, unit: str) -> bool:
    return bool(unit) and text.casefold().rstrip().endswith(unit.casefold())


def _number_part(text: str, unit: str) -> str:
    return text.rstrip()[: -len(unit)] if _has_unit(text, unit) else text


def answer_of(row: Mapping[str, Any]) -> dict[str, Any]:
    value, _sign, tolerance = row["text"].partition("±")
    return {"value": _decimal_text(value), "tolerance": _decimal_text(tolerance) if tolerance.strip() else "0",
            "percent": row["percent"], "remark": row["remark"]}


def _decimal_text(text: str) -> str:
    """What an author typed, as a stored decimal; what is no number stays as it is, for ``problems`` to name."""
    found = parse(text)
    return text.strip() if found is None else written(found).replace(",", ".")


def line(answer: Mapping[str, Any]) -> str:
    value = str(answer["value"]).replace(".", ",")
    return value if answer["tolerance"] in ("0", "") else f"{value} ± {str(answer['tolerance']).replace('.', ',')}"
