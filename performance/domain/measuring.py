"""E1: whom an appraiser measures, what is expected of them, and what was measured last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.domain.dates import add_months, local_date, local_today, quarter_of, quarter_span
from people.models import Account
from performance.domain.evaluations import assigned_people
from performance.domain.periods import Span
from performance.domain.standards import standards_for
from performance.enums import EvaluationSource, EvaluationState
from performance.models import Evaluation, EvaluationPeriod, Indicator, Score

LAST_QUARTERS = 4
RECENT_MONTHS = 15


@dataclass(frozen=True)
class Expected:
    """One indicator to measure. ``target`` comes from the standard of her post, else from her last evaluation."""

    indicator: Indicator
    target: Decimal
    direction: str
    last_value: Decimal | None = None
    last_period: EvaluationPeriod | None = None


def people_to_measure(by: Account, *, text: str = "") -> QuerySet[Any]:
    """Assigned people by name, with the id of the latest final evaluation and of the reader's own draft. One query, plus placements."""
    people: Any = assigned_people(by)
    if text:
        digits = "".join(char for char in text if char.isdigit())
        people = people.filter(Q(name__icontains=text) | Q(nip=digits) if len(digits) == 18 else Q(name__icontains=text))
    theirs = Evaluation.objects.filter(person=OuterRef("pk"))
    final = theirs.filter(state=EvaluationState.FINAL).order_by("-period__ends_on", "-pk")
    draft = theirs.filter(state=EvaluationState.DRAFT, created_by=by).order_by("-pk")
    return (
        people.with_placement()
        .annotate(latest_id=Subquery(final.values("pk")[:1]), draft_id=Subquery(draft.values("pk")[:1]))
        .order_by("name", "pk")
    )


def with_latest(people: Sequence[Any]) -> Sequence[Any]:
    """Put the latest evaluations on a page of ``people_to_measure``, as ``latest``; one query."""
    known = Evaluation.objects.select_related("period").in_bulk([one.latest_id for one in people if one.latest_id])
    for one in people:
        one.latest = known.get(one.latest_id)
    return people


def measurable_spans(*, at: datetime | None = None) -> list[Span]:
    """Periods on offer, newest first: those that are known and not older than 15 months, and the last four whole quarters."""
    today = local_date(at) if at else local_today()
    recent = EvaluationPeriod.objects.filter(ends_on__gte=add_months(today, -RECENT_MONTHS), starts_on__lte=today)
    spans = set(recent.values_list("starts_on", "ends_on")) | set(_last_quarters(today))
    return sorted(spans, key=lambda span: (span[1], span[0]), reverse=True)


def expected_of(person: Account, span: Span) -> list[Expected]:
    """Indicators expected by her post on the last day of the period, and those measured in her last evaluation; by name."""
    found = {
        one.indicator_id: Expected(one.indicator, one.target, one.indicator.direction) for one in standards_for(person, span[1])
    }
    last = Score.objects.filter(
        evaluation__person=person, evaluation__state=EvaluationState.FINAL, evaluation__period__ends_on__lt=span[1]
    ).select_related("indicator", "evaluation__period")
    for score in last.order_by("evaluation__period__ends_on", "evaluation__pk"):
        known = found.get(score.indicator_id)
        if known is None and not score.indicator.is_active:
            continue
        found[score.indicator_id] = Expected(
            score.indicator,
            known.target if known else score.target,
            known.direction if known else score.direction,
            score.realisation,
            score.evaluation.period,
        )
    return sorted(found.values(), key=lambda one: (one.indicator.name, one.indicator.pk))


def internal_of(person: Account, span: Span, by: Account) -> tuple[Evaluation | None, Evaluation | None]:
    """The reader's draft, and the final internal measurement that it would correct."""
    rows = Evaluation.objects.filter(
        person=person, period__starts_on=span[0], period__ends_on=span[1], source=EvaluationSource.INTERNAL
    ).prefetch_related("scores")
    draft = next((one for one in rows if one.state == EvaluationState.DRAFT and one.created_by_id == by.pk), None)
    return draft, next((one for one in rows if one.state == EvaluationState.FINAL), None)


def _last_quarters(today: date) -> list[Span]:
    year, quarter = quarter_of(today)
    spans = []
    for _step in range(LAST_QUARTERS):
        year, quarter = (year - 1, 4) if quarter == 1 else (year, quarter - 1)
        spans.append(quarter_span(year, quarter))
    return spans
