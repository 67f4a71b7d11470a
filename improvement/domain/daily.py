"""What the loop asks on a day: the questions of days 30 and 60, and on day 90 the call for the review (decisions 17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.dates import local_date
from improvement.domain import loop, transfer
from improvement.enums import TransferDay
from performance.enums import GapStatus
from performance.models import Gap

REVIEW_AFTER = timedelta(days=90)
CALLED_FOR = timedelta(days=30)  # so long the call is repeated, for whoever decides by then, and after days without the clock


def open_questions(*, at: datetime) -> dict[str, int]:
    """Opens what is due today. Asking again the same day, or after days without the clock, changes nothing more."""
    asked = 0
    for question in transfer.due_questions(on=local_date(at)):
        if question.day != TransferDay.DAY_90:
            transfer.ask(question, at=at)
            asked += 1
    called = 0
    for gap in gaps_due_for_review(at=at):
        loop.request_review(gap, at=at)
        called += 1
    return {"asked": asked, "reviews": called}


def gaps_due_for_review(*, at: datetime):
    """Awaiting for 90 days, also without a course; the notice's key makes the call go out once. After 120 days nobody is looked up any
    more: the gap stays in the list of what awaits a review."""
    due = at - REVIEW_AFTER
    rows = Gap.objects.filter(status=GapStatus.AWAITING_REVIEW, awaiting_since__lte=due, awaiting_since__gt=due - CALLED_FOR)
    return rows.select_related("person", "indicator", "parent")
