"""A window: the quiz opens and closes at an instant. Whoever is in when it closes is handed in then, with the grace of a cut line; a person
who was given more time keeps all of hers (an accommodation is never cut by a window), but has to begin inside it like everybody."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from assessments.access_rules.base import AccessRule, Situation, StartRule
from assessments.enums import Ending
from core.domain.dates import format_daytime


def instant(value: str | None) -> datetime | None:
    """An instant as the published settings hold it."""
    return datetime.fromisoformat(value) if value else None


class Window(StartRule, AccessRule):
    ending = Ending.WINDOW

    def words(self, situation: Situation) -> list[str]:
        opens_at, closes_at = instant(situation.spec.get("opens_at")), instant(situation.spec.get("closes_at"))
        said = []
        if opens_at and closes_at:
            said = [_("The quiz is open from %(opens)s to %(closes)s.") % {"opens": format_daytime(opens_at), "closes": format_daytime(closes_at)}]
        elif opens_at:
            said = [_("The quiz opens on %(opens)s.") % {"opens": format_daytime(opens_at)}]
        elif closes_at:
            said = [_("The quiz closes on %(closes)s.") % {"closes": format_daytime(closes_at)}]
        if closes_at:
            said.append(_("Begin before it closes; once begun, you keep all of your time.") if self._is_spared(situation) else
                        _("What is answered when it closes is handed in by itself, also when your own time is not over."))
        return said

    def problems(self, situation: Situation) -> list[str]:
        opens_at, closes_at = instant(situation.spec.get("opens_at")), instant(situation.spec.get("closes_at"))
        if opens_at and situation.at < opens_at:
            return [_("This quiz opens on %(opens)s.") % {"opens": format_daytime(opens_at)}]
        if closes_at and situation.at >= closes_at:
            return [_("This quiz closed on %(closes)s. Ask your trainer if you still need it.") % {"closes": format_daytime(closes_at)}]
        return []

    def next_at(self, situation: Situation) -> datetime | None:
        opens_at = instant(situation.spec.get("opens_at"))
        return opens_at if opens_at and situation.at < opens_at else None

    def due_at(self, situation: Situation) -> datetime | None:
        return None if self._is_spared(situation) else instant(situation.spec.get("closes_at"))

    def _is_spared(self, situation: Situation) -> bool:
        allowance = situation.allowance
        return allowance is not None and (allowance.has_no_time_limit or allowance.time_percent > 100)
