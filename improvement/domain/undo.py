"""Taking back what was confirmed. Within ten minutes an assignment goes as if it had not been given (decisions 25): no notice has left.

Later a talk may be called off or a course left. Either way a gap for which nothing stands any more is as it was before (decisions 19).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from improvement.domain import remedies
from improvement.domain.assignments import cancel_assignment
from improvement.domain.review import RUNNING
from improvement.enums import AssignmentState, ProposalState, SessionState
from improvement.models import BulkAssignment, Counselling, Guidance, Proposal, TrainingAssignment
from improvement.rules import may_decide
from people.models import Account
from performance.domain.gap_undo import take_back_addressed
from performance.enums import Cause, GapStatus
from performance.models import Gap, GapChange
from performance.models.gap import GapQuerySet

DONE = [AssignmentState.COMPLETED, AssignmentState.VOLUNTARY]


def may_undo(assignment: TrainingAssignment, *, by: Account, at: datetime | None = None) -> list[str]:
    """Within the undo time, by whoever may decide, while nothing was learned from it."""
    if assignment.state != AssignmentState.ACTIVE:
        return [_("This assignment has ended.")]
    if assignment.undo_until is None or assignment.undo_until <= (at or timezone.now()):
        return [_("The ten minutes of undo are over.")]
    return may_decide(assignment.person, by=by)


@transaction.atomic
def undo_assignment(assignment: TrainingAssignment, *, by: Account, at: datetime | None = None) -> TrainingAssignment:
    """The enrolment goes if it was made for this, the offer stands again, and a gap without any other remedy is open again."""
    moment = at or timezone.now()
    rows = TrainingAssignment.objects.select_for_update(of=("self",)).select_related(
        "person", "course", "enrolment", "proposal", "gap__parent", "gap__person")
    assignment = rows.get(pk=assignment.pk)
    if reasons := may_undo(assignment, by=by, at=moment):
        raise RuleViolation(reasons)
    _take_back(assignment, by=by, at=moment)
    return assignment


def may_undo_bulk(bulk: BulkAssignment, *, by: Account, at: datetime | None = None) -> list[str]:
    if bulk.by_id != by.pk:
        return [_("Only who gave these assignments takes them back together.")]
    if bulk.undone_at is not None:
        return [_("These assignments were taken back already.")]
    if bulk.undo_until <= (at or timezone.now()):
        return [_("The ten minutes of undo are over.")]
    return []


@transaction.atomic
def undo_bulk(bulk: BulkAssignment, *, by: Account, at: datetime | None = None) -> int:
    """All of them as one deed; returns how many were taken back. A course that somebody finished meanwhile stays hers."""
    moment = at or timezone.now()
    bulk = BulkAssignment.objects.select_for_update(of=("self",)).get(pk=bulk.pk)
    if reasons := may_undo_bulk(bulk, by=by, at=moment):
        raise RuleViolation(reasons)
    bulk.undone_at = moment
    bulk.save(update_fields=["undone_at"])
    rows = bulk.assignments.active().select_related("person", "course", "enrolment", "proposal", "gap__parent", "gap__person")
    for assignment in rows:
        _take_back(assignment, by=by, at=moment)
    audit.record("assignment.bulk_undone", bulk, by=by, detail={"count": len(rows)}, at=moment)
    return len(rows)


def _take_back(assignment: TrainingAssignment, *, by: Account, at: datetime) -> None:
    proposal, assignment.proposal = assignment.proposal, None
    assignment.save(update_fields=["proposal"])
    cancel_assignment(assignment, reason=_("Taken back"), by=by, at=at, state=AssignmentState.UNDONE)
    if proposal is not None:
        _offer_again(proposal)
    if assignment.gap_id:
        stand_as_before(family_of(assignment.gap), by=by, at=at)


def _offer_again(proposal: Proposal) -> None:
    """An offer of the system stands again; what a person had chosen herself is gone with her choice."""
    proposal.state = ProposalState.PROPOSED if proposal.rank else ProposalState.LAPSED
    proposal.decided_by = proposal.decided_at = None
    proposal.decision_reason = ""
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


# --- a gap for which nothing stands any more --------------------------------------------------------------------------------------------------
def family_of(gap: Gap) -> GapQuerySet:
    """The gap, its case and its parts: all that one remedy may have addressed."""
    return Gap.objects.filter(Q(pk=gap.pk) | Q(pk=gap.parent_id) | Q(parent=gap.pk))


def without_remedy(gaps: GapQuerySet) -> GapQuerySet:
    """Addressed gaps for which nothing stands that a person confirmed since they were last judged: a course for the gap or a part of it, a
    talk on it, or a talk on its case where the cause is no lack of skill."""
    judged = GapChange.objects.judgements().filter(gap=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    fresh, its_own = Q(created_at__gte=OuterRef("since")), Q(gap=OuterRef("pk")) | Q(gap__parent=OuterRef("pk"))
    courses = TrainingAssignment.objects.filter(Q(state=AssignmentState.ACTIVE) | Q(state__in=DONE) & fresh)
    talks = [model.objects.filter(Q(state__in=RUNNING) | Q(state=SessionState.CLOSED) & fresh) for model in (Guidance, Counselling)]
    answered = Q(Exists(courses.filter(its_own)))
    for rows in talks:
        answered |= Q(Exists(rows.filter(its_own))) | ~Q(cause__in=["", Cause.SKILL]) & Q(Exists(rows.filter(gap=OuterRef("parent"))))
    return gaps.filter(status=GapStatus.ADDRESSED).annotate(since=Coalesce(Subquery(judged), "opened_at")).exclude(answered)


def stand_as_before(gaps: GapQuerySet, *, by: Account | None, at: datetime) -> list[Gap]:
    """Those ``without_remedy`` wait for a decision again, and what had been confirmed and was called off is offered again."""
    bare = list(without_remedy(gaps).select_related("person", "parent", "indicator", "last_missed_period", "opened_by__period"))
    for gap in bare:
        take_back_addressed(gap, by=by, at=at)
        remedies.offer_again(gap, at=at)
    remedies.offer_talks(Gap.objects.filter(pk__in=[gap.pk for gap in bare]), at=at)
    return bare
