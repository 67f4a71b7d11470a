"""A person's place over time, and a reporting line without circles."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.errors import RuleViolation
from people.domain.line import cycle_members, superiors_above
from people.domain.placements import end_placement, place
from people.models import Placement
from tests.factories.people import AccountFactory


def test_the_first_placement_begins_before_our_records(melati):
    person = AccountFactory()
    placement = place(person, unit=melati, by=None)
    assert (placement.starts_on, placement.ends_on) == (None, None)


def test_a_move_closes_the_old_placement_the_day_before(sari, budi, melati, cempaka, dewi):
    moved = place(sari, unit=cempaka, on=date(2026, 3, 1), by=dewi)

    old = Placement.objects.get(person=sari, unit=melati)
    assert (old.ends_on, moved.starts_on, moved.superior) == (date(2026, 2, 28), date(2026, 3, 1), None)
    assert Placement.objects.on(date(2026, 2, 28)).get(person=sari) == old
    assert Placement.objects.on(date(2026, 3, 1)).get(person=sari) == moved


def test_the_same_facts_change_nothing(sari, budi, melati):
    position = sari.placement.position
    assert place(sari, unit=melati, position=position, superior=budi, by=None) == sari.placement
    assert sari.placements.count() == 1


def test_two_changes_on_one_day_are_one_placement(sari, melati, cempaka):
    day = date(2026, 3, 1)
    place(sari, unit=cempaka, on=day, by=None)
    place(sari, unit=melati, on=day, by=None)
    assert [p.unit for p in sari.placements.order_by("pk")] == [melati, melati]


def test_a_change_before_the_present_placement_is_refused(sari, cempaka, puspa):
    place(sari, unit=cempaka, on=date(2026, 3, 1), by=None)
    with pytest.raises(RuleViolation):
        place(sari, unit=puspa, on=date(2026, 2, 1), by=None)


def test_nobody_is_above_herself(sari, budi, melati):
    with pytest.raises(RuleViolation):
        place(sari, unit=melati, superior=sari, by=None)
    with pytest.raises(RuleViolation, match="Sari"):
        place(budi, unit=melati, superior=sari, by=None)


def test_leaving_ends_the_placement(sari):
    end_placement(sari, on=date(2026, 6, 30), by=None)
    assert sari.placement is None
    assert end_placement(sari, on=date(2026, 7, 1), by=None) is None


def test_the_line_upwards(sari, budi, dewi, melati):
    place(budi, unit=melati, position=budi.placement.position, superior=dewi, by=None)
    assert superiors_above(sari) == [budi.pk, dewi.pk]


@pytest.mark.parametrize(
    ("line", "members"),
    [
        ({}, set()),
        ({"a": "b", "b": None}, set()),
        ({"a": "a"}, {"a"}),
        ({"a": "b", "b": "a", "c": "a"}, {"a", "b"}),
        ({"c": "a", "a": "b", "b": "a", "d": "e", "e": "f", "f": "d"}, {"a", "b", "d", "e", "f"}),
        ({str(n): str((n + 1) % 100) for n in range(100)}, {str(n) for n in range(100)}),
    ],
)
def test_circles_are_found_with_their_members_only(line, members):
    assert cycle_members(line) == members
