"""What every request passes: logging, headers, guards. Each class says which promise it keeps."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from core.domain.errors import RuleViolation
from core.logs import hashed, request_id
from core.views.errors import bad_request, error_page

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("bina.request")

PERMISSIONS_POLICY = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
COMPRESSIBLE = ("text/html", "text/plain", "text/css", "text/csv", "application/json", "application/javascript", "image/svg+xml")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class RequestLogMiddleware:
    """One line a request: method, route, status, milliseconds, hashed account. No query string, no body, no name."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(uuid.uuid4().hex[:16])
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            log.info("request", extra={
                "method": request.method, "route": (match.view_name or match.route) if match else "-", "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000), "account": hashed(getattr(request, "_log_account", "")),
            })
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class HeadersMiddleware:
    """Headers on every answer; pages of a signed-in person are never stored by a browser or a proxy."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "_log_account", "") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; Wagtail's editor, which has inline scripts, gets the looser one on its own path."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.EDITOR_PATH):
            parts.replace = {**settings.EDITOR_POLICY, **(parts.replace or {})}
            parts.nonce = None  # a nonce would switch 'unsafe-inline' off
        return parts


class CompressionMiddleware:
    """Brotli (or gzip) for pages, so that a phone loads a third of the bytes. CSRF tokens are masked per answer, which defeats BREACH."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding") or not isinstance(response, HttpResponse):
            return response
        if not response.get("Content-Type", "").startswith(COMPRESSIBLE) or len(response.content) < 600:
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "")
        if "br" in accepted:
            response.content = brotli.compress(response.content, quality=4)
            response["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            import gzip

            response.content = gzip.compress(response.content, compresslevel=5, mtime=0)
            response["Content-Encoding"] = "gzip"
        else:
            return response
        response["Content-Length"] = str(len(response.content))
        if (etag := response.get("ETag", "")).startswith('"'):
            response["ETag"] = f"W/{etag}"
        return response


class RequestGuardMiddleware(MiddlewareMixin):
    """Characters that a database cannot hold (NUL, lone surrogates), broken UTF-8, bodies too large, and JSON that is none: 400 or 413 with our
    page, before any view or form can stumble over them. A good JSON body is read once and waits in ``request.json``."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return bad_request(request)
        if length > settings.BINA_REQUEST_MAX_BYTES:
            return error_page(request, 413, limit_mb=settings.BINA_REQUEST_MAX_BYTES // 1_000_000)
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or not _is_utf8(_path_bytes(request)) or not _is_clean_query(query):
            return bad_request(request)
        return None

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            return None
        try:
            return None if self._has_good_body(request) else bad_request(request)
        except RequestDataTooBig:
            return error_page(request, 413, limit_mb=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000)
        except (BadRequest, SuspiciousOperation, UnicodeError, ValueError, RecursionError):
            return bad_request(request)

    def _has_good_body(self, request: HttpRequest) -> bool:
        if request.content_type == "application/json":
            request.json = _strict_json(request.body)  # type: ignore[attr-defined]
            return _is_storable(request.json)  # type: ignore[attr-defined]
        if request.content_type not in FORM_TYPES:
            return True
        if request.content_type == FORM_TYPES[0] and not _is_clean_query(request.body.decode("latin-1")):
            return False
        names = [file.name or "" for _key, files in request.FILES.lists() for file in files]
        return all(_is_text(key) and all(map(_is_text, values)) for key, values in request.POST.lists()) and all(map(_is_text, names))


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every route asks for a signed-in person unless its view is marked ``core.views.access.public``."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> HttpResponseBase | None:
        if request.user.is_authenticated:
            request._log_account = str(request.user.pk)  # type: ignore[attr-defined]
        return super().process_view(request, view_func, view_args, view_kwargs)


class LanguageMiddleware(MiddlewareMixin):
    """The language of the cookie, else of the account, else Indonesian. What the browser asks for does not count: office computers
    often run in English, and half a page in each language helps nobody."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class RuleViolationMiddleware(MiddlewareMixin):
    """A rule that a view did not show at a field still becomes a page with the sentences (422), not a server error."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, RuleViolation):
            return error_page(request, 422, reasons=exception.reasons, back=_own_path(request.headers.get("Referer", ""), request))
        return None


def _own_path(address: str, request: HttpRequest) -> str:
    """The path of a page of ours that the person came from, or an empty text."""
    start = f"{request.scheme}://{request.get_host()}/"
    return f"/{address.removeprefix(start)}" if address.startswith(start) else ""


def _path_bytes(request: HttpRequest) -> bytes:
    return request.META.get("PATH_INFO", "").encode("latin-1", errors="replace")


def _is_clean_query(query: str) -> bool:
    data = unquote_to_bytes(query.replace("+", " ").encode("latin-1", errors="replace"))
    return b"\0" not in data and _is_utf8(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_text(value: Any) -> bool:
    return not isinstance(value, str) or not ("\0" in value or any("\ud800" <= char <= "\udfff" for char in value))


def _is_storable(value: Any) -> bool:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif not _is_text(item):
            return False
    return True


def _strict_json(body: bytes) -> Any:
    """JSON by the book: UTF-8, no NaN or Infinity, no doubled keys, numbers within what columns hold."""

    def pairs(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items := list(items))
        if len(found) != len(items):
            raise ValueError("doubled key")
        return found

    def refuse(text: str) -> Any:
        raise ValueError(text)

    def whole(text: str) -> int:
        if len(text) > 19:
            raise ValueError("number too long")
        return int(text)

    def fraction(text: str) -> float:
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ValueError("number too large")
        return value

    return json.loads(body.decode(), object_pairs_hook=pairs, parse_constant=refuse, parse_int=whole, parse_float=fraction) if body else None
