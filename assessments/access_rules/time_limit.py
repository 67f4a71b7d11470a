"""A time limit: the deadline is stored when the attempt starts and only the server's clock counts. A cut line gets a written grace."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.access_rules.base import AccessRule, Situation
from assessments.enums import Ending
from core.domain.numbers import format_number

LEAST_GRACE = 60
GRACE_PERCENT = 20


def grace_seconds(minutes: int | None, *, closes: bool = False) -> int:
    """How long after the deadline answers of a cut line still arrive: 20 % of the limit, at least a minute. A quiz that only ``closes`` at
    an instant gives the minute as well."""
    if not minutes:
        return LEAST_GRACE if closes else 0
    return max(LEAST_GRACE, minutes * 60 * GRACE_PERCENT // 100)


class TimeLimit(AccessRule):
    ending = Ending.TIME

    def minutes(self, situation: Situation) -> int | None:
        """Her own minutes: the quiz's limit and what she was given, rounded up. None: no limit."""
        limit, allowance = situation.spec.get("time_limit_minutes"), situation.allowance
        if not limit or (allowance and allowance.has_no_time_limit):
            return None
        return -(-limit * (allowance.time_percent if allowance else 100) // 100)

    def due_at(self, situation: Situation) -> datetime | None:
        minutes = self.minutes(situation)
        return situation.at + timedelta(minutes=minutes) if minutes else None

    def words(self, situation: Situation) -> list[str]:
        minutes, limit = self.minutes(situation), situation.spec.get("time_limit_minutes")
        if not minutes:
            given = [_("Your time: no limit, as it was agreed for you.")] if limit else []
            return [*given, _("There is no time limit. You may stop and go on later.")]
        given = []
        if situation.allowance and situation.allowance.time_percent != 100:
            factor = format_number(Decimal(situation.allowance.time_percent) / 100)
            given = [_("Your time: %(minutes)d minutes (%(factor)s times).") % {"minutes": minutes, "factor": factor}]
        return [
            *given,
            _("You have %(minutes)d minutes from the start, also while the page is closed. What you answered by then is handed in by itself.")
            % {"minutes": minutes}
        ]
