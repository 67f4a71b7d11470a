"""The loop, readable from top to bottom: evaluation -> gap -> cause -> proposal -> assignment -> learning -> evidence -> review -> record.

Completion never closes a gap. After learning a gap *awaits its review*, and only a later measurement, or a re-evaluation by somebody other
than the learner, closes it (architecture §2, decisions 15-20). Nothing here is automatic that a person should decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.domain.issue import issue_or_ask_again
from certificates.models import Certificate
from core.domain import audit
from core.domain.errors import RuleViolation
from courses.models import Completion, CoursePage, Enrolment
from improvement.domain import assignments, evidence, notices, records, remedies, transfer, undo
from improvement.domain import review as reviews
from improvement.domain.words import assignment_reason, stored_language
from improvement.enums import EvidenceKind, ProposalState, Remedy, ReviewVerdict, TransferDay
from improvement.models import BulkAssignment, Counselling, Evidence, Guidance, Proposal, Review, TrainingAssignment
from improvement.rules import may_decide_on
from people.models import Account
from performance.domain import gaps
from performance.enums import Cause, GapStatus, RecordKind
from performance.models import Evaluation, Gap

#: What a measurement says about an unfinished gap, and what the record calls it.
VERDICT_OF_EVENT = {"improved": RecordKind.IMPROVED, "persisting": RecordKind.PERSISTING, "waived_by_correction": RecordKind.WAIVED}


# --- 1 and 7. An evaluation opens gaps, and judges those that were open ----------------------------------------------------------------
@transaction.atomic
def evaluations_finalised(evaluations: Sequence[Evaluation], *, at: datetime) -> list:
    """Final evaluations arrived. ``performance`` finds what they mean for each gap; here we draw the consequences.

    A closed gap: open assignments become voluntary, offers lapse, questions stop, the record is written with what had been done before.
    A gap that persists goes to the record too. New and persisting gaps get a talk offered, because the cause comes first.
    """
    outcomes = gaps.apply_evaluations(evaluations, at=at)
    judged = [outcome for outcome in outcomes if outcome.event in VERDICT_OF_EVENT]
    settle_closed([outcome.gap for outcome in judged if outcome.event != "persisting"], at=at)
    transfer.cancel_questions([outcome.gap for outcome in judged], at=at)
    records.write_measured([(outcome.gap, VERDICT_OF_EVENT[outcome.event], outcome.evaluation) for outcome in judged], at=at)
    to_discuss = [(outcome.gap, outcome.evaluation) for outcome in outcomes if outcome.event in ("opened", "persisting")]
    remedies.propose_coaching(to_discuss, at=at)
    return outcomes


def settle_closed(closed: Sequence[Gap], *, at: datetime) -> None:
    """Nothing is asked of anybody for a closed gap any more; what was learned still counts (decisions 20).

    An indicator gap left over from its closed case stands for itself from now on, with a talk of its own offered.
    """
    for assignment in assignments.make_voluntary(closed, at=at):
        _remember_assignment(assignment)
    remedies.lapse_all(closed, at=at)
    transfer.cancel_questions(closed, at=at)
    remedies.offer_talks(Gap.objects.filter(parent__in=closed), at=at)


# --- 2. The cause comes first; only a lack of skill leads to a course ---------------------------------------------------------------------
@transaction.atomic
def agree_on_cause(gap: Gap, cause: str, *, note: str = "", by: Account, at: datetime | None = None) -> list[Proposal]:
    """What superior (or HR) and the person found to be the cause. Courses are offered for skill; everything else is talked about."""
    moment = at or timezone.now()
    if reasons := may_decide_on(gap, by=by):
        raise RuleViolation(reasons)
    gaps.set_cause(gap, cause, note=note, by=by, at=moment)
    gap.refresh_from_db()
    return propose_remedies(gap, at=moment)


@transaction.atomic
def propose_remedies(gap: Gap, *, at: datetime | None = None) -> list[Proposal]:
    """Offers for this gap: ranked courses where skill is lacking, else a guidance talk on its case; each with its stored reason."""
    moment = at or timezone.now()
    if not remedies.may_have_courses(gap):
        return remedies.propose_courses(gap, at=moment)
    if gap.cause != Cause.SKILL:
        remedies.lapse_courses(gap, at=moment)
    case = evidence.case_of(gap)
    remedies.propose_coaching([(case, case.opened_by)], at=moment)
    return list(case.proposals.filter(state=ProposalState.PROPOSED))


# --- 3. A person confirms; never the system ------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm_proposal(
    proposal: Proposal, *, by: Account, due_on: date | None = None, course: CoursePage | None = None, reason: str = "", at: datetime | None = None,
) -> TrainingAssignment:
    """Confirms an offered course, or another ``course`` instead of it: then the offer is kept as declined with its replacement and ``reason``."""
    moment = at or timezone.now()
    proposal = remedies.locked(proposal)
    if reasons := remedies.may_settle(proposal, by=by):
        raise RuleViolation(reasons)
    if proposal.remedy != Remedy.COURSE:
        raise RuleViolation(_("A talk is confirmed by planning it."))
    if course is not None and course.pk != proposal.course_id:
        with stored_language():
            instead = _("Chosen instead: %(course)s") % {"course": course.title}
        remedies.settle(proposal, ProposalState.DECLINED, reason=f"{instead}. {reason.strip()}".strip(), by=by, at=moment)
        return assign_training(proposal.gap, course=course, by=by, due_on=due_on, reason=reason, at=moment)
    return assign_training(proposal.gap, course=proposal.course, by=by, due_on=due_on, reason=reason, at=moment)


@transaction.atomic
def assign_training(
    gap: Gap, *, course: CoursePage, by: Account, due_on: date | None = None, reason: str = "", bulk: BulkAssignment | None = None,
    at: datetime | None = None,
) -> TrainingAssignment:
    """The current superior or the unit's HR gives a course for a gap, never to herself; the first one wins. The gap is then addressed.

    The learner gets the reason in plain words once the ten minutes of undo are over. ``RuleViolation``: see ``assignments.may_assign``.
    """
    moment = at or timezone.now()
    gap = Gap.objects.select_for_update(of=("self",)).select_related("person", "parent", "indicator", "last_missed_period").get(pk=gap.pk)
    if reasons := assignments.may_assign(gap.person, course, gap=gap, due_on=due_on, by=by, at=moment):
        raise RuleViolation(reasons)
    proposal = gap.proposals.filter(remedy=Remedy.COURSE, course=course, state=ProposalState.PROPOSED).first()
    if proposal is None:
        proposal = Proposal.objects.create(
            gap=gap, remedy=Remedy.COURSE, course=course, release=course.current_release, rank=0, created_at=moment,
            reason={"chosen_by": by.pk, "course": course.title, "jp": course.current_release.jp},
        )
    remedies.settle(proposal, ProposalState.CONFIRMED, reason=reason.strip(), by=by, at=moment)
    with stored_language():
        why = assignment_reason(gap, reason)
    given = assignments.create_assignment(
        gap.person, course, gap=gap, proposal=proposal, bulk=bulk, reason=why, due_on=due_on, by=by, at=moment,
    )
    remedy_confirmed(gap, by=by, at=moment)
    return given


@transaction.atomic
def assign_without_gap(
    person: Account, *, course: CoursePage, by: Account, reason: str, due_on: date | None = None, bulk: BulkAssignment | None = None,
    at: datetime | None = None,
) -> TrainingAssignment:
    """A course that answers no measured gap (a new task, a common duty) still needs its reason in words.

    Who gives to the same person at the same moment waits, and is told that she has the course already.
    """
    moment = at or timezone.now()
    person = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    reasons = assignments.may_assign(person, course, due_on=due_on, by=by, at=moment)
    if not reason.strip():
        reasons.append(_("Say in plain words why this course."))
    if reasons:
        raise RuleViolation(reasons)
    return assignments.create_assignment(person, course, reason=reason, due_on=due_on, bulk=bulk, by=by, at=moment)


def remedy_confirmed(gap: Gap, *, by: Account, at: datetime) -> None:
    """A person confirmed a remedy: the gap and its case are addressed; a talk also answers the children whose cause is no lack of skill."""
    case = evidence.case_of(gap)
    reached = {gap.pk: gap, case.pk: case}
    if gap.pk == case.pk:
        reached |= {child.pk: child for child in case.children.exclude(cause__in=["", Cause.SKILL])}
    for one in reached.values():
        if one.status in (GapStatus.OPEN, GapStatus.PERSISTING):
            gaps.move_gap(one, GapStatus.ADDRESSED, by=by, at=at)


def remedy_called_off(gap: Gap, *, by: Account | None, at: datetime) -> None:
    """A talk was cancelled, or the learner left the course. A gap for which nothing else stands waits for a decision again (decisions 19)."""
    undo.stand_as_before(undo.family_of(gap), by=by, at=at)
    await_family_if_ready(evidence.case_of(gap), at=at)


# --- 4. Learning ends: certificate, evidence, and then the wait for a measurement ------------------------------------------------------------
@transaction.atomic
def course_completed(enrolment: Enrolment, completion: Completion, *, at: datetime) -> None:
    """``courses`` has posted the hours. We issue the certificate and put both as evidence on each gap the course was for.

    Also on an unfinished gap of an indicator that the course improves, if the person chose the course herself: the record must say it.
    """
    issued = issue_or_ask_again(completion, at=at)
    ended = assignments.complete_assignments(enrolment, at=at)
    touched = {given.gap_id: given.gap for given in ended if given.gap_id}
    chosen_for = Gap.objects.unfinished().filter(person=enrolment.person_id, indicator__course_indicators__course=enrolment.course_id)
    touched |= {gap.pk: gap for gap in chosen_for}
    for given in ended:
        _remember_assignment(given)
    proofs: dict[str, Evidence] = {}
    for gap in touched.values():
        proofs["completion"] = evidence.add_evidence(
            gap, kind=EvidenceKind.COMPLETION, obj=completion, snapshot=evidence.completion_snapshot(completion, enrolment),
            by=enrolment.person, at=completion.completed_at,
        )
        if isinstance(issued, Certificate):
            proofs["certificate"] = certificate_issued(issued, gaps_of=[gap])[0]
    first = next(iter(touched.values()), None)
    records.write_completion(completion, gap=first, proofs=[evidence.proof(piece) for piece in proofs.values()], at=at)
    for gap in touched.values():
        await_review_if_ready(gap, at=at)


def certificate_issued(certificate: Certificate, *, gaps_of: Iterable[Gap] | None = None) -> list[Evidence]:
    """A certificate, issued at once or after HR's batch, stands as evidence beside its completion."""
    if gaps_of is None:
        gaps_of = Gap.objects.filter(deeds__kind=EvidenceKind.COMPLETION, deeds__object_id=certificate.completion_id)
    return [
        evidence.add_evidence(
            gap, kind=EvidenceKind.CERTIFICATE, obj=certificate, snapshot=evidence.certificate_snapshot(certificate), by=None,
            at=certificate.issued_at,
        )
        for gap in gaps_of
    ]


