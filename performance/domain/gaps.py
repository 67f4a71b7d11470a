"""Gaps: what final evaluations mean for them, what people say about them, and the one place that writes their status.

``apply_evaluations`` finds and judges; people's decisions come through ``move_gap``. Performance alone opens nothing: only the loop in
``improvement`` calls ``apply_evaluations`` when evaluations became final.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from people.models import Account
from performance.domain import gap_facts
from performance.domain.gap_plan import GapPlan, plan_person
from performance.enums import FINAL_STATUSES, GAP_TRANSITIONS, Cause, ContextKind, GapStatus, Severity
from performance.models import Evaluation, EvaluationPeriod, Gap, GapChange, GapContext, GapEvidence, Indicator

PEOPLE_AT_ONCE = 200
MAX_TEXT = 2000
_FACTS = (
    "status",
    "opened_by_id",
    "last_missed_period_id",
    "misses",
    "severity",
    "value",
    "target",
    "judged_by_id",
    "closed_by_evaluation_id",
    "closed_at",
    "closing_reason",
)


@dataclass(frozen=True, slots=True)
class GapOutcome:
    """What an evaluation meant for a gap. ``event``: opened, missed_again, improved, persisting, waived_by_correction."""

    gap: Gap
    event: str
    evaluation: Evaluation


@transaction.atomic
def apply_evaluations(evaluations: Iterable[Evaluation], *, at: datetime | None = None) -> list[GapOutcome]:
    """Judge unfinished gaps of these people, add evidence, open gaps by the active rules; per person in the order of the periods.

    Everything final about a person is looked at anew, so that importing periods in any order gives the same end state, and applying
    twice changes nothing. Gaps whose evaluations were corrected away are waived. Returns only what is new.
    """
    moment = at or timezone.now()
    listed = list(evaluations)
    person_ids = sorted({evaluation.person_id for evaluation in listed})
    outcomes: list[GapOutcome] = []
    for start in range(0, len(person_ids), PEOPLE_AT_ONCE):
        outcomes += _apply(person_ids[start : start + PEOPLE_AT_ONCE], listed, moment)
    return outcomes


def _apply(person_ids: Sequence[int], evaluations: Sequence[Evaluation], at: datetime) -> list[GapOutcome]:
    locked = Account.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=person_ids).order_by("pk")
    accounts = {account.pk: account for account in locked}
    rules = gap_facts.Rules.active()
    indicators = Indicator.objects.in_bulk()
    aspects = {pk: indicator.aspect for pk, indicator in indicators.items()}
    plans: list[GapPlan] = []
    for facts in gap_facts.read_people(person_ids).values():
        plans += plan_person(facts, rules, aspects, at=at)
    for plan in plans:
        plan.gap.person = accounts[plan.gap.person_id]
        plan.gap.indicator = indicators[plan.gap.indicator_id] if plan.gap.indicator_id else None
    _write(plans, at)
    return _outcomes(plans, evaluations)


def _write(plans: Sequence[GapPlan], at: datetime) -> None:
    """Existing gaps first: closing one makes room for the next of the same kind. Then new ones, then who belongs to whom."""
    for plan in plans:
        if plan.moves:
            plan.gap.status, plan.is_dirty = plan.moves[-1][0], True
    _update([plan.gap for plan in plans if plan.is_dirty and not plan.is_new], _FACTS)
    Gap.objects.bulk_create([plan.gap for plan in plans if plan.is_new], batch_size=200)
    related = []
    for plan in plans:
        former = plan.former.gap.pk if plan.former else plan.gap.former_id
        parent = plan.parent.gap.pk if plan.parent else (plan.gap.parent_id if plan.episode is None else None)
        if (former, parent) != (plan.gap.former_id, plan.gap.parent_id):
            plan.gap.former_id, plan.gap.parent_id = former, parent
            related.append(plan.gap)
        if plan.parent:
            plan.gap.parent = plan.parent.gap
    _update(related, ("former_id", "parent_id"))
    _write_traces(plans, at)


def _update(rows: Sequence[Gap], names: Sequence[str]) -> None:
    """Rows that exist, in one statement for many: an upsert by primary key costs a fifth of ``bulk_update``'s CASE expressions."""
    fields = [name.removesuffix("_id") for name in names]
    Gap.objects.bulk_create(rows, batch_size=200, update_conflicts=True, unique_fields=["pk"], update_fields=fields)


