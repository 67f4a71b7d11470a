"""So many attempts in one series of contexts (``context.series``); the database holds it too: attempt numbers are unique, none is above the limit."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.access_rules.base import Situation, StartRule


class AttemptLimit(StartRule):
    def left(self, situation: Situation) -> int | None:
        """Attempts left; None: no limit."""
        limit = situation.spec.get("attempt_limit")
        return None if limit is None else max(limit - len(situation.attempts), 0)

    def words(self, situation: Situation) -> list[str]:
        limit = situation.spec.get("attempt_limit")
        if limit is None:
            return [_("You may try as often as you like.")]
        return [ngettext("You have one attempt.", "You have %(count)d attempts in all.", limit) % {"count": limit}]

    def problems(self, situation: Situation) -> list[str]:
        if self.left(situation) == 0:
            return [_("All attempts of this quiz are used.")]
        return []
