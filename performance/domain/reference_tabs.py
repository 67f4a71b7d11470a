"""The tabs of H9. Apps above add their own page of reference rows (``improvement``: the plans of the cells)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TABS: list[tuple[str, str | Promise]] = [
    ("performance:indicators", _("Indicators")),
    ("performance:standards", _("Standards")),
    ("performance:periods", _("Periods")),
    ("performance:rules", _("Gap rules")),
    ("performance:predicates", _("Predicates")),
]


def register(url_name: str, label: str | Promise) -> None:
    """Adds a tab at the end; the same again changes nothing."""
    if (url_name, label) not in TABS:
        TABS.append((url_name, label))
