"""From episodes to gaps: which gap is which episode, what became of it, and what has to be written. Nothing is written here.

Existing gaps keep what people did about them. A final gap is never opened again: what comes after it is a new gap that names it as its
former one (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.domain.dates import local_date
from performance.domain.gap_facts import CASE_KINDS, EvidenceRow, PersonFacts, Rules, Thing
from performance.domain.scores import severity
from performance.domain.timeline import Closing, Episode, Measurement, OrderKey, RuleFacts, tell
from performance.enums import RESULT_ASPECTS, GapKind, GapStatus
from performance.models import Gap

OPENED, MISSED_AGAIN, IMPROVED, PERSISTING = "opened", "missed_again", "improved", "persisting"
WAIVED_BY_CORRECTION = "waived_by_correction"
CORRECTION = "koreksi penilaian"
DEFAULT_BANDS = (Decimal(10), Decimal(25))


@dataclass(slots=True)
class GapPlan:
    """What to write for one gap. ``moves``: (to, evaluation, reason); ``events``: (order, event, evaluation)."""

    gap: Gap
    episode: Episode | None = None
    is_dirty: bool = False
    moves: list[tuple[str, int, str]] = field(default_factory=list)
    events: list[tuple[OrderKey, str, int]] = field(default_factory=list)
    new_evidence: list[tuple[Measurement, bool]] = field(default_factory=list)
    stale_evidence: list[int] = field(default_factory=list)
    former: GapPlan | None = None
    parent: GapPlan | None = None
    came_from: str = ""

    def __post_init__(self) -> None:
        self.came_from = self.gap.status if self.gap.pk else ""

    @property
    def is_new(self) -> bool:
        return self.gap.pk is None

    def set(self, **facts: object) -> None:
        """Set attributes; the plan becomes dirty only where one differs."""
        for name, value in facts.items():
            if getattr(self.gap, name) != value:
                setattr(self.gap, name, value)
                self.is_dirty = True


def plan_person(facts: PersonFacts, rules: Rules, aspects: dict[int, str], *, at: datetime) -> list[GapPlan]:
    """Plans for all gaps of a person that change or are new, and for those that others refer to."""
    plans: dict[Thing, list[GapPlan]] = {}
    for thing in sorted(set(facts.measured) | set(facts.gaps), key=lambda thing: (thing[0] not in CASE_KINDS, str(thing))):
        plans[thing] = _plan_thing(thing, facts, rules, at)
    for (kind, indicator_id), listed in plans.items():
        if kind == GapKind.INDICATOR and indicator_id is not None:
            case_kind = GapKind.RESULT if aspects.get(indicator_id) in RESULT_ASPECTS else GapKind.BEHAVIOUR
            for plan in listed:
                _find_case(plan, plans.get((case_kind, None), []))
    return [plan for listed in plans.values() for plan in listed]


def _plan_thing(thing: Thing, facts: PersonFacts, rules: Rules, at: datetime) -> list[GapPlan]:
    measured, gaps = facts.measured.get(thing, {}), facts.gaps.get(thing, [])
    standing = [gap for gap in gaps if not was_corrected_away(gap)]
    episodes, owners = _episodes(list(measured.values()), standing, rules.for_thing(thing), facts)
    corrected = next((GapPlan(gap) for gap in gaps if was_corrected_away(gap)), None)
    plans: list[GapPlan] = []
    known = {measurement.evaluation_id for measurement in measured.values()}
    for place, episode in enumerate(episodes):
        gap = owners.get(place)
        if gap is None:
            gap = Gap(person_id=facts.person_id, kind=thing[0], indicator_id=thing[1], opened_at=at)
            plan = GapPlan(gap, episode, is_dirty=True)
        else:
            plan = GapPlan(gap, episode)
        _tell_changes(plan, facts.evidence.get(gap.pk, []) if gap.pk else [], at)
        _state_facts(plan, rules)
        _compare_evidence(plan, facts.evidence.get(gap.pk, []) if gap.pk else [], known)
        plan.former = plans[-1] if plans else corrected
        plans.append(plan)
    vanished = [gap for gap in standing if gap.pk not in {owner.pk for owner in owners.values()} and not gap.is_final]
    return plans + [_waive(gap, measured, facts.evidence.get(gap.pk, []), at) for gap in vanished]


def episodes_of(thing: Thing, facts: PersonFacts, rules: Rules) -> list[tuple[Episode, Gap | None]]:
    """The story of a thing under ``rules``: each episode with the gap that it is, or None where it would be a new one."""
    standing = [gap for gap in facts.gaps.get(thing, []) if not was_corrected_away(gap)]
    measurements = list(facts.measured.get(thing, {}).values())
    episodes, owners = _episodes(measurements, standing, rules.for_thing(thing), facts)
    return [(episode, owners.get(place)) for place, episode in enumerate(episodes)]


def was_corrected_away(gap: Gap) -> bool:
    """Waived because its evaluation was corrected: only then a waived gap names an evaluation."""
    return gap.status == GapStatus.WAIVED and gap.closed_by_evaluation_id is not None


def _episodes(
    measurements: list[Measurement], standing: Sequence[Gap], rules: Sequence[RuleFacts], facts: PersonFacts
) -> tuple[list[Episode], dict[int, Gap]]:
    """The episodes, and which gap (by the place of its episode) each is. A gap that is closed for good closes its episode."""
    orders = {row.evaluation_id: row for gap in standing for row in facts.evidence.get(gap.pk, [])}
    opened_before = {orders[gap.opened_by_id].period_id for gap in standing if gap.opened_by_id in orders}
    closings = {gap.pk: _closing(gap, facts) for gap in standing if gap.is_final and gap.closed_by_evaluation_id is None}
    while True:
        ends = [closing for closing in closings.values() if closing is not None]
        episodes = tell(measurements, rules, opened_before=opened_before, closings=ends)
        owners = _match(episodes, standing, facts)
        reopened = [gap for place, gap in owners.items() if gap.is_final and episodes[place].is_open and gap.pk not in closings]
        if not reopened:
            return episodes, owners
        closings |= {gap.pk: _closing(gap, facts) for gap in reopened}


def _closing(gap: Gap, facts: PersonFacts) -> Closing | None:
    """Right after the last miss that the gap knew."""
    misses = [row.order for row in facts.evidence.get(gap.pk, []) if row.is_miss]
    closed_on = local_date(gap.closed_at) if gap.closed_at else None
    return Closing(max(misses), gap.pk, closed_on) if misses and closed_on else None


def _match(episodes: Sequence[Episode], standing: Sequence[Gap], facts: PersonFacts) -> dict[int, Gap]:
    """A gap is the episode that holds the miss it was opened by, else the first other miss of it that is still one."""
    place_of_period = {miss.period_id: place for place, episode in enumerate(episodes) for miss in episode.misses}
    owners = {}
    for place, episode in enumerate(episodes):
        if episode.closed_by_gap is not None:
            owners[place] = next(gap for gap in standing if gap.pk == episode.closed_by_gap)
    owned = {gap.pk for gap in owners.values()}
    for gap in sorted(standing, key=lambda gap: gap.pk):
        if gap.pk in owned:
            continue
        rows = sorted((row for row in facts.evidence.get(gap.pk, []) if row.is_miss), key=lambda row: row.order)
        rows.sort(key=lambda row: row.evaluation_id != gap.opened_by_id)
        places = [place_of_period[row.period_id] for row in rows if row.period_id in place_of_period]
        place = next((place for place in places if place not in owners), None)
        if place is not None:
            owners[place] = gap
    return owners


def _tell_changes(plan: GapPlan, evidence: Sequence[EvidenceRow], at: datetime) -> None:
    """Moves and events: what this plan says that was not known before. A closed gap only learns; nothing happens to it any more."""
    gap, episode = plan.gap, plan.episode
    assert episode is not None
    if gap.is_final:
        if episode.closed_by is not None:
            plan.set(closed_by_evaluation_id=episode.closed_by.evaluation_id, judged_by_id=episode.closed_by.evaluation_id)
        return
    heard = {row.period_id for row in evidence if row.is_miss}
    last_heard = max((row.order for row in evidence if row.is_miss), default=None)
    status = "" if plan.is_new else gap.status
    for place, miss in enumerate(episode.misses):
        if plan.is_new and miss is episode.opened_by:
            status = _move(plan, GapStatus.OPEN, OPENED, miss)
        elif miss.period_id not in heard and status:
            judges = Episode(episode.opened_by, None, episode.misses[:place]).is_judged_by(miss)
            is_news = judges and last_heard is not None and miss.order > last_heard
            if is_news and status in (GapStatus.ADDRESSED, GapStatus.AWAITING_REVIEW):
                status = _move(plan, GapStatus.PERSISTING, PERSISTING, miss)
            else:
                plan.events.append((miss.order, MISSED_AGAIN, miss.evaluation_id))
    if episode.closed_by is not None:
        _move(plan, GapStatus.IMPROVED, IMPROVED, episode.closed_by)
        plan.set(closed_by_evaluation_id=episode.closed_by.evaluation_id, closed_at=at)


def _move(plan: GapPlan, to: str, event: str, measurement: Measurement) -> str:
    plan.moves.append((to, measurement.evaluation_id, ""))
    plan.events.append((measurement.order, event, measurement.evaluation_id))
    return to


def _state_facts(plan: GapPlan, rules: Rules) -> None:
    """The measured facts at the last miss. A severity set by hand stays while the target is 0 and no distance can be told."""
    gap, episode = plan.gap, plan.episode
    assert episode is not None
    last, judged = episode.last_miss, episode.judged_by
    bands = episode.rule or next(iter(rules.for_thing((gap.kind, gap.indicator_id))), None)
    medium, large = (bands.medium_from, bands.large_from) if bands else DEFAULT_BANDS
    by_hand = gap.severity if last.target == 0 and gap.target == 0 else ""
    found = severity(last.distance, medium_from=medium, large_from=large)
    plan.set(
        opened_by_id=episode.opened_by.evaluation_id,
        last_missed_period_id=last.period_id,
        misses=len(episode.misses),
        value=last.value,
        target=last.target,
        severity=found or by_hand,
        judged_by_id=judged.evaluation_id if judged else gap.judged_by_id,
    )
    if plan.is_new and episode.rule is not None:
        gap.rule_id = episode.rule.pk


def _compare_evidence(plan: GapPlan, evidence: Sequence[EvidenceRow], known: set[int]) -> None:
    """Add what is missing; take out what now belongs to another gap. Replaced evaluations stay as history."""
    episode = plan.episode
    assert episode is not None
    wanted = {miss.evaluation_id: (miss, True) for miss in episode.misses}
    if episode.closed_by is not None:
        wanted[episode.closed_by.evaluation_id] = (episode.closed_by, False)
    have = {row.evaluation_id for row in evidence}
    plan.new_evidence = [entry for evaluation_id, entry in wanted.items() if evaluation_id not in have]
    kept = {*wanted, plan.gap.closed_by_evaluation_id}
    plan.stale_evidence = [row.pk for row in evidence if row.evaluation_id in known and row.evaluation_id not in kept]


def _waive(gap: Gap, measured: dict[int, Measurement], evidence: Sequence[EvidenceRow], at: datetime) -> GapPlan:
    """No miss of this gap is one any longer: a correction, or an import that was taken back (decisions 16)."""
    plan = GapPlan(gap)
    rows = sorted((row for row in evidence if row.is_miss), key=lambda row: row.order)
    last = rows[-1] if rows else None
    corrected = measured.get(last.period_id) if last else None
    evaluation_id = corrected.evaluation_id if corrected else gap.opened_by_id
    plan.moves.append((GapStatus.WAIVED, evaluation_id, CORRECTION))
    order = last.order if last else (local_date(gap.opened_at), local_date(gap.opened_at), 0)
    plan.events.append((order, WAIVED_BY_CORRECTION, evaluation_id))
    plan.set(closed_by_evaluation_id=evaluation_id, closed_at=at, closing_reason=CORRECTION)
    return plan


def _find_case(plan: GapPlan, cases: Sequence[GapPlan]) -> None:
    """An indicator gap belongs to the case with which it shares a miss, the latest one first (decisions 15)."""
    if plan.episode is None:
        return
    owner = {miss.period_id: case for case in cases if case.episode for miss in case.episode.misses}
    plan.parent = next((owner[miss.period_id] for miss in reversed(plan.episode.misses) if miss.period_id in owner), None)
