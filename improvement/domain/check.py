"""Walking every chain of the loop and naming each broken link: what the trail shows must exist, belong together and give its hash.

Foreign keys are compared as plain numbers with the rows that are really there, because a row deleted behind the product's back is exactly
what this must find. A dozen lists of ids are read once; nothing is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps

from assessments.enums import AttemptState
from assessments.models import Attempt
from certificates.domain.facts import facts_hash
from certificates.models import Certificate
from core.models import AuditEvent
from courses.enums import CompletionRule
from courses.models import Completion, CourseRelease, Enrolment, LearningHours
from improvement.domain.evidence import is_intact
from improvement.domain.records import KIND_OF_STATUS
from improvement.domain.undo import without_remedy
from improvement.enums import AssignmentState, EvidenceKind, ProposalState, Remedy, SessionState, TransferDay
from improvement.models import Counselling, Evidence, Guidance, Proposal, Review, TrainingAssignment, TransferQuestion
from performance.domain.evaluation_facts import EvaluationFacts, facts_of, hash_of
from performance.domain.scores import is_met
from performance.enums import GAP_TRANSITIONS, EvaluationState, GapKind, GapStatus, Rating
from performance.models import Evaluation, Gap, GapChange, GapEvidence, PerformanceRecord, Score

#: Audited rows that are never deleted: if the audit trail knows one, it must be there.
KEPT = ("improvement.proposal", "improvement.trainingassignment", "improvement.guidance", "improvement.counselling", "improvement.transferquestion",
        "improvement.learnerrequest", "performance.gap", "certificates.certificate", "courses.completion")


@dataclass
class TrailReport:
    gaps: int = 0
    records: int = 0
    links: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, sentence: str) -> None:
        self.links += 1
        if not holds:
            self.broken.append(sentence)


def check_trails() -> TrailReport:
    """All gaps, all records, everything between them. ``broken`` is empty when every chain holds."""
    report, rows = TrailReport(), _Rows()
    _check_evaluations(report, rows)
    for gap in rows.gaps.values():
        report.gaps += 1
        _check_opening(report, rows, gap)
        _check_changes(report, rows, gap)
        _check_end(report, rows, gap)
    _check_remedies(report, rows)
    _check_learning(report, rows)
    _check_evidence(report, rows)
    _check_records(report, rows)
    _check_audited(report)
    return report


class _Rows:
    def __init__(self):
        self.gaps = Gap.objects.in_bulk()
        self.evaluations = Evaluation.objects.in_bulk()
        scores: dict[int, list[Score]] = defaultdict(list)
        for score in Score.objects.all():
            scores[score.evaluation_id].append(score)
        self.facts = {pk: facts_of(evaluation, scores[pk]) for pk, evaluation in self.evaluations.items()}
        self.evidence_of_gap: dict[int, dict[int, bool]] = defaultdict(dict)
        for gap, evaluation, is_miss in GapEvidence.objects.values_list("gap_id", "evaluation_id", "is_miss"):
            self.evidence_of_gap[gap][evaluation] = is_miss
        self.changes: dict[int, list[GapChange]] = defaultdict(list)
        for change in GapChange.objects.order_by("at", "pk"):
            self.changes[change.gap_id].append(change)
        self.judged = Counter(GapChange.objects.judgements().values_list("gap_id", "to_status"))
        self.proposals = Proposal.objects.in_bulk()
        self.assignments = list(TrainingAssignment.objects.standing())
        self.enrolments = Enrolment.objects.in_bulk()
        self.completions = Completion.objects.in_bulk()
        self.evidence = list(Evidence.objects.all())
        self.proven = {(piece.kind, piece.object_id, piece.gap_id) for piece in self.evidence}
        self.records = list(PerformanceRecord.objects.all())
        self.entries = Counter((entry.gap_id, entry.kind) for entry in self.records)
        self.talks: dict[str, list[Guidance] | list[Counselling]] = {
            Remedy.GUIDANCE: list(Guidance.objects.all()), Remedy.COUNSELLING: list(Counselling.objects.all()),
        }
        self.unanswered = set(without_remedy(Gap.objects.all()).values_list("pk", flat=True))
        self.reviews = Review.objects.in_bulk()
        self.questions = list(TransferQuestion.objects.filter(gap__isnull=False))


def _check_evaluations(report: TrailReport, rows: _Rows) -> None:
    """What is frozen gives its hash, its scores included (decisions 13)."""
    for pk, evaluation in rows.evaluations.items():
        if evaluation.state != EvaluationState.DRAFT and evaluation.content_hash:
            report.expect(hash_of(rows.facts[pk]) == evaluation.content_hash, f"evaluation {pk}: its ratings and scores do not give its hash")


# --- a gap: what opened it, how it moved, how it ended -----------------------------------------------------------------------------------
def _check_opening(report: TrailReport, rows: _Rows, gap: Gap) -> None:
    name, known = f"gap {gap.pk}", rows.evidence_of_gap[gap.pk]
    report.expect(gap.opened_by_id in rows.evaluations, f"{name}: the evaluation {gap.opened_by_id} that opened it is gone")
    report.expect(gap.opened_by_id in known, f"{name}: no evidence of the evaluation {gap.opened_by_id} that opened it")
    for evaluation in known:
        report.expect(evaluation in rows.evaluations, f"{name}: evidence names evaluation {evaluation}, which is gone")
    for other in (gap.parent_id, gap.former_id):
        report.expect(other is None or other in rows.gaps, f"{name}: belongs to gap {other}, which is gone")
    if gap.judged_by_id:
        report.expect(gap.judged_by_id in known, f"{name}: no evidence of the evaluation {gap.judged_by_id} that judged it")
    for evaluation, is_miss in known.items():
        said = _says_miss(gap, rows.facts.get(evaluation))
        report.expect(said in (is_miss, None), f"{name}: its evidence is not what evaluation {evaluation} says")
    if gap.status != GapStatus.WAIVED:
        misses = _periods_missed(known, rows)
        report.expect(misses == gap.misses, f"{name}: {gap.misses} misses, but evidence of {misses}")


def _says_miss(gap: Gap, facts: EvaluationFacts | None) -> bool | None:
    """Whether the evaluation lies below the standard in what the gap is about; a score that is gone says nothing of a miss."""
    if facts is None:
        return None  # said already: the evaluation is gone
    if gap.indicator_id is None:
        return Rating.BELOW == (facts.behaviour_rating if gap.kind == GapKind.BEHAVIOUR else facts.result_rating)
    score = facts.scores.get(gap.indicator_id)
    return score is not None and not is_met(target=score.target, realisation=score.realisation, direction=score.direction)


def _periods_missed(known: dict[int, bool], rows: _Rows) -> int:
    """In how many periods the gap was missed: of one period the official evaluation speaks, an internal measurement only without one."""
    speaking: dict[int, tuple[bool, bool]] = {}
    for pk, is_miss in known.items():
        evaluation = rows.evaluations.get(pk)
        if evaluation is not None and evaluation.state == EvaluationState.FINAL:
            found = (not evaluation.is_internal, is_miss)
            speaking[evaluation.period_id] = max(found, speaking.get(evaluation.period_id, found), key=lambda one: one[0])
    return sum(is_miss for _is_official, is_miss in speaking.values())


def _check_changes(report: TrailReport, rows: _Rows, gap: Gap) -> None:
    name, chain = f"gap {gap.pk}", rows.changes[gap.pk]
    opened = bool(chain) and (chain[0].from_status, chain[0].to_status) == ("", GapStatus.OPEN)
    report.expect(opened, f"{name}: no change says that it was opened")
    for former, change in zip(chain, chain[1:], strict=False):
        left, to = change.from_status, change.to_status
        report.expect(former.to_status == left, f"{name}: a change is missing between {former.to_status} and {left}")
        if change.is_reversal:
            allowed = left == GapStatus.ADDRESSED and to == former.from_status
        else:
            allowed = to in GAP_TRANSITIONS.get(left, ())
        report.expect(allowed, f"{name}: moved from {left} to {to}")
    report.expect(gap.pk not in rows.unanswered, f"{name}: addressed, but nothing that was confirmed stands")
    report.expect(not chain or chain[-1].to_status == gap.status, f"{name}: is {gap.status}, but its last change says otherwise")


def _check_end(report: TrailReport, rows: _Rows, gap: Gap) -> None:
    name = f"gap {gap.pk}"
    reviewed = gap.pk in {review.gap_id for review in rows.reviews.values()}
    if gap.status == GapStatus.IMPROVED:
        report.expect(gap.closed_by_evaluation_id in rows.evaluations or reviewed, f"{name}: improved without a measurement or a review")
    for status, kind in KIND_OF_STATUS.items():
        times, told = rows.judged[gap.pk, status], rows.entries[gap.pk, kind]
        report.expect(told == times, f"{name}: judged as {kind} {times} times, but {told} entries in the record say so")


# --- remedies: proposal, decision, assignment, talk -----------------------------------------------------------------------------------------
def _check_remedies(report: TrailReport, rows: _Rows) -> None:
    given_for = {given.proposal_id for given in rows.assignments}
    for offer in rows.proposals.values():
        name = f"proposal {offer.pk} of gap {offer.gap_id}"
        report.expect(offer.gap_id in rows.gaps, f"{name}: the gap is gone")
        if offer.state == ProposalState.CONFIRMED:
            if offer.remedy == Remedy.COURSE:
                followed = offer.pk in given_for
            else:
                followed = any(talk.proposal_id == offer.pk for talk in rows.talks[offer.remedy])
            report.expect(followed and offer.decided_at is not None, f"{name}: confirmed, but nothing follows from it")
    for given in rows.assignments:
        name = f"assignment {given.pk}"
        report.expect(given.enrolment_id in rows.enrolments, f"{name}: its enrolment {given.enrolment_id} is gone")
        if given.gap_id:
            report.expect(given.gap_id in rows.gaps, f"{name}: its gap {given.gap_id} is gone")
            report.expect(given.proposal_id in rows.proposals, f"{name}: no proposal says why")
        if given.gap_id and given.state in (AssignmentState.COMPLETED, AssignmentState.VOLUNTARY):
            report.expect((EvidenceKind.ASSIGNMENT, given.pk, given.gap_id) in rows.proven, f"{name}: ended without evidence")
    for remedy, talks in rows.talks.items():
        for talk in talks:
            if talk.gap_id and talk.state == SessionState.CLOSED:
                report.expect((remedy, talk.pk, talk.gap_id) in rows.proven, f"{remedy} {talk.pk}: closed without evidence")


# --- learning: enrolment, release, attempt, hours, certificate -------------------------------------------------------------------------------
def _check_learning(report: TrailReport, rows: _Rows) -> None:
    releases = dict(CourseRelease.objects.values_list("pk", "completion_rule"))
    attempts = dict(Attempt.objects.filter(state=AttemptState.FINISHED).values_list("pk", "person_id"))
    posted = set(LearningHours.objects.filter(reverses__isnull=True).values_list("person_id", "key"))
    hours = {(person, key.rsplit(":", 1)[0]) for person, key in posted}
    by_enrolment = {done.enrolment_id: done for done in rows.completions.values()}
    entries = {entry.key for entry in rows.records}
    for enrolment in rows.enrolments.values():
        report.expect(enrolment.release_id in releases, f"enrolment {enrolment.pk}: its course revision {enrolment.release_id} is gone")
    for done in rows.completions.values():
        name = f"completion {done.pk}"
        report.expect(done.enrolment_id in rows.enrolments, f"{name}: its enrolment is gone")
        if releases.get(done.release_id) != CompletionRule.LESSONS:
            report.expect(attempts.get(done.attempt_id) == done.person_id, f"{name}: its attempt {done.attempt_id} is gone")
        report.expect((done.person_id, f"course:{done.course_id}:{done.person_id}") in hours, f"{name}: no learning hours were posted")
        report.expect(f"completion:{done.pk}" in entries, f"{name}: no entry in the record")
    for given in rows.assignments:
        if given.state == AssignmentState.COMPLETED:
            done = by_enrolment.get(given.enrolment_id)
            report.expect(done is not None, f"assignment {given.pk}: completed, but the completion is gone")
            if done is not None and given.gap_id:
                report.expect((EvidenceKind.COMPLETION, done.pk, given.gap_id) in rows.proven, f"{name_of(given)}: completed without evidence")
    _check_certificates(report, rows)


def _check_certificates(report: TrailReport, rows: _Rows) -> None:
    gaps_of: dict[int, list[int]] = defaultdict(list)
    for kind, completion, gap in rows.proven:
        if kind == EvidenceKind.COMPLETION:
            gaps_of[completion].append(gap)
    for certificate in Certificate.objects.all():
        name = f"certificate {certificate.pk}"
        report.expect(certificate.completion_id in rows.completions, f"{name}: its completion is gone")
        report.expect(facts_hash(certificate.facts) == certificate.facts_sha256, f"{name}: its facts do not give their hash")
        for gap in gaps_of[certificate.completion_id]:
            report.expect((EvidenceKind.CERTIFICATE, certificate.pk, gap) in rows.proven, f"{name}: no evidence on gap {gap}")


def name_of(given: TrainingAssignment) -> str:
    return f"assignment {given.pk}"


# --- evidence and records: hashes, and what they speak of ---------------------------------------------------------------------------------------
def _check_evidence(report: TrailReport, rows: _Rows) -> None:
    present: dict[str, set[int]] = {}
    for piece in rows.evidence:
        name = f"evidence {piece.pk} of gap {piece.gap_id}"
        if piece.object_kind not in present:
            present[piece.object_kind] = set(apps.get_model(piece.object_kind)._base_manager.values_list("pk", flat=True))
        report.expect(piece.gap_id in rows.gaps, f"{name}: the gap is gone")
        report.expect(piece.object_id in present[piece.object_kind], f"{name}: {piece.object_kind} {piece.object_id} is gone")
        report.expect(is_intact(piece.sha256, piece.snapshot), f"{name}: its content does not give its hash")
    days: dict[int, set[str]] = defaultdict(set)
    for question in rows.questions:
        days[question.enrolment_id].add(question.day)
        if question.answered_at is None:
            continue
        report.expect((EvidenceKind.TRANSFER, question.pk, question.gap_id) in rows.proven, f"question {question.pk}: answered without evidence")
    for enrolment, planned in days.items():
        report.expect(planned == set(TransferDay.values), f"enrolment {enrolment}: a question about its use at work is gone")
    for review in rows.reviews.values():
        report.expect((EvidenceKind.REVIEW, review.pk, review.gap_id) in rows.proven, f"review {review.pk}: no evidence")


def _check_records(report: TrailReport, rows: _Rows) -> None:
    pieces = {piece.pk: piece for piece in rows.evidence}
    for entry in rows.records:
        report.records += 1
        name = f"record {entry.pk}"
        report.expect(entry.gap_id is None or entry.gap_id in rows.gaps, f"{name}: its gap {entry.gap_id} is gone")
        report.expect(bool(entry.evidence), f"{name}: no evidence")
        for piece in entry.evidence:
            report.expect(is_intact(piece["sha256"], piece["snapshot"]), f"{name}: a piece of evidence does not give its hash")
            report.expect(_stands(piece, entry, rows, pieces), f"{name}: {piece['kind']} {piece['id']} is gone")


def _stands(piece: dict, entry: PerformanceRecord, rows: _Rows, pieces: dict[int, Evidence]) -> bool:
    """Evaluations and completions stand by themselves; everything else is a row of evidence."""
    if piece["kind"] == "evaluation":
        return piece["id"] in rows.evaluations
    if entry.gap_id is None:
        return piece["id"] in rows.completions
    kept = pieces.get(piece["id"])
    return kept is not None and kept.sha256 == piece["sha256"]


def _check_audited(report: TrailReport) -> None:
    for label in KEPT:
        known: Iterable[int] = AuditEvent.objects.filter(object_kind=label).values_list("object_id", flat=True).distinct()
        there = set(apps.get_model(label)._base_manager.values_list("pk", flat=True))
        for pk in set(known) - {None}:
            report.expect(pk in there, f"{label} {pk}: the audit trail knows it, but it is gone")
