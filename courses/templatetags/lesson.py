"""Tags of lesson pages: the one place where cleaned lesson HTML is marked as safe to show."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from courses.domain import reviewing, rich_text
from courses.domain.rendering import Rendering, render_block

register = template.Library()


@register.filter
def released(html: str) -> SafeString:
    """HTML that ``courses.domain.rich_text`` cleaned, or that our own block templates made of it. Nothing else may pass."""
    return mark_safe(html)


@register.simple_tag(takes_context=True)
def show_panel(context, panel) -> SafeString:
    """A panel that an upper app added: its template with its own context and the request."""
    return render_to_string(panel.template, panel.context, request=context.get("request"))


@register.simple_tag
def draft_parts(page) -> list[dict]:
    """The parts of a lesson page as it stands in the editor, with the keys of its check questions."""
    return reviewing.preview_parts(reviewing.preview(page))


@register.simple_tag
def cleaned(source) -> SafeString:
    """Rich text of a draft, cleaned as for a release."""
    return mark_safe(rich_text.to_html(source or ""))


@register.simple_tag
def block_html(bound_block) -> SafeString:
    """One block of the editor's block picker, drawn as learners get it."""
    rendering = Rendering(resolve=lambda _attributes: None)
    html = render_block(bound_block.block.name, bound_block.value, anchor="b0", rendering=rendering)
    if rendering.checks:
        question = {**rendering.checks[0], "explanation": rendering.check_keys["b0"]["explanation"]}
        html = render_to_string("courses/check_draft.html", {"check": question})
    return mark_safe(html)
