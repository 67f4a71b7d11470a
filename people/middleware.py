"""Who is asking, and that a session of a guarded role goes nowhere before it showed a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from people.adapters import SECOND_STEP, has_second_factor
from people.domain import second_factor
from people.models import Account

# Where such a session may go: setting the second step up, proving it, leaving, and pages that hold nothing of anybody.
OPEN_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "people:security",
    "people:new_password",
    "people:end_device",
    "core:look",
    "core:help",
    "core:accessibility",
    "core:privacy",
    "core:terms",
    "core:offline",
}


class AccountMiddleware(AuthenticationMiddleware):
    """``request.user`` from the row that the session was read with: one query a request instead of two."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account_of(request))  # type: ignore[assignment]


def _account_of(request: HttpRequest) -> Account | AnonymousUser:
    """What ``auth.get_user`` would answer. It is asked itself whenever something does not fit: it knows old secret keys and ends sessions."""
    session = request.session
    named = str(session.get(auth.SESSION_KEY, ""))
    account = session.account  # type: ignore[attr-defined]
    fits = (
        account is not None
        and named == str(account.pk)
        and account.is_active
        and session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), account.get_session_auth_hash())
    )
    return account if fits else auth.get_user(request)  # type: ignore[return-value]


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not _is_needed(request) or has_second_factor(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_NAMES or name.startswith("mfa_") or getattr(view, "login_required", True) is False:
            return None
        target = {"next": request.get_full_path()} if request.method == "GET" else {}
        has_one = Authenticator.objects.filter(user_id=request.user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        if has_one:
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode(target)}")
        messages.info(request, _("Your role sees data of other people. Please set up a second step at sign-in first."))
        return redirect("mfa_index")


def _is_needed(request: HttpRequest) -> bool:
    """Answered once per session (at sign-in); roles that change end the session."""
    if SECOND_STEP not in request.session:
        request.session[SECOND_STEP] = second_factor.is_required(request.user)  # type: ignore[arg-type]
    return bool(request.session[SECOND_STEP])
