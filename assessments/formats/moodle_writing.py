"""Questions as Moodle XML. What Moodle has no element for (a way of scoring, accents, units, a rubric) stands in an element ``bina`` of ours, as
JSON; Moodle passes over it, and our reader takes it back (``moodle_xml.py``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.formats.base import Item
from assessments.question_types import type_of


def document(elements: Sequence[Element]) -> bytes:
    root = Element("quiz")
    root.extend(elements)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")


def element_of(item: Item) -> Element:
    """One ``question``. ``ValueError``: Moodle has no such type."""
    if item.type not in _WRITERS:
        raise ValueError(_("Questions of this type cannot be written in this format."))
    kind, write = _WRITERS[item.type]
    words = item.keywords
    question = Element("question", type=kind)
    SubElement(SubElement(question, "name"), "text").text = item.name
    _stem(question, item)
    _text(question, "generalfeedback", words.get("explanation", ""))
    SubElement(question, "defaultgrade").text = str(words.get("points", 1))
    write(question, words)
    return question


def add_details(question: Element, details: Mapping[str, Any]) -> None:
    """What the elements of Moodle do not say: ``{"content": {...}, "scoring": "...", "options": [texts]}``."""
    if details:
        SubElement(question, "bina").text = json.dumps(details, ensure_ascii=False, sort_keys=True)


def details_of(item: Item, told: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an item that ``told`` (its keywords as they were read back) does not hold."""
    kind, details = type_of(item.type), {}
    content, back = dict(item.keywords.get("content") or {}), kind.cleaned(told.get("content") or {})
    if lost := {name: value for name, value in content.items() if back.get(name) != value}:
        details["content"] = lost
    scoring = item.keywords.get("scoring") or ""
    if scoring and scoring != (told.get("scoring") or kind.scorings()[0][0]):
        details["scoring"] = scoring
    texts = [option.text for option in item.keywords.get("options") or ()]
    if texts and texts != [option["text"] for option in told.get("options") or ()]:
        details["options"] = texts
    return details


def _text(parent: Element, tag: str, text: Any, **attributes: str) -> Element:
    element = SubElement(parent, tag, format="plain_text", **attributes)
    SubElement(element, "text").text = str(text)
    return element


def _stem(question: Element, item: Item) -> None:
    if item.picture is None:
        _text(question, "questiontext", item.keywords["stem"])
        return
    place = SubElement(question, "questiontext", format="html")
    lines = "<br>".join(escape(line) for line in item.keywords["stem"].split("\n"))
    SubElement(place, "text").text = f'<p>{lines}</p><img src="@@PLUGINFILE@@/{item.picture.name}" alt="{escape(item.picture.alt)}">'
    SubElement(place, "file", name=item.picture.name, encoding="base64").text = base64.b64encode(item.picture.data).decode()


def _answer(question: Element, text: Any, percent: float | int | str, remark: str = "") -> Element:
    answer = _text(question, "answer", text, fraction=f"{percent:.5f}".rstrip("0").rstrip(".") if isinstance(percent, float) else str(percent))
    if remark:
        _text(answer, "feedback", remark)
    return answer


def _choice(question: Element, words: Mapping[str, Any], *, is_single: bool) -> None:
    SubElement(question, "single").text = "true" if is_single else "false"
    SubElement(question, "shuffleanswers").text = "true"
    right = sum(option.is_correct for option in words["options"])
    for option in words["options"]:
        percent = 100.0 / right if option.is_correct else 0.0 if is_single else -100.0 / right
        _answer(question, option.text, percent, option.feedback)


def _truth(question: Element, words: Mapping[str, Any]) -> None:
    for word, option in zip(("true", "false"), words["options"], strict=True):
        _answer(question, word, 100 if option.is_correct else 0, option.feedback)


def _short(question: Element, words: Mapping[str, Any]) -> None:
    SubElement(question, "usecase").text = "1" if words["content"].get("heeds_case") else "0"
    for answer in words["content"]["answers"]:
        _answer(question, answer["text"], answer["percent"], answer["remark"])


def _number(question: Element, words: Mapping[str, Any]) -> None:
    for answer in words["content"]["answers"]:
        element = _answer(question, answer["value"], answer["percent"], answer["remark"])
        SubElement(element, "tolerance").text = answer["tolerance"]


def _matching(question: Element, words: Mapping[str, Any]) -> None:
    SubElement(question, "shuffleanswers").text = "true"
    rows = [(pair["left"], pair["right"]) for pair in words["content"]["pairs"]] + [("", extra) for extra in words["content"]["extra"]]
    for left, right in rows:
        row = _text(question, "subquestion", left)
        SubElement(SubElement(row, "answer"), "text").text = str(right)


def _essay(question: Element, words: Mapping[str, Any]) -> None:
    for name, tag in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if words["content"].get(name):
            SubElement(question, tag).text = str(words["content"][name])
    _text(question, "graderinfo", words["content"].get("guide", ""))


def _ordering(question: Element, words: Mapping[str, Any]) -> None:
    for place, text in enumerate(words["content"]["items"], 1):
        _answer(question, text, place)


_WRITERS: dict[str, tuple[str, Callable[[Element, Mapping[str, Any]], None]]] = {
    "single": ("multichoice", lambda question, words: _choice(question, words, is_single=True)),
    "multiple": ("multichoice", lambda question, words: _choice(question, words, is_single=False)),
    "true_false": ("truefalse", _truth), "short_text": ("shortanswer", _short), "number": ("numerical", _number),
    "matching": ("matching", _matching), "essay": ("essay", _essay), "ordering": ("ordering", _ordering),
}
