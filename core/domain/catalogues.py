"""Whether the shipped translations are complete (used by script/test and a test): no text without one, none that is only a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(r"\n\n+")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Fault:
    kind: str  # untranslated, fuzzy, placeholders
    text: str


def faults(path: Path) -> list[Fault]:
    found = []
    for block in _ENTRY.split(path.read_text()):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        fields = _fields([line for line in lines if not line.startswith("#")])
        text = fields.get("msgid", "")
        if not text:
            continue
        answers = [value for name, value in fields.items() if name.startswith("msgstr")]
        if any(line.startswith("#,") and "fuzzy" in line for line in lines):
            found.append(Fault("fuzzy", text))
        elif not answers or not all(answers):
            found.append(Fault("untranslated", text))
        elif not all(_agrees(answer, text, fields.get("msgid_plural", text)) for answer in answers):
            found.append(Fault("placeholders", text))
    return found


def _agrees(answer: str, *texts: str) -> bool:
    return any(sorted(set(_PLACE.findall(answer))) == sorted(set(_PLACE.findall(text))) for text in texts)


def _fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("msg"):
            name = line.split(" ", 1)[0]
            fields[name] = ""
        if name:
            fields[name] += "".join(_TEXT.findall(line))
    return fields
