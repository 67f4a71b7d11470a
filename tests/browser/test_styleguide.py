"""Every component, in both themes, on a phone and on a desk, with large text: axe finds nothing and nothing runs off the screen."""

import pytest
from django.urls import reverse

from core.views.styleguide import PAGES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_components_are_accessible_and_fit(visit, width, theme):
    page = visit("/gaya/komponen/", width=width, theme=theme)
    for name in PAGES:
        page.go(f"/gaya/{name}/").check()


@pytest.mark.parametrize("text", ["100", "130"])
def test_nothing_runs_off_the_narrowest_screen(visit, text):
    page = visit("/gaya/komponen/", width=320, text=text)
    for name in PAGES:
        page.go(f"/gaya/{name}/").assert_fits()


def test_public_pages_are_accessible_and_light(visit):
    page = visit("/")
    page.check()
    page.assert_weight(40, requests=5, script=6)
    for path in (reverse("account_login"), reverse("people:link_request"), "/bantuan/", "/aksesibilitas/", "/privasi/", "/ketentuan/", "/tidak-ada/"):
        page.go(path)
        page.console.clear()  # the browser itself reports the 404
        page.check()
        page.assert_weight(40, requests=5, script=6)
