"""A live server and the system's chromium: pages at 360 and 1280 px, in both themes, with axe, weights and console errors.

    @pytest.mark.browser
    def test_home(visit, sari):
        page = visit("/beranda/", as_=sari, width=360)
        page.check()                     # one h1, no sideways scroll, axe clean, no console error
        page.assert_weight(60, requests=6)

``page.tab`` is Playwright's page. Tests here need ``transactional_db`` (``visit`` asks for it), because the server is another thread.
"""

from __future__ import annotations

import gzip
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import brotli
import pytest
from django.conf import settings
from django.test import Client

# Playwright's synchronous interface runs an event loop in the thread of the test, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEIGHTS = {320: 640, 360: 740, 768: 1024, 1280: 900}
# Not part of the budget of a first visit (decisions 8): favicon, manifest, service worker.
UNCOUNTED = ("/static/icons/", "manifest", "/sw.js")


@dataclass
class Visit:
    """One opened page, with what the browser noticed on the way."""

    tab: object
    base: str
    width: int
    console: list[str] = field(default_factory=list)
    answers: list[tuple[str, str, bytes]] = field(default_factory=list)
    opened: int = 0

    def go(self, path: str) -> Visit:
        if self.opened:
            self.tab.goto("about:blank")  # nothing of the page before is counted with this one
        self.opened += 1
        self.answers.clear()
        self.tab.goto(self.base + path if path.startswith("/") else path, wait_until="load")
        return self

    def check(self, *, axe: bool = True) -> None:
        """The promises of every page."""
        assert self.tab.locator("h1").count() == 1, f"{self.tab.url}: one h1, not {self.tab.locator('h1').count()}"
        self.assert_fits()
        if axe:
            self.assert_accessible()
        assert not self.console, f"{self.tab.url}: {self.console}"

    def assert_fits(self) -> None:
        """Nothing is wider than the screen."""
        wide = self.tab.evaluate("document.documentElement.scrollWidth")
        culprits = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        assert wide <= self.width, (
            f"{self.tab.url} at {self.width}: {self.tab.evaluate(culprits + '.slice(0, 5).map(e => e.outerHTML.slice(0, 120))')}"
        )

    def assert_accessible(self) -> None:
        """axe finds nothing (WCAG 2.0 to 2.2 A and AA, best practice)."""
        self.tab.evaluate(AXE.read_text())
        found = self.tab.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
        told = [f"{item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}" for item in found]
        assert not told, f"{self.tab.url} at {self.width}:\n" + "\n".join(told)

    def weight(self) -> dict[str, int]:
        """Bytes by kind, compressed as a server sends them, of everything the last ``go`` loaded."""
        sums: dict[str, int] = {"requests": 0, "total": 0}
        for url, kind, body in self.answers:
            if any(part in url for part in UNCOUNTED):
                continue
            if kind == "font":
                size = len(body)
            else:
                size = len(brotli.compress(body, quality=4)) if kind == "document" else len(gzip.compress(body, 9))
            sums[kind] = sums.get(kind, 0) + size
            sums["total"] += size
            sums["requests"] += 1
        return sums

    def assert_weight(self, kilobytes: float, *, requests: int, script: float = 20) -> dict[str, int]:
        """At most so many KB (1,000 bytes) and requests on a first visit, script apart."""
        sums = self.weight()
        assert sums["total"] <= kilobytes * 1000, sums
        assert sums["requests"] <= requests, [url for url, _kind, _body in self.answers]
        assert sums.get("script", 0) <= script * 1000, sums
        return sums


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server, transactional_db):
    """``visit(path, as_=None, width=360, theme="light", text="100", script=True)`` opens a page in a fresh browser profile."""
    contexts = []

    def open_page(path: str, *, as_=None, width: int = 360, theme: str = "light", text: str = "100", script: bool = True) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            java_script_enabled=script,
            service_workers="block",
        )
        contexts.append(context)
        cookies = {"bina_theme": theme, "bina_text": text}
        if as_ is not None:
            client = Client()
            client.force_login(as_)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        found = Visit(context.new_page(), live_server.url, width)
        found.tab.on("console", lambda message: found.console.append(message.text) if message.type == "error" else None)
        found.tab.on("pageerror", lambda error: found.console.append(str(error)))
        found.tab.on("response", lambda answer: _note(found, answer))
        return found.go(path)

    yield open_page
    for context in contexts:
        context.close()


def _note(found: Visit, answer) -> None:
    if answer.status in (204, 301, 302, 303, 304):
        return
    opened = found.opened
    try:
        body = answer.body()
    except Exception:  # a download or an answer that the page has left already
        body = b""
    if opened == found.opened:  # reading the body takes a moment, in which the next page may have been opened
        found.answers.append((answer.url, answer.request.resource_type, body))
