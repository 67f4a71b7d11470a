"""Screens that exist only for some: a person without the role gets 404, as for a thing that is not hers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from people.models import scope_of


def _needs(condition: Callable) -> Callable:
    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not condition(scope_of(request.user)):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


#: Somebody's superior.
needs_staff = _needs(lambda scope: scope.has_staff)
#: HR of a unit or central HR.
needs_hr = _needs(lambda scope: scope.has("hr_unit", "hr_central"))
#: HR or auditor (who reads, and decides nothing).
needs_hr_or_auditor = _needs(lambda scope: scope.has("hr_unit", "hr_central", "auditor"))
#: Who decides for others: a superior or HR.
needs_decider = _needs(lambda scope: scope.has_staff or scope.has("hr_unit", "hr_central"))
