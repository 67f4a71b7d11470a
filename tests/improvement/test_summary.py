"""HR's overview: figures computed ahead, a constant number of queries, nothing about fewer than ten people (k = 10)."""

from __future__ import annotations

import pytest

from improvement.domain.summary import compute_summaries, overview, units_for
from improvement.models import UnitSummary
from tests.factories.improvement import Story
from tests.factories.people import AccountFactory, OrgUnitFactory, PlacementFactory
from tests.factories.performance import evaluate


@pytest.fixture
def full_house(story: Story, melati, cempaka, budi, wati):
    """Twelve colleagues of Sari in Melati, all measured; Wati alone in Cempaka."""
    people = [AccountFactory(name=f"Rekan {number}") for number in range(12)]
    for number, person in enumerate(people):
        PlacementFactory(person=person, unit=melati, superior=budi)
        story.measured("Triwulan II 2026", 80 if number < 3 else 95, person=person)
    evaluate(wati, "Triwulan II 2026", result="below", at=story.now)
    story.assigned(people[0].gaps.get(indicator__isnull=False), due_on=story.now.date())
    compute_summaries(at=story.clock.pass_time(days=2))
    return people


def test_a_unit_counts_itself_and_everything_below(full_house, melati, puspa, province):
    own = UnitSummary.objects.get(unit=melati).figures
    assert (own["people"], own["gaps"]["open"], own["gaps"]["addressed"], own["assignments_overdue"]) == (14, 2, 1, 1)
    above = UnitSummary.objects.get(unit=puspa).figures
    assert above["people"] == 16 and above["gaps"]["open"] == 3
    assert UnitSummary.objects.get(unit=province).figures["people"] == above["people"]


def test_ratings_of_fewer_than_ten_people_are_never_stored(full_house, melati, cempaka):
    assert UnitSummary.objects.get(unit=melati).figures["ratings"] == {
        "result": {"above": 0, "meets": 9, "below": 3}, "behaviour": {"above": 0, "meets": 12, "below": 0}, "n": 12}
    assert "ratings" not in UnitSummary.objects.get(unit=cempaka).figures


def test_small_units_are_shown_together(full_house, ratna, melati, cempaka):
    found = overview(ratna)
    assert found.figures["people"] == 16
    assert [(unit and unit.pk, figures["people"]) for unit, figures in found.units] == [(melati.pk, 14), (None, 1)]


def test_hr_sees_her_units_only(full_house, ratna, dewi, wati, melati, bkd):
    assert melati in units_for(ratna) and bkd not in units_for(ratna)
    assert bkd in units_for(dewi) and not units_for(wati).exists()
    assert overview(wati).units == []


def test_computing_again_changes_the_row_and_adds_none(full_house, story):
    count = UnitSummary.objects.count()
    assert compute_summaries(at=story.now) == count == UnitSummary.objects.count()


def test_the_overview_asks_the_same_number_of_queries_for_any_agency(full_house, ratna, puspa, story, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        overview(ratna)
    for _number in range(15):
        OrgUnitFactory(parent=puspa)
    compute_summaries(at=story.now)
    with django_assert_max_num_queries(5):
        assert len(overview(ratna).units) == 2
