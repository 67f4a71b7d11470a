"""Healing the loop from its tables: whatever a crash, a bug or a restored backup left undone is done again; the second run changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate
from courses.models import Completion
from improvement.domain import daily, loop, remedies, transfer, undo
from improvement.domain.records import KIND_OF_STATUS, completion_key, write_missing
from improvement.enums import AssignmentState, EvidenceKind, ProposalState, SessionState
from improvement.models import Counselling, Evidence, Guidance, Proposal, TrainingAssignment, TransferQuestion
from performance.enums import FINAL_STATUSES, EvaluationState, GapStatus, RecordKind
from performance.models import Evaluation, Gap, GapChange, PerformanceRecord

PEOPLE_AT_ONCE = 200


def reconcile_loop(*, at: datetime | None = None) -> dict[str, int]:
    """Counts of what was changed, by step; all zero when everything was right. In short transactions, step by step."""
    moment = at or timezone.now()
    healed: Counter = Counter()
    for batch in _evaluations_by_people():
        healed["measurements"] += len(loop.evaluations_finalised(batch, at=moment))
    healed["completions"] += _completions(moment)
    healed["certificates"] += _certificates()
    healed["talks"] += _talks(moment)
    healed["unanswered"] += _unanswered(moment)
    healed["waiting"] += _waiting(moment)
    healed["proposals"] += _proposals(moment)
    healed["closed"] += _closed(moment)
    healed["records"] += _records(moment)
    asked = daily.open_questions(at=moment)
    healed["questions"] += asked["asked"]
    return dict(healed)


def _evaluations_by_people() -> Iterator[list[Evaluation]]:
    """One evaluation a person is enough: all that is final about a person is looked at anew."""
    final = Evaluation.objects.filter(state=EvaluationState.FINAL)
    people = sorted(set(final.order_by().values_list("person_id", flat=True).distinct()))
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        newest: dict[int, Evaluation] = {}
        for evaluation in final.filter(person__in=people[start : start + PEOPLE_AT_ONCE]).select_related("period").in_date_order():
            newest[evaluation.person_id] = evaluation
        yield list(newest.values())


def _completions(at: datetime) -> int:
    """Completed courses that the loop did not hear of: an assignment still active, or no entry in the record."""
    active = set(Completion.objects.filter(enrolment__assignments__state=AssignmentState.ACTIVE).values_list("pk", flat=True))
    entries = set(PerformanceRecord.objects.filter(kind=RecordKind.COMPLETION).values_list("key", flat=True))
    listed = Completion.objects.only("pk").order_by("completed_at", "pk")
    unheard = [done for done in listed if done.pk in active or completion_key(done) not in entries]
    for start in range(0, len(unheard), PEOPLE_AT_ONCE):
        rows = Completion.objects.filter(pk__in=[done.pk for done in unheard[start : start + PEOPLE_AT_ONCE]]).order_by("completed_at", "pk")
        for completion in rows.select_related("enrolment__person", "release", "person", "course"):
            loop.course_completed(completion.enrolment, completion, at=at)
    return len(unheard)


def _certificates() -> int:
    """Certificates issued later (HR's batch, a replacement) that do not stand beside their completion yet."""
    done = 0
    known = set(Evidence.objects.filter(kind=EvidenceKind.CERTIFICATE).values_list("gap_id", "object_id"))
    wanted = Evidence.objects.filter(kind=EvidenceKind.COMPLETION).values_list("gap_id", "object_id")
    by_completion: dict[int, list[int]] = {}
    for gap, completion in wanted:
        by_completion.setdefault(completion, []).append(gap)
    for certificate in Certificate.objects.filter(completion__in=list(by_completion)).order_by("pk"):
        missing = [gap for gap in by_completion[certificate.completion_id] if (gap, certificate.pk) not in known]
        done += len(loop.certificate_issued(certificate, gaps_of=Gap.objects.filter(pk__in=missing))) if missing else 0
    return done


def _talks(at: datetime) -> int:
    """Closed talks without evidence."""
    known = Evidence.objects.filter(kind__in=[EvidenceKind.GUIDANCE, EvidenceKind.COUNSELLING])
    guided, counselled = (known.filter(kind=kind).values("object_id") for kind in (EvidenceKind.GUIDANCE, EvidenceKind.COUNSELLING))
    talks = list(Guidance.objects.filter(state=SessionState.CLOSED, gap__isnull=False).exclude(pk__in=guided).select_related("gap__person"))
    sessions = list(Counselling.objects.filter(state=SessionState.CLOSED, gap__isnull=False).exclude(pk__in=counselled).select_related("gap__person"))
    for talk in talks:
        loop.guidance_closed(talk, at=at)
    for session in sessions:
        loop.counselling_closed(session, at=at)
    return len(talks) + len(sessions)


def _unanswered(at: datetime) -> int:
    """Addressed gaps for which nothing stands any more."""
    with transaction.atomic():
        return len(undo.stand_as_before(Gap.objects.all(), by=None, at=at))


def _waiting(at: datetime) -> int:
    """Addressed gaps whose last remedy has ended; awaiting gaps without their questions."""
    done = 0
    for gap in Gap.objects.filter(status=GapStatus.ADDRESSED).select_related("person", "parent__person"):
        with transaction.atomic():
            loop.await_review_if_ready(gap, at=at)
        done += gap.status == GapStatus.AWAITING_REVIEW
    for gap in Gap.objects.filter(status=GapStatus.AWAITING_REVIEW):
        done += len(transfer.plan_questions(gap, at=at))
    return done


def _proposals(at: datetime) -> int:
    """Cases that nobody has addressed and that offer no talk."""
    return len(remedies.offer_talks(Gap.objects.all(), at=at))


def _closed(at: datetime) -> int:
    """Closed gaps that still ask something of somebody."""
    active = TrainingAssignment.objects.active().filter(gap__status__in=FINAL_STATUSES).values_list("gap_id", flat=True)
    offered = Proposal.objects.filter(state=ProposalState.PROPOSED, gap__status__in=FINAL_STATUSES).values_list("gap_id", flat=True)
    unanswered = TransferQuestion.objects.filter(answered_at__isnull=True, cancelled_at__isnull=True, gap__isnull=False)
    wanted = {*active, *offered, *unanswered.exclude(gap__status=GapStatus.AWAITING_REVIEW).values_list("gap_id", flat=True)}
    if wanted:
        with transaction.atomic():
            final = list(Gap.objects.filter(pk__in=wanted, status__in=FINAL_STATUSES))
            loop.settle_closed(final, at=at)
            transfer.cancel_questions(list(Gap.objects.filter(pk__in=wanted)), at=at)
    return len(wanted)


def _records(at: datetime) -> int:
    """Gaps that were judged oftener than the record says."""
    judged = Counter(GapChange.objects.judgements().values_list("gap_id", "to_status"))
    told = Counter(PerformanceRecord.objects.filter(gap__isnull=False).values_list("gap_id", "kind"))
    missing = {gap for (gap, status), times in judged.items() if told[gap, KIND_OF_STATUS[status]] < times}
    rows = Gap.objects.filter(pk__in=missing).select_related("person", "indicator", "parent", "opened_by__period")
    return sum(write_missing(gap, at=at) for gap in rows)

