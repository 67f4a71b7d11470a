"""Pages that belong to nobody: the public home, help and law, "Saya" on phones."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.domain import menu
from core.templatetags.bina import frame, own_pages
from core.views.access import public


@public
@require_safe
def root(request):
    """Visitors see the public home; signed-in people go to the home of their area, or to "Saya" where no area has one."""
    if request.user.is_authenticated:
        return redirect(menu.home_of(request.user, wanted=request.COOKIES.get("bina_area", "")) or "core:me")
    return render(request, "core/public_home.html")


def _text(request, name: str, title: str, **more):
    """A long text in the language of the reader (Indonesian where there is no other)."""
    texts = [f"core/text/{name}.{(get_language() or 'id')[:2]}.html", f"core/text/{name}.id.html"]
    return render(request, "core/text_page.html", {"text": select_template(texts), "title": title, **more})


@public
@require_safe
def help_page(request):
    return _text(request, "help", _("Help"))


@public
@require_safe
def accessibility(request):
    return _text(request, "accessibility", _("Accessibility"), shows_look=True)


@public
@require_safe
def privacy(request):
    return _text(request, "privacy", _("Privacy"))


@public
@require_safe
def terms(request):
    return _text(request, "terms", _("Terms"))


@public
@require_safe
def offline(request):
    """Kept by the service worker and shown when a page cannot be reached; holds nothing of any person."""
    return render(request, "core/offline.html")


@public
@require_safe
def service_worker(request):
    """Keeps the page "No connection" and what it is drawn with; served from the root so that it may speak for every page."""
    answer = render(request, "core/sw.js", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def me(request):
    """What does not fit into four tabs of a phone: the other items of the area, other areas, preferences, sign-out."""
    found = frame({"request": request})
    shown = [link for link in found["links"] if link.short][:3]
    rest = [link for link in found["links"] if link not in shown]
    others = [area for area in found["areas"] if area is not found["area"]]
    return render(
        request,
        "core/me.html",
        {"rest": rest, "others": others, "own_pages": own_pages(request.user), "line": menu.line_of(request.user)},
    )
