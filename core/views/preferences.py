"""How the pages look, and which area a person acts in: two cookies' worth of choice, kept on the account where there is one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.domain import menu
from core.views.access import public

YEAR = 60 * 60 * 24 * 365
THEMES = ("system", "light", "dark")
TEXT_SIZES = ("100", "115", "130")


def _back(request) -> str:
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"


@public
@require_POST
def look(request):
    """Theme, text size and language, for visitors as well: cookies always, the account too when signed in."""
    is_fetch = request.headers.get("X-Requested-With") == "fetch"
    answer = HttpResponse(status=204) if is_fetch else redirect(_back(request))
    changed = []
    for field, cookie, allowed in (("theme", "bina_theme", THEMES), ("text", "bina_text", TEXT_SIZES)):
        value = request.POST.get(field, "")
        if value not in allowed:
            continue
        answer.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
        if request.user.is_authenticated:
            attribute = {"theme": "theme", "text": "text_size"}[field]
            setattr(request.user, attribute, value if field == "theme" else int(value))
            changed.append(attribute)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            request.user.language = language
            changed.append("language")
    if changed:
        request.user.save(update_fields=changed)
    if not is_fetch:
        messages.success(request, _("Your display settings are saved."))
    return answer


@require_POST
def area(request):
    """ "View as superior": remembers the area and goes to its home. An area the person does not have is ignored."""
    wanted = request.POST.get("area", "")
    if wanted not in {entry.key for entry in menu.acting_areas(request.user)}:
        return redirect("core:root")
    answer = redirect(menu.home_of(request.user, wanted=wanted) or "core:me")
    answer.set_cookie("bina_area", wanted, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer
