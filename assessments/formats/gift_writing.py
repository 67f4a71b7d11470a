"""Questions as GIFT. What GIFT has no sign for (points, ways of scoring, units, a rubric) is not in the file; who exports is told
(``domain/export_questions.py`` reads back what was written)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.base import Item

_SIGNS = str.maketrans({**{sign: f"\\{sign}" for sign in "~=#{}:\\"}, "\n": "\\n"})


def text_of_item(item: Item) -> str:
    """One question, without the empty line behind it. ``ValueError``: GIFT has no such type."""
    writer = _WRITERS.get(item.type)
    if writer is None:
        raise ValueError(_("Questions of this type cannot be written in this format."))
    words = item.keywords
    body = writer(words)
    general = f"####{_text(words['explanation'])}" if words.get("explanation") else ""
    name = f"::{_text(item.name)}::" if item.name else ""
    return f"{name}{_text(words['stem'])} {{{body}{general}}}"


def _text(text: Any) -> str:
    """Escaped; what begins like a format (``[html]``) or a weight (``%50%``) says that it is plain text."""
    escaped = str(text).translate(_SIGNS)
    return f"[plain]{escaped}" if escaped.startswith("[") else escaped


def _row(sign: str, text: str, percent: str = "", remark: str = "") -> str:
    weight = f"%{percent}%" if percent else ""
    return f"{sign}{weight}{_text(text)}" + (f"#{_text(remark)}" if remark else "")


def _single(words: Mapping[str, Any]) -> str:
    return " ".join(_row("=" if option.is_correct else "~", option.text, "0" * option.text.startswith("%") if not option.is_correct else
                         "100" * option.text.startswith("%"), option.feedback) for option in words["options"])


def _multiple(words: Mapping[str, Any]) -> str:
    share = 100 / max(sum(option.is_correct for option in words["options"]), 1)
    return " ".join(_row("~", option.text, f"{share:.5f}" if option.is_correct else f"-{share:.5f}", option.feedback) for option in words["options"])


def _truth(words: Mapping[str, Any]) -> str:
    options = words["options"]
    right = next(option for option in options if option.is_correct)
    wrong = next(option for option in options if not option.is_correct)
    remarks = f"#{_text(wrong.feedback)}#{_text(right.feedback)}" if wrong.feedback or right.feedback else ""
    return ("T" if options[0].is_correct else "F") + remarks


def _short(words: Mapping[str, Any]) -> str:
    return " ".join(_row("=", answer["text"], str(answer["percent"]), answer["remark"]) for answer in words["content"]["answers"])


def _number(words: Mapping[str, Any]) -> str:
    rows = [f"=%{answer['percent']}%{answer['value']}:{answer['tolerance']}" + (f"#{_text(answer['remark'])}" if answer["remark"] else "")
            for answer in words["content"]["answers"]]
    return "#" + " ".join(rows)


def _matching(words: Mapping[str, Any]) -> str:
    pairs = [f"={_text(pair['left'])} -> {_text(pair['right'])}" for pair in words["content"]["pairs"]]
    return " ".join([*pairs, *(f"= -> {_text(extra)}" for extra in words["content"]["extra"])])


def _essay(words: Mapping[str, Any]) -> str:
    return ""


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "single": _single, "multiple": _multiple, "true_false": _truth, "short_text": _short, "number": _number, "matching": _matching, "essay": _essay,
}


def written_texts(items: Sequence[Item], one: Callable[[Item], str]) -> tuple[list[str], list[tuple[Item, str]]]:
    """The texts of the items that ``one`` can write, and the others with the reason."""
    texts, left_out = [], []
    for item in items:
        try:
            texts.append(one(item))
        except ValueError as error:
            left_out.append((item, str(error)))
    return texts, left_out
