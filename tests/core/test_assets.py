"""The sheet and the script: built from their parts, small, without an address outside, colours only among the tokens."""

import gzip
import re

from django.template.loader import get_template

from core.domain.assets import STATIC, build_css, build_js

CSS = STATIC / "css" / "bina.css"
JS = STATIC / "js" / "bina.js"
HTMX = "django_htmx/htmx-2.min.js"


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def test_results_are_as_new_as_their_parts():
    assert CSS.read_text() == build_css(), "run manage.py build_assets"
    assert JS.read_text() == build_js(), "run manage.py build_assets"


def test_budgets():
    assert packed(CSS.read_text()) <= 14_000
    assert packed(JS.read_text()) <= 4_000  # 20 KB with htmx
    assert (STATIC / "fonts" / "bina-sans.woff2").stat().st_size <= 16_000


def test_the_dark_theme_is_there_twice_and_not_on_paper():
    css = CSS.read_text()
    assert css.count("--canvas:#0F171C") == 2
    assert "@dark" not in css
    assert css.count("@media screen") == 2


def test_colours_are_decided_among_the_tokens_only():
    for part in (STATIC / "css" / "parts").glob("*.css"):
        if part.name.startswith("1-"):
            continue
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", part.read_text())) - {"#fff"}
        assert not found, f"{part.name}: {found}"


def test_braces_are_balanced():
    css = CSS.read_text()
    assert css.count("{") == css.count("}")


def test_nothing_is_fetched_from_elsewhere():
    for text in (CSS.read_text(), JS.read_text(), get_template("base.html").template.source):
        assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text)


def test_templates_hold_no_inline_style_or_script():
    for path in (STATIC.parent / "templates").rglob("*.html"):
        if path.parts[-2] in ("emails", "certificates") or path.name.startswith("paper"):
            continue
        text = path.read_text()
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), path
        assert "<style" not in text and not re.search(r"<[a-z][^>]*\son[a-z]+=", text), path
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text), path
