"""Where an attempt came from. Attempts know no course: who starts them gives an opaque key and registers who can explain it.

    context.register("enrolment", resolver)      # in AppConfig.ready of the app above
    resolver(attempt) -> {"title": "Layanan Cepat di Loket", "url": "/...", "topic_urls": {"Mengukur": "/.../pelajaran/5/"},
                          "is_settled": True, "can_be_granted": False}

With ``together(key)``, a query of further keys, attempts of several contexts count as one series for limit and waiting time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Attempt

Resolver = Callable[[Attempt], Mapping[str, Any]]
Together = Callable[[str], QuerySet]
_resolvers: dict[str, Resolver] = {}
_together: dict[str, Together] = {}
TRIAL, PRACTICE = "trial", "practice"


@dataclass(frozen=True)
class Place:
    """What the quiz screens show of the surroundings. ``topics`` maps a topic to ``(url, note)``.

    ``is_settled``: may the right answers of a final quiz be read, because they serve no further attempt? None: the surroundings do not
    say. ``can_be_granted``: somebody sees that no attempt is left and can give another one.
    """

    title: str = ""
    url: str = "/"
    topics: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_settled: bool | None = None
    can_be_granted: bool = False


def register(prefix: str, resolver: Resolver, *, together: Together | None = None) -> None:
    """``prefix`` is what stands before the colon of a context key. ``topic_urls`` values are an address, or ``(address, note)``."""
    _resolvers[prefix] = resolver
    if together is not None:
        _together[prefix] = together


def is_told_of(context_key: str) -> bool:
    """Does anything outside the quiz go by an attempt of this context? Trials and practice of missed questions are nobody's result."""
    return context_key.partition(":")[0] not in (TRIAL, PRACTICE)


def series(context_key: str) -> Q:
    """Rows that count with ``context_key``; the query for its other keys runs inside the query that uses this."""
    together = _together.get(context_key.partition(":")[0])
    return Q(context_key=context_key) | Q(context_key__in=together(context_key)) if together else Q(context_key=context_key)


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
    title, url = str(found.get("title") or ""), found.get("url") or "/"
    return Place(title, url, topics, found.get("is_settled"), bool(found.get("can_be_granted")))
