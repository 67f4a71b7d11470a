"""Tags of lesson pages: the one place where cleaned lesson HTML is marked as safe to show."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def released(html: str) -> SafeString:
    """HTML that ``courses.domain.rich_text`` cleaned, or that our own block templates made of it. Nothing else may pass."""
    return mark_safe(html)
