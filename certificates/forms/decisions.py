"""What HR writes when a certificate is taken back, replaced or not given, and how future ones look."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.designs import DESIGN_FIELDS
from certificates.domain.revocation import LONGEST_REASON, SHORTEST_REASON
from certificates.models import CertificateDesign
from core.domain.nip import NipError, normalise, parse
from core.domain.numbers import format_learning_hours


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Shown to everybody who checks this certificate. Write what is wrong with the paper, nothing about the person."
        ),
    )


class RevokeForm(ReasonForm):
    """``minutes``: what the completion earned and what can still be taken back; nothing: the question is not asked."""

    takes_hours = forms.BooleanField(required=False)

    def __init__(self, *args, minutes: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        if not minutes:
            del self.fields["takes_hours"]
            return
        earned = format_learning_hours(minutes)
        self.fields["takes_hours"].label = _("Take the learning hours back as well (%(earned)s)") % {"earned": earned}
        self.fields["takes_hours"].help_text = _("Only where the completion itself was wrong. The entry stays and is set off by a second one.")


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DesignForm(forms.ModelForm):
    issuer_heading = forms.CharField(label=_("Heading on the certificate"), max_length=200, required=False)
    issuer_name = forms.CharField(label=_("Issuer"), max_length=200)
    issuer_place = forms.CharField(label=_("Place"), max_length=80)
    # Longer than a NIP: it may be written in groups.
    signer_nip = forms.CharField(
        label=_("NIP of the signer"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    field_order = ["issuer_heading", "issuer_name", "issuer_place", *DESIGN_FIELDS]

    class Meta:
        model = CertificateDesign
        fields = DESIGN_FIELDS
        widgets = {
            "statement": forms.TextInput(),
            "predicates": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("heading", "name", "place"):
            self.fields[f"issuer_{name}"].initial = getattr(self.instance.issuer, name)

    def clean_signer_nip(self) -> str:
        digits = normalise(self.cleaned_data["signer_nip"])
        if digits:
            try:
                parse(digits)
            except NipError as error:
                raise forms.ValidationError(error.reasons)
        return digits

    def issuer_values(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"issuer_{name}"] for name in ("heading", "name", "place")}

    def design_values(self) -> dict:
        return {name: self.cleaned_data[name] for name in DESIGN_FIELDS}
