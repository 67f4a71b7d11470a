"""Cases with their indicator gaps beside them, for pages that show a person's findings (decisions 15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def gathered(gaps: Iterable[Any]) -> list[Any]:
    """The cases among ``gaps`` in their order, each with ``shown_children``: the other gaps that belong to it. No query, where parents are joined."""
    children: dict[int, list[Any]] = {}
    cases = []
    for gap in gaps:
        if gap.is_case:
            cases.append(gap)
        else:
            children.setdefault(gap.parent_id, []).append(gap)
    for case in cases:
        case.shown_children = children.get(case.pk, [])
    return cases
