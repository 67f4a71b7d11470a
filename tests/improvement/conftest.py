"""Sari's story, ready to be told: her case, her superior Budi, a clock that the test moves."""

import pytest

from core.domain.seeding import seed_reference
from people.enums import Role
from performance.enums import Rating
from performance.models import Gap
from tests.factories.improvement import Story
from tests.factories.people import AccountFactory, GrantFactory


@pytest.fixture
def houses(db):
    """Reference rows of every app: gap rules, plans, certificate design, hours."""
    seed_reference()


@pytest.fixture
def story(houses, sari, budi, ratna):
    return Story(sari, budi)


@pytest.fixture
def counsellor(db):
    account = AccountFactory(name="Nadia Konselor")
    GrantFactory(person=account, role=Role.COUNSELLOR)
    return account


@pytest.fixture
def behaviour_gap(story):
    story.measured("Triwulan II 2026", 95, behaviour=Rating.BELOW)
    return Gap.objects.get(kind="behaviour")
