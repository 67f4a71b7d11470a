"""A time limit: the deadline is stored when the attempt starts and only the server's clock counts. A cut line gets a written grace."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assessments.access_rules.base import AccessRule, Situation

LEAST_GRACE = 60
GRACE_PERCENT = 20


def grace_seconds(minutes: int | None) -> int:
    """How long after the deadline answers of a cut line still arrive: 20 % of the limit, at least a minute."""
    return max(LEAST_GRACE, minutes * 60 * GRACE_PERCENT // 100) if minutes else 0


class TimeLimit(AccessRule):
    def due_at(self, spec: dict, started_at: datetime) -> datetime | None:
        minutes = spec.get("time_limit_minutes")
        return started_at + timedelta(minutes=minutes) if minutes else None

    def words(self, situation: Situation) -> list[str]:
        minutes = situation.spec.get("time_limit_minutes")
        if not minutes:
            return [_("There is no time limit. You may stop and go on later.")]
        return [
            _("You have %(minutes)d minutes from the start, also while the page is closed. What you answered by then is handed in by itself.")
            % {"minutes": minutes}
        ]