def _write_traces(plans: Sequence[GapPlan], at: datetime) -> None:
    """Evidence, changes and audit lines of these plans."""
    GapEvidence.objects.filter(pk__in=[pk for plan in plans for pk in plan.stale_evidence]).delete()
    evidence, changes, lines = [], [], []
    for plan in plans:
        for measurement, is_miss in plan.new_evidence:
            evidence.append(
                GapEvidence(
                    gap=plan.gap,
                    evaluation_id=measurement.evaluation_id,
                    is_miss=is_miss,
                    value=measurement.value,
                    target=measurement.target,
                    at=at,
                )
            )
        came_from = plan.came_from
        for to, evaluation_id, reason in plan.moves:
            changes.append(GapChange(gap=plan.gap, from_status=came_from, to_status=to, reason=reason, at=at))
            detail = {"evaluation": evaluation_id, "from": came_from, "to": str(to)}
            lines.append(audit.event("gap.measured", plan.gap, by=None, subject=plan.gap.person, detail=detail, at=at))
            came_from = to
    GapEvidence.objects.bulk_create(evidence, batch_size=500)
    GapChange.objects.bulk_create(changes, batch_size=500)
    audit.record_many(lines)


def _outcomes(plans: Sequence[GapPlan], evaluations: Sequence[Evaluation]) -> list[GapOutcome]:
    """In the order of the periods, cases before their children; gaps and evaluations with what a reader of the outcome will ask for."""
    told = sorted(
        (
            (plan.gap.person_id, order, plan.gap.indicator_id or 0, step, plan, event, evaluation_id)
            for plan in plans
            for step, (order, event, evaluation_id) in enumerate(plan.events)
        ),
        key=lambda entry: entry[:4],
    )
    wanted = {entry[6] for entry in told} | {entry[4].gap.opened_by_id for entry in told}
    known = {evaluation.pk: evaluation for evaluation in Evaluation.objects.filter(pk__in=wanted).select_related("period")}
    periods = EvaluationPeriod.objects.in_bulk({entry[4].gap.last_missed_period_id for entry in told})
    for entry in told:
        gap = entry[4].gap
        gap.opened_by, gap.last_missed_period = known[gap.opened_by_id], periods[gap.last_missed_period_id]
    return [GapOutcome(plan.gap, event, known[evaluation_id]) for *_sort, plan, event, evaluation_id in told]


def may_move(gap: Gap, to: str, *, by: Account | None, reason: str = "", evaluation: Evaluation | None = None) -> list[str]:
    """Decisions 17 and 19. A verdict needs a measurement or a person other than the learner; ending without one needs a reason."""
    reasons = []
    if to not in GAP_TRANSITIONS[gap.status]:
        reasons.append(
            _("A gap that is “%(from)s” cannot become “%(to)s”.")
            % {"from": gap.get_status_display().lower(), "to": str(GapStatus(to).label).lower()}
        )
    judges = to in (GapStatus.IMPROVED, GapStatus.PERSISTING, GapStatus.WAIVED)
    if by is not None and by.pk == gap.person_id and (judges or to == GapStatus.ADDRESSED):
        reasons.append(_("Nobody decides about her own gap."))
    if to in (GapStatus.IMPROVED, GapStatus.PERSISTING) and evaluation is None and by is None:
        reasons.append(_("Only a measurement or a person judges a gap; completed learning alone never does."))
    if to == GapStatus.IMPROVED and evaluation is None and not reason.strip():
        reasons.append(_("Say what you saw."))
    if to == GapStatus.WAIVED and not reason.strip():
        reasons.append(_("Say why the gap ends without measurement."))
    return reasons


@transaction.atomic
def move_gap(
    gap: Gap, to: str, *, by: Account | None, reason: str = "", at: datetime | None = None, evaluation: Evaluation | None = None
) -> Gap:
    """Change the status of a gap: checked against ``GAP_TRANSITIONS`` under a lock, with its change row and audit line.

    The same status again changes nothing. ``gap`` itself is brought up to date. ``RuleViolation``: see ``may_move``.
    """
    moment = at or timezone.now()
    locked = Gap.objects.select_for_update(of=("self",)).get(pk=gap.pk)
    gap.status = locked.status
    if locked.status == to:
        return gap
    if reasons := may_move(locked, to, by=by, reason=reason, evaluation=evaluation):
        raise RuleViolation(reasons)
    facts: dict = {"status": GapStatus(to)}
    if to == GapStatus.ADDRESSED:
        facts["addressed_at"] = moment
    elif to == GapStatus.AWAITING_REVIEW:
        facts["awaiting_since"] = moment
    elif to in FINAL_STATUSES:
        facts |= {"closed_at": moment, "closing_reason": reason.strip()[:300], "closed_by_evaluation": evaluation}
    if evaluation is not None:
        facts["judged_by"] = evaluation
    for name, value in facts.items():
        setattr(gap, name, value)
    gap.save(update_fields=list(facts))
    GapChange.objects.create(gap=gap, from_status=locked.status, to_status=to, by=by, reason=reason.strip()[:300], at=moment)
    detail = {"from": locked.status, "to": str(to)} | ({"evaluation": evaluation.pk} if evaluation else {})
    audit.record("gap.moved", gap, by=by, subject=gap.person, before=locked.status, after=str(to), detail=detail, at=moment)
    return gap


