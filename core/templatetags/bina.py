"""The tags and filters of every template: ``{% load bina %}``. What each does, with examples: templates/components/README.md."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.domain import dates, menu, numbers
from core.domain.looks import KIND_ICONS, look_of
from core.domain.nip import LENGTH, grouped, normalise

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "icons"
NBSP = numbers.NBSP
THEMES = ("light", "dark")
TEXT_SIZES = ("115", "130")


# --- icons ---------------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def _paths(name: str) -> str:
    text = (ICONS / f"{name}.svg").read_text()
    return text[text.index(">") + 1 : text.rindex("</svg>")]


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Lucide icon inlined (no request). Decorative unless ``label`` is given; the files are in core/icons."""
    css = f" {css}" if css else ""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="i{}" viewBox="0 0 24 24" {}>{}</svg>', css, role, mark_safe(_paths(name)))


@register.simple_tag
def mark() -> SafeString:
    """The product mark (own drawing): a line and a wave."""
    return mark_safe(
        '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="#0A5670"/>'
        '<path d="M7 18c3-6 5-6 7 0s4 6 7 0" fill="none" stroke="#F2A900" stroke-width="3" stroke-linecap="round"/>'
        '<path d="M7 10.5h14" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
    )


# --- dates and numbers ---------------------------------------------------------------------------------------------------------
def _joined(text: str) -> str:
    """Number and month never part at the end of a line."""
    return text.replace(" ", NBSP, 1)


@register.filter
def day(value) -> str:
    """``24 November 2026``; an instant is taken in Asia/Jakarta."""
    return _joined(dates.format_day(value)) if isinstance(value, date) else ""


@register.filter
def short_day(value) -> str:
    """``12 September`` in the present year, ``12 September 2025`` otherwise."""
    if not isinstance(value, date):
        return ""
    shown = dates.local_date(value) if isinstance(value, datetime) else value
    if shown.year != dates.local_today().year:
        return day(shown)
    return f"{shown.day}{NBSP}{dates.month_name(shown.month)}"


@register.filter
def weekday(value) -> str:
    """``Kamis, 20 Agustus 2026``."""
    if not isinstance(value, date):
        return ""
    shown = dates.local_date(value) if isinstance(value, datetime) else value
    return f"{date_format(shown, 'l')}, {day(shown)}"


@register.filter
def clock(value) -> str:
    """``14.30 WIB``."""
    return dates.format_time(value).replace(" ", NBSP) if isinstance(value, datetime) else ""


@register.filter
def daytime(value) -> str:
    """``24 November 2026, 14.30 WIB``; a date alone gives the day."""
    return f"{day(value)}, {clock(value)}" if isinstance(value, datetime) else day(value)


@register.simple_tag
def span(first, last) -> str:
    """``April–Juni 2026``, ``3–24 November 2026``: ``{% span period.starts_on period.ends_on %}``."""
    return dates.format_span(first, last)


@register.filter
def iso(value) -> str:
    """For ``<time datetime="">``."""
    if isinstance(value, datetime):
        return value.astimezone(dates.JAKARTA).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def number(value, places=None) -> str:
    """``68.485``, ``71,5``; ``{{ x|number:2 }}`` fixes the decimals."""
    return numbers.format_number(value, None if places in (None, "") else int(places))


@register.filter
def percent(value, places=None) -> str:
    """``71,5 %`` (value already in percent)."""
    return numbers.format_percent(value, None if places in (None, "") else int(places))


@register.filter
def duration(minutes) -> str:
    """Minutes in words: ``6 menit``, ``1 jam 20 menit``."""
    return numbers.format_minutes(minutes)


@register.filter
def jp(minutes) -> str:
    """Minutes as learning hours: ``5 JP``."""
    return numbers.format_learning_hours(minutes)


@register.filter
def midword(text) -> str:
    """A label inside a sentence: ``Atasan`` -> ``atasan``, but ``SDM`` stays."""
    text = str(text)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


# --- NIP -----------------------------------------------------------------------------------------------------------------------
@register.filter
def nip(value) -> str:
    """``19860926 201505 1 001``; anything but 18 digits is shown as it is."""
    return grouped(value).replace(" ", NBSP)


@register.filter
def masked_nip(value) -> str:
    """Only the last three digits: ``••• ••• 914`` (digits 1-8 are the birth date, digit 15 the sex)."""
    digits = normalise(value)
    return f"•••{NBSP}•••{NBSP}{digits[-3:]}" if len(digits) == LENGTH else "•••"


