"""Sari's story, ready to be told: her case, her superior Budi, a clock that the test moves."""

import pytest

from core.domain.seeding import seed_reference
from tests.factories.improvement import Story


@pytest.fixture
def houses(db):
    """Reference rows of every app: gap rules, plans, certificate design, hours."""
    seed_reference()


@pytest.fixture
def story(houses, sari, budi, ratna):
    return Story(sari, budi)
