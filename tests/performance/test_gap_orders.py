"""Importing periods in any order gives the same end state; whatever people do meanwhile, the promises of a gap hold."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.domain.errors import RuleViolation
from performance.domain import gaps
from performance.enums import FINAL_STATUSES, GAP_TRANSITIONS, GapStatus, Rating
from performance.models import Evaluation, Gap, GapChange, GapEvidence
from tests.factories.people import AccountFactory
from tests.factories.performance import IndicatorFactory, apply, evaluate, reference

pytestmark = pytest.mark.django_db

QUARTERS = [f"Triwulan {roman} {year}" for year in (2024, 2025) for roman in ("I", "II", "III", "IV")]
OTHERS = ["Semester I 2025", "Semester II 2025", "2024", "2025", "2025-02", "2025-05", "2025-08"]
facts = st.tuples(st.sampled_from(list(Rating)), st.sampled_from(list(Rating)), st.integers(60, 100), st.integers(60, 100))
# Which periods exist, what they say, and in which order they arrive.
histories = st.dictionaries(st.sampled_from(QUARTERS + OTHERS), facts, min_size=2, max_size=7)
# No shrinking: with a database behind it, it takes minutes and the failing history is short anyway.
SLOW = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def tell(person, history, order, indicators, *, in_one_go=False):
    rows = []
    for when in order:
        result, behaviour, first, second = history[when]
        scores = [(indicators[0], first), (indicators[1], second)]
        rows.append(evaluate(person, when, result=result, behaviour=behaviour, scores=scores))
        if not in_one_go:
            apply(rows[-1])
    if in_one_go:
        apply(*rows)


def state_of(person):
    """All that is measured about the gaps of a person, without keys and clocks."""
    rows = Gap.objects.filter(person=person).select_related(
        "opened_by__period",
        "last_missed_period",
        "closed_by_evaluation__period",
        "judged_by__period",
        "parent__opened_by__period",
        "former__opened_by__period",
    )
    evidence = {}
    for row in GapEvidence.objects.filter(gap__person=person).select_related("evaluation__period"):
        evidence.setdefault(row.gap_id, set()).add((row.evaluation.period.code, row.is_miss, row.value))
    return {
        (gap.kind, gap.indicator_id, gap.opened_by.period.code): (
            gap.status,
            gap.misses,
            gap.last_missed_period.code,
            gap.value,
            gap.severity,
            gap.closed_by_evaluation and gap.closed_by_evaluation.period.code,
            gap.judged_by and gap.judged_by.period.code,
            gap.parent and (gap.parent.kind, gap.parent.opened_by.period.code),
            gap.former and gap.former.opened_by.period.code,
            frozenset(evidence.get(gap.pk, ())),
        )
        for gap in rows
    }


@SLOW
@given(histories, st.randoms(use_true_random=False))
def test_any_order_of_import_gives_the_same_end(history, random):
    reference()
    indicators = [IndicatorFactory(name="Satu"), IndicatorFactory(name="Dua", aspect="service")]
    straight, shuffled, at_once = AccountFactory(), AccountFactory(), AccountFactory()
    in_order = sorted(history, key=(QUARTERS + OTHERS).index)
    tell(straight, history, in_order, indicators)
    random.shuffle(in_order)
    tell(shuffled, history, in_order, indicators)
    tell(at_once, history, in_order, indicators, in_one_go=True)
    assert state_of(shuffled) == state_of(straight)
    assert state_of(at_once) == state_of(straight)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.sampled_from(QUARTERS + OTHERS), st.sampled_from([Rating.BELOW, Rating.MEETS])),
        st.tuples(st.just("move"), st.sampled_from(list(GapStatus)), st.booleans()),
        st.tuples(st.just("reapply"), st.none(), st.none()),
    ),
    max_size=12,
)


@SLOW
@given(steps)
def test_what_people_do_in_between_breaks_no_promise(actions):
    reference()
    sari, budi = AccountFactory(), AccountFactory()
    closed: dict[int, str] = {}
    for action, what, more in actions:
        if action == "import":
            apply(evaluate(sari, what, result=more, reason="Koreksi"))
        elif action == "reapply":
            rows = list(Evaluation.objects.filter(person=sari))
            apply(*rows)
            assert apply(*rows) == []
        elif gap := Gap.objects.filter(person=sari).unfinished().first():
            try:
                gaps.move_gap(gap, what, by=budi, reason="alasan" if more else "")
            except RuleViolation:
                pass
        now = dict(Gap.objects.filter(person=sari).values_list("pk", "status"))
        assert closed.items() <= now.items(), "a closed gap moved"
        closed = {pk: status for pk, status in now.items() if status in FINAL_STATUSES}
        assert len(now) - len(closed) <= 1
    for change in GapChange.objects.exclude(from_status=""):
        assert change.to_status in GAP_TRANSITIONS[change.from_status]
