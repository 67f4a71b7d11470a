"""Who gets in without signing in: nobody, except at routes that say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that strangers may open (sign-in pages, the verify page, liveness). For classes: ``method_decorator(public, name="dispatch")``."""
    return login_not_required(view)
