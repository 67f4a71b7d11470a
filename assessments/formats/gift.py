"""GIFT: Moodle's plain text format. Source: docs.moodle.org, "GIFT format".

Read: single and multiple choice, true/false, short answer, numbers (value:tolerance and ranges), matching, essay, a missing word inside a
sentence. ``$CATEGORY`` lines are named, not followed: the person who imports chooses the shelf.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from assessments.formats.base import Format, Item, Problem, Reading, Written, choice_keywords, plain, share, text_of
from assessments.formats.gift_writing import text_of_item, written_texts

# Escaped signs wait as characters of the private area until the structure is known.
_ESCAPED = {f"\\{sign}": chr(0xE100 + index) for index, sign in enumerate("~=#{}:\\n")}
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"^%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"^(TRUE|FALSE|T|F)\s*(?:#|$)", re.IGNORECASE)


class Gift(Format):
    code, label, endings = "gift", "GIFT", ("gift", "txt")
    can_write = True

    def is_this(self, data: bytes) -> bool:
        return not data.lstrip().startswith((b"<", b"PK")) and re.search(rb"\{[^}]*\}", data, re.DOTALL) is not None

    def read(self, data: bytes) -> Reading:
        found = Reading()
        for line, block in _blocks(text_of(data)):
            where = _("line %(n)d") % {"n": line}
            if block.startswith("$"):
                found.problems.append(Problem(where, _("“%(text)s” is not followed: choose the shelf when you import.") % {"text": block[:60]}))
                continue
            try:
                found.items.append(_item(where, block))
            except ValueError as error:
                found.problems.append(Problem(where, str(error)))
        return found

    def write(self, items: Sequence[Item]) -> Written:
        texts, left_out = written_texts(items, text_of_item)
        return Written("\n\n".join([*texts, ""]).encode(), len(texts), [Problem(item.where, reason) for item, reason in left_out])


def _blocks(text: str) -> list[tuple[int, str]]:
    """Questions with the line they begin at: they end at an empty line outside braces. Comment lines are taken out."""
    blocks: list[tuple[int, str]] = []
    lines, began, depth = [], 0, 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.lstrip().startswith("//"):
            continue
        hidden = _hidden(line)
        if not line.strip() and depth <= 0:
            if lines:
                blocks.append((began, "\n".join(lines).strip()))
            lines, depth = [], 0
            continue
        began = began if lines else number
        lines.append(hidden)
        depth += hidden.count("{") - hidden.count("}")
    if lines:
        blocks.append((began, "\n".join(lines).strip()))
    return blocks


def _hidden(text: str) -> str:
    for sign, char in _ESCAPED.items():
        text = text.replace(sign, char)
    return text


def _shown(text: str, *, markup: str = "moodle") -> str:
    """Text with its format taken off and its escaped signs back."""
    if given := _FORMAT.match(text):
        markup, text = given[1].lower(), text[given.end():]
    for sign, char in _ESCAPED.items():
        text = text.replace(char, "\n" if sign == "\\n" else sign[1])
    return plain(text) if markup == "html" else text.strip()


def _item(where: str, block: str) -> Item:
    name = ""
    if block.startswith("::"):
        name, sign, block = block[2:].partition("::")
        if not sign:
            raise ValueError(_("The name has no end: it needs a second “::”."))
    before, opening, rest = block.partition("{")
    answers, closing, after = rest.rpartition("}")
    if not opening:
        raise ValueError(_("There are no braces with answers."))
    if not closing:
        raise ValueError(_("The closing brace is missing."))
    answers, _sign, general = answers.partition("####")
    notes, tail = [], _shown(after)
    if tail and not any(char.isalnum() for char in tail):
        notes.append(_("“%(text)s” after the closing brace is left out.") % {"text": tail[:20]})
        tail = ""
    stem = _shown(before)
    stem = f"{stem} _____ {tail}" if tail else stem
    type, keywords, more = _answers(answers.strip())
    return Item(where, type, {"stem": stem, "explanation": _shown(general), **keywords}, _shown(name), [*notes, *more])


def _answers(text: str) -> tuple[str, dict[str, Any], list[str]]:
    if not text:
        return "essay", {"content": {}}, []
    if text.startswith("#"):
        return _number(text[1:].strip())
    if _TRUTH.match(text):
        return _truth(text)
    rows = re.findall(r"([=~])((?:(?![=~]).)*)", text, re.DOTALL)
    if not rows:
        raise ValueError(_("The answers cannot be understood."))
    if all(sign == "=" and "->" in body for sign, body in rows):
        return _matching([body for _sign, body in rows])
    found = [_weighted(sign, body) for sign, body in rows]
    if all(sign == "=" for sign, _body in rows):
        return _short(found)
    is_single = any(sign == "=" for sign, _body in rows)
    return choice_keywords(found, is_single=is_single)


def _weighted(sign: str, body: str) -> tuple[str, float, str]:
    body = body.strip()
    weight = _WEIGHT.match(body)
    percent = float(weight[1]) if weight else 100.0 if sign == "=" else 0.0
    text, _sign, remark = (body[weight.end():] if weight else body).partition("#")
    return _shown(text), percent, _shown(remark)


def _short(found: list[tuple[str, float, str]]) -> tuple[str, dict[str, Any], list[str]]:
    answers = [{"text": text, "percent": share(percent)[0], "remark": remark} for text, percent, remark in found]
    notes = [_("A weight was rounded to whole percent.")] if any(share(percent)[1] for _text, percent, _remark in found) else []
    return "short_text", {"content": {"answers": answers}}, notes


def _truth(text: str) -> tuple[str, dict[str, Any], list[str]]:
    word, *remarks = text.split("#")
    is_true = word.strip().upper().startswith("T")
    wrong, right = [_shown(remark) for remark in (*remarks, "", "")][:2]
    return "true_false", {"options": [
        {"text": "", "is_correct": is_true, "feedback": right if is_true else wrong},
        {"text": "", "is_correct": not is_true, "feedback": wrong if is_true else right}]}, []


def _matching(rows: list[str]) -> tuple[str, dict[str, Any], list[str]]:
    pairs, extra = [], []
    for body in rows:
        left, _sign, right = body.partition("->")
        if _shown(left):
            pairs.append({"left": _shown(left), "right": _shown(right)})
        else:
            extra.append(_shown(right))
    return "matching", {"content": {"pairs": pairs, "extra": extra}}, []


def _number(text: str) -> tuple[str, dict[str, Any], list[str]]:
    answers, notes = [], []
    rows = re.findall(r"([=~])((?:(?![=~]).)*)", text, re.DOTALL) if text.startswith(("=", "~")) else [("=", text)]
    if not text.startswith(("=", "~")) and "~" in text:  # "{#3:2~#wrong}": one answer, then what is said to all others
        first, _sign, rest = text.partition("~")
        rows = [("=", first)]
        if "#" in rest:
            notes.append(_("The remark for all other numbers is left out: “%(text)s”.") % {"text": _shown(rest.partition("#")[2])[:80]})
    for sign, body in rows:
        value, percent, remark = _weighted(sign, body)
        if not value:
            notes.append(_("The remark for all other numbers is left out: “%(text)s”.") % {"text": remark[:80]})
            continue
        answers.append({**_value(value), "percent": share(percent)[0], "remark": remark})
    return "number", {"content": {"answers": answers}}, notes


def _value(text: str) -> dict[str, str]:
    """``3:2`` (value and tolerance) or ``1..5`` (a range, whose middle and half width are the same thing)."""
    low, is_range, high = text.partition("..")
    value, _sign, tolerance = text.partition(":")
    try:
        if is_range:
            first, last = Decimal(low.strip()), Decimal(high.strip())
            return {"value": f"{(first + last) / 2:f}", "tolerance": f"{(last - first) / 2:f}"}
        return {"value": f"{Decimal(value.strip()):f}", "tolerance": f"{Decimal(tolerance.strip() or '0'):f}"}
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from None