def _remember_assignment(given: TrainingAssignment) -> None:
    """What was asked, by whom and why, once it has ended or become voluntary (an undone one leaves nothing)."""
    if given.gap_id:
        evidence.add_evidence(
            given.gap, kind=EvidenceKind.ASSIGNMENT, obj=given, snapshot=evidence.assignment_snapshot(given), by=given.by, at=given.created_at,
        )


# --- 5. Talks end: evidence of the agreement, never of what was said ------------------------------------------------------------------------
@transaction.atomic
def guidance_closed(guidance: Guidance, *, at: datetime) -> None:
    """Both confirmed one agreed action. The gap waits on while that action is not done."""
    if guidance.gap_id is None:
        return
    evidence.add_evidence(
        guidance.gap, kind=EvidenceKind.GUIDANCE, obj=guidance, snapshot=evidence.guidance_snapshot(guidance), by=guidance.conductor,
        at=guidance.held_at or at,
    )
    await_family_if_ready(guidance.gap, at=at)


@transaction.atomic
def counselling_closed(counselling: Counselling, *, at: datetime) -> None:
    """That it took place, and when; no name and no word (decisions 24)."""
    if counselling.gap_id is None:
        return
    evidence.add_evidence(
        counselling.gap, kind=EvidenceKind.COUNSELLING, obj=counselling, snapshot=evidence.counselling_snapshot(counselling), by=None,
        at=counselling.held_at or at,
    )
    await_family_if_ready(counselling.gap, at=at)


