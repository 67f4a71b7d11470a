"""Taking an assignment back within ten minutes, as if it had not been given (decisions 25): no notice has left, the gap stands as before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from improvement.domain import remedies
from improvement.domain.assignments import cancel_assignment
from improvement.domain.evidence import case_of
from improvement.enums import AssignmentState, ProposalState, SessionState
from improvement.models import BulkAssignment, Counselling, Guidance, Proposal, TrainingAssignment
from improvement.rules import may_decide
from people.models import Account
from performance.domain.gap_undo import take_back_addressed
from performance.models import Gap

DID_REMAIN = [AssignmentState.ACTIVE, AssignmentState.COMPLETED, AssignmentState.VOLUNTARY]


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
        for gap in dict.fromkeys([assignment.gap, case_of(assignment.gap)]):
            if not has_remedy(gap):
                take_back_addressed(gap, by=by, at=at)


def _offer_again(proposal: Proposal) -> None:
    """An offer of the system stands again; what a person had chosen herself is gone with her choice."""
    proposal.state = ProposalState.PROPOSED if proposal.rank else ProposalState.LAPSED
    proposal.decided_by = proposal.decided_at = None
    proposal.decision_reason = ""
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


def has_remedy(gap: Gap) -> bool:
    """Something that a person confirmed stands for this gap: a course for it (or a child), a talk on its case."""
    family = [gap.pk, *gap.children.values_list("pk", flat=True)]
    if TrainingAssignment.objects.filter(gap__in=family, state__in=DID_REMAIN).exists():
        return True
    if gap.parent_id and remedies.may_have_courses(gap) == []:
        return False  # a lack of skill is not answered by the talk on the case
    case = case_of(gap).pk
    return any(model.objects.filter(gap=case).exclude(state=SessionState.CANCELLED).exists() for model in (Guidance, Counselling))