# --- the frame -----------------------------------------------------------------------------------------------------------------
def _request(context):
    return context.get("request")


def _preference(request, name: str, allowed: tuple[str, ...]) -> str:
    """Cookie first (also for visitors), then what the account keeps."""
    user = getattr(request, "user", None)
    kept = getattr(user, {"theme": "theme", "text": "text_size"}[name], "") if user is not None else ""
    value = request.COOKIES.get(f"bina_{name}") or str(kept)
    return value if value in allowed else ""


@register.simple_tag(takes_context=True)
def html_attributes(context) -> SafeString:
    """``lang``, theme and text size on <html>, known before the first byte, so that nothing flashes."""
    parts = [format_html('lang="{}"', (get_language() or "id")[:2])]
    request = _request(context)
    if request is not None:
        for name, allowed in (("theme", THEMES), ("text", TEXT_SIZES)):
            if value := _preference(request, name, allowed):
                parts.append(format_html('data-{}="{}"', name, value))
    return mark_safe(" ".join(parts))


@register.simple_tag(takes_context=True)
def look(context) -> dict:
    """What components/look_form.html offers, and what is chosen."""
    request = _request(context)
    chosen = {
        name: _preference(request, name, allowed) if request else ""
        for name, allowed in (("theme", THEMES), ("text", TEXT_SIZES))
    }
    return {
        "themes": (("system", _("Follow the device")), ("light", _("Light")), ("dark", _("Dark"))),
        "sizes": tuple((size, f"{size}{NBSP}%") for size in ("100", *TEXT_SIZES)),
        "theme": chosen["theme"] or "system",
        "text": chosen["text"] or "100",
    }


@register.simple_tag
def words() -> SafeString:
    """What the script may say, in the language of the page (a data block, so the content security policy does not mind it)."""
    return json_script(
        {
            "sending": _("Sending…"),
            "saved": _("Saved"),
            "saving": _("Saving…"),
            "waiting": _("Waiting for a signal"),
            "failed": _("Not saved, try again"),
            "online": _("Connected again"),
            "unsaved": _("You have unsaved changes."),
            "show": pgettext("password", "Show"),
            "hide": pgettext("password", "Hide"),
            "copied": _("Copied"),
        },
        "words",
    )


def frame(context) -> dict:
    """Area, links and current link of a request; computed once and kept on the request."""
    request = _request(context)
    known = getattr(request, "_bina_frame", None)
    if known is None and not getattr(getattr(request, "user", None), "is_authenticated", False):
        return {"areas": (), "area": None, "links": (), "current": None}
    if known is None:
        match = getattr(request, "resolver_match", None)
        view_name = match.view_name if match else ""
        area = menu.current_area(request.user, wanted=request.COOKIES.get("bina_area", ""), view_name=view_name)
        links = menu.links_of(area.key) if area else ()
        links = tuple(link for link in links if link.condition is None or link.condition(request.user))
        known = {
            "areas": menu.acting_areas(request.user),
            "area": area,
            "links": links,
            "current": menu.current_link(links, view_name),
            "view_name": view_name,
        }
        request._bina_frame = known
    return known


@register.inclusion_tag("components/rail_items.html", takes_context=True)
def main_menu(context) -> dict:
    """The items of the left rail for the area the person acts in."""
    return frame(context)


@register.inclusion_tag("components/tabs.html", takes_context=True)
def bottom_tabs(context) -> dict:
    """Three tabs of the area and "Saya", on phones."""
    found = frame(context)
    me = menu.address_of("core:me")
    tabs = [link for link in found["links"] if link.short][:3]
    current = found["current"]
    return {"tabs": tabs, "me": me, "current": current, "is_me": current not in tabs and bool(found.get("view_name"))}


@register.inclusion_tag("components/who.html", takes_context=True)
def person_menu(context) -> dict:
    """Name, post, other areas ("Lihat sebagai atasan"), preferences and sign-out at the foot of the rail."""
    found = frame(context)
    user = getattr(_request(context), "user", None)
    others = [area for area in found["areas"] if found["area"] and area.key != found["area"].key]
    return {
        "user": user,
        "line": menu.line_of(user),
        "others": others,
        "own_pages": own_pages(user),
        "unread": menu.unread_of(user),
    }


