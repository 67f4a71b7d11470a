"""The mode in words: what the person meets. What it sets is done when the quiz is published (domain/modes.py)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.access_rules.base import Situation, StartRule
from assessments.enums import Mode


class ModeWords(StartRule):
    def words(self, situation: Situation) -> list[str]:
        if situation.spec.get("mode") == Mode.LEARNING:
            return [_("After each question you may look at the answer at once. What you answered is final then.")]
        if situation.spec.get("mode") == Mode.EXAM:
            return [_("This is an exam: you may mark questions and come back to them; right answers open when the quiz has closed.")]
        return []
