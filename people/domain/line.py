"""The reporting line: who is above whom, and whether it runs in a circle."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from people.models import Account, Placement

Node = TypeVar("Node", bound=Hashable)
MAX_LEVELS = 50


def cycle_members(superior_of: Mapping[Node, Node | None]) -> set[Node]:
    """All nodes that lie on a circle of ``superior_of`` (person -> her superior). Who only hangs below one is none."""
    found: set[Node] = set()
    settled: set[Node] = set()
    for start in superior_of:
        path: list[Node] = []
        place: dict[Node, int] = {}
        node: Node | None = start
        while node is not None and node not in settled and node not in place:
            place[node] = len(path)
            path.append(node)
            node = superior_of.get(node)
        if node is not None and node in place:
            found.update(path[place[node] :])
        settled.update(path)
    return found


def superiors_above(person: Account) -> list[int]:
    """Account ids above ``person``, nearest first; ends at the top, at a repeated person, or after ``MAX_LEVELS``."""
    above: list[int] = []
    current = _superior_id(person.pk)
    while current is not None and current not in above and len(above) < MAX_LEVELS:
        above.append(current)
        current = _superior_id(current)
    return above


def may_be_superior(superior: Account, person: Account) -> list[str]:
    """Nobody is above herself, neither directly nor around a corner."""
    if superior.pk == person.pk:
        return [_("Nobody is her own superior.")]
    if person.pk in superiors_above(superior):
        return [
            _("%(superior)s already works below %(person)s; the reporting line would run in a circle.")
            % {"superior": superior.full_name, "person": person.full_name}
        ]
    return []


def _superior_id(person_id: int) -> int | None:
    return Placement.objects.current().filter(person_id=person_id).values_list("superior_id", flat=True).first()
