"""What the loop asks on a day: the questions of days 30 and 60, and on day 90 the call for the review (decisions 17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.dates import local_date
from improvement.domain import loop, transfer
from improvement.enums import TransferDay
from performance.enums import GapStatus
from performance.models import Gap

REVIEW_AFTER = timedelta(days=90)


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
    """Awaiting for 90 days or longer, also without a course; the notice's key makes the call go out once."""
    return Gap.objects.filter(status=GapStatus.AWAITING_REVIEW, awaiting_since__lte=at - REVIEW_AFTER).select_related("person", "indicator", "parent")
