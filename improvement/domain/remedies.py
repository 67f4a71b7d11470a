"""Which remedy is proposed for a gap, and why (domain.md §1.6, decisions 15 and 19). Proposals are offers; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from courses.domain.matching import Candidate, courses_for
from improvement.domain import plans
from improvement.domain.evidence import case_of
from improvement.domain.words import plain
from improvement.enums import AssignmentState, ProposalState, Remedy, SessionState
from improvement.models import Counselling, Proposal, TrainingAssignment
from improvement.rules import may_decide_on
from people.models import Account
from performance.enums import RESULT_ASPECTS, Cause, GapKind, GapStatus
from performance.models import Evaluation, Gap, Indicator
from performance.models.gap import GapQuerySet

COURSES_AT_MOST = 3


# --- at the opening: coaching, because the cause is talked about there ---------------------------------------------------------------------
def propose_coaching(openings: Iterable[tuple[Gap, Evaluation]], *, at: datetime) -> list[Proposal]:
    """Guidance for a result gap, counselling first for behaviour, as the cell of the evaluation says; never twice for one gap, but anew
    where what had been confirmed did not help (the gap persists) or was called off."""
    evaluations = {gap.pk: evaluation for gap, evaluation in openings}
    gaps = Gap.objects.unfinished().filter(pk__in=evaluations).select_related("indicator", "parent", "last_missed_period", "rule").order_by("pk")
    called_off = Q(guidance__state=SessionState.CANCELLED) | Q(counselling__state=SessionState.CANCELLED)
    stands = Q(state=ProposalState.PROPOSED) | Q(state=ProposalState.CONFIRMED) & ~Q(gap__status=GapStatus.PERSISTING) & ~called_off
    present = set(Proposal.objects.filter(stands, gap__in=evaluations).values_list("gap_id", "remedy"))
    known, rows = plans.Plans(), []
    for gap in gaps:
        terms = plans.terms(known.of(evaluations[gap.pk]), gap)
        for rank, remedy in enumerate(plans.coaching_for(gap) if gap.is_case else [], 1):
            if (gap.pk, remedy) not in present:
                rows.append(Proposal(gap=gap, remedy=remedy, rank=rank, reason=_reason(gap) | terms, created_at=at))
    return _offer(rows, at=at)


def _offer(rows: Sequence[Proposal], *, at: datetime) -> list[Proposal]:
    """Writes offers, and tells the audit trail of each, so that none vanishes unseen. What somebody offered at the same moment stands instead."""
    offered = Proposal.objects.filter(gap__in={row.gap_id for row in rows}, state=ProposalState.PROPOSED)
    before = set(offered.values_list("pk", flat=True))
    Proposal.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(offered.exclude(pk__in=before).select_related("gap__person", "course", "release").order_by("pk")) if rows else []
    audit.record_many(
        audit.event("proposal.offered", row, by=None, subject=row.gap.person, detail={"gap": row.gap_id, "remedy": row.remedy}, at=at) for row in made
    )
    return made


def offer_talks(gaps: GapQuerySet, *, at: datetime) -> list[Proposal]:
    """Cases among ``gaps`` that nobody has addressed and that offer nothing get their talk offered; where it was declined, not again."""
    open_offer = Proposal.objects.filter(gap=OuterRef("pk"), state=ProposalState.PROPOSED)
    bare = gaps.cases().filter(~Exists(open_offer), status__in=[GapStatus.OPEN, GapStatus.PERSISTING])
    bare = bare.exclude(proposals__state=ProposalState.DECLINED).select_related("opened_by__period")
    return propose_coaching([(gap, gap.opened_by) for gap in bare], at=at)


# --- after the cause: courses for a lack of skill --------------------------------------------------------------------------------------------
def may_have_courses(gap: Gap) -> list[str]:
    """Cause first; only a lack of skill leads to a course; a course is never the only answer to behaviour (architecture §2, domain.md §0.2)."""
    if gap.is_final:
        return [_("This gap is closed.")]
    if gap.status == GapStatus.AWAITING_REVIEW:
        return [_("This gap awaits its review. Review it first; another course follows if it persists.")]
    if gap.kind == GapKind.RESULT:
        return [_("Courses are proposed for the indicators below this gap.")]
    if not gap.cause:
        return [_("Name the cause first.")]
    if gap.cause != Cause.SKILL:
        return [_("Only a lack of skill is answered by a course.")]
    if case_of(gap).kind == GapKind.BEHAVIOUR and not _has_counselling(case_of(gap)):
        return [_("Support comes first; a course alone is the wrong answer to behaviour.")]
    return []


@transaction.atomic
def propose_courses(gap: Gap, *, at: datetime | None = None) -> list[Proposal]:
    """At most three courses, ranked: level just above the present one, then fewer hours. The reason is stored as it was true now."""
    moment = at or timezone.now()
    if reasons := may_have_courses(gap):
        raise RuleViolation(reasons)
    if not plans.proposes_courses(gap):
        return []
    known = {row.course_id: row for row in gap.proposals.filter(remedy=Remedy.COURSE).exclude(state=ProposalState.LAPSED)}
    free = COURSES_AT_MOST - sum(row.state == ProposalState.PROPOSED for row in known.values())
    new = [offer for offer in _ranked_offers(gap, at=moment) if offer.course.pk not in known][: max(free, 0)]
    taken = max((row.rank for row in known.values()), default=0)
    rows = [
        Proposal(
            gap=gap, remedy=Remedy.COURSE, course=offer.course, release=offer.release, rank=rank, created_at=moment,
            reason=_reason(gap) | {"level": offer.level, "present_level": offer.present_level, "jp": offer.jp, "course": offer.release.title},
        )
        for rank, offer in enumerate(new, taken + 1)
    ]
    _offer(rows, at=moment)
    return list(gap.proposals.filter(remedy=Remedy.COURSE, state=ProposalState.PROPOSED).select_related("course", "release"))


def offer_again(gap: Gap, *, at: datetime) -> list[Proposal]:
    """Courses that were confirmed for the gap and then left stand as offers again, while it may have courses; the former rows stay as they are."""
    if may_have_courses(gap):
        return []
    latest = {row.course_id: row for row in gap.proposals.filter(remedy=Remedy.COURSE).exclude(state=ProposalState.LAPSED).order_by("pk")}
    left = TrainingAssignment.objects.filter(proposal__in=latest.values(), state=AssignmentState.CANCELLED).values_list("proposal_id", flat=True)
    rows = [
        Proposal(gap=gap, remedy=Remedy.COURSE, course_id=row.course_id, release_id=row.release_id, rank=row.rank, reason=row.reason, created_at=at)
        for row in latest.values() if row.rank and row.pk in set(left)
    ]
    return _offer(rows, at=at)


def lapse_courses(gap: Gap, *, at: datetime) -> int:
    """The cause turned out to be another one: courses that nobody confirmed are no longer offered."""
    return gap.proposals.filter(remedy=Remedy.COURSE, state=ProposalState.PROPOSED).update(state=ProposalState.LAPSED, decided_at=at)


def lapse_all(gaps: Sequence[Gap], *, at: datetime) -> int:
    """The gaps are closed: nothing is proposed for them any more."""
    return Proposal.objects.filter(gap__in=gaps, state=ProposalState.PROPOSED).update(state=ProposalState.LAPSED, decided_at=at)


def _ranked_offers(gap: Gap, *, at: datetime) -> list[Candidate]:
    """``courses`` ranks within one indicator; several (behaviour) are merged in the same order, each course once."""
    best: dict[int, Candidate] = {}
    for indicator in _indicators_of(gap):
        for offer in courses_for(indicator, person=gap.person, at=at):
            best.setdefault(offer.course.pk, offer)
    return sorted(best.values(), key=lambda offer: (offer.level <= offer.present_level, offer.level, offer.jp, offer.course.title))


def _indicators_of(gap: Gap) -> list[Indicator]:
    """The gap's own indicator; for behaviour the values rated below, else all seven values."""
    if gap.indicator_id:
        return [gap.indicator]
    values = Indicator.objects.filter(is_active=True).exclude(aspect__in=RESULT_ASPECTS)
    missed = values.filter(scores__evaluation=gap.opened_by_id, scores__is_met=False).distinct()
    return list(missed) or list(values)


