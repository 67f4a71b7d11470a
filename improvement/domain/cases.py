"""Cases with their indicator gaps beside them, for pages that show a person's findings (decisions 15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def gathered(gaps: Iterable[Any]) -> list[Any]:
    """The gaps without a parent, in their order, each with ``shown_children``: those of ``gaps`` that belong to it. No query."""
    found = list(gaps)
    children: dict[int, list[Any]] = {}
    for gap in found:
        if gap.parent_id:
            children.setdefault(gap.parent_id, []).append(gap)
    cases = [gap for gap in found if not gap.parent_id]
    for case in cases:
        case.shown_children = children.get(case.pk, [])
    return cases
