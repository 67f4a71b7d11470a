"""Screens of HR: a person without the role gets 404, as for a thing that is not hers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from people.enums import Role
from people.models import scope_of


def _needs(*roles: str) -> Callable:
    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not scope_of(request.user).has(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


#: Who reads the register: HR and auditors.
needs_register = _needs(Role.HR_UNIT, Role.HR_CENTRAL, Role.AUDITOR)
#: Who confirms batches.
needs_hr = _needs(Role.HR_UNIT, Role.HR_CENTRAL)
#: Who revokes, replaces and changes designs.
needs_central_hr = _needs(Role.HR_CENTRAL)
