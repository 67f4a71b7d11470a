"""The superior's team (S1) and one person on one page (S2). Constant queries for any number of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery

from courses.models import Enrolment
from improvement.domain.cases import gathered
from improvement.domain.transfer import open_for_decider
from improvement.enums import ProposalState, RequestState, SessionState
from improvement.models import Guidance, LearnerRequest, Proposal, TrainingAssignment, TransferPlan
from people.models import Account
from performance.enums import GapStatus
from performance.models import Gap, GapEvidence, PerformanceRecord

UNFINISHED = [GapStatus.OPEN, GapStatus.ADDRESSED, GapStatus.AWAITING_REVIEW, GapStatus.PERSISTING]
FILTERS = ("overdue", "talk", "review", "soon")


@dataclass
class Counts:
    """What needs the superior, each number the length of a filtered list."""

    overdue: int = 0
    transfer: int = 0
    review: int = 0
    decide: int = 0
    soon: int = 0


def staff_of(user: Account, *, on: date, wanted: str = ""):
    """Direct staff (decisions 9) with ``overdue``, ``to_decide``, ``to_review`` and ``meets_soon``; those who need something first."""
    late = TrainingAssignment.objects.overdue(on=on).filter(person=OuterRef("pk"))
    gaps = Gap.objects.cases().filter(person=OuterRef("pk"))
    week = Guidance.objects.filter(
        person=OuterRef("pk"),
        conductor=user,
        state=SessionState.PLANNED,
        scheduled_at__date__gte=on,
        scheduled_at__date__lte=on + timedelta(days=7),
    )
    staff = (
        Account.objects.people()
        .filter(placements__superior=user, placements__ends_on__isnull=True, is_active=True)
        .annotate(
            overdue=Exists(late),
            to_decide=Exists(gaps.filter(status__in=[GapStatus.OPEN, GapStatus.PERSISTING])),
            to_review=Exists(gaps.filter(status=GapStatus.AWAITING_REVIEW)),
            meets_soon=Exists(week),
        )
        .order_by("-overdue", "-to_decide", "-to_review", "name", "pk")
    )
    wanted_flag = {"overdue": "overdue", "talk": "to_decide", "review": "to_review", "soon": "meets_soon"}.get(wanted)
    return staff.filter(**{wanted_flag: True}) if wanted_flag else staff


def with_details(staff):
    """Unfinished gaps and running assignments of each, two queries for all."""
    gaps = (
        Gap.objects.filter(status__in=UNFINISHED)
        .select_related("indicator", "last_missed_period")
        .order_by(F("parent_id").asc(nulls_first=True), "-opened_at")
    )
    given = TrainingAssignment.objects.active().select_related("enrolment__release", "course").order_by("due_on", "pk")
    return staff.prefetch_related(
        Prefetch("gaps", queryset=gaps, to_attr="unfinished_gaps"),
        Prefetch("assignments", queryset=given, to_attr="running_assignments"),
    )


def counts_of(user: Account, *, on: date) -> Counts:
    """The action cards: two queries."""
    sums = (
        staff_of(user, on=on)
        .order_by()
        .aggregate(
            # Not "overdue": an aggregate with the name of an annotation takes its place in the query.
            late=Count("pk", filter=Q(overdue=True)),
            decide=Count("pk", filter=Q(to_decide=True)),
            review=Count("pk", filter=Q(to_review=True)),
            soon=Count("pk", filter=Q(meets_soon=True)),
        )
    )
    return Counts(transfer=open_for_decider(user, on=on).count(), overdue=sums.pop("late"), **sums)


@dataclass
class PersonPage:
    """S2: everything one needs for a talk in one minute."""

    cases: list[Gap] = field(default_factory=list)
    closed: list[Gap] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    plans: list[TransferPlan] = field(default_factory=list)
    talks: list[Guidance] = field(default_factory=list)
    requests: list[LearnerRequest] = field(default_factory=list)
    records: list[PerformanceRecord] = field(default_factory=list)


def person_page(person: Account, *, viewer: Account) -> PersonPage:
    """Gaps with what was measured and said, courses, plans, the agreements that ``viewer`` may read."""
    evidence = Prefetch("evidence", queryset=GapEvidence.objects.select_related("evaluation__period").order_by("at", "pk"))
    proposals = Prefetch(
        "proposals", queryset=Proposal.objects.filter(state=ProposalState.PROPOSED).select_related("course"), to_attr="offers"
    )
    cases = gathered(
        Gap.objects.filter(person=person)
        .select_related("indicator", "parent", "last_missed_period", "opened_by__period")
        .prefetch_related(evidence, proposals, "contexts")
        .order_by("-opened_at", "pk")[:60]
    )
    due = TrainingAssignment.objects.active().filter(enrolment=OuterRef("pk")).order_by("due_on").values("pk")[:1]
    talks = Guidance.objects.filter(person=person).exclude(state=SessionState.CANCELLED).select_related("conductor")
    talks = talks.defer("private_note", "goal", "reality", "options", "agreement")
    return PersonPage(
        cases=[case for case in cases if not case.is_final],
        closed=[case for case in cases if case.is_final][:5],
        enrolments=list(
            Enrolment.objects.filter(person=person)
            .exclude(state="withdrawn")
            .select_related("release")
            .annotate(assignment_id=Subquery(due, output_field=IntegerField()))
            .order_by("-created_at")[:10]
        ),
        plans=list(TransferPlan.objects.filter(person=person).select_related("enrolment__release").order_by("-created_at")[:3]),
        talks=list(talks.filter(conductor=viewer)[:6]),
        requests=list(
            LearnerRequest.objects.filter(assignment__person=person, state=RequestState.OPEN).select_related("assignment__course")
        ),
        records=list(PerformanceRecord.objects.filter(person=person).order_by("-at")[:5]),
    )
