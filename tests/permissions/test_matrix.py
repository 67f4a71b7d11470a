"""Every route x every identity x GET and POST (reliability T1). A route without a row fails the build."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.identities import IDENTITIES, reading
from tests.permissions.policy import EXEMPT_PREFIXES, ROWS

pytestmark = pytest.mark.django_db


def our_routes():
    """(name, pattern) of each named route outside the exempt third-party prefixes (they have tests of their own below)."""

    def walk(patterns, namespace=""):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from walk(entry.url_patterns, inner)
            elif isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}" if entry.name else f"{namespace}{entry.pattern}"

    return sorted(set(walk(get_resolver().url_patterns)))


def ours():
    return [name for name in our_routes() if not name.startswith(EXEMPT_PREFIXES)]


def test_every_route_has_a_row():
    missing = [name for name in ours() if name not in ROWS]
    assert not missing, "routes without a row in tests/permissions/policy.py: " + ", ".join(missing)


def test_every_row_has_a_route():
    gone = sorted(set(ROWS) - set(our_routes()))
    assert not gone, "rows without a route: " + ", ".join(gone)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_identity_meets_the_policy_on_every_route(identity, world, client_of):
    client = client_of(identity)
    wrong = []
    for name, row in ROWS.items():
        kwargs = row.kwargs(world)
        url = reverse(name, kwargs=kwargs)
        for method, allowed in (("get", row.get), ("post", row.post)):
            if allowed is None:
                continue
            response = getattr(client, method)(url, row.data(world) if method == "post" and row.data else None)
            seen = reading(response)
            if identity in allowed:
                fits = seen == "open"
            elif identity == "anonymous":
                fits = seen in ("sign_in", "closed")
            else:
                fits = seen == "closed"
            if not fits:
                wrong.append(f"{method.upper()} {name} ({url}): {seen} {response.status_code}, allowed: {identity in allowed}")
    assert not wrong, f"{identity}:\n" + "\n".join(wrong)