def own_pages(user) -> list[dict]:
    """What "Saya" leads to beside the area's items; entries of absent apps are left out."""
    wanted = (
        ("people:notices", "bell", _("Notices"), menu.unread_of(user)),
        ("people:profile", "user-round", _("Profile and preferences"), 0),
        ("people:security", "key-round", _("Sign-in and security"), 0),
        ("core:help", "circle-question-mark", _("Help"), 0),
    )
    found = (
        {"url": menu.address_of(name), "icon": symbol, "label": label, "count": count} for name, symbol, label, count in wanted
    )
    return [entry for entry in found if entry["url"]]


@register.inclusion_tag("components/bell.html", takes_context=True)
def bell(context) -> dict:
    """The way to the notices in the bar of a phone, with the number of unread ones."""
    user = getattr(_request(context), "user", None)
    return {"url": menu.address_of("people:notices"), "count": menu.unread_of(user)}


@register.simple_tag
def right_now() -> datetime:
    """This instant: ``{% right_now as now %}{{ now|daytime }}``."""
    return timezone.now()


@register.simple_tag
def url_if(name: str) -> str:
    """The address of a URL name without arguments, or an empty string where it does not exist."""
    return menu.address_of(name)


# --- small components ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def chip(word, kind: str = "", icon: str = "") -> SafeString:
    """A word with a shape: ``{% chip "Berjalan" "go" %}``; kinds: ok, care, go, bad (papers and data, never persons) or none."""
    return format_html('<span class="chip{}">{}{}</span>', f" {kind}" if kind else "", _icon(icon or KIND_ICONS[kind]), word)


@register.simple_tag
def state_chip(state, word) -> SafeString:
    """The chip of a known state (core.domain.looks): ``{% state_chip gap.status gap.get_status_display %}``."""
    kind, symbol = look_of(state)
    return chip(word, kind, symbol)


def _icon(name: str) -> SafeString:
    return icon(name)


@register.simple_tag
def meter(value, maximum=100, text: str = "", label: str = "", kind: str = "") -> SafeString:
    """Progress with words: ``{% meter 2 5 text="2 dari 5 selesai" label="Kemajuan pelatihan" %}``; kind ``go`` paints it blue."""
    top = numbers.to_decimal(maximum) or 1
    now = min(max(numbers.to_decimal(value) or 0, 0), top)
    words = text or _("%(now)s of %(top)s") % {"now": numbers.format_number(now), "top": numbers.format_number(top)}
    shown = format_html("<span>{}</span>", text) if text else ""
    return format_html(
        '<div class="meter{}"><progress value="{}" max="{}" aria-label="{}">{}</progress>{}</div>',
        f" {kind}" if kind else "",
        f"{now:f}" if now else "0",
        f"{top:f}" if top != 1 else "1",
        label or words,
        words,
        shown,
    )


@register.simple_block_tag
def note(content, title: str = "", kind: str = "") -> SafeString:
    """``{% note "Contoh" %}<p>…</p>{% endnote %}``; kinds: ok, care or none."""
    head = format_html("<b>{}</b>", title) if title else ""
    return format_html('<div class="note{}">{}{}</div>', f" {kind}" if kind else "", head, content)


@register.simple_block_tag
def sheet(content, id: str, title: str) -> SafeString:
    """A dialog, on phones a sheet from below; a ``<button type="button" popovertarget="ID">`` opens it, without script."""
    return format_html(
        '<div class="sheet-up" popover id="{0}" role="dialog" aria-labelledby="{0}-t">'
        '<div class="sheet-head"><h2 id="{0}-t">{1}</h2>'
        '<button class="icon-btn" type="button" popovertarget="{0}" popovertargetaction="hide" aria-label="{2}">{3}</button>'
        "</div>{4}</div>",
        id,
        title,
        _("Close"),
        icon("x"),
        content,
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page) -> dict:
    """Previous, "1 sampai 25 dari 130", next; keeps the filters of the address. One page: nothing."""
    request = _request(context)
    query = request.GET.copy() if request is not None else None
    if query is not None:
        query.pop("page", None)
    kept = f"?{query.urlencode()}&" if query else "?"
    return {"page": page, "base": kept}


@register.simple_tag(takes_context=True)
def here(context) -> str:
    """The present path with its query (to come back to after a POST)."""
    request = _request(context)
    return request.get_full_path() if request is not None else "/"
