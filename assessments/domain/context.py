"""Where an attempt came from. Attempts know no course: who starts them gives an opaque key and registers who can explain it.

    context.register("enrolment", resolver)      # in AppConfig.ready of the app above
    resolver(attempt) -> {"title": "Layanan Cepat di Loket", "url": "/...", "topic_urls": {"Mengukur": "/.../pelajaran/5/"}}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.models import Attempt

Resolver = Callable[[Attempt], Mapping[str, Any]]
_resolvers: dict[str, Resolver] = {}
TRIAL = "trial"


@dataclass(frozen=True)
class Place:
    """What the quiz screens show of the surroundings. ``topics`` maps a topic to ``(url, note)``."""

    title: str = ""
    url: str = "/"
    topics: dict[str, tuple[str, str]] = field(default_factory=dict)


def register(prefix: str, resolver: Resolver) -> None:
    """``prefix`` is what stands before the colon of a context key. ``topic_urls`` values are an address, or ``(address, note)``."""
    _resolvers[prefix] = resolver


def place_of(attempt: Attempt) -> Place:
    """The surroundings of an attempt; the home page when nobody knows its key."""
    resolver = _resolvers.get(attempt.context_key.partition(":")[0])
    if resolver is None:
        return Place()
    found = resolver(attempt) or {}
    topics = {
        topic: (address, "") if isinstance(address, str) else (address[0], address[1])
        for topic, address in (found.get("topic_urls") or {}).items()
    }
    return Place(str(found.get("title") or ""), found.get("url") or "/", topics)
