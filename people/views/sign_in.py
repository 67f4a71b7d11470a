"""Ways in beside the password: a one-time link by e-mail, a code printed by HR; then a new password."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from core.domain.errors import RuleViolation
from core.views.access import public
from core.views.deeds import posted
from people.adapters import DEVICE_COOKIE
from people.domain import accounts, devices, email_changes, one_time, sign_in
from people.forms.sign_in import CodeForm, LinkForm, NewPasswordForm
from people.models import Account

RECOVERED = "bina_recovered"  # session key: for whom a link or code was used, and when
RECOVERED_SECONDS = 30 * 60


@public
@never_cache
@require_http_methods(["GET", "POST"])
def link_request(request):
    """The answer is the same whoever asks for whom."""
    form = LinkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        one_time.ask_link(form.cleaned_data["name"], next_path=own_path(request))
        return redirect("people:link_sent")
    context = {"form": form, "next": own_path(request)}
    return render(request, "people/sign_in/link_request.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET"])
def link_sent(request):
    return render(request, "people/sign_in/link_sent.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_link(request, token: str):
    """Opening the link uses nothing up (mail programs look at links); the button does."""
    if request.method == "POST":
        try:
            return _enter(request, one_time.redeem(token))
        except RuleViolation:
            pass
    elif one_time.link_of(token) is not None:
        return render(request, "people/sign_in/one_time.html", {"next": own_path(request)})
    return render(request, "people/sign_in/link_dead.html", status=410)


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def one_time_code(request):
    """NIP and printed code; tries are slowed down like passwords."""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, _redeem_code(request, form.cleaned_data["name"], form.cleaned_data["code"]))
        except RuleViolation as violation:
            form.add_error(None, violation.reasons)
    context = {"form": form, "next": own_path(request)}
    return render(request, "people/sign_in/code.html", context, status=422 if form.errors else 200)


@sensitive_variables("code")
def _redeem_code(request: HttpRequest, name: str, code: str) -> Account:
    account = sign_in.account_named(name)
    device = devices.read_device(request.COOKIES.get(DEVICE_COOKIE)).key_for(account.pk if account else None)
    door = sign_in.door_for(name, account, device=device)
    if wait := door.waits():
        raise RuleViolation(sign_in.wait_sentence(wait, is_known_device=bool(device)))
    try:
        entered = one_time.redeem_code(name, code)
    except RuleViolation:
        door.failed()
        raise
    door.passed()
    return entered


def _enter(request: HttpRequest, account: Account):
    """Through allauth's stages, so that a second step that the person has is asked for here too."""
    if request.user.is_authenticated:
        request.session.flush()
    request.session[RECOVERED] = [account.pk, timezone.now().timestamp()]
    record_authentication(request, account, method="link")
    target = f"{reverse('people:new_password')}?{urlencode({'next': own_path(request)})}"
    return perform_login(request, Login(user=account, redirect_url=target))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_password(request):
    """After a one-time link: a password of one's own, or later (the next link works too)."""
    whose, began = request.session.get(RECOVERED, (0, 0))
    if whose != request.user.pk or timezone.now().timestamp() - began > RECOVERED_SECONDS:
        return redirect("account_change_password")
    form = NewPasswordForm(posted(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        accounts.set_first_password(request.user, form.cleaned_data["password"], by=request.user)
        update_session_auth_hash(request, request.user)
        request.session.pop(RECOVERED, None)
        messages.success(request, _("Your password is set."))
        return redirect(own_path(request) or "core:root")
    context = {"form": form, "next": own_path(request)}
    return render(request, "people/sign_in/new_password.html", context, status=422 if form.errors else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request, token: str):
    """The owner of a new address agrees, by a button: mail programs open links by themselves."""
    if request.method == "POST":
        try:
            email_changes.confirm_email_change(token)
            messages.success(request, _("Your new address is confirmed."))
            return redirect("core:root")
        except RuleViolation as violation:
            return render(request, "people/sign_in/link_dead.html", {"reasons": violation.reasons}, status=410)
    change = email_changes.change_of(token)
    if change is None:
        return render(request, "people/sign_in/link_dead.html", status=410)
    return render(request, "people/sign_in/email_confirm.html", {"change": change})


def own_path(request: HttpRequest) -> str:
    """Where to go afterwards: a path of ours, or an empty text (reliability T13)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""
