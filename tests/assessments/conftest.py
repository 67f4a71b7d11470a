"""Counting queries as the budgets mean them: BEGIN, COMMIT and SAVEPOINT are no queries (decisions 6)."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def at_most():
    """``with at_most(4): ...``"""

    @contextmanager
    def counted(most: int):
        with CaptureQueriesContext(connection) as captured:
            yield
        queries = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
        assert len(queries) <= most, "\n".join(queries)

    return counted
