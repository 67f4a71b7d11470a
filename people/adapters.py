"""How allauth behaves in this house: nobody signs up, tries are slowed down per account and device, a sign-in leaves its marks."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.domain import crypto, menu
from people.domain import accounts, devices, second_factor, sign_in
from people.domain.sessions import BEGAN_AT, DEVICE
from people.models import Account

DEVICE_COOKIE = "__Host-bina-device" if settings.PRODUCTION else "bina-device"
SECOND_STEP = "bina_second_step"  # session key: whether this session must show a second factor
YEAR = 365 * 24 * 3600
WRONG = _("NIP or e-mail and password do not match. Check both, or have a sign-in link sent to your e-mail.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for every reason: it must not say whether the account exists.
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": _("The password is not right."),
        "account_inactive": _("This account is closed. Ask the HR of your unit."),
        "too_many_login_attempts": _("Too many tries. Please wait a few minutes."),
        "rate_limited": _("Too many requests at once. Please wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Ask the door first; only a try that need not wait looks at the password."""
        name = credentials.get("username") or credentials.get("email") or ""
        account = sign_in.account_named(name)
        known = devices.read_device(request.COOKIES.get(DEVICE_COOKIE)).key_for(account.pk if account else None)
        door = sign_in.door_for(name, account, device=known)
        if wait := door.waits():
            raise self.validation_error_with(sign_in.wait_sentence(wait, is_known_device=bool(known)))
        request.sign_in_account = account  # type: ignore[attr-defined]
        user = super().authenticate(request, **credentials)
        if user is None:
            door.failed()
        else:
            door.passed()
        return user

    def validation_error_with(self, sentence: str) -> Exception:
        from django.core.exceptions import ValidationError

        return ValidationError(sentence, code="too_many_login_attempts")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth counts per address here, which locks out an office; ``authenticate`` asks the door instead."""
        self._login_failed_rl_usage = None

    def _rollback_login_failed_rl_usage(self) -> None:
        return None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Straight to where the person begins; the front door would only send her on."""
        return menu.home_of(request.user, wanted=request.COOKIES.get("bina_area", "")) or reverse("core:me")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        request.session[BEGAN_AT] = timezone.now().isoformat()
        request.session[DEVICE] = devices.label_of(request.headers.get("User-Agent", ""))
        request.session[SECOND_STEP] = second_factor.is_required(user)
        accounts.note_sign_in(user)
        response = super().post_login(request, user, **kwargs)
        self._mark(request, response, user)
        return response

    def _mark(self, request: HttpRequest, response: HttpResponse, user: Account) -> None:
        """This device is known from now on, and looks and speaks as its owner wishes."""
        known = devices.read_device(request.COOKIES.get(DEVICE_COOKIE)).with_account(user.pk)
        common: dict[str, Any] = {"samesite": "Lax", "secure": request.is_secure() or settings.PRODUCTION, "path": "/"}
        response.set_cookie(DEVICE_COOKIE, known.cookie(), max_age=devices.MAX_AGE, httponly=True, **common)
        response.set_cookie("bina_theme", user.theme, max_age=YEAR, httponly=True, **common)
        response.set_cookie("bina_text", str(user.text_size), max_age=YEAR, httponly=True, **common)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=YEAR, **common)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """No "you are signed in as": the page shows it. Changes of the second step and the password are told."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Told as a security notice (``people.receivers``), by the outbox: no page waits for a mail server."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Your role asks for a second step at sign-in; set up another one before you remove this one."
        ),
        "incorrect_code": _("The code is not right, or it was used already."),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        return user.email or gettext("account %(number)s") % {"number": user.nip[-3:]}

    def _get_site_name(self) -> str:
        return "Bina"

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last real second step of a guarded role stays (recovery codes alone are none)."""
        person = authenticator.user
        if not second_factor.is_required(person) or authenticator.type == authenticator.Type.RECOVERY_CODES:
            return True
        others = person.authenticator_set.exclude(pk=authenticator.pk).exclude(type=authenticator.Type.RECOVERY_CODES)
        return others.exists()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether **this session** was authenticated with a second factor or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))  # type: ignore[arg-type]
