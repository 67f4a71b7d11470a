"""Rich text on its way to learners: inner links resolved once, everything outside an allow-list taken out, anchors put in.

What leaves this module is safe to show; only that may pass the template filter ``released`` (reliability T10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import count

import nh3
from wagtail.rich_text.rewriters import LinkRewriter

TEXT_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "b", "strong", "i", "em", "a", "br"}
LINE_TAGS = {"b", "strong", "i", "em", "a", "br"}
_ATTRIBUTES = {"a": {"href", "download"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_BLOCK_START = re.compile(r"<(p|h2|h3|ul|ol)>")
_EMPTY = re.compile(r"<(p|h2|h3|li)>(\s|&nbsp;|\xa0|<br>)*</\1>")

#: Attributes of an inner link (``linktype``, ``id``) to its address and, for a file, the name under which it is saved.
Resolver = Callable[[Mapping[str, str]], tuple[str, str] | None]


def to_html(source: str, *, resolve: Resolver | None = None, anchor: str = "") -> str:
    """Paragraphs, headings, lists and links. With ``anchor`` each block element gets the id ``<anchor>-<n>``, so that a reader comes back to it."""
    html = _EMPTY.sub(
        "", nh3.clean(_linked(source, resolve), tags=TEXT_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")
    )
    if not anchor:
        return html
    numbers = count(1)
    return _BLOCK_START.sub(lambda found: f'<{found[1]} id="{anchor}-{next(numbers)}">', html)


def to_line(source: str, *, resolve: Resolver | None = None) -> str:
    """The same for one line (a step, an explanation): paragraphs become line breaks."""
    joined = re.sub(r"</p>\s*<p[^>]*>", "<br>", _linked(source, resolve))
    return nh3.clean(joined, tags=LINE_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")


def to_words(html: str) -> str:
    """The bare words, one space between them (for search, reading hints)."""
    parted = re.sub(r"<(?!/?(b|strong|i|em|a)\b)[^>]*>", " ", html)
    text = nh3.clean(parted, tags=set())
    for entity, char in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, char)
    return " ".join(text.split())


def _linked(source: str, resolve: Resolver | None) -> str:
    def tag(attributes: Mapping[str, str]) -> str:
        found = resolve(attributes) if resolve else None
        if not found:
            return "<a>"
        address, file_name = found
        saved = f' download="{escape(file_name)}"' if file_name else ""
        return f'<a href="{escape(address)}"{saved}>'

    return LinkRewriter({"page": tag, "document": tag})(source or "")
