"""Every screen that a person can reach by links, one page for each route: one heading, axe clean, nothing off the screen, light enough.

The story behind the screens: Sari's measured miss, its cause, a course, a talk, a certificate, a later measurement; a colleague with a
fresh gap. Downloads and the editor (Wagtail's own) are left out. ``BINA_SHOTS=FOLDER`` keeps a picture of each page.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from core.domain import menu
from core.domain.seeding import seed_reference
from improvement.domain import guidance, loop
from improvement.domain.summary import compute_summaries
from performance.enums import Cause
from tests.factories.improvement import Story
from tests.factories.people import AccountFactory, PlacementFactory, PositionFactory

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("BINA_SHOTS", "")
LEARNER_KB, OFFICE_KB, PUBLIC_KB = 60, 150, 40
FILES = (".xlsx", ".csv", ".pdf", ".json", ".txt")
# Files, and acts that a GET carries out (opening a notice marks it as read and leads on).
SKIPPED = ("download", "export", "sheet_", "siasn", "pdf", "notice", "service_worker", "template", "logout")


@pytest.fixture
def told(transactional_db, sari, budi, ratna, tono, dewi, agus, melati):
    seed_reference()
    story = Story(sari, budi, quiz=3)
    story.measured("Triwulan II 2026", 71)
    offers = loop.agree_on_cause(story.child, Cause.SKILL, note="Berkas diperiksa dua kali.", by=budi, at=story.now)
    loop.confirm_proposal(offers[0], by=budi, at=story.now)
    soon = story.clock.pass_time(days=10)
    guidance.plan_guidance(sari, scheduled_at=soon, place="Ruang rapat", gap=story.case, conductor=budi, by=budi, at=story.now)
    colleague = AccountFactory(name="Rizky Maulana")
    PlacementFactory(person=colleague, unit=melati, position=PositionFactory(name="Petugas loket"), superior=budi)
    story.measured("Triwulan II 2026", 78, person=colleague)
    story.clock.pass_time(days=30)
    story.learned()
    compute_summaries()
    return story


def places(page) -> list[str]:
    """Paths of our own that the page links to, without fragments."""
    addresses = page.tab.eval_on_selector_all("main a[href], .rail a[href]", "links => links.map(link => link.href)")
    found = []
    for address in addresses:
        parts = urlsplit(address)
        if not address.startswith(page.base) or parts.path.endswith(FILES):
            continue
        if not parts.path.startswith(("/kelola/", "/static/", "/media/")):
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def route_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def walk(visit, person, *, width: int, theme: str, start: str = "/", limit_kb: float = OFFICE_KB) -> dict[str, str]:
    """Visits one page of every route that links lead to; returns route -> what is wrong there."""
    page, seen, faults, waiting = visit(start, as_=person, width=width, theme=theme), set(), {}, [start]
    for area in menu.acting_areas(person):
        waiting += [link.url for link in menu.links_of(area.key)]
    while waiting and len(seen) < 70:
        path = waiting.pop(0)
        route = route_of(path)
        if not route or route in seen or any(word in route for word in SKIPPED):
            continue
        seen.add(route)
        page.console.clear()
        try:
            if len(seen) > 1:
                page.go(path)
            if "/kelola/" in page.tab.url:
                continue  # the editor is Wagtail's own
            if SHOTS:
                page.tab.screenshot(path=f"{SHOTS}/{person or 'public'}-{width}-{route.replace(':', '-')}.png", full_page=True)
            page.check()
            page.assert_weight(limit_kb, requests=6)
        except AssertionError as fault:
            faults[route] = str(fault)[:600]
        waiting += places(page)
    assert len(seen) > 5, seen
    return faults


CAST = [
    ("sari", 360, "light", LEARNER_KB),
    ("budi", 360, "dark", OFFICE_KB),
    ("ratna", 1280, "light", OFFICE_KB),
    ("tono", 1280, "dark", OFFICE_KB),
    ("dewi", 360, "light", OFFICE_KB),
]


@pytest.mark.parametrize("name, width, theme, limit_kb", CAST)
def test_every_screen_keeps_its_promises(request, visit, told, name, width, theme, limit_kb):
    faults = walk(visit, request.getfixturevalue(name), width=width, theme=theme, limit_kb=limit_kb)
    assert not faults, "\n\n".join(f"{route}: {fault}" for route, fault in faults.items())


def test_what_the_public_sees(visit, told):
    faults = walk(visit, None, width=360, theme="light", limit_kb=PUBLIC_KB)
    assert not faults, "\n\n".join(f"{route}: {fault}" for route, fault in faults.items())
