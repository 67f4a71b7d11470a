"""Performance by itself: the loop above must not answer when evaluations become final, so that each test says when gaps are applied."""

import pytest

from performance.signals import evaluations_finalised


@pytest.fixture(autouse=True)
def _no_loop(monkeypatch):
    monkeypatch.setattr(evaluations_finalised, "receivers", [])
    evaluations_finalised.sender_receivers_cache.clear()
    yield
    evaluations_finalised.sender_receivers_cache.clear()
