"""What the types answered in sentences share: a large box and, if the author wants it, a word about how much to write.

How much is written is advice, never a condition: an answer that is too short is kept and read all the same.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.base import AnswerField
from assessments.question_types.typed import TypedType

MOST_WORDS = 2_000


def words_in(text: str) -> int:
    return len(text.split())


def whole_number(value: Any) -> int:
    """0 for nothing; -1 for what is no whole number, which ``word_problems`` names."""
    text = str(value if value is not None else "").strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def word_problems(fewest: int, most: int | None = None) -> list[str]:
    reasons = []
    for number in (fewest, *([] if most is None else [most])):
        if not 0 <= number <= MOST_WORDS:
            reasons.append(_("A number of words lies between 0 and %(most)d.") % {"most": MOST_WORDS})
            break
    if most is not None and 0 < most < fewest:
        reasons.append(_("The greatest number of words is below the least."))
    return reasons


class LongTextType(TypedType):
    field_kind = "area"
    longest_value = 20_000

    def advice(self, body: dict) -> str:
        fewest, most = body.get("min_words") or 0, body.get("max_words") or 0
        if fewest and most:
            return _("About %(fewest)d to %(most)d words.") % {"fewest": fewest, "most": most}
        if most:
            return _("At most about %(most)d words.") % {"most": most}
        return _("At least about %(fewest)d words.") % {"fewest": fewest} if fewest else ""

    def form_field(self, body: dict, laid: dict, response: Any) -> AnswerField:
        return AnswerField(self.template, self.instruction(body), self.field_kind, value=response or "", limit=self.longest_value,
                           hint=self.advice(body))
