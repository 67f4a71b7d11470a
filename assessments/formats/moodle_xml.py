"""Moodle XML. Source: docs.moodle.org, "Moodle XML format"; questions written by Moodle itself are in the tests.

Read: multichoice, truefalse, shortanswer, numerical, matching, essay, ordering. Other types (cloze, calculated, drag and drop ...), hints,
combined feedback, attachments and all pictures but the first of the text are named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from assessments.formats.base import LARGEST, Format, Item, Problem, Reading, Written, choice_keywords, plain, share
from assessments.formats.moodle_media import picture_of
from assessments.formats.moodle_writing import add_details, details_of, document, element_of
from core.domain.errors import RuleViolation

_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def parse_xml(data: bytes) -> Element:
    """The root of an XML file that brings no document type and no entity of its own. ``RuleViolation``: it is none, or too large."""
    if len(data) > LARGEST:
        raise RuleViolation(_("The file is larger than %(limit)d MB.") % {"limit": LARGEST // 1_000_000})
    try:
        return fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise RuleViolation(_("The file is not well-formed XML, or holds definitions that are refused.")) from None


class MoodleXml(Format):
    code, label, endings = "moodle-xml", "Moodle XML", ("xml",)
    content_type = "application/xml"
    can_write = True

    def is_this(self, data: bytes) -> bool:
        return b"<quiz" in data[:2_000] and b"<question" in data

    def read(self, data: bytes) -> Reading:
        root, found = parse_xml(data), Reading()
        if root.tag != "quiz":
            raise RuleViolation(_("The file is no Moodle XML: it does not begin with “quiz”."))
        number = 0
        for question in root.iter("question"):
            kind = question.get("type", "")
            if kind == "category":
                continue
            number += 1
            name = _text(question.find("name"))
            where = _("question %(n)d (%(name)s)") % {"n": number, "name": name or kind}
            try:
                found.items.append(_item(where, kind, name, question))
            except ValueError as error:
                found.problems.append(Problem(where, str(error)))
        return found

    def write(self, items: Sequence[Item]) -> Written:
        elements, written = [], Written()
        for item in items:
            try:
                question = element_of(item)
                add_details(question, details_of(item, _READERS[question.get("type", "")](question)[1]))
            except ValueError as error:
                written.problems.append(Problem(item.where, str(error)))
                continue
            elements.append(question)
        written.data, written.count = document(elements), len(elements)
        return written


def _text(element: Element | None) -> str:
    """What stands in ``<text>``, as plain lines where the format is HTML."""
    if element is None:
        return ""
    inner = element.findtext("text") if element.find("text") is not None else element.text
    is_markup = element.get("format", "html") in ("html", "markdown", "moodle_auto_format")
    return plain(inner or "") if is_markup else (inner or "").strip()


def _item(where: str, kind: str, name: str, question: Element) -> Item:
    reader = _READERS.get(kind)
    if reader is None:
        raise ValueError(_("Questions of the type “%(type)s” cannot be taken over.") % {"type": kind[:40]})
    type, keywords, notes = reader(question)
    picture, left_out = picture_of(question)
    notes += left_out
    if question.find("hint") is not None:
        notes.append(_("Hints are left out."))
    if any(_text(question.find(tag)) for tag in _COMBINED):
        notes.append(_("Feedback on the whole question (right, partly right, wrong) is left out."))
    points = _decimal(question.findtext("defaultgrade") or "1")
    common = {"stem": _text(question.find("questiontext")), "explanation": _text(question.find("generalfeedback")),
              "points": points if points > 0 else Decimal(1)}
    if question.findtext("idnumber"):
        notes.append(_("The ID number is left out."))
    return Item(where, type, {**common, **_with_details(keywords, question.findtext("bina"))}, name, notes, picture)


def _with_details(keywords: dict[str, Any], written: str | None) -> dict[str, Any]:
    """With what our own writer put beside (``moodle_writing.py``). It is judged like everything else; what is no JSON of ours is passed over."""
    try:
        details = json.loads(written or "{}")
    except ValueError:
        return keywords
    if not isinstance(details, dict):
        return keywords
    if isinstance(details.get("content"), dict):
        keywords = {**keywords, "content": {**keywords.get("content", {}), **details["content"]}}
    if isinstance(details.get("scoring"), str):
        keywords = {**keywords, "scoring": details["scoring"]}
    texts, options = details.get("options"), keywords.get("options", [])
    if isinstance(texts, list) and len(texts) == len(options):
        keywords = {**keywords, "options": [{**option, "text": str(text)} for option, text in zip(options, texts, strict=True)]}
    return keywords


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from None
    if not value.is_finite() or abs(value) > 10**12:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return value


def _answers(question: Element) -> list[tuple[str, float, str]]:
    return [(_text(answer), float(_decimal(answer.get("fraction", "0"))), _text(answer.find("feedback"))) for answer in question.findall("answer")]


def _multichoice(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    is_single = (question.findtext("single") or "true").strip().lower() in ("true", "1")
    return choice_keywords(_answers(question), is_single=is_single)


def _truefalse(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    by_word = {text.lower(): (percent, remark) for text, percent, remark in _answers(question)}
    if set(by_word) != {"true", "false"}:
        raise ValueError(_("A statement is either true or false: give exactly two options."))
    return "true_false", {"options": [
        {"text": "", "is_correct": by_word[word][0] > 0, "feedback": by_word[word][1]} for word in ("true", "false")]}, []


def _shortanswer(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    found = _answers(question)
    answers = [{"text": text, "percent": share(percent)[0], "remark": remark} for text, percent, remark in found]
    notes = [_("A weight was rounded to whole percent.")] if any(share(percent)[1] for _text, percent, _remark in found) else []
    return "short_text", {"content": {"answers": answers, "heeds_case": (question.findtext("usecase") or "0").strip() == "1",
                                      "heeds_accents": True}}, notes


def _numerical(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    answers, notes = [], []
    for answer in question.findall("answer"):
        text, remark = _text(answer), _text(answer.find("feedback"))
        if text == "*":
            notes.append(_("The remark for all other numbers is left out: “%(text)s”.") % {"text": remark[:80]})
            continue
        percent, is_lossy = share(float(_decimal(answer.get("fraction", "0"))))
        notes += [_("A weight was rounded to whole percent.")] if is_lossy else []
        answers.append({"value": f"{_decimal(text):f}", "tolerance": f"{_decimal(answer.findtext('tolerance') or '0'):f}", "percent": percent,
                        "remark": remark})
    if question.find("units/unit") is not None:
        notes.append(_("Units are left out; write the unit into the question or choose it in the editor."))
    return "number", {"content": {"answers": answers}}, notes


def _matching(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    pairs, extra = [], []
    for row in question.findall("subquestion"):
        left, right = _text(row), _text(row.find("answer"))
        if left:
            pairs.append({"left": left, "right": right})
        else:
            extra.append(right)
    return "matching", {"content": {"pairs": pairs, "extra": extra}}, []


def _essay(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    words = {name: (question.findtext(tag) or "").strip() for name, tag in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit"))}
    notes = [_("Attachments are left out: the answer is text.")] if (question.findtext("attachments") or "0").strip() not in ("", "0") else []
    if _text(question.find("responsetemplate")):
        notes.append(_("The template of the answer is left out."))
    return "essay", {"content": {**words, "guide": _text(question.find("graderinfo"))}}, notes


def _ordering(question: Element) -> tuple[str, dict[str, Any], list[str]]:
    rows = sorted(question.findall("answer"), key=lambda answer: _decimal(answer.get("fraction", "0")))
    return "ordering", {"content": {"items": [_text(row) for row in rows]}}, []


_READERS = {"multichoice": _multichoice, "truefalse": _truefalse, "shortanswer": _shortanswer, "numerical": _numerical, "matching": _matching,
            "essay": _essay, "ordering": _ordering}
