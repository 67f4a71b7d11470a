"""Accepted answers that are worth a share each: how authors write them, one a line, and what is the matter with them.

    pelayanan prima                      worth everything
    layanan prima = 50 %  # hampir       worth half, with a remark

Content: ``[{"text": "...", "percent": 100, "remark": ""}]``; numbers carry ``value`` and ``tolerance`` in place of ``text`` (number.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.texts import clean_line

MOST, LONGEST, LONGEST_REMARK = 50, 200, 500
_SHARE = re.compile(r"^(?P<text>.*?)\s*=\s*(?P<percent>\d{1,3})\s*%$")


def from_lines(written: object) -> list[dict[str, Any]]:
    """What an author wrote, one answer a line. ``\\#`` and ``\\=`` stand for the signs themselves."""
    return [_from_line(line) for line in str(written or "").splitlines() if line.strip()]


def _from_line(line: str) -> dict[str, Any]:
    hidden = line.replace("\\#", "\ue000").replace("\\=", "\ue001")
    body, _sign, remark = hidden.partition("#")
    body = body.strip()
    found = _SHARE.match(body)
    text, percent = (found["text"], int(found["percent"])) if found else (body, 100)
    return {"text": _shown(text.strip()), "percent": percent, "remark": _shown(remark.strip())}


def _shown(text: str) -> str:
    return text.replace("\ue000", "#").replace("\ue001", "=")


def to_lines(answers: Sequence[Mapping[str, Any]]) -> str:
    """The way back, lossless."""
    return "\n".join(_to_line(answer) for answer in answers)


def _to_line(answer: Mapping[str, Any]) -> str:
    line = str(answer["text"]).replace("#", "\\#").replace("=", "\\=")
    if answer["percent"] != 100:
        line += f" = {answer['percent']} %"
    return line + (f" # {answer['remark'].replace('#', chr(92) + '#').replace('=', chr(92) + '=')}" if answer["remark"] else "")


def cleaned(answers: object) -> list[dict[str, Any]]:
    """In canonical form; what is no answer at all is left out."""
    rows = answers if isinstance(answers, Sequence) and not isinstance(answers, str) else []
    return [{"text": clean_line(row.get("text")), "percent": share(row.get("percent", 100)), "remark": clean_line(row.get("remark"))}
            for row in rows if isinstance(row, Mapping)]


def share(value: object) -> int:
    """A percent as a whole number; what is none becomes -1, which ``problems`` names."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def problems(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    reasons = []
    if not answers:
        reasons.append(_("Write at least one accepted answer."))
    elif not any(answer["percent"] == 100 for answer in answers):
        reasons.append(_("At least one accepted answer must be worth 100 %."))
    if len(answers) > MOST:
        reasons.append(_("Give at most %(most)d accepted answers.") % {"most": MOST})
    if any(not 0 <= answer["percent"] <= 100 for answer in answers):
        reasons.append(_("An accepted answer is worth 0 to 100 %."))
    if any(len(answer["remark"]) > LONGEST_REMARK for answer in answers):
        reasons.append(_("A remark is longer than %(limit)d characters.") % {"limit": LONGEST_REMARK})
    return reasons


def text_problems(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    reasons = problems(answers)
    if any(not answer["text"] for answer in answers):
        reasons.append(_("An accepted answer is empty."))
    if any(len(answer["text"]) > LONGEST for answer in answers):
        reasons.append(_("An accepted answer is longer than %(limit)d characters.") % {"limit": LONGEST})
    return reasons
