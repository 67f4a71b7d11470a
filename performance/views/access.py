"""Screens that exist only for some: a person without the right gets 404, as for a thing that is not hers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from performance import rules


def _needs(condition: Callable) -> Callable:
    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not condition(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


reads_standards = _needs(rules.may_read_standards)
keeps_standards = _needs(rules.may_keep_standards)
measures = _needs(rules.may_measure)
