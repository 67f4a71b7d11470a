"""What the person sees of her own performance (L7): findings with their source, what was agreed, what changed. Four queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import CharField, OuterRef, Q, Subquery

from core.domain.dates import local_today
from improvement.domain.cases import gathered
from improvement.enums import AssignmentState
from improvement.models import TrainingAssignment
from people.models import Account
from performance.domain.standards import standards_for
from performance.models import Evaluation, Gap, GapEvidence, Score
from performance.models.standards import PerformanceStandard

FINDINGS = 40
PERIODS = 8


@dataclass
class MyPerformance:
    """``talked_about`` unfinished cases with their children, ``changed`` finished ones, newest first."""

    talked_about: list[Gap] = field(default_factory=list)
    changed: list[Gap] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    standards: list[PerformanceStandard] = field(default_factory=list)


def my_performance(person: Account) -> MyPerformance:
    """Her own findings, evaluations and standards; nobody else is compared with."""
    cases = gathered(_findings(person)[:FINDINGS])
    return MyPerformance(
        talked_about=[case for case in cases if not case.is_final],
        changed=[case for case in cases if case.is_final],
        evaluations=list(
            Evaluation.objects.filter(person=person)
            .final()
            .select_related("period")
            .order_by("-period__starts_on", "-pk")[:PERIODS]
        ),
        standards=standards_for(person, local_today()),
    )


def _findings(person: Account):
    measured = GapEvidence.objects.filter(gap=OuterRef("pk"))
    missed = Q(evaluation__gap_evidence__gap=OuterRef("pk"), evaluation__gap_evidence__is_miss=True)
    counted = Score.objects.filter(missed, indicator=OuterRef("indicator")).order_by("-evaluation__period__ends_on", "-evaluation")
    given = TrainingAssignment.objects.filter(gap=OuterRef("pk")).exclude(state=AssignmentState.UNDONE).order_by("pk")
    return (
        Gap.objects.filter(person=person)
        .select_related("indicator", "parent", "opened_by__period", "opened_by__import_run", "last_missed_period", "judged_by__period")
        .annotate(
            course_title=Subquery(given.values("enrolment__release__title")[:1], output_field=CharField()),
            first_value=Subquery(measured.filter(is_miss=True).order_by("at", "pk").values("value")[:1]),
            judged_value=Subquery(measured.filter(evaluation=OuterRef("judged_by")).values("value")[:1]),
            cases=Subquery(counted.values("sample_size")[:1]),
            judged_target=Subquery(measured.filter(evaluation=OuterRef("judged_by")).values("target")[:1]),
        )
        .order_by("-opened_at", "pk")
    )
