"""What upper apps add to the course page ("Why me?", certificate): they register a function, this app asks each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

#: ``top`` stands before the outline, ``aside`` in the second column, ``action`` replaces the button of a completed course
#: (context: ``url``, ``label``; no template).
PLACES = ("top", "main", "aside", "action")


@dataclass(frozen=True)
class Panel:
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    place: str = "main"


#: ``function(user, course, enrolment or None) -> panels``; at most one query each (the page has six in all).
Source = Callable[[Any, Any, Any], Iterable[Panel]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Called in ``AppConfig.ready``; the same function twice counts once."""
    if source not in _sources:
        _sources.append(source)
    return source


def panels_for(user: Any, course: Any, enrolment: Any) -> dict[str, list[Panel]]:
    """The panels of each place, in their order."""
    found = sorted((panel for source in _sources for panel in source(user, course, enrolment)), key=lambda panel: panel.order)
    return {place: [panel for panel in found if panel.place == place] for place in PLACES}