# --- 6. Ready: the last assignment or agreed action has ended ---------------------------------------------------------------------------------
def await_review_if_ready(gap: Gap, *, at: datetime) -> None:
    """The gap, then its case. The questions of days 30, 60 and 90 run while it waits."""
    for one in dict.fromkeys([gap, evidence.case_of(gap)]):
        if not reviews.may_await(one):
            gaps.move_gap(one, GapStatus.AWAITING_REVIEW, by=None, at=at)
            transfer.plan_questions(one, at=at)


def await_family_if_ready(case: Gap, *, at: datetime) -> None:
    for gap in Gap.objects.filter(Q(pk=case.pk) | Q(parent=case.pk)).select_related("parent", "person"):
        await_review_if_ready(gap, at=at)


def request_review(gap: Gap, *, at: datetime) -> None:
    """Day 90: whoever decides for the person is asked to look again, once for a case and its children. Asking changes nothing else."""
    if gap.status != GapStatus.AWAITING_REVIEW:
        return
    if gap.parent_id is None or gap.parent.status != GapStatus.AWAITING_REVIEW:
        notices.tell_review_due(gap, notices.deciders_for(gap.person), at=at)
    gap.transfer_questions.filter(day=TransferDay.DAY_90, asked_at__isnull=True).update(asked_at=at)


