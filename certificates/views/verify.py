"""P3: is this paper genuine? Public, without sign-in, script or cookies; the heading is the verdict."""

from __future__ import annotations

import hashlib

from allauth.account.adapter import get_adapter
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.domain import limits, verification
from certificates.domain.verification import Verdict
from certificates.enums import Standing
from core.views.access import public

LARGEST_FILE = 2_000_000

# Heading, kind (colour) and icon of each verdict.
FACES = {
    Standing.VALID: (gettext_lazy("This certificate is valid"), "ok", "badge-check"),
    Standing.EXPIRED: (gettext_lazy("This certificate has expired"), "care", "clock-alert"),
    Standing.REPLACED: (gettext_lazy("This certificate has been replaced"), "care", "refresh-cw"),
    Standing.REVOKED: (gettext_lazy("This certificate is revoked"), "bad", "file-x"),
    Standing.UNKNOWN: (gettext_lazy("Not found"), "care", "search-x"),
    Standing.DOUBTFUL: (gettext_lazy("Cannot be confirmed at the moment"), "care", "triangle-alert"),
}


@public
@require_safe
def by_token(request, token: str):
    if not limits.may_check(_address(request)):
        return _too_many(request)
    return _answer(request, verification.check_token(token), {"token": token})


@public
@csrf_exempt  # Changes nothing, and a visitor needs no cookie to ask.
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request):
    """By number or printed code. The form posts, so that a code stands in no address and no log; a number may come by address."""
    asked = request.POST if request.method == "POST" else request.GET
    text, code = asked.get("q", ""), request.POST.get("code", "")
    if not text.strip():
        return _private(
            render(
                request, "certificates/lookup.html", {"is_empty": request.method == "POST"}, status=422 if request.POST else 200
            )
        )
    if not limits.may_check(_address(request)):
        return _too_many(request)
    check = verification.check_text if request.method == "POST" else verification.check_number
    return _answer(request, check(text, code=code), {"asked": text.strip()[:80]})


@public
@csrf_exempt
@require_POST
def compare(request, token: str):
    """Whether a PDF that somebody was sent is the issued file. The upload is hashed and forgotten."""
    if not limits.may_check(_address(request)):
        return _too_many(request)
    verdict, upload = verification.check_token(token), request.FILES.get("file")
    if upload is None or upload.size > LARGEST_FILE:
        problem = _("Choose the PDF of the certificate (at most 2 MB).")
        return _answer(request, verdict, {"token": token, "problem": problem}, status=422)
    digest = hashlib.sha256(upload.read()).hexdigest()
    same = verdict.is_found and verification.is_same_file(verdict.certificate, digest)
    return _answer(request, verdict, {"token": token, "compared": "same" if same else "different"})


def _answer(request, verdict: Verdict, context: dict, *, status: int = 200):
    if not verdict.is_found or verdict.is_code_wrong:
        limits.note_miss(_address(request))
    heading, kind, icon = FACES[verdict.standing]
    context = {
        **context,
        "heading": heading,
        "kind": kind,
        "icon": icon,
        "verdict": verdict,
        "facts": verification.public_facts(verdict),
    }
    return _private(render(request, "certificates/verify.html", context, status=status if verdict.is_found else 404))


def _too_many(request):
    response = render(request, "certificates/too_many.html", status=429)
    response["Retry-After"] = "60"
    return _private(response)


def _private(response):
    """Not for search engines, not for caches: the answer holds at this moment."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


def _address(request) -> str:
    return get_adapter(request).get_client_ip(request) or ""
