"""The pages for what goes wrong. They ask nothing of the database or the session: either may be what failed."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

RETRY_AFTER_SECONDS = 10


def error_page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """``templates/errors/<status>.html`` (or ``500.html``), rendered without context processors."""
    template = loader.select_template([f"errors/{status}.html", "errors/500.html"])
    nonce = getattr(request, "csp_nonce", "")
    body = template.render({"status": status, "path": request.path, "csp_nonce": nonce, **context})
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or another site sent it."""
    return error_page(request, 403, is_csrf=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault; when the database is away for a moment, 503 with the time to try again."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return error_page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = error_page(request, 503, retry_after=RETRY_AFTER_SECONDS)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