# --- 7. Judged by a person ------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def review(gap: Gap, *, verdict: str, finding: str, value: Decimal | None = None, by: Account, at: datetime | None = None) -> Review:
    """Somebody other than the learner looked again: an internal finding with its words, never an evaluation or a predicate (decisions 18)."""
    moment = at or timezone.now()
    gap = Gap.objects.select_for_update(of=("self",)).select_related("person", "parent", "indicator", "opened_by__period").get(pk=gap.pk)
    written = reviews.write_review(gap, verdict, finding=finding, value=value, by=by, at=moment)
    gaps.move_gap(gap, reviews.TO_STATUS[ReviewVerdict(verdict)], by=by, reason=written.finding[:300], at=moment)
    settle_judged(gap, verdict, by=by, at=moment, written=written)
    return written


@transaction.atomic
def waive(gap: Gap, *, reason: str, by: Account, at: datetime | None = None) -> Gap:
    """Ended without measurement (another post, a wrong target): always with a reason, always in the record (decisions 19)."""
    moment = at or timezone.now()
    gap = Gap.objects.select_for_update(of=("self",)).select_related("person", "parent", "indicator", "opened_by__period").get(pk=gap.pk)
    reasons = may_decide_on(gap, by=by)
    if not reason.strip():
        reasons.append(_("Say why the gap ends without measurement."))
    if reasons:
        raise RuleViolation(reasons)
    gaps.move_gap(gap, GapStatus.WAIVED, by=by, reason=reason.strip()[:300], at=moment)
    settle_judged(gap, RecordKind.WAIVED, by=by, at=moment, reason=reason.strip())
    return gap


def settle_judged(gap: Gap, verdict: str, *, by: Account, at: datetime, written: Review | None = None, reason: str = "") -> None:
    """8. The record; and what is still open ends, or is offered anew when the gap persists."""
    if verdict == RecordKind.PERSISTING:
        transfer.cancel_questions([gap], at=at)
        remedies.propose_coaching([(gap, gap.opened_by)], at=at)
    else:
        settle_closed([gap], at=at)
    records.write_verdict(gap, verdict, review=written, reason=reason or (written.finding if written else ""), by=by, at=at)
    if gap.parent_id:
        await_review_if_ready(gap.parent, at=at)
    audit.record("gap.judged", gap, by=by, subject=gap.person, detail={"verdict": str(verdict)}, at=at)

