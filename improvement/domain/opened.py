"""Telling superiors that gaps were found in their team: once a day and superior, however many files were imported."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.dates import local_date
from improvement.domain.notices import tell_gaps_opened
from people.models import Account
from performance.enums import GapStatus
from performance.models import Gap

LOOK_BACK = timedelta(hours=24)


def tell_superiors(*, at: datetime) -> int:
    """Superiors with a case opened in the last day that nobody has addressed; how many were told (or had been told today already)."""
    fresh = Gap.objects.cases().filter(status=GapStatus.OPEN, opened_at__gt=at - LOOK_BACK, opened_at__lte=at)
    superiors = Account.objects.filter(
        is_active=True, pk__in=fresh.filter(person__placements__ends_on__isnull=True).values("person__placements__superior"),
    )
    for superior in superiors:
        tell_gaps_opened(superior, key=f"gaps:{superior.pk}:{local_date(at).isoformat()}", at=at)
    return len(superiors)
