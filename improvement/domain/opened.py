"""Telling superiors that gaps were found in their team: at most once a day, and no gap twice, however many files were imported."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Subquery

from core.domain.dates import local_date
from improvement.domain.notices import tell_gaps_opened
from people.models import Account, Notice
from performance.enums import GapStatus
from performance.models import Gap

LOOK_BACK = timedelta(hours=24)
KEY = "gaps:"


def tell_superiors(*, at: datetime) -> int:
    """Superiors with a case opened in the last day that nobody has addressed; how many were told now.

    A superior who was told today is told of later ones tomorrow; what she was told of yesterday evening is not told again this morning.
    """
    fresh = Gap.objects.cases().filter(status=GapStatus.OPEN, opened_at__gt=at - LOOK_BACK, opened_at__lte=at)
    found = fresh.filter(person__placements__ends_on__isnull=True).order_by().values("person__placements__superior")
    newest = dict(found.annotate(last=Max("opened_at")).values_list("person__placements__superior", "last"))
    told_before = Notice.objects.filter(person=OuterRef("pk"), key__startswith=KEY).order_by("-created_at").values("created_at")[:1]
    told = 0
    for superior in Account.objects.filter(is_active=True, pk__in=newest).annotate(told_at=Subquery(told_before)):
        if superior.told_at and (local_date(superior.told_at) == local_date(at) or newest[superior.pk] <= superior.told_at):
            continue
        tell_gaps_opened(superior, key=f"{KEY}{superior.pk}:{local_date(at).isoformat()}", at=at)
        told += 1
    return told
