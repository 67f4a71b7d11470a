"""Sign-in, one-time link and code, new password."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from people.domain import second_factor
from people.domain.sign_in import NAME_LENGTH, normal_name

PASSWORD_LENGTH = 512


class SignInForm(LoginForm):
    """allauth's form with the name as people type it, and bounds: nobody hashes a megabyte."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("NIP or office e-mail"),
            max_length=NAME_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"].max_length = PASSWORD_LENGTH
        self.fields["password"].validators.append(_not_too_long)
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        return normal_name(self.cleaned_data["login"])

    def login(self, request, redirect_url=None):
        answer = super().login(request, redirect_url)
        # On a phone of her own a learner stays signed in for two weeks; a session with a guarded role ends with the working day.
        # Asked here, not read from the session: while the second step is still to come, nobody has written it there.
        if self.cleaned_data.get("remember") and not second_factor.is_required(self.user):
            request.session.set_expiry(settings.BINA_REMEMBERED_SECONDS)
        return answer


class LinkForm(forms.Form):
    name = forms.CharField(
        label=_("NIP or office e-mail"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CodeForm(LinkForm):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        help_text=_("16 letters and digits, as printed by HR."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NewPasswordForm(forms.Form):
    """Typed once, with a button that shows it: typing twice finds fewer mistakes than looking."""

    password = forms.CharField(
        label=_("New password"),
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Several words that only you put together are easy to keep and hard to guess."),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password


def _not_too_long(value: str) -> None:
    if len(value) > PASSWORD_LENGTH:
        raise forms.ValidationError(_("A password has at most %(limit)d characters.") % {"limit": PASSWORD_LENGTH})