def _has_counselling(case: Gap) -> bool:
    return Counselling.objects.filter(gap=case).exclude(state=SessionState.CANCELLED).exists()


# --- deciding ---------------------------------------------------------------------------------------------------------------------------------
def may_settle(proposal: Proposal, *, by: Account) -> list[str]:
    """First wins: a proposal is decided once (decisions 19)."""
    if proposal.state == ProposalState.LAPSED:
        return [_("This proposal is no longer needed.")]
    if proposal.state != ProposalState.PROPOSED:
        who = proposal.decided_by.full_name if proposal.decided_by_id else _("the system")
        return [_("%(who)s has already decided on this proposal.") % {"who": who}]
    return may_decide_on(proposal.gap, by=by)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, reason: str, by: Account, at: datetime | None = None) -> Proposal:
    """Needs a reason; the gap stays as it is (decisions 19)."""
    proposal = locked(proposal)
    reasons = may_settle(proposal, by=by)
    if not reason.strip():
        reasons.append(_("Say why the proposal is declined."))
    if reasons:
        raise RuleViolation(reasons)
    settle(proposal, ProposalState.DECLINED, reason=reason.strip(), by=by, at=at or timezone.now())
    return proposal


def locked(proposal: Proposal) -> Proposal:
    """The row under a lock, so that two deciders cannot both win."""
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    return Proposal.objects.select_related("gap__person", "gap__parent", "gap__indicator", "course", "release", "decided_by").get(pk=proposal.pk)


def settle(proposal: Proposal, state: str, *, by: Account, at: datetime, reason: str = "") -> None:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.decision_reason = state, by, at, reason[:300]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    audit.record(f"proposal.{state}", proposal, by=by, subject=proposal.gap.person, detail={"gap": proposal.gap_id, "remedy": proposal.remedy}, at=at)


def _reason(gap: Gap) -> dict:
    return {
        "indicator": gap.indicator.name if gap.indicator_id else "", "unit": gap.indicator.unit_of_measure if gap.indicator_id else "",
        "value": plain(gap.value), "target": plain(gap.target), "period": gap.last_missed_period.code, "period_label": gap.last_missed_period.label,
        "cause": gap.cause, "severity": gap.severity,
    }


def coaching_proposal(gap: Gap, remedy: str) -> Proposal | None:
    """The open offer of guidance or counselling for the case of ``gap``."""
    return case_of(gap).proposals.filter(remedy=remedy, state=ProposalState.PROPOSED).first()
