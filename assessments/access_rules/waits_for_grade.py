"""While a person still grades an attempt, no further one begins: it may not be needed, and its feedback helps the next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.access_rules.base import Situation, StartRule


class WaitsForGrade(StartRule):
    def problems(self, situation: Situation) -> list[str]:
        if any(attempt.is_waiting for attempt in situation.attempts):
            return [_("Your answers are being graded. You will be told as soon as the result is there.")]
        return []
