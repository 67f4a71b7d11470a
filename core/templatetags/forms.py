"""Forms drawn accessibly: ``{% load forms %}{% form form %}`` or ``{% error_summary form %}{% field form.nip %}``."""

from __future__ import annotations

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

_CHOICE_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


_KINDS = (
    ("options", (forms.RadioSelect, forms.CheckboxSelectMultiple)),
    ("check", forms.CheckboxInput),
    ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput)),
    ("password", forms.PasswordInput),
    ("file", forms.FileInput),
    ("area", forms.Textarea),
    ("select", forms.Select),
    ("parts", forms.MultiWidget),
)


def _kind(widget) -> str:
    """How a widget is drawn: options, check, hidden, password, file, area, select, parts or text."""
    return next((kind for kind, classes in _KINDS if isinstance(widget, classes)), "text")


def _described_by(base: str, *, audience, hint, errors) -> str:
    notes = {"audience": audience, "hint": hint, "error": errors}
    return " ".join(f"{base}_{name}" for name, shown in notes.items() if shown)


def first_id(bound) -> str:
    """The id that a link in the error summary jumps to (the first option of a list of choices)."""
    base = bound.auto_id or bound.html_name
    return f"{base}_0" if isinstance(bound.field.widget, (*_CHOICE_LISTS, forms.MultiWidget)) else base


@register.inclusion_tag("components/field.html")
def field(bound, label: str = "", hint: str = "", audience: str = "", audience_icon: str = "users", flat: bool = False) -> dict:
    """One field: label, who reads it, hint, control, error. ``flat`` draws a single checkbox without its box."""
    kind, base, hint = _kind(bound.field.widget), bound.auto_id or bound.html_name, hint or bound.help_text
    described = _described_by(base, audience=audience, hint=hint, errors=bound.errors)
    # A placeholder vanishes while one types and is paler than text may be: labels and hints say it instead.
    attrs: dict = {"placeholder": False} | ({"aria-describedby": described} if described else {})
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind not in ("options", "check", "hidden"):
        own = bound.field.widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, [own, "in", "err" if bound.errors else ""]))
    if kind == "area" and bound.field.widget.attrs.get("rows") == "10":
        attrs["rows"] = 4  # Django's ten lines fill a phone; the area grows with its text
    return {
        "field": bound,
        "kind": kind,
        "base": base,
        "label": label or bound.label,
        "hint": hint,
        "audience": audience,
        "audience_icon": audience_icon,
        "flat": flat,
        "described": described,
        "errors": bound.errors,
        "control": "" if kind == "options" else bound.as_widget(attrs=attrs),
        "is_optional": not bound.field.required and kind not in ("check", "hidden"),
    }


@register.inclusion_tag("components/form.html")
def form(form, submit: str = "", cancel_url: str = "", summary: bool = True) -> dict:
    """Every visible field of a form (not the <form> element itself); with ``submit`` also the buttons."""
    return {"form": form, "submit": submit, "cancel_url": cancel_url, "summary": summary}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_shown) -> dict:
    """What is wrong, on top of the page, each sentence a link to its field; focus goes there."""
    shown = [entry for entry in forms_shown if entry is not None and getattr(entry, "errors", None)]
    entries = []
    for entry in shown:
        entries += [{"text": text, "target": ""} for text in entry.non_field_errors()]
        for bound in entry:
            entries += [{"text": text, "target": first_id(bound), "label": bound.label} for text in bound.errors]
    return {"entries": entries}


@register.inclusion_tag("components/reasons.html")
def reasons(sentences, title: str = "") -> dict:
    """Unmet requirements of a domain function (``RuleViolation.reasons``) on top of a page."""
    return {"sentences": list(sentences or ()), "title": title or _("This cannot be done yet")}


@register.simple_tag
def error_title(*forms_shown) -> SafeString:
    """``Galat: `` before the title of a page whose form has errors."""
    has_errors = any(getattr(entry, "errors", None) for entry in forms_shown if entry not in (None, ""))
    return format_html("{} ", _("Error:")) if has_errors else mark_safe("")
