"""The gap trail ("Jejak"): evaluation -> gap -> cause -> proposal -> decision -> course -> attempt -> certificate -> application -> re-evaluation
-> record, each step with its day, its actor and its evidence. Read from the tables alone; nothing is remembered twice.

A constant number of queries, and none to a table that holds nothing for this trail (docs/decisions/0012). Counselling shows as "pendampingan"
only, without a name and without a word (decisions 24); what was agreed in a guidance talk is shown to those alone who are named above the
field (``guidance.may_read_action``), to everybody else the day and the leader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.domain import audit
from core.domain.dates import format_day, local_date
from core.domain.numbers import format_number
from courses.models import Completion
from improvement.domain.evidence import is_intact
from improvement.domain.guidance import may_read_action
from improvement.domain.records import completion_key
from improvement.domain.words import gap_title, measure
from improvement.enums import EvidenceKind, ProposalState, Remedy, SessionState
from improvement.models import (
    Counselling,
    Evidence,
    Guidance,
    Proposal,
    Review,
    TrainingAssignment,
    TransferQuestion,
)
from people.models import Account
from performance.enums import GapStatus
from performance.models import Gap, PerformanceRecord


@dataclass(frozen=True)
class TrailProof:
    """Something that can be looked at. ``is_intact`` False: its content no longer gives the hash that was kept; None: no hash."""

    kind: str
    label: str
    detail: str = ""
    pk: int | None = None
    sha256: str = ""
    is_intact: bool | None = None


@dataclass(frozen=True)
class TrailStep:
    """``kind``: evaluation, gap, cause, proposal, decision, guidance, support, course, certificate, transfer, status, review, record."""

    kind: str
    at: datetime | date
    title: str
    text: str = ""
    actor: str = ""
    gap: Gap | None = None
    proofs: tuple[TrailProof, ...] = ()
    status: str = ""

    @property
    def day(self) -> date:
        return local_date(self.at) if isinstance(self.at, datetime) else self.at


@dataclass(frozen=True)
class TrailPoint:
    """One measurement of the indicator, for the slope chart."""

    label: str
    value: Decimal | None
    target: Decimal | None
    is_miss: bool


@dataclass
class Trail:
    gap: Gap
    title: str
    steps: list[TrailStep] = field(default_factory=list)
    points: list[TrailPoint] = field(default_factory=list)
    unit: str = ""
    record: PerformanceRecord | None = None

    @property
    def is_intact(self) -> bool:
        return all(proof.is_intact is not False for step in self.steps for proof in step.proofs)


def with_chain(gaps: QuerySet[Gap]) -> QuerySet[Gap]:
    """Gaps with what ``trail_of`` reads of each, and with the answer whether there is anything to read in the other tables: a table that
    holds nothing for this trail is not asked."""
    mine = Q(gap=OuterRef("pk")) | Q(gap__parent=OuterRef("pk"))
    of_case = mine | Q(gap=OuterRef("parent"))
    tables: dict[str, Any] = {
        "offers": Proposal.objects.filter(mine, remedy=Remedy.COURSE), "courses": TrainingAssignment.objects.standing().filter(mine),
        "deeds": Evidence.objects.filter(of_case), "talks": Guidance.objects.filter(of_case), "support": Counselling.objects.filter(of_case),
        "reviews": Review.objects.filter(mine), "records": PerformanceRecord.objects.filter(mine),
        "children": Gap.objects.filter(parent=OuterRef("pk")),
    }
    rows = gaps.select_related("person", "indicator", "parent", "opened_by__period", "opened_by__import_run", "cause_by", "last_missed_period")
    return rows.annotate(**{f"has_{name}": Exists(table) for name, table in tables.items()})


class _Facts:
    """Everything about a gap (of ``with_chain``) and those that belong to it: its children, or the talks of its case."""

    def __init__(self, gap: Any):
        self.gap = gap
        children = Gap.objects.filter(parent=gap).select_related("indicator", "cause_by", "opened_by__period", "last_missed_period")
        self.gaps = [gap, *(list(children) if gap.has_children else [])]
        ids = [one.pk for one in self.gaps]
        talks = Q(gap__in=[*ids, gap.parent_id] if gap.parent_id else ids)
        self.by_pk = {one.pk: one for one in self.gaps}
        offers = Proposal.objects.filter(gap__in=ids, remedy=Remedy.COURSE).select_related("decided_by", "course", "release")
        self.proposals = list(offers) if gap.has_offers else []
        self._read_learning(ids)
        deeds = Evidence.objects.filter(talks).select_related("by").order_by("at", "pk")
        self.evidence = list(deeds) if gap.has_deeds else []
        held = Guidance.objects.filter(talks).exclude(state=SessionState.CANCELLED).select_related("conductor")
        self.guidances = list(held) if gap.has_talks else []
        for talk in self.guidances:
            talk.person = gap.person
        support = Counselling.objects.filter(talks).exclude(state=SessionState.CANCELLED)
        self.support = list(support.only("pk", "state", "scheduled_at", "held_at", "gap")) if gap.has_support else []
        self.reviews = list(Review.objects.filter(gap__in=ids).select_related("by")) if gap.has_reviews else []
        # A completion that served several gaps is one entry, kept with the first of them.
        written = Q(gap__in=ids) | Q(key__in=[completion_key(done) for done in self.completions])
        records = PerformanceRecord.objects.filter(written).select_related("by").order_by("at", "pk")
        self.records = list(records) if gap.has_records or self.completions else []

    def _read_learning(self, ids: list[int]) -> None:
        """Assignments with the completion and the plan of their enrolment in one statement, the answers about work in another."""
        given = TrainingAssignment.objects.filter(gap__in=ids).standing().order_by("created_at", "pk")
        joined = given.select_related(
            "by", "course", "enrolment__release", "enrolment__completion__release", "enrolment__transfer_plan")
        self.assignments = list(joined) if self.gap.has_courses else []
        enrolments = {one.enrolment_id: one.enrolment for one in self.assignments if one.enrolment_id}
        self.completions = [done for one in enrolments.values() if (done := getattr(one, "completion", None))]
        self.plans = [plan for one in enrolments.values() if (plan := getattr(one, "transfer_plan", None))]
        answered = TransferQuestion.objects.filter(enrolment__in=enrolments, answered_at__isnull=False)
        self.questions = list(answered.select_related("answered_by")) if enrolments else []

    def proofs(self, kind: str, pk: int) -> tuple[TrailProof, ...]:
        rows = {row.sha256: row for row in self.evidence if row.kind == kind and row.object_id == pk}
        return tuple(
            TrailProof(kind, str(EvidenceKind(kind).label), pk=row.object_id,
                       sha256=row.sha256, is_intact=is_intact(row.sha256, row.snapshot))
            for row in rows.values()
        )


def trail_of(gap: Gap, *, viewer: Account | None = None, at: datetime | None = None) -> Trail:
    """The whole chain of ``gap`` in the order of its days, as ``viewer`` may read it; her look at another person's trail is audited.

    A gap that was not read by ``with_chain`` is read again.
    """
    if not hasattr(gap, "has_children"):
        gap = with_chain(Gap.objects.all()).get(pk=gap.pk)
    if viewer is not None:
        audit.record_read("trail.read", gap, by=viewer, subject=gap.person, at=at)
    facts = _Facts(gap)
    trail = Trail(gap, gap_title(gap), unit=gap.indicator.unit_of_measure if gap.indicator_id else "")
    measured = list(gap.evidence.select_related("evaluation__period", "evaluation__appraiser").order_by("evaluation__period__starts_on", "pk"))
    trail.points = [TrailPoint(row.evaluation.period.label, row.value, row.target, row.is_miss) for row in measured]
    parts = [
        *_measurements(gap, measured), *_openings(facts), *_causes(facts), *_offers(facts), *_decisions(facts), *_talks(facts, viewer),
        *_learning(facts), *_application(facts), *_waiting(facts), *_verdicts(facts), *_records(facts),
    ]
    trail.steps = [step for _order, step in sorted(enumerate(parts), key=lambda pair: (pair[1].day, _RANK.get(pair[1].kind, 50), pair[0]))]
    trail.record = next((entry for entry in reversed(facts.records) if entry.gap_id == gap.pk and entry.kind != "completion"), None)
    return trail


#: Two steps of one day stand in the order of the story.
_RANK = {kind: place for place, kind in enumerate(
    ("evaluation", "gap", "cause", "proposal", "decision", "guidance", "support", "course", "certificate", "transfer", "status", "review", "record"))}


# --- 1 evaluation, 2 gap, 3 cause ---------------------------------------------------------------------------------------------------------
def _measurements(gap: Gap, measured) -> list[TrailStep]:
    steps = []
    for row in measured:
        evaluation = row.evaluation
        ratings = _("Work result: %(result)s. Work behaviour: %(behaviour)s.") % {
            "result": evaluation.get_result_rating_display().lower() or _("not rated"),
            "behaviour": evaluation.get_behaviour_rating_display().lower() or _("not rated")}
        appraiser = evaluation.appraiser.full_name if evaluation.appraiser_id else evaluation.appraiser_name
        proof = TrailProof("evaluation", evaluation.get_source_display(), _value_line(gap, row), pk=evaluation.pk)
        steps.append(TrailStep(
            "evaluation", evaluation.finalised_at or evaluation.created_at, _("Evaluation %(period)s") % {"period": evaluation.period.label}, ratings,
            appraiser, gap, (proof,), "" if row.is_miss else GapStatus.IMPROVED,
        ))
    return steps


def _value_line(gap: Gap, row) -> str:
    if not gap.indicator_id or row.value is None:
        return ""
    unit = gap.indicator.unit_of_measure
    return _("%(indicator)s: %(value)s, target %(target)s") % {
        "indicator": gap.indicator.name, "value": measure(row.value, unit), "target": measure(row.target, unit)}


def _openings(facts: _Facts) -> list[TrailStep]:
    return [
        TrailStep("gap", one.opened_at, _("Gap recorded: %(what)s") % {"what": gap_title(one)},
                  _misses(one.misses), "", one, (TrailProof("gap", str(one.get_kind_display()), pk=one.pk),), GapStatus.OPEN)
        for one in facts.gaps
    ]


def _misses(count: int) -> str:
    if count == 1:
        return _("Below what is expected.")
    return _("Below what is expected for %(n)s periods in a row.") % {"n": count}


def _causes(facts: _Facts) -> list[TrailStep]:
    return [
        TrailStep("cause", one.cause_at, _("The cause was talked about first: %(cause)s") % {"cause": one.get_cause_display().lower()},
                  one.cause_note, one.cause_by.full_name if one.cause_by_id else "", one)
        for one in facts.gaps if one.cause and one.cause_at
    ]


# --- 4 proposal, 5 decision ---------------------------------------------------------------------------------------------------------------
def _offers(facts: _Facts) -> list[TrailStep]:
    steps = []
    by_moment: dict[tuple, list[Proposal]] = {}
    for offer in facts.proposals:
        if offer.rank:
            by_moment.setdefault((offer.gap_id, offer.created_at), []).append(offer)
    for (gap_pk, moment), offers in by_moment.items():
        proofs = tuple(
            TrailProof("proposal", offer.reason.get("course") or offer.course.title,
                       _("Level %(level)s, %(jp)s JP") % {"level": offer.reason.get("level", ""), "jp": offer.reason.get("jp", "")}, pk=offer.pk)
            for offer in offers
        )
        title = ngettext("%(n)s course proposed", "%(n)s courses proposed", len(offers)) % {"n": len(offers)}
        steps.append(TrailStep("proposal", moment, title, _offer_reason(offers[0]), "", facts.by_pk[gap_pk], proofs))
    return steps


def _offer_reason(offer: Proposal) -> str:
    facts = offer.reason
    if not facts.get("value"):
        return ""
    return _("%(indicator)s %(value)s, target %(target)s (%(period)s).") % {
        "indicator": facts["indicator"], "value": measure(facts["value"], facts.get("unit", "")),
        "target": measure(facts["target"], facts.get("unit", "")), "period": facts["period_label"]}


def _decisions(facts: _Facts) -> list[TrailStep]:
    steps = []
    for offer in facts.proposals:
        if offer.state == ProposalState.DECLINED:
            steps.append(TrailStep("decision", offer.decided_at, _("Not chosen: %(course)s") % {"course": offer.course.title}, offer.decision_reason,
                                   offer.decided_by.full_name if offer.decided_by_id else "", facts.by_pk[offer.gap_id]))
    for given in facts.assignments:
        release = given.enrolment.release if given.enrolment_id else None
        label = _("Course revision %(number)s") % {"number": release.number} if release else ""
        proof = TrailProof("release", label, pk=release.pk, sha256=release.sha256) if release else None
        until = " " + _("Until %(day)s.") % {"day": format_day(given.due_on)} if given.due_on else ""
        steps.append(TrailStep(
            "decision", given.created_at, _("Agreed: %(course)s") % {"course": given.course.title}, f"{given.reason}{until}",
            given.by.full_name if given.by_id else "", facts.by_pk[given.gap_id], (proof,) if proof else (), GapStatus.ADDRESSED,
        ))
    return steps


# --- 6 talks ------------------------------------------------------------------------------------------------------------------------------
def _talks(facts: _Facts, viewer: Account | None) -> list[TrailStep]:
    steps = []
    for talk in facts.guidances:
        agreed = _("Agreed: %(action)s") % {"action": talk.action} if talk.action and may_read_action(talk, viewer) else ""
        steps.append(TrailStep("guidance", talk.held_at or talk.scheduled_at, _("Guidance talk") if talk.held_at else _("Guidance talk planned"),
                               agreed, talk.conductor.full_name, facts.gap, facts.proofs(EvidenceKind.GUIDANCE, talk.pk)))
    return steps + [
        TrailStep("support", session.held_at or session.scheduled_at, _("Support"), _("What was talked about stays confidential."), "", facts.gap)
        for session in facts.support
    ]


# --- 7 course, attempt, certificate -------------------------------------------------------------------------------------------------------
def _learning(facts: _Facts) -> list[TrailStep]:
    steps = []
    for done in facts.completions:
        proofs = list(facts.proofs(EvidenceKind.COMPLETION, done.pk))
        if done.attempt_id:
            proofs.append(TrailProof("attempt", _("Final quiz"), format_number(done.score), pk=done.attempt_id))
        steps.append(TrailStep("course", done.completed_at, _("Learning completed: %(course)s") % {"course": done.release.title}, _scores(done),
                               facts.gap.person.full_name, facts.gap, tuple(proofs)))
    for row in {row.object_id: row for row in facts.evidence if row.kind == EvidenceKind.CERTIFICATE}.values():
        proof = TrailProof("certificate", row.snapshot.get("number", ""), _("Anybody can verify it."), row.object_id, row.sha256,
                           is_intact(row.sha256, row.snapshot))
        steps.append(TrailStep("certificate", row.at, _("Certificate issued"), "", "", facts.gap, (proof,)))
    return steps


def _scores(done: Completion) -> str:
    if done.score is None:
        return ""
    words = {"post": format_number(done.score), "pre": format_number(done.enrolment.pre_score)}
    known = _("Before %(pre)s, after %(post)s.") % words if done.enrolment.pre_score is not None else _("Score %(post)s.") % words
    return known + " " + _("A score shows knowledge, not yet a change at work.")


# --- 8 application, 9 waiting -------------------------------------------------------------------------------------------------------------
def _application(facts: _Facts) -> list[TrailStep]:
    steps = [
        TrailStep("transfer", plan.created_at, _("Plan for work"),
                  _("When %(situation)s, I will %(action)s, from %(day)s.")
                  % {"situation": plan.situation, "action": plan.action, "day": format_day(plan.starts_on)}, facts.gap.person.full_name, facts.gap)
        for plan in facts.plans
    ]
    for question in facts.questions:
        words = f"{question.get_answer_display()}. {question.example}".strip()
        steps.append(TrailStep("transfer", question.answered_at, _("Tried at work, day %(day)s") % {"day": question.day}, words,
                               question.answered_by.full_name if question.answered_by_id else "", facts.gap,
                               facts.proofs(EvidenceKind.TRANSFER, question.pk)))
    return steps


def _waiting(facts: _Facts) -> list[TrailStep]:
    return [
        TrailStep("status", one.awaiting_since, _("Awaiting review: %(what)s") % {"what": gap_title(one)},
                  _("Only a later measurement, or a review by somebody else, closes a gap."), "", one, (), GapStatus.AWAITING_REVIEW)
        for one in facts.gaps if one.awaiting_since
    ]


# --- 10 verdict, 11 record ----------------------------------------------------------------------------------------------------------------
def _verdicts(facts: _Facts) -> list[TrailStep]:
    steps = [
        TrailStep("review", one.at, _("Review: %(verdict)s") % {"verdict": one.get_verdict_display().lower()}, one.finding, one.by.full_name,
                  facts.by_pk[one.gap_id], facts.proofs(EvidenceKind.REVIEW, one.pk), one.verdict)
        for one in facts.reviews
    ]
    return steps + [
        TrailStep("status", one.closed_at, _("Closed without measurement: %(what)s") % {"what": gap_title(one)}, one.closing_reason, "", one,
                  status=one.status)
        for one in facts.gaps if one.status == GapStatus.WAIVED and one.closed_at and not any(row.gap_id == one.pk for row in facts.reviews)
    ]


def _records(facts: _Facts) -> list[TrailStep]:
    steps = []
    for entry in facts.records:
        proofs = tuple(
            TrailProof(piece["kind"], str(_KIND_WORDS.get(piece["kind"], piece["kind"])), "", piece["id"], piece["sha256"],
                       is_intact(piece["sha256"], piece["snapshot"]))
            for piece in entry.evidence
        )
        steps.append(TrailStep("record", entry.at, _("Improvement record"), entry.summary, entry.by.full_name if entry.by_id else "",
                               facts.by_pk.get(entry.gap_id, facts.gap), proofs, entry.kind))
    return steps


_KIND_WORDS = dict(EvidenceKind.choices) | {"evaluation": gettext_lazy("Evaluation")}


def headline(trail: Trail) -> str:
    """``Dari 71 % menjadi 93 %``, or what stands so far."""
    values = [point for point in trail.points if point.value is not None]
    if len(values) > 1:
        return _("From %(then)s to %(now)s") % {"then": measure(values[0].value, trail.unit), "now": measure(values[-1].value, trail.unit)}
    return _("%(what)s: %(status)s") % {"what": trail.title, "status": trail.gap.get_status_display().lower()}

