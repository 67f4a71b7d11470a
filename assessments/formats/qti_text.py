"""The text of a QTI element as plain lines. Blocks stand on lines of their own, ``<br/>`` breaks a line, everything else of the markup goes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element

from assessments.formats.base import plain

_BREAK = "<br/>"
_BLOCKS = {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dl", "dt", "dd", "prompt",
           "section", "figure", "figcaption", "itemBody", "rubricBlock", "contentBody", "hr"}
# Never part of what a question says: code, media with what is said in their place, and what is shown only after the answer.
_DROPPED = {"script", "style", "object", "video", "audio", "iframe", "math", "feedbackInline", "feedbackBlock", "modalFeedback",
            "templateBlock", "templateInline", "stylesheet"}
# Two signs of the private area stand around the number of a gap until the structure is known.
_OPENS, _CLOSES = "\ue000", "\ue001"
_PLAIN = str.maketrans("", "", _OPENS + _CLOSES)


def mark(number: int) -> str:
    """What stands in the lines in place of the gap ``number``."""
    return f"{_OPENS}{number}{_CLOSES}"


def has_class(element: Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


def lines_of(element: Element | None, marks: Mapping[Element, str] | None = None) -> str:
    """Lines of what stands inside; in place of an element in ``marks`` stands its text."""
    if element is None:
        return ""
    found: list[str] = []
    _walk(element, found, marks or {})
    return plain("".join(found))


def _walk(element: Element, found: list[str], marks: Mapping[Element, str]) -> None:
    is_block = element.tag in _BLOCKS
    if element.tag == "br":
        found.append(_BREAK)
    elif is_block:
        _break(found)
    _say(_without_signs(element.text), found)
    for child in element:
        if child in marks:
            _put(marks[child], found)
        elif child.tag not in _DROPPED:
            _walk(child, found, marks)
        _say(_without_signs(child.tail), found)
    if is_block:
        _break(found)
    elif element.tag in ("td", "th"):
        found.append(" ")


def _without_signs(text: str | None) -> str:
    return (text or "").translate(_PLAIN)


def _put(text: str, found: list[str]) -> None:
    first, *lines = text.split("\n")
    _say(first, found)
    for line in lines:
        _break(found)
        _say(line, found)


def _break(found: list[str]) -> None:
    if found and found[-1] != _BREAK:
        found.append(_BREAK)


def _say(text: str | None, found: list[str]) -> None:
    """Spaces between blocks, with which authors indent, say nothing."""
    if text and (text.strip() or (found and found[-1] != _BREAK)):
        found.append(escape(text, quote=False))
