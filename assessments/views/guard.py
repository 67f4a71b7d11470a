"""The bank's screens exist for trainers only; to anybody else they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from people.enums import Role
from people.models import scope_of

View = Callable[..., HttpResponse]


def for_trainers(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not scope_of(request.user).has(Role.TRAINER):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
