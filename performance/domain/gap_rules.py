"""Gap rules: changing them, and seeing who would get a gap and why before one is switched on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit, outbox
from core.domain.errors import RuleViolation
from people.models import Account
from performance.domain.evaluations import announce
from performance.domain.gap_facts import Rules, Thing, facts_of, read_people
from performance.domain.gap_plan import episodes_of
from performance.domain.scores import severity
from performance.domain.timeline import Episode, RuleFacts
from performance.enums import GapKind, Rating
from performance.models import Evaluation, EvaluationPeriod, GapRule, Indicator, Score
from performance.rules import may_manage

APPLY = "performance.apply_rule"
PEOPLE_AT_ONCE, GAPS_AT_ONCE, SHOWN = 500, 25, 200
_DECIDES = (
    "kind",
    "consecutive_misses",
    "cool_down_days",
    "evidence_months",
    "medium_from",
    "large_from",
    "valid_from",
    "valid_to",
)
Found = tuple[Thing, Episode, RuleFacts]
_TOLD = ("name", "legal_basis", "is_active", "default_remedies")


@dataclass(frozen=True, slots=True)
class SimulatedGap:
    """One gap that would be opened. ``is_closed``: a later measurement at the standard would close it at once."""

    person: Account
    indicator: Indicator | None
    kind: str
    period: EvaluationPeriod
    evaluation_id: int
    misses: int
    value: Decimal | None
    target: Decimal | None
    distance: Decimal | None
    severity: str
    is_closed: bool


@dataclass(slots=True)
class Simulation:
    """``count`` new gaps for ``people`` persons, ``closed`` of them closed by a later measurement; ``rows`` holds the first ones.

    ``standing``: episodes that are gaps already and stay as they are. ``token`` proves that this very rule was looked at.
    """

    token: str
    count: int = 0
    people: int = 0
    closed: int = 0
    standing: int = 0
    rows: list[SimulatedGap] = field(default_factory=list)

    @property
    def open_count(self) -> int:
        return self.count - self.closed

    @property
    def is_cut(self) -> bool:
        return len(self.rows) < self.count


def simulate(
    rule: GapRule, *, indicators: Collection[int] | None = None, people: QuerySet[Account] | None = None, limit: int = SHOWN
) -> Simulation:
    """Who would get a gap if ``rule`` were switched on beside the rules that are. Works on an unsaved rule; writes nothing.

    ``indicators`` (ids) stand for the rule's own where it is not saved; ``people`` narrows to whom the reader may see.
    """
    chosen = frozenset(rule.indicators.values_list("pk", flat=True) if indicators is None else indicators)
    result = Simulation(token=token_of(rule, chosen))
    shown: list[tuple[int, Found]] = []
    for person_id, found in _would_open(rule, chosen, people, result):
        result.people += 1
        result.count += len(found)
        result.closed += sum(not episode.is_open for _thing, episode, _facts in found)
        shown += [(person_id, one) for one in found[: max(limit - len(shown), 0)]]
    result.rows = _rows(shown)
    return result


def token_of(rule: GapRule, indicators: Collection[int]) -> str:
    """Changes with everything that decides who gets a gap."""
    return audit.keyed_hash([rule.pk, *(str(getattr(rule, name)) for name in _DECIDES), *sorted(indicators)])[:32]


@transaction.atomic
def save_rule(rule: GapRule, *, indicators: Collection[Indicator], by: Account, at: datetime | None = None) -> GapRule:
    """Keep a rule as a form filled it. Where it decides otherwise than before it is switched off: its simulation has to be seen again."""
    if reasons := may_manage(by):
        raise RuleViolation(reasons)
    former = GapRule.objects.select_for_update().filter(pk=rule.pk).first()
    ids = {indicator.pk for indicator in indicators}
    before = _facts(former, former.indicators.values_list("pk", flat=True)) if former else None
    if former is None or token_of(former, former.indicators.values_list("pk", flat=True)) != token_of(rule, ids):
        rule.is_active = False
    rule.full_clean()
    rule.save()
    rule.indicators.set(indicators)
    audit.record("rule.saved", rule, by=by, before=before, after=_facts(rule, ids), detail={"is_active": rule.is_active}, at=at)
    return rule


@transaction.atomic
def switch_on(rule: GapRule, *, token: str, by: Account, at: datetime | None = None) -> GapRule:
    """Switch a rule on, as it was shown in its simulation (``token``); its gaps are opened by a job soon after."""
    moment = at or timezone.now()
    locked = GapRule.objects.select_for_update().get(pk=rule.pk)
    reasons = may_manage(by)
    if token != token_of(locked, locked.indicators.values_list("pk", flat=True)):
        reasons.append(_("Look at the simulation first: the rule may have changed since."))
    if reasons:
        raise RuleViolation(reasons)
    if not locked.is_active:
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        audit.record("rule.switched_on", locked, by=by, detail={"token": token}, at=moment)
        outbox.enqueue(APPLY, f"{APPLY}:{locked.pk}:{moment.isoformat()}", {"rule": locked.pk}, run_after=at)
    rule.is_active = True
    return rule


@transaction.atomic
def switch_off(rule: GapRule, *, by: Account, at: datetime | None = None) -> GapRule:
    """No new gaps by this rule; those that stand go on and are judged."""
    if reasons := may_manage(by):
        raise RuleViolation(reasons)
    if rule.is_active:
        rule.is_active = False
        rule.save(update_fields=["is_active"])
        audit.record("rule.switched_off", rule, by=by, at=at)
    return rule


def apply_rule(rule: GapRule, *, at: datetime | None = None) -> int:
    """After switching on: announce the evaluations that now open gaps, a few people at a time; how many people. May run again."""
    rule.refresh_from_db()
    if not rule.is_active:
        return 0
    chosen = frozenset(rule.indicators.values_list("pk", flat=True))
    found = _would_open(rule, chosen, None, Simulation(token=""))
    touched = 0
    while batch := list(islice(found, GAPS_AT_ONCE)):
        wanted = [episode.opened_by.evaluation_id for _person, entries in batch for _thing, episode, _facts in entries]
        with transaction.atomic():
            announce(list(Evaluation.objects.filter(pk__in=wanted).select_related("period", "person")), at=at or timezone.now())
        touched += len(batch)
    return touched


def _would_open(
    rule: GapRule, indicators: frozenset[int], people: QuerySet[Account] | None, result: Simulation
) -> Iterator[tuple[int, list[Found]]]:
    """Person by person, the episodes that only this rule opens and that are no gap yet."""
    others = GapRule.objects.filter(is_active=True).exclude(pk=rule.pk).prefetch_related("indicators")
    rules = Rules([*((one, [indicator.pk for indicator in one.indicators.all()]) for one in others), (rule, indicators)])
    mine = next(facts for facts in rules.of_kind(rule.kind) if facts == facts_of(rule))
    ids = list(_candidates(rule, indicators, people))
    for start in range(0, len(ids), PEOPLE_AT_ONCE):
        for person_id, facts in read_people(ids[start : start + PEOPLE_AT_ONCE], lock=False).items():
            things = [
                thing for thing in facts.measured if thing[0] == rule.kind and any(one is mine for one in rules.for_thing(thing))
            ]
            told = [(thing, *pair) for thing in things for pair in episodes_of(thing, facts, rules)]
            new = [(thing, episode, mine) for thing, episode, gap in told if gap is None and episode.rule is mine]
            result.standing += sum(gap is not None for _thing, _episode, gap in told)
            if new:
                yield person_id, new


def _candidates(rule: GapRule, indicators: frozenset[int], people: QuerySet[Account] | None) -> QuerySet:
    """Everybody who ever missed what the rule looks at, in a fixed order."""
    final = Evaluation.objects.final()
    if rule.kind == GapKind.INDICATOR:
        missed = Score.objects.filter(is_met=False, evaluation__in=final)
        missed = missed.filter(indicator__in=indicators) if indicators else missed
        wanted = missed.values("evaluation__person")
    else:
        field_name = "result_rating" if rule.kind == GapKind.RESULT else "behaviour_rating"
        wanted = final.filter(**{field_name: Rating.BELOW}).values("person")
    known = people if people is not None else Account.objects.all()
    return known.filter(pk__in=wanted).order_by("name", "pk").values_list("pk", flat=True)


def _rows(shown: Sequence[tuple[int, Found]]) -> list[SimulatedGap]:
    """What a person reads of each: three queries for any number."""
    accounts = Account.objects.with_placement().in_bulk({person_id for person_id, _found in shown})
    indicators = Indicator.objects.in_bulk({thing[1] for _person, (thing, _episode, _facts) in shown if thing[1]})
    periods = EvaluationPeriod.objects.in_bulk({episode.last_miss.period_id for _person, (_thing, episode, _facts) in shown})
    return [
        SimulatedGap(
            person=accounts[person_id],
            indicator=indicators[thing[1]] if thing[1] else None,
            kind=thing[0],
            period=periods[episode.last_miss.period_id],
            evaluation_id=episode.last_miss.evaluation_id,
            misses=len(episode.misses),
            value=episode.last_miss.value,
            target=episode.last_miss.target,
            distance=episode.last_miss.distance,
            severity=severity(episode.last_miss.distance, medium_from=facts.medium_from, large_from=facts.large_from),
            is_closed=not episode.is_open,
        )
        for person_id, (thing, episode, facts) in shown
    ]


def _facts(rule: GapRule, indicators: Sequence[int] | Collection[int] | QuerySet) -> dict:
    return {name: str(getattr(rule, name)) for name in (*_DECIDES, *_TOLD)} | {"indicators": sorted(indicators)}