def may_describe(gap: Gap, *, by: Account) -> list[str]:
    reasons = []
    if gap.is_final:
        reasons.append(_("This gap is closed."))
    if by.pk == gap.person_id:
        reasons.append(_("Nobody decides about her own gap."))
    return reasons


@transaction.atomic
def set_cause(gap: Gap, cause: str, *, note: str = "", by: Account, at: datetime | None = None) -> Gap:
    """What superior (or HR) and the person hold to be the cause; it may be corrected until the gap is closed. Only *skill* leads to a course."""
    if reasons := may_describe(gap, by=by):
        raise RuleViolation(reasons)
    if cause not in Cause.values:
        raise RuleViolation(_("Choose a cause."))
    before = gap.cause
    gap.cause, gap.cause_note, gap.cause_by, gap.cause_at = Cause(cause), note.strip()[:300], by, at or timezone.now()
    gap.save(update_fields=["cause", "cause_note", "cause_by", "cause_at"])
    audit.record(
        "gap.cause_set", gap, by=by, subject=gap.person, before=before, after=str(cause), detail={"cause": str(cause)}, at=at
    )
    return gap


def needs_severity_by_hand(gap: Gap) -> bool:
    """A target of 0 gives no distance in percent (decisions 14)."""
    return gap.indicator_id is not None and gap.target == 0


@transaction.atomic
def set_severity(gap: Gap, severity: str, *, by: Account, at: datetime | None = None) -> Gap:
    """By hand where the target is 0 and no distance in percent exists (decisions 14)."""
    reasons = may_describe(gap, by=by)
    if not needs_severity_by_hand(gap):
        reasons.append(_("The distance of this gap is computed from value and target."))
    if severity not in Severity.values:
        reasons.append(_("Choose how far the result lies from the target."))
    if reasons:
        raise RuleViolation(reasons)
    before, gap.severity = gap.severity, Severity(severity)
    gap.save(update_fields=["severity"])
    audit.record("gap.severity_set", gap, by=by, subject=gap.person, before=before, after=str(severity), at=at)
    return gap


@transaction.atomic
def add_context(gap: Gap, kind: str, text: str, *, by: Account, at: datetime | None = None) -> GapContext:
    """The person's own words on her gap: context, or an objection. Also on a closed one; nothing else changes by it."""
    reasons = []
    if by.pk != gap.person_id:
        reasons.append(_("Only the person herself adds context to her gap."))
    if kind not in ContextKind.values:
        reasons.append(_("Choose whether it is context or an objection."))
    if not text.strip():
        reasons.append(_("Write what others should know."))
    if len(text.strip()) > MAX_TEXT:
        reasons.append(_("Write at most %(limit)d characters.") % {"limit": MAX_TEXT})
    if reasons:
        raise RuleViolation(reasons)
    context = GapContext.objects.create(gap=gap, kind=kind, by=by, text=text.strip(), at=at or timezone.now())
    audit.record("gap.context_added", context, by=by, subject=gap.person, detail={"kind": str(kind), "gap": gap.pk}, at=at)
    return context


@transaction.atomic
def answer_context(context: GapContext, text: str, *, by: Account, at: datetime | None = None) -> GapContext:
    """Superior or HR answer once; an answer is not rewritten."""
    locked = GapContext.objects.select_for_update(of=("self",)).select_related("gap__person").get(pk=context.pk)
    reasons = []
    if by.pk == locked.gap.person_id:
        reasons.append(_("Nobody answers her own context."))
    if locked.answered_at is not None:
        reasons.append(_("This was answered already."))
    if not text.strip():
        reasons.append(_("Write an answer."))
    if len(text.strip()) > MAX_TEXT:
        reasons.append(_("Write at most %(limit)d characters.") % {"limit": MAX_TEXT})
    if reasons:
        raise RuleViolation(reasons)
    context.answer, context.answered_by, context.answered_at = text.strip(), by, at or timezone.now()
    context.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record("gap.context_answered", context, by=by, subject=locked.gap.person, detail={"gap": locked.gap_id}, at=at)
    return context
