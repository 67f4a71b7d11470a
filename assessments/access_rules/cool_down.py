"""Time to read again between two attempts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.access_rules.base import Situation, StartRule
from core.domain.dates import format_daytime


class CoolDown(StartRule):
    def next_at(self, situation: Situation) -> datetime | None:
        hours, limit = situation.spec.get("cool_down_hours") or 0, situation.spec.get("attempt_limit")
        if limit is not None and len(situation.attempts) >= limit:
            return None  # there is no next attempt to wait for
        ended = [attempt.finished_at for attempt in situation.finished if attempt.finished_at]
        if not hours or not ended:
            return None
        opens_at = max(ended) + timedelta(hours=hours)
        return opens_at if situation.at < opens_at else None

    def words(self, situation: Situation) -> list[str]:
        hours = situation.spec.get("cool_down_hours") or 0
        if not hours:
            return []
        return [ngettext("Between two attempts lies an hour.", "Between two attempts lie %(hours)d hours.", hours) % {"hours": hours}]

    def problems(self, situation: Situation) -> list[str]:
        opens_at = self.next_at(situation)
        if opens_at is None:
            return []
        return [_("The next attempt opens on %(when)s. Use the time to read again.") % {"when": format_daytime(opens_at)}]
