"""What the improvement record says: before, after, evidence, who, when, and what had been done before the measurement (decisions 20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from core.domain.dates import format_day, local_date
from core.domain.numbers import format_learning_hours
from core.models import AuditEvent
from courses.models import Completion
from improvement.domain.evidence import (
    completion_snapshot,
    deeds_of,
    deeds_of_many,
    done_words,
    evaluation_snapshot,
    loose_proof,
    proof,
)
from improvement.domain.notices import tell_records_proposed
from improvement.domain.words import gap_title, measure, plain, stored_language
from improvement.models import Evidence, Review
from people.models import Account
from performance.domain import record
from performance.enums import GapKind, GapStatus, RecordKind
from performance.models import Evaluation, Gap, GapChange, PerformanceRecord, Score

#: Each change to one of these statuses is a judgement, and owes the record one entry of that kind.
KIND_OF_STATUS: dict[str, str] = {
    GapStatus.IMPROVED: RecordKind.IMPROVED, GapStatus.PERSISTING: RecordKind.PERSISTING, GapStatus.WAIVED: RecordKind.WAIVED,
}


def verdict_key(gap: Gap, verdict: str, *, evaluation: Evaluation | None = None, review: Review | None = None) -> str:
    """One entry for one judgement: the same measurement never writes twice."""
    if evaluation is not None:
        return f"gap:{gap.pk}:{verdict}:evaluation:{evaluation.pk}"
    return f"gap:{gap.pk}:{verdict}:review:{review.pk}" if review is not None else f"gap:{gap.pk}:{verdict}:decision"


def completion_key(completion: Completion) -> str:
    return f"completion:{completion.pk}"


def write_measured(judged: Sequence[tuple[Gap, str, Evaluation]], *, at: datetime) -> list[PerformanceRecord]:
    """The entries of many gaps that measurements judged: what they need is read once, and each person is told once."""
    deeds, scores = deeds_of_many([gap for gap, _verdict, _evaluation in judged]), _scores(judged)
    drafts = [
        _entry(gap, verdict, evaluation=evaluation, reason=gap.closing_reason, deeds=deeds[gap.pk], at=at,
               then=scores.get((gap.opened_by_id, gap.indicator_id)), now=scores.get((evaluation.pk, gap.indicator_id)))
        for gap, verdict, evaluation in judged
    ]
    entries = record.append_many(drafts, at=at)
    tell_records_proposed(entries, at=at)
    return entries


def write_verdict(
    gap: Gap, verdict: str, *, at: datetime, by: Account | None = None, evaluation: Evaluation | None = None, review: Review | None = None,
    reason: str = "",
) -> PerformanceRecord:
    """The entry of one judged gap, by a measurement, a review or a decision."""
    draft = _entry(
        gap, verdict, evaluation=evaluation, review=review, reason=reason, deeds=deeds_of(gap), by=by, at=at,
        then=_score(gap.opened_by, gap), now=_score(evaluation, gap),
    )
    entry = record.append(draft, at=at)
    tell_records_proposed([entry], at=at)
    return entry


def _entry(
    gap: Gap, verdict: str, *, deeds: list[Evidence], then: Score | None, now: Score | None, at: datetime, by: Account | None = None,
    evaluation: Evaluation | None = None, review: Review | None = None, reason: str = "",
) -> record.Entry:
    """Deeds count as done *before* when they lie not after the last day that was measured."""
    baseline = gap.opened_by
    evidence = [loose_proof("evaluation", baseline, evaluation_snapshot(baseline, then))]
    if evaluation is not None and evaluation.pk != baseline.pk:
        evidence.append(loose_proof("evaluation", evaluation, evaluation_snapshot(evaluation, now)))
    until = evaluation.period.ends_on if evaluation is not None else local_date(at)
    before, after = _facts(gap, baseline, then), _after(gap, evaluation, now, review, reason)
    with stored_language():
        summary = _summary(gap, verdict, before, after)
    return record.Entry(
        gap.person, kind=verdict, key=verdict_key(gap, verdict, evaluation=evaluation, review=review), gap=gap, summary=summary,
        before=before, after=after, evidence=evidence + [proof(deed) for deed in deeds], done_before=done_words(deeds, until=until), by=by,
    )


def write_missing(gap: Gap, *, at: datetime) -> int:
    """The entries that the judgements of a gap owe and that are not there (``reconcile``); how many."""
    known = set(gap.records.values_list("key", flat=True))
    written = 0
    for change in gap.changes.judgements().select_related("by").order_by("pk"):
        verdict = KIND_OF_STATUS[change.to_status]
        evaluation, review = _measurement_of(change), gap.reviews.filter(verdict=verdict, at=change.at, by=change.by).first()
        if verdict_key(gap, verdict, evaluation=evaluation, review=review) not in known:
            write_verdict(gap, verdict, evaluation=evaluation, review=review, by=change.by, reason=_reason_of(gap, change, review), at=at)
            written += 1
    return written


def _measurement_of(change: GapChange) -> Evaluation | None:
    """The evaluation that judged, as the audit trail names it; None where a person did."""
    if change.by_id is not None:
        return None
    lines = AuditEvent.objects.filter(verb="gap.measured", object_kind=Gap._meta.label_lower, object_id=change.gap_id, at=change.at)
    named = lines.filter(detail__to=change.to_status).values_list("detail__evaluation", flat=True).first()
    return Evaluation.objects.filter(pk=named or change.gap.closed_by_evaluation_id).select_related("period").first()


def _reason_of(gap: Gap, change: GapChange, review: Review | None) -> str:
    return review.finding if review is not None else change.reason or (gap.closing_reason if gap.is_final else "")


def write_completion(completion: Completion, *, gap: Gap | None, proofs: list[dict], at: datetime) -> PerformanceRecord:
    """Learning is recorded as learning: it says nothing about change at work."""
    enrolment, release = completion.enrolment, completion.release
    evidence = proofs or [loose_proof("completion", completion, completion_snapshot(completion, enrolment))]
    with stored_language():
        summary = _("Completed: %(course)s (%(jp)s), %(day)s.") % {
            "course": release.title, "jp": format_learning_hours(release.learning_minutes), "day": format_day(completion.completed_at)}
    before = {"score": plain(enrolment.pre_score)} if enrolment.pre_score is not None else {}
    after = {"score": plain(completion.score)} if completion.score is not None else {}
    draft = record.Entry(
        completion.person, kind=RecordKind.COMPLETION, key=completion_key(completion), gap=gap, summary=summary, before=before, after=after,
        evidence=evidence, done_before=["course"],
    )
    entry = record.append(draft, at=at)
    tell_records_proposed([entry], at=at)
    return entry


def _score(evaluation: Evaluation | None, gap: Gap) -> Score | None:
    if evaluation is None or gap.indicator_id is None:
        return None
    return evaluation.scores.filter(indicator_id=gap.indicator_id).select_related("indicator").first()


def _scores(judged: Sequence[tuple[Gap, str, Evaluation]]) -> dict[tuple[int, int | None], Score]:
    evaluations = {gap.opened_by_id for gap, _verdict, _evaluation in judged} | {evaluation.pk for _gap, _verdict, evaluation in judged}
    indicators = {gap.indicator_id for gap, _verdict, _evaluation in judged if gap.indicator_id}
    rows = Score.objects.filter(evaluation__in=evaluations, indicator__in=indicators).select_related("indicator")
    return {(row.evaluation_id, row.indicator_id): row for row in rows}


def _facts(gap: Gap, evaluation: Evaluation, score: Score | None) -> dict:
    period = evaluation.period
    facts = {"evaluation": evaluation.pk, "period": period.code, "period_label": period.label, "predicate": evaluation.predicate}
    if score is not None:
        return facts | {"indicator": score.indicator.name, "unit": score.indicator.unit_of_measure, "value": plain(score.realisation),
                        "target": plain(score.target), "sample_size": score.sample_size}
    rating = evaluation.behaviour_rating if gap.kind == GapKind.BEHAVIOUR else evaluation.result_rating
    return facts | {"rating": rating}


def _after(gap: Gap, evaluation: Evaluation | None, score: Score | None, review: Review | None, reason: str) -> dict:
    facts = _facts(gap, evaluation, score) if evaluation is not None else {}
    if review is not None:
        facts |= {"review": review.pk, "finding": review.finding, "value": plain(review.value), "unit": _unit(gap)}
        facts["reviewed_on"] = str(local_date(review.at))
    return facts | ({"reason": reason} if reason else {})


def _unit(gap: Gap) -> str:
    return gap.indicator.unit_of_measure if gap.indicator_id else ""


def _summary(gap: Gap, verdict: str, before: dict, after: dict) -> str:
    """``KK selesai dalam 24 jam: dari 71 % menjadi 93 %.``"""
    title, unit = gap_title(gap), before.get("unit", "")
    if verdict == RecordKind.WAIVED:
        return _("%(what)s: closed without measurement. %(reason)s") % {"what": title, "reason": after.get("reason", "")}
    if before.get("value") is not None and after.get("value") is not None:
        words = {"what": title, "then": measure(before["value"], unit), "now": measure(after["value"], unit)}
        if verdict == RecordKind.IMPROVED:
            return _("%(what)s: from %(then)s to %(now)s.") % words
        return _("%(what)s: from %(then)s to %(now)s, the target is not yet reached.") % words
    if verdict == RecordKind.IMPROVED:
        return _("%(what)s: now at expectation.") % {"what": title}
    return _("%(what)s: not yet at expectation.") % {"what": title}
