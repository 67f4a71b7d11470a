"""Every route that the site answers, ours and those that came with other packages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str  # with its namespaces; a route without a name goes by its path
    path: str
    arguments: tuple[str, ...]  # "0", "1" for groups without a name
    has_name: bool
    origin: str  # the module of its view

    @property
    def is_third_party(self) -> bool:
        """Its view is somebody else's: Wagtail's, allauth's or Django's own. A route of ours that stands on Django's generic views counts too
        and must have its row."""
        return self.origin.partition(".")[0] in {"wagtail", "allauth", "django"}


def _arguments(pattern) -> tuple[str, ...]:
    if hasattr(pattern, "converters") and pattern.converters:
        return tuple(pattern.converters)
    return tuple(pattern.regex.groupindex) or tuple(str(n) for n in range(pattern.regex.groups))


def _walk(patterns, namespace: str, path: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for entry in patterns:
        where, given = path + str(entry.pattern), arguments + _arguments(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, where, given)
        elif isinstance(entry, URLPattern):
            named = bool(entry.name)
            view = getattr(entry.callback, "view_class", entry.callback)
            yield Route(f"{namespace}{entry.name}" if named else where, where, given, named, view.__module__)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", "", ()))
