"""What every format gives and takes. A format is one small file; the recipe is docs/add-a-format.md.

Reading a file gives *items* in the words of the bank (the keywords of ``bank.create_question``) and *problems* that say where in the file
something could not be taken. What a format can hold and the bank cannot is named, never dropped silently: as a problem when the question
itself is lost, as a note of its item when only a detail is.
"""

from __future__ import annotations

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation

LARGEST = 20_000_000  # bytes of a file
MOST = 5_000  # questions of a file


@dataclass(frozen=True)
class Problem:
    """``where``: as a person finds it in the file, e.g. ``line 12`` or ``question 3 (Q8)``."""

    where: str
    message: str


@dataclass(frozen=True)
class PictureFile:
    """A picture that came with a question, or goes with it. ``name`` is a file name without folders; ``alt`` says in words what it shows."""

    name: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Item:
    """A question that was understood, or is to be written. ``keywords`` are those of ``bank.create_question`` without collection, type and
    name; a written question has them all in canonical form (``stem``, ``explanation``, ``points``, ``scoring``, ``options`` or ``content``)."""

    where: str
    type: str
    keywords: Mapping[str, Any]
    name: str = ""
    notes: list[str] = field(default_factory=list)
    picture: PictureFile | None = None


@dataclass
class Reading:
    """``read`` counts the questions that stand in the file, understood or not."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return len(self.items) + len(self.problems)


@dataclass
class Written:
    """A file and what it does not hold: a question that the format cannot represent is a problem and left out (``count`` holds those that are
    in), a detail that it cannot represent is a problem of a question that is in."""

    data: bytes = b""
    count: int = 0
    problems: list[Problem] = field(default_factory=list)


class Format(ABC):
    """``code`` is what the command takes; ``endings`` are the usual endings of file names, without the dot; the first one names a file that
    is written. ``can_write``: ``write`` is there; what it writes, ``read`` gives back equal."""

    code = ""
    label: Any = ""
    endings: tuple[str, ...] = ()
    content_type = "text/plain; charset=utf-8"
    can_write = False

    @abstractmethod
    def is_this(self, data: bytes) -> bool:
        """Does the file look like this format? Asked in the order of the registry; content counts, the name does not."""

    @abstractmethod
    def read(self, data: bytes) -> Reading:
        """``RuleViolation``: the file as a whole cannot be read."""

    def write(self, items: Sequence[Item]) -> Written:
        """The way back, for formats that have one."""
        raise NotImplementedError(self.code)


def text_of(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else the Windows code page that older programs write. ``RuleViolation``: too
    large, or no text at all."""
    if len(data) > LARGEST:
        raise RuleViolation(_("The file is larger than %(limit)d MB.") % {"limit": LARGEST // 1_000_000})
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "cp1252")):
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise RuleViolation(_("The file is no text."))


_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)


def plain(markup: str) -> str:
    """HTML as lines of text: line breaks kept, everything else of the markup taken out, scripts with what they hold."""
    lines = nh3.clean(_BREAKS.sub("\n", markup.replace("\n", " ")), tags=set())
    return "\n".join(" ".join(line.split()) for line in html.unescape(lines).split("\n")).strip()


def has_picture(markup: str) -> bool:
    return re.search(r"<\s*(?:img|video|audio|object|embed)\b", markup, re.IGNORECASE) is not None


def choice_keywords(options: list[tuple[str, float, str]], *, is_single: bool) -> tuple[str, dict[str, Any], list[str]]:
    """Type, keywords and notes of a question with options ``(text, percent, remark)``, as GIFT and Moodle weigh them.

    One right option: single choice. Several: multiple choice with partial scoring, in which all right ones weigh the same and a wrong one
    takes as much away; other weights are named as lost.
    """
    notes = []
    best = max((percent for _text, percent, _remark in options), default=0)
    if is_single:
        right = [percent == best and best > 0 for _text, percent, _remark in options]
        if any(0 < percent < best for _text, percent, _remark in options):
            notes.append(_("Options that were worth a part of the points are worth nothing now."))
    else:
        right = [percent > 0 for _text, percent, _remark in options]
        if len({percent for _text, percent, _remark in options if percent > 0}) > 1:
            notes.append(_("The right options had different weights; they weigh the same now."))
    rows = [{"text": text, "is_correct": is_right, "feedback": remark} for (text, _percent, remark), is_right in zip(options, right, strict=True)]
    if is_single:
        return "single", {"options": rows}, notes
    return "multiple", {"options": rows, "scoring": "partial"}, notes


def share(percent: float) -> tuple[int, bool]:
    """A weight as a whole percent from 0 to 100, and whether something was lost."""
    whole = min(max(round(percent), 0), 100)
    return whole, abs(whole - percent) > 0.01
