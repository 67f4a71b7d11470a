"""A new key for what is stored encrypted: everything is read with the old keys and written with the newest (docs/operations.md, section 1).

Columns whose name ends in ``_encrypted`` are found by themselves; what is stored elsewhere is registered with ``register``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from django.apps import apps
from django.db.models import Model

from core.domain import crypto

RENEWED, CURRENT, UNREADABLE = "renewed", "current", "unreadable"
Renewal = Callable[[], Iterator[str]]

_renewals: list[Renewal] = []


def register(renewal: Renewal) -> None:
    """Called in ``AppConfig.ready``; the function renews its secrets one by one and yields what became of each (``renew``)."""
    if renewal not in _renewals:
        _renewals.append(renewal)


def renew_everything() -> Counter[str]:
    """How many secrets are under the newest key now, were before, and cannot be read with any key. A second call finds nothing to do."""
    found = Counter({RENEWED: 0, CURRENT: 0, UNREADABLE: 0})
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("_encrypted"):
                found.update(_renew_column(model, field.name))
    for renewal in _renewals:
        found.update(renewal())
    return found


def renew(token: str) -> tuple[str, str]:
    """One secret: what becomes of it, and how it is to be stored."""
    try:
        fresh = crypto.renewed(token)
    except crypto.CannotDecrypt:
        return UNREADABLE, token
    return (CURRENT if fresh == token else RENEWED), fresh


def _renew_column(model: type[Model], name: str) -> Iterator[str]:
    rows = model._base_manager.exclude(**{name: ""}).order_by("pk")
    for pk, token in rows.values_list("pk", name).iterator():
        outcome, fresh = renew(token)
        if outcome == RENEWED:
            # Guarded by the former text: what somebody wrote meanwhile is under the newest key and stays.
            model._base_manager.filter(pk=pk, **{name: token}).update(**{name: fresh})
        yield outcome
