"""Words of the quiz pages that depend on numbers: ``{% load quiz %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def question_of(n: int, count: int) -> str:
    """``Soal 4 dari 10``."""
    return _("Question %(n)d of %(count)d") % {"n": n, "count": count}


@register.filter
def minutes_left(seconds: int) -> str:
    """``9 menit`` of seconds, rounded up."""
    minutes = -(-int(seconds) // 60)
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
