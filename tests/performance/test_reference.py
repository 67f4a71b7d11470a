"""Reference rows of an empty installation."""

import pytest

from core.domain.seeding import seed_reference
from performance.enums import GapKind
from performance.models import GapRule, Indicator, PerformanceStandard, PredicateCell, SourceProfile

pytestmark = pytest.mark.django_db


def test_the_second_seeding_changes_nothing():
    seed_reference()
    GapRule.objects.filter(kind=GapKind.RESULT).update(consecutive_misses=2)
    PredicateCell.objects.filter(result_rating="above", behaviour_rating="below").update(predicate="very_poor")
    before = [list(model.objects.order_by("pk").values()) for model in (GapRule, PredicateCell, SourceProfile)]
    seed_reference()
    assert [list(model.objects.order_by("pk").values()) for model in (GapRule, PredicateCell, SourceProfile)] == before


def test_the_default_rules_stand_on_their_legal_rows():
    seed_reference()
    assert PredicateCell.objects.count() == 9
    assert not PredicateCell.objects.filter(legal_basis="").exists()
    rules = GapRule.objects.filter(is_active=True)
    assert {rule.kind for rule in rules} == {"result", "behaviour", "indicator"}
    assert {
        (rule.consecutive_misses, rule.cool_down_days, rule.evidence_months, rule.medium_from, rule.large_from) for rule in rules
    } == {(1, 0, 18, 10, 25)}
    assert rules.get(kind="behaviour").default_remedies[0] == "counselling"
    assert not Indicator.objects.exists()
    assert not PerformanceStandard.objects.exists()
