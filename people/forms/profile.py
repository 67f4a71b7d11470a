"""L10: what a person sets for herself, and the address that waits for its confirmation."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from people.models import Account


class PreferencesForm(forms.ModelForm):
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=24,
        validators=[RegexValidator(r"^[0-9+() .\-]*$", _("A phone number holds digits, spaces and + only."))],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    class Meta:
        model = Account
        fields = ["phone", "wants_email", "saves_data"]
        labels = {
            "wants_email": _("Summaries of notices by e-mail"),
            "saves_data": _("Save data: load pictures and videos only when I tap them"),
        }
        help_texts = {
            "wants_email": _("At most two a week, in working hours. Messages about the safety of your account always come.")
        }


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New office e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
