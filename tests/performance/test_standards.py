"""The narrowest valid standard wins; reference rows are kept by central HR and leave audit lines."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from performance.domain.standards import overlapping_periods, save_reference, standards_for
from performance.enums import PeriodKind
from performance.models import EvaluationPeriod, Indicator, PerformanceStandard
from tests.factories.people import PositionFactory
from tests.factories.performance import IndicatorFactory, PerformanceStandardFactory, evaluate, period

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 30)


def targets(person, on=DAY):
    return {standard.indicator.name: standard.target for standard in standards_for(person, on)}


def test_the_narrowest_standard_wins(sari, wati, melati, puspa, cempaka):
    speed, counter = IndicatorFactory(name="Kecepatan"), PositionFactory(name="Petugas loket", kind="pelaksana")
    for target, scope in (
        (70, {}),
        (75, {"unit": puspa}),
        (80, {"unit": melati}),
        (85, {"position": counter}),
        (90, {"position": counter, "unit": melati}),
    ):
        PerformanceStandardFactory(indicator=speed, target=target, **scope)
        seen = targets(sari)["Kecepatan"], targets(wati)["Kecepatan"]
        assert seen == {70: (70, 70), 75: (75, 75), 80: (80, 75), 85: (85, 85), 90: (90, 85)}[target]


def test_validity_and_active_indicators(sari):
    speed, old = IndicatorFactory(name="Kecepatan"), IndicatorFactory(name="Lama", is_active=False)
    PerformanceStandardFactory(indicator=old)
    PerformanceStandardFactory(indicator=speed, target=80, valid_to=date(2025, 3, 31))
    PerformanceStandardFactory(indicator=speed, target=90, valid_from=date(2025, 4, 1))
    assert (targets(sari, date(2025, 3, 31)), targets(sari)) == ({"Kecepatan": 80}, {"Kecepatan": 90})


def test_own_standards_cost_two_queries(sari, django_assert_num_queries):
    for _number in range(3):
        PerformanceStandardFactory()
    with django_assert_num_queries(2):
        assert len(standards_for(sari, DAY)) == 3


def test_two_standards_of_one_scope_do_not_overlap(dewi):
    first = PerformanceStandardFactory(target=80, valid_from=date(2025, 1, 1))
    again = PerformanceStandard(indicator=first.indicator, target=Decimal(90), valid_from=date(2025, 7, 1))
    with pytest.raises(RuleViolation):
        save_reference(again, by=dewi)
    first.valid_to = date(2025, 6, 30)
    save_reference(first, by=dewi)
    save_reference(again, by=dewi)
    again.valid_to = date(2025, 1, 1)
    with pytest.raises((RuleViolation, ValidationError)):
        save_reference(again, by=dewi)


def test_only_central_hr_writes(ratna, dewi, sari):
    for by in (ratna, sari):
        with pytest.raises(RuleViolation):
            save_reference(Indicator(name="X", aspect="time"), by=by)
    save_reference(Indicator(name="X", aspect="time"), by=dewi)
    with pytest.raises(ValidationError):
        save_reference(Indicator(name="X", aspect="time"), by=dewi)
    assert AuditEvent.objects.filter(verb="indicator.saved").count() == 1
    with pytest.raises(TypeError):
        save_reference(sari, by=dewi)


def test_a_period_with_evaluations_stays(sari, dewi):
    evaluate(sari, "Triwulan II 2025")
    used = EvaluationPeriod.objects.get()
    used.ends_on = date(2025, 7, 31)
    with pytest.raises(RuleViolation):
        save_reference(used, by=dewi)
    backwards = EvaluationPeriod(kind=PeriodKind.OTHER, starts_on=date(2025, 7, 1), ends_on=date(2025, 6, 1))
    with pytest.raises(ValidationError):
        save_reference(backwards, by=dewi)


def test_periods_that_cut_across_each_other_are_pointed_out():
    quarter = period("Triwulan II 2025")
    assert overlapping_periods(date(2025, 6, 1), date(2025, 8, 31)) == [quarter]
    assert overlapping_periods(date(2025, 1, 1), date(2025, 12, 31)) == []
    assert overlapping_periods(date(2025, 5, 1), date(2025, 5, 31)) == []
