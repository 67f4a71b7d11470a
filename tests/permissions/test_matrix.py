"""Every route x every identity x GET and POST (reliability T1). A route without a row fails the build."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from tests.permissions.identities import IDENTITIES, reading
from tests.permissions.policy import ROWS
from tests.permissions.routes import all_routes

pytestmark = pytest.mark.django_db


def test_every_route_has_a_row():
    missing = sorted({route.name for route in all_routes() if route.name not in ROWS and not route.is_third_party})
    assert not missing, "routes without a row in tests/permissions/policy.py: " + ", ".join(missing)


def test_every_row_has_a_route():
    gone = sorted(set(ROWS) - {route.name for route in all_routes()})
    assert not gone, "rows without a route: " + ", ".join(gone)


def deviations(identity: str, world, client) -> list[str]:
    """Where the answers differ from the table; what one request changes, the next does not see."""
    wrong = []
    for name, row in ROWS.items():
        url = reverse(name, kwargs=row.kwargs(world))
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(url, (row.data or {}) if method == "post" else {})
                transaction.set_rollback(True)
            seen = reading(response)
            expected = row.expected(identity, method)
            if seen != expected and not (identity == "anonymous" and (seen, expected) == ("sign_in", "closed")):
                wrong.append(f"{identity}: {method.upper()} {name} ({url}): {seen} {response.status_code}, not {expected}")
    return wrong


def test_every_identity_meets_the_policy_on_every_route(world, client_of):
    wrong = [line for identity in IDENTITIES for line in deviations(identity, world, client_of(identity))]
    assert not wrong, "\n" + "\n".join(wrong)
