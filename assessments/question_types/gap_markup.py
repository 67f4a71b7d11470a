"""How an author writes a text with gaps in one field, and back, without loss.

    Loket buka [[lima|5]] hari, dilayani dengan [[=ramah~kasar~acuh]], paling lama [[#12,5 ± 0,5]] menit.

``[[lima|5]]`` is typed, either counts (``lima|5 = 50 % # hampir`` as in variants.py); ``[[=ramah~kasar]]`` is chosen from a list, ``=``
before what is right; ``[[#12,5 ± 0,5]]`` is a number. A backslash before ``| ~ = # ]`` or another backslash takes its meaning away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.question_types import number, variants

_GAP = re.compile(r"\[\[((?:[^\]\\]|\\.|\](?!\]))*)\]\]", re.DOTALL)
_SHOWN_GAP = re.compile(r"\[\[(\d{1,3})\]\]")
_SIGNS = {"\\\\": "\ue010", "\\|": "\ue011", "\\~": "\ue012", "\\]": "\ue013", "\\=": "\ue014", "\\#": "\ue015", "\\[": "\ue016"}


def from_markup(text: object) -> tuple[str, list[dict[str, Any]]]:
    """The text with ``[[1]]``, ``[[2]]`` ... in place of the gaps, and the gaps."""
    gaps: list[dict[str, Any]] = []

    def take(found: re.Match[str]) -> str:
        gaps.append(_gap(found[1]))
        return f"[[{len(gaps)}]]"

    return _GAP.sub(take, str(text or "")), gaps


def to_markup(text: str, gaps: Sequence[Mapping[str, Any]]) -> str:
    def put(found: re.Match[str]) -> str:
        index = int(found[1]) - 1
        return f"[[{_written(gaps[index])}]]" if 0 <= index < len(gaps) else found[0]

    return _SHOWN_GAP.sub(put, text)


def _hidden(text: str) -> str:
    return re.sub(r"\\[\\|~\]=#\[]", lambda found: _SIGNS[found[0]], text)


def _plain(text: str) -> str:
    for sign, hidden in _SIGNS.items():
        text = text.replace(hidden, sign[1])
    return text


def _gap(inner: str) -> dict[str, Any]:
    text = _hidden(inner.strip())
    if text[:1] in ("=", "~"):
        found = re.findall(r"([=~])([^=~]*)", text)
        return {"kind": "choice", "options": [{"text": _plain(words.strip()), "is_correct": sign == "="} for sign, words in found]}
    is_number, text = text.startswith("#"), text.removeprefix("#")
    rows = [row for part in text.split("|") for row in variants.from_lines(_escaped(part))]
    if is_number:
        return {"kind": "number", "answers": [number.answer_of({**row, "text": _plain(row["text"])}) for row in rows]}
    return {"kind": "text", "answers": [{**row, "text": _plain(row["text"]), "remark": _plain(row["remark"])} for row in rows]}


def _escaped(part: str) -> str:
    """``=`` and ``#`` that were taken their meaning, in the words of variants.py."""
    return part.replace(_SIGNS["\\="], "\\=").replace(_SIGNS["\\#"], "\\#")


def _written(gap: Mapping[str, Any]) -> str:
    if gap["kind"] == "choice":
        return "".join(("=" if option["is_correct"] else "~") + _guarded(option["text"]) for option in gap["options"])
    rows = gap["answers"] if gap["kind"] == "text" else [{**row, "text": number.line(row)} for row in gap["answers"]]
    lines = [_line(row) for row in rows]
    return ("#" if gap["kind"] == "number" else "") + "|".join(lines)


def _line(row: Mapping[str, Any]) -> str:
    share = "" if row["percent"] == 100 else f" = {row['percent']} %"
    return f"{_guarded(row['text'])}{share}" + (f" # {_guarded(row['remark'])}" if row["remark"] else "")


def _guarded(text: str) -> str:
    return re.sub(r"[\\|~\]=#\[]", lambda found: "\\" + found[0], text)
