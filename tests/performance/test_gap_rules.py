"""A rule is switched on after everybody could see who would get a gap and why."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.domain import outbox
from core.domain.errors import RuleViolation
from people.models import Account
from performance.domain import gap_rules
from performance.enums import Rating
from performance.models import Gap, GapRule
from performance.signals import evaluations_finalised
from tests.factories.performance import IndicatorFactory, apply, evaluate, reference

pytestmark = pytest.mark.django_db
Q1, Q2, Q3, Q4 = ("Triwulan I 2025", "Triwulan II 2025", "Triwulan III 2025", "Triwulan IV 2025")


@pytest.fixture
def speed():
    return IndicatorFactory(name="Kecepatan")


@pytest.fixture
def story(sari, wati, budi, speed):
    """Sari misses twice, Wati once and is then back, Budi once."""
    for person, when, value in ((sari, Q1, 70), (sari, Q2, 60), (wati, Q1, 80), (wati, Q2, 90), (budi, Q2, 85)):
        evaluate(person, when, scores=[(speed, value)])


def rule(**more):
    return GapRule(**{"name": "Uji", "kind": "indicator"} | more)


def test_who_would_get_a_gap_and_why(story, sari, budi, wati, speed):
    found = gap_rules.simulate(rule(), indicators=[])
    assert (found.count, found.people, found.closed, found.open_count, found.standing) == (3, 3, 1, 2, 0)
    rows = {row.person: row for row in found.rows}
    assert (rows[sari].misses, rows[sari].value, rows[sari].target, rows[sari].severity, rows[sari].period.code) == (
        2,
        60,
        90,
        "large",
        "2025-04/2025-06",
    )
    assert rows[wati].is_closed
    assert not Gap.objects.exists()
    assert not GapRule.objects.exists()


def test_two_misses(story, sari):
    found = gap_rules.simulate(rule(consecutive_misses=2), indicators=[])
    assert [row.person for row in found.rows] == [sari]


def test_what_is_a_gap_already_is_not_counted_again(story, sari, speed):
    reference()
    apply(*[evaluation for evaluation in sari.evaluations.all()])
    found = gap_rules.simulate(rule(consecutive_misses=1), indicators=[speed.pk])
    assert sari not in {row.person for row in found.rows}
    assert found.standing == 1


def test_only_what_other_rules_leave(story, speed):
    reference()
    assert gap_rules.simulate(rule(consecutive_misses=2), indicators=[]).count == 0
    assert gap_rules.simulate(rule(consecutive_misses=2), indicators=[speed.pk]).count == 1


def test_validity_limits_whom_a_rule_reaches(story, budi, sari):
    found = gap_rules.simulate(rule(valid_from=date(2025, 4, 1)), indicators=[])
    assert {row.person for row in found.rows} == {sari, budi}


def test_a_reader_sees_her_people_only(story, ratna, budi, sari, wati, bkd):
    from tests.factories.people import AccountFactory, PlacementFactory

    stranger = AccountFactory()
    PlacementFactory(person=stranger, unit=bkd)
    evaluate(stranger, Q2, result=Rating.BELOW)
    result = rule(kind="result")
    assert gap_rules.simulate(result, indicators=[]).count == 1
    assert gap_rules.simulate(result, indicators=[], people=Account.objects.visible_to(ratna)).count == 0


def test_the_list_is_cut_and_the_count_is_not(story):
    found = gap_rules.simulate(rule(), indicators=[], limit=1)
    assert (found.count, len(found.rows), found.is_cut) == (3, 1, True)


def test_switching_on_needs_the_simulation_of_this_very_rule(story, dewi, ratna, sari, budi, speed):
    kept = gap_rules.save_rule(rule(), indicators=[speed], by=dewi)
    assert not kept.is_active
    token = gap_rules.simulate(kept).token
    gap_rules.save_rule(kept_again(kept, consecutive_misses=2), indicators=[speed], by=dewi)
    for wrong, by in (("", dewi), (token, dewi), (gap_rules.simulate(kept_again(kept)).token, ratna)):
        with pytest.raises(RuleViolation):
            gap_rules.switch_on(kept, token=wrong, by=by)
    gap_rules.switch_on(kept, token=gap_rules.simulate(kept_again(kept)).token, by=dewi)

    evaluations_finalised.connect(lambda evaluations, at, **_more: apply(*evaluations), weak=False)
    assert outbox.drain() >= 1
    assert list(Gap.objects.values_list("person__name", flat=True)) == [sari.name]
    assert gap_rules.apply_rule(kept) == 0


def kept_again(kept, **changes):
    again = GapRule.objects.get(pk=kept.pk)
    for name, value in changes.items():
        setattr(again, name, value)
    return again


def test_a_change_of_what_decides_switches_off(dewi):
    reference()
    default = GapRule.objects.get(kind="result")
    gap_rules.save_rule(kept_again(default, name="Nama lain"), indicators=[], by=dewi)
    assert GapRule.objects.get(pk=default.pk).is_active
    gap_rules.save_rule(kept_again(default, consecutive_misses=2), indicators=[], by=dewi)
    assert not GapRule.objects.get(pk=default.pk).is_active


def test_refusals(dewi, ratna):
    with pytest.raises(RuleViolation):
        gap_rules.save_rule(rule(), indicators=[], by=ratna)
    with pytest.raises(ValidationError):
        gap_rules.save_rule(rule(medium_from=30), indicators=[], by=dewi)
    with pytest.raises(ValidationError):
        gap_rules.save_rule(rule(consecutive_misses=0), indicators=[], by=dewi)
    kept = gap_rules.save_rule(rule(), indicators=[], by=dewi)
    with pytest.raises(RuleViolation):
        gap_rules.switch_off(kept, by=ratna)
    gap_rules.switch_off(kept, by=dewi)


def test_simulating_costs_the_same_for_many(story, django_assert_max_num_queries, speed):
    from tests.factories.people import AccountFactory

    for _number in range(4):
        evaluate(AccountFactory(), Q2, scores=[(speed, 10)])
    with django_assert_max_num_queries(13):
        assert gap_rules.simulate(rule(), indicators=[]).count == 7
