"""Indicators, periods, evaluations and gaps for tests, through the same domain functions as the product."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from performance.domain import evaluations, gaps
from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts
from performance.domain.periods import find_or_make, parse_period
from performance.domain.seeding import seed
from performance.enums import Aspect, Direction, Rating
from performance.models import Evaluation, EvaluationPeriod, Gap, Indicator, PerformanceStandard

__all__ = ["IndicatorFactory", "PerformanceStandardFactory", "apply", "evaluate", "gaps_of", "period", "reference"]


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator
        django_get_or_create = ["name", "aspect", "unit_of_measure"]

    name = factory.Sequence(lambda n: f"Persentase layanan selesai tepat waktu {n}")
    aspect = Aspect.TIME
    unit_of_measure = "%"
    direction = Direction.HIGHER


class PerformanceStandardFactory(DjangoModelFactory):
    class Meta:
        model = PerformanceStandard

    indicator = factory.SubFactory(IndicatorFactory)
    target = Decimal(90)


def reference() -> None:
    """The default rules and the 3x3 table."""
    seed()


def period(text: str) -> EvaluationPeriod:
    """``period("Triwulan II 2025")``."""
    return find_or_make(*parse_period(text))


def evaluate(
    person,
    when: str,
    *,
    result: str = Rating.MEETS,
    behaviour: str = Rating.MEETS,
    scores: Iterable[tuple] = (),
    predicate: str = "",
    reason: str = "",
    appraiser=None,
    at=None,
    applies: bool = False,
) -> Evaluation:
    """One official, final evaluation. ``scores``: (indicator, realisation[, target[, sample size]]), target 90 unless said."""
    facts = EvaluationFacts(
        person_id=person.pk,
        period_id=period(when).pk,
        result_rating=result,
        behaviour_rating=behaviour,
        predicate=predicate,
        appraiser_id=appraiser.pk if appraiser else None,
        scores={indicator.pk: _score(indicator, *rest) for indicator, *rest in scores},
    )
    written = evaluations.record_final([facts], by=None, reason=reason, at=at)
    evaluation = (
        written[0] if written else Evaluation.objects.final().get(person=person, period=facts.period_id, source="imported")
    )
    if applies:
        apply(evaluation)
    return evaluation


def apply(*listed: Evaluation, at=None) -> list[tuple[str, str, str]]:
    """Let evaluations speak to the gaps: ``[(kind or indicator name, event, period code)]``."""
    outcomes = gaps.apply_evaluations(listed, at=at)
    return [(_name(outcome.gap), outcome.event, outcome.evaluation.period.code) for outcome in outcomes]


def gaps_of(person) -> dict[str, list[str]]:
    """Kind or indicator name -> statuses, oldest opening first."""
    found: dict[str, list[str]] = {}
    rows = Gap.objects.filter(person=person).select_related("indicator", "opened_by__period")
    for gap in sorted(rows, key=lambda gap: (gap.opened_by.period.ends_on, gap.pk)):
        found.setdefault(_name(gap), []).append(str(gap.status))
    return found


def _name(gap: Gap) -> str:
    return gap.indicator.name if gap.indicator_id else str(gap.kind)


def _score(indicator: Indicator, realisation, target=90, sample_size=None) -> ScoreFacts:
    return ScoreFacts(indicator.pk, Decimal(str(target)), Decimal(str(realisation)), indicator.direction, sample_size)
