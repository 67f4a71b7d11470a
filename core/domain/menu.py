"""The navigation: areas (one per role a person can act in) and their items, registered by the apps in ``AppConfig.ready``.

``core`` knows no roles: ``people`` registers the areas with a condition, each app registers its own items. Items whose URL name
does not exist (an app is switched off) are left out. Navigation is a convenience: what a person may see is decided by
``visible_to``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

AREAS_SECONDS = 60
CACHE = "local"  # of this process: a page pays no query for its menu


@dataclass(frozen=True)
class Area:
    """A role to act in: ``label`` names it ("Atasan"), ``condition(user)`` says who has it, ``home`` is a URL name. Who has several
    begins in the one of the greatest ``weight``."""

    key: str
    label: str | Promise
    condition: Callable
    home: str = ""
    order: int = 50
    weight: int = 0


@dataclass(frozen=True)
class Item:
    """One entry. ``short`` is its word in the bottom tabs of a phone (empty: only in the rail); ``also`` are further URL names or
    ``namespace:`` prefixes at which it counts as the current one. A way into another area does not own the page (``owns=False``)."""

    area: str
    label: str | Promise
    url_name: str
    icon: str
    order: int = 50
    short: str | Promise = ""
    also: tuple[str, ...] = ()
    condition: Callable | None = None
    owns: bool = True


@dataclass(frozen=True)
class Link:
    """An item as it is drawn."""

    label: str | Promise
    short: str
    url: str
    icon: str
    view_names: tuple[str, ...]
    condition: Callable | None = None


_areas: dict[str, Area] = {}
_items: dict[tuple[str, str], Item] = {}
_lines: list[Callable] = []
_counts: list[Callable] = []
_links: dict[tuple[str, str], tuple[Link, ...]] = {}


def register_area(
    key: str, label: str | Promise, *, condition: Callable, home: str = "", order: int = 50, weight: int = 0
) -> None:
    """Adds (or replaces) an area; called from ``AppConfig.ready``."""
    _areas[key] = Area(key, label, condition, home, order, weight)
    _links.clear()


def register(
    area: str,
    label: str | Promise,
    url_name: str,
    icon: str,
    *,
    order: int = 50,
    short: str | Promise = "",
    also: Iterable[str] = (),
    condition: Callable | None = None,
    owns: bool = True,
) -> None:
    """Adds an item to ``area``; the same URL name in the same area replaces the earlier item."""
    _items[(area, url_name)] = Item(area, label, url_name, icon, order, short, tuple(also), condition, owns)
    _links.clear()


def register_line(line: Callable) -> None:
    """``line(user)`` gives the words under the name ("Petugas loket, Kelurahan Melati"); asked once a minute and person."""
    _lines[:] = [line]


def register_unread(count: Callable) -> None:
    """``count(user)`` gives the number of unread notices; asked once a minute and person, and after ``forget``."""
    _counts[:] = [count]


def areas_of(user) -> tuple[Area, ...]:
    """The areas of ``user`` in their order; read from the cache for a minute, so that a page pays no query for its menu."""
    return tuple(_areas[key] for key in _standing(user)[0] if key in _areas)


def line_of(user) -> str:
    """Post and unit of ``user`` in one line (may be empty)."""
    return _standing(user)[1]


def unread_of(user) -> int:
    """Unread notices of ``user``, at most a minute old."""
    return _standing(user)[2]


def forget(user_pk) -> None:
    """Drops the areas of a person kept by this process; called when grants or placements change (others notice within a minute)."""
    caches[CACHE].delete_many([_cache_key(user_pk, language) for language, _name in settings.LANGUAGES])


def acting_areas(user) -> tuple[Area, ...]:
    """The areas of ``user`` that have screens."""
    return tuple(area for area in areas_of(user) if links_of(area.key))


def default_area(user) -> Area | None:
    """Where ``user`` begins: the area of the greatest weight."""
    return max(acting_areas(user), key=lambda area: area.weight, default=None)


def current_area(user, *, wanted: str = "", view_name: str = "") -> Area | None:
    """The area to draw: the one that owns the page; where several do, the one chosen last, else where the person begins."""
    by_key = {area.key: area for area in acting_areas(user)}
    chosen = by_key.get(wanted) or default_area(user)
    owners = [area for area in by_key.values() if any(_matches(link, view_name) for link in links_of(area.key))]
    return chosen if not owners or chosen in owners else owners[0]


def links_of(area_key: str) -> tuple[Link, ...]:
    """The items of an area with their addresses, in the present language; made once per process."""
    key = (area_key, get_language() or "")
    if key not in _links:
        items = sorted((item for item in _items.values() if item.area == area_key), key=lambda item: (item.order, item.url_name))
        _links[key] = tuple(link for link in map(_link, items) if link)
    return _links[key]


def current_link(links: Iterable[Link], view_name: str) -> Link | None:
    """The item of the page: exact URL name first, then the longest prefix."""
    best = max(((_matches(link, view_name), link) for link in links), key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def home_of(user, *, wanted: str = "") -> str:
    """The address where ``user`` begins, or an empty string when no area has a home."""
    areas = areas_of(user)
    chosen = [area for area in areas if area.key == wanted]
    for area in (*chosen, *sorted(areas, key=lambda area: -area.weight)):
        url = _address(area.home)
        if url:
            return url
    return ""


def address_of(url_name: str) -> str:
    """The address of a URL name without arguments, or an empty string where it does not exist."""
    return _address(url_name)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


def _link(item: Item) -> Link | None:
    url = _address(item.url_name)
    names = (item.url_name, *item.also) if item.owns else ()
    return Link(str(item.label), str(item.short), url, item.icon, names, item.condition) if url else None


def _matches(link: Link, view_name: str) -> int:
    """How well a link fits a view name: 1,000 for equal, else the length of the longest prefix that ends in ``:`` or ``_``."""
    if not view_name or not link.view_names:
        return 0
    if view_name == link.view_names[0]:
        return 2000
    if view_name in link.view_names:
        return 1000
    return max((len(name) for name in link.view_names if name[-1] in ":_" and view_name.startswith(name)), default=0)


def _cache_key(user_pk, language: str) -> str:
    return f"bina:areas:{user_pk}:{language}"


def _standing(user) -> tuple[tuple[str, ...], str, int]:
    if not getattr(user, "is_authenticated", False):
        return (), "", 0
    known = getattr(user, "_bina_standing", None)
    if known is None:
        key = _cache_key(user.pk, get_language() or "")
        known = caches[CACHE].get(key)
        if known is None:
            ordered = sorted(_areas.values(), key=lambda area: (area.order, area.key))
            known = (
                tuple(area.key for area in ordered if area.condition(user)),
                str(_lines[0](user)) if _lines else "",
                int(_counts[0](user)) if _counts else 0,
            )
            caches[CACHE].set(key, known, AREAS_SECONDS)
        user._bina_standing = known
    return known
