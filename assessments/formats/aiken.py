"""Aiken: a question, options ``A)`` or ``A.`` one a line, and ``ANSWER: B``. Plain text; nothing in it is markup.

Source: docs.moodle.org, "Aiken format".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

from django.utils.translation import gettext as _

from assessments.formats.base import Format, Item, Problem, Reading, Written, text_of
from assessments.formats.gift_writing import written_texts

_OPTION = re.compile(r"^([A-Z])[.)]\s+(.+)$")
_ANSWER = re.compile(r"^ANSWER:\s*([A-Z])\s*$", re.IGNORECASE)


class Aiken(Format):
    code, label, endings = "aiken", "Aiken", ("txt",)
    can_write = True

    def is_this(self, data: bytes) -> bool:
        return re.search(rb"^ANSWER:\s*[A-Z]\s*$", data, re.MULTILINE) is not None and b"{" not in data.split(b"ANSWER:")[0]

    def read(self, data: bytes) -> Reading:
        found, stem, options, began = Reading(), [], [], 1
        for number, line in enumerate(text_of(data).split("\n"), 1):
            text = line.strip()
            if answer := _ANSWER.match(text):
                _add(found, began, "\n".join(stem), options, answer[1].upper())
                stem, options = [], []
            elif (option := _OPTION.match(text)) and stem:
                options.append((option[1], option[2].strip()))
            elif text:
                if options:
                    found.problems.append(Problem(_("line %(n)d") % {"n": began}, _("The line with ANSWER is missing.")))
                    stem, options = [], []
                began = number if not stem else began
                stem.append(text)
        if stem:
            found.problems.append(Problem(_("line %(n)d") % {"n": began}, _("The line with ANSWER is missing.")))
        return found

    def write(self, items: Sequence[Item]) -> Written:
        texts, left_out = written_texts(items, _text_of)
        return Written("\n\n".join([*texts, ""]).encode(), len(texts), [Problem(item.where, reason) for item, reason in left_out])


def _text_of(item: Item) -> str:
    """Stem, options and answer; Aiken has no place for anything else. ``ValueError``: no single choice, or lines that would be taken for others."""
    if item.type != "single":
        raise ValueError(_("Questions of this type cannot be written in this format."))
    options = list(zip(ascii_uppercase, item.keywords["options"], strict=False))
    lines = item.keywords["stem"].split("\n")
    if any(not line.strip() or _OPTION.match(line.strip()) or _ANSWER.match(line.strip()) for line in lines):
        raise ValueError(_("The question has lines that this format takes for options or ends."))
    right = next(letter for letter, option in options if option.is_correct)
    return "\n".join([*lines, *(f"{letter}) {option.text}" for letter, option in options), f"ANSWER: {right}"])


def _add(found: Reading, began: int, stem: str, options: list[tuple[str, str]], answer: str) -> None:
    where = _("line %(n)d") % {"n": began}
    if not stem or answer not in [letter for letter, _text in options]:
        found.problems.append(Problem(where, _("The right answer %(letter)s is not among the options.") % {"letter": answer}))
        return
    rows = [{"text": text, "is_correct": letter == answer} for letter, text in options]
    found.items.append(Item(where, "single", {"stem": stem, "options": rows}))
