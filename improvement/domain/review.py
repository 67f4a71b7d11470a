"""What still stands between a gap and its review, and the review itself: an internal finding, never an evaluation (decisions 17, 18)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from improvement.domain.evidence import add_evidence, deeds_of, review_snapshot
from improvement.enums import EvidenceKind, ReviewVerdict, SessionState
from improvement.models import Counselling, Guidance, Review, TrainingAssignment
from improvement.rules import may_review
from people.models import Account
from performance.enums import GAP_TRANSITIONS, Cause, GapStatus
from performance.models import Gap

RUNNING = (SessionState.PLANNED, SessionState.HELD)
DONE_KINDS = (EvidenceKind.COMPLETION, EvidenceKind.GUIDANCE, EvidenceKind.COUNSELLING)
TO_STATUS = {ReviewVerdict.IMPROVED: GapStatus.IMPROVED, ReviewVerdict.PERSISTING: GapStatus.PERSISTING, ReviewVerdict.WAIVED: GapStatus.WAIVED}


def what_is_open(gap: Gap) -> list[str]:
    """Why the gap does not await its review yet: assignments, talks and agreed actions that have not ended."""
    mine = Q(gap=gap) | Q(gap__parent=gap)
    reasons = [
        _("%(course)s is not finished.") % {"course": assignment.course.title}
        for assignment in TrainingAssignment.objects.active().filter(mine).select_related("course")
    ]
    talks = mine | Q(gap=gap.parent) if gap.parent_id and gap.cause not in ("", Cause.SKILL) else mine
    for guidance in Guidance.objects.filter(talks).exclude(state=SessionState.CANCELLED):
        if guidance.state in RUNNING:
            reasons.append(_("A guidance talk is not closed."))
        elif guidance.action and guidance.action_done_at is None:
            reasons.append(_("What was agreed in a guidance talk is not done yet."))
    if Counselling.objects.filter(talks, state__in=RUNNING).exists():
        reasons.append(_("Support is still under way."))
    return reasons


def may_await(gap: Gap) -> list[str]:
    """Empty when the gap may begin to await its review: addressed, something was done, nothing is open."""
    if gap.status != GapStatus.ADDRESSED:
        return [_("Nothing has been confirmed for this gap yet.")]
    reasons = what_is_open(gap)
    if not reasons and not any(deed.kind in DONE_KINDS for deed in deeds_of(gap)):
        reasons.append(_("Nothing of what was confirmed has been done."))
    return reasons


def may_give_verdict(gap: Gap, verdict: str, *, by: Account) -> list[str]:
    """Also says when the state of the gap does not allow this verdict (decisions 17)."""
    reasons = may_review(gap, by=by)
    if not reasons and gap.status == GapStatus.OPEN and verdict == ReviewVerdict.IMPROVED:
        reasons.append(_("Nothing has been confirmed for this gap yet. It is improved by a measurement, or closed without one."))
    if not reasons and TO_STATUS[ReviewVerdict(verdict)] not in GAP_TRANSITIONS[gap.status]:
        reasons.append(_("This verdict is not possible while the gap is: %(status)s.") % {"status": gap.get_status_display().lower()})
    return reasons


def write_review(gap: Gap, verdict: str, *, finding: str, value: Decimal | None, by: Account, at: datetime) -> Review:
    """The finding with its evidence. ``RuleViolation``: the learner herself, a closed gap, an impossible verdict, no words."""
    reasons = may_give_verdict(gap, verdict, by=by)
    if not finding.strip():
        reasons.append(_("Say what you saw."))
    if reasons:
        raise RuleViolation(reasons)
    review = Review.objects.create(gap=gap, verdict=verdict, finding=finding.strip()[:1000], value=value, by=by, at=at)
    add_evidence(gap, kind=EvidenceKind.REVIEW, obj=review, snapshot=review_snapshot(review), by=by, at=at)
    audit.record("gap.reviewed", gap, by=by, subject=gap.person, detail={"verdict": verdict, "review": review.pk}, at=at)
    return review
