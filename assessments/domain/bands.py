"""Feedback by score: from X percent on, these words. Stored as ``[{"from": 80, "text": "..."}]``, highest first."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.question_types.texts import clean_line

MOST_BANDS, LONGEST_TEXT = 10, 300


def parsed(text: str) -> list[dict]:
    """Lines ``80: Sudah sangat baik``. ``ValueError`` with a sentence that names the line."""
    bands = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        percent, colon, words = line.partition(":")
        percent = percent.strip().removesuffix("%").strip()
        if not (colon and percent.isascii() and percent.isdigit() and len(percent) <= 3 and clean_line(words)):
            raise ValueError(_("Line %(number)d: write a percent, a colon and the words, such as “80: Well done”.") % {"number": number})
        bands.append({"from": int(percent), "text": clean_line(words)})
    return sorted(bands, key=lambda band: -band["from"])


def written(bands: list[dict]) -> str:
    """The lines that ``parsed`` reads."""
    return "\n".join(f"{band['from']}: {band['text']}" for band in bands)


def problems(bands: list[dict]) -> list[str]:
    reasons = []
    if len(bands) > MOST_BANDS:
        reasons.append(_("Write at most %(most)d lines of feedback.") % {"most": MOST_BANDS})
    if any(not 0 <= band["from"] <= 100 for band in bands):
        reasons.append(_("Feedback begins at 0 to 100 percent."))
    if len({band["from"] for band in bands}) < len(bands):
        reasons.append(_("Two lines of feedback begin at the same percent."))
    if any(len(band["text"]) > LONGEST_TEXT for band in bands):
        reasons.append(_("A line of feedback has at most %(most)d characters.") % {"most": LONGEST_TEXT})
    return reasons


def words_for(spec: dict, score: Decimal | None) -> str:
    """What belongs to ``score``; empty when it is below all bands or there is no score."""
    if score is None:
        return ""
    return next((band["text"] for band in spec.get("bands", []) if score >= band["from"]), "")
