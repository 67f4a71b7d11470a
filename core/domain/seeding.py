"""Default rules and reference tables. Each app registers a function that fills what is missing and changes nothing that stands there."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

Seed = Callable[[], object]
_seeds: list[tuple[int, str, Seed]] = []


def register(order: int, function: Seed) -> Seed:
    """Called in ``AppConfig.ready``. ``order``: core 0, people 10, feedback 20, performance 30, assessments 40, courses 50, certificates 60,
    improvement 70. ``function()`` must be idempotent: the second run changes nothing."""
    entry = (order, f"{function.__module__}.{function.__qualname__}", function)
    if all(name != entry[1] for _order, name, _function in _seeds):
        _seeds.append(entry)
    return function


def seed_reference() -> list[str]:
    """Run all of them in order, each in its own transaction. Returns the names of the functions that ran."""
    names = []
    for _order, name, function in sorted(_seeds, key=lambda entry: entry[:2]):
        with transaction.atomic():
            function()
        names.append(name)
    return names
