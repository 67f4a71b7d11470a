"""Reading what gaps are made from, for many people at once: measurements by thing measured, the gaps that stand, the rules. Eight queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from performance.domain.timeline import Measurement, OrderKey, RuleFacts
from performance.enums import RESULT_ASPECTS, EvaluationSource, EvaluationState, GapKind, Rating
from performance.models import Evaluation, Gap, GapEvidence, GapRule, Indicator, Score

MEASURED_KINDS = (GapKind.RESULT, GapKind.BEHAVIOUR, GapKind.INDICATOR)
CASE_KINDS = (GapKind.RESULT, GapKind.BEHAVIOUR)

#: What is measured: a kind, and the indicator where the kind is *indicator*.
Thing = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    pk: int
    evaluation_id: int
    period_id: int
    order: OrderKey
    is_miss: bool


@dataclass(slots=True)
class PersonFacts:
    """One person: all that was measured, and all gaps with their evidence."""

    person_id: int
    measured: dict[Thing, dict[int, Measurement]] = field(default_factory=lambda: defaultdict(dict))
    gaps: dict[Thing, list[Gap]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[int, list[EvidenceRow]] = field(default_factory=lambda: defaultdict(list))


class Rules:
    """The rules that are switched on. A rule that names indicators stands before one for all of them."""

    def __init__(self, rules: Iterable[tuple[GapRule, Collection[int]]]):
        self._by_kind: dict[str, list[tuple[RuleFacts, frozenset[int]]]] = defaultdict(list)
        for rule, indicator_ids in rules:
            self._by_kind[rule.kind].append((facts_of(rule), frozenset(indicator_ids)))
        for listed in self._by_kind.values():
            listed.sort(key=lambda pair: (pair[0].consecutive_misses, pair[0].pk or 0))
        self._known: dict[Thing, list[RuleFacts]] = {}

    @classmethod
    def active(cls) -> Rules:
        rules = GapRule.objects.filter(is_active=True).prefetch_related("indicators")
        return cls((rule, [indicator.pk for indicator in rule.indicators.all()]) for rule in rules)

    def of_kind(self, kind: str) -> list[RuleFacts]:
        return [facts for facts, _indicator_ids in self._by_kind[kind]]

    def for_thing(self, thing: Thing) -> list[RuleFacts]:
        if thing not in self._known:
            kind, indicator_id = thing
            listed = self._by_kind[kind]
            named = [facts for facts, indicator_ids in listed if indicator_id in indicator_ids]
            self._known[thing] = named or [facts for facts, indicator_ids in listed if not indicator_ids]
        return self._known[thing]


def facts_of(rule: GapRule) -> RuleFacts:
    return RuleFacts(
        pk=rule.pk,
        consecutive_misses=rule.consecutive_misses,
        cool_down_days=rule.cool_down_days,
        evidence_months=rule.evidence_months,
        medium_from=Decimal(rule.medium_from),
        large_from=Decimal(rule.large_from),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )


def read_people(person_ids: Collection[int], *, lock: bool = True) -> dict[int, PersonFacts]:
    """Facts of these people. With ``lock`` their gaps are locked, children before cases, as everybody does who moves both."""
    people = {person_id: PersonFacts(person_id) for person_id in person_ids}
    _read_measurements(people)
    _read_gaps(people, lock=lock)
    return people


def _read_measurements(people: dict[int, PersonFacts]) -> None:
    """Final evaluations; of one period the official one speaks before an internal measurement."""
    final = Evaluation.objects.filter(person__in=people, state=EvaluationState.FINAL)
    rows = final.order_by("pk").values_list(
        "pk",
        "person_id",
        "source",
        "result_rating",
        "behaviour_rating",
        "period_id",
        "period__kind",
        "period__starts_on",
        "period__ends_on",
    )
    listed = sorted(rows, key=lambda row: row[2] == EvaluationSource.IMPORTED)
    scores, aspects = defaultdict(list), dict(Indicator.objects.values_list("pk", "aspect"))
    columns = ("evaluation_id", "indicator_id", "realisation", "target", "is_met", "distance")
    for score in Score.objects.filter(evaluation__person__in=people, evaluation__state=EvaluationState.FINAL).values_list(
        *columns
    ):
        scores[score[0]].append(score)
    for pk, person_id, _source, result, behaviour, period_id, period_kind, starts_on, ends_on in listed:
        measured = people[person_id].measured
        misses: dict[str, list[Decimal]] = {kind: [] for kind in CASE_KINDS}
        for _pk, indicator_id, value, target, met, distance in scores[pk]:
            thing: Thing = (GapKind.INDICATOR, indicator_id)
            measured[thing][period_id] = Measurement(
                pk, period_id, period_kind, starts_on, ends_on, not met, value, target, distance
            )
            if not met and distance is not None:
                misses[GapKind.RESULT if aspects[indicator_id] in RESULT_ASPECTS else GapKind.BEHAVIOUR].append(distance)
        for kind, rating in ((GapKind.RESULT, result), (GapKind.BEHAVIOUR, behaviour)):
            if rating:
                furthest = max(misses[kind], default=None)
                measured[(kind, None)][period_id] = Measurement(
                    pk, period_id, period_kind, starts_on, ends_on, rating == Rating.BELOW, distance=furthest
                )


def _read_gaps(people: dict[int, PersonFacts], *, lock: bool) -> None:
    gaps = Gap.objects.filter(person__in=people, kind__in=MEASURED_KINDS).order_by("-pk")
    owners = {}
    for gap in gaps.select_for_update(of=("self",)) if lock else gaps:
        owners[gap.pk] = gap.person_id
        people[gap.person_id].gaps[(gap.kind, gap.indicator_id)].append(gap)
    columns = ("pk", "gap_id", "evaluation_id", "is_miss", "evaluation__period_id")
    order = ("evaluation__period__ends_on", "evaluation__period__starts_on")
    for pk, gap_id, evaluation_id, is_miss, period_id, ends_on, starts_on in GapEvidence.objects.filter(
        gap__person__in=people, gap__kind__in=MEASURED_KINDS
    ).values_list(*columns, *order):
        if gap_id in owners:
            row = EvidenceRow(pk, evaluation_id, period_id, (ends_on, starts_on, period_id), is_miss)
            people[owners[gap_id]].evidence[gap_id].append(row)
