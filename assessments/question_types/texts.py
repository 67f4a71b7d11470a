"""Text that people write, into the bank or as an answer: kept as lines, without what cannot be seen."""

from __future__ import annotations

import unicodedata

# Joiners that letters and emoji need; every other invisible or direction-changing character could make a text say what it does not.
_KEPT = {"\u200c", "\u200d"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean_typed(text: object) -> str:
    """NFC, lines and spaces kept, without invisible characters (NUL, bidi overrides, lone surrogates): an answer as somebody typed it."""
    joined = unicodedata.normalize("NFC", str(text if text is not None else "").replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in joined if char in "\n\t" or char in _KEPT or unicodedata.category(char) not in _HIDDEN).strip()


def clean_text(text: object) -> str:
    """The same, with spaces at the ends of lines taken out and several made one."""
    return "\n".join(" ".join(line.split()) for line in clean_typed(text).split("\n")).strip()


def clean_line(text: object) -> str:
    """The same on one line."""
    return " ".join(clean_text(text).split())


def shortened(text: str, limit: int = 90) -> str:
    """One line of at most ``limit`` characters, cut at a word."""
    line = clean_line(text)
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
