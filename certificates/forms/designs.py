"""What central HR writes about future certificates: their texts and signer, their types, who issues them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.designs import (
    DESIGN_FIELDS,
    ISSUER_FIELDS,
    TYPE_FIELDS,
    code_faults,
    courses_without_design,
    is_numbered,
)
from certificates.models import CertificateDesign, CertificateType, Issuer
from core.domain.nip import NipError, normalise, parse
from courses.models import CoursePage


class DesignForm(forms.ModelForm):
    # Longer than a NIP: it may be written in groups.
    signer_nip = forms.CharField(
        label=_("NIP of the signer"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    field_order = DESIGN_FIELDS

    class Meta:
        model = CertificateDesign
        fields = DESIGN_FIELDS
        widgets = {
            "statement": forms.TextInput(),
            "predicates": forms.Textarea(attrs={"rows": 4}),
        }

    def clean_signer_nip(self) -> str:
        digits = normalise(self.cleaned_data["signer_nip"])
        if digits:
            try:
                parse(digits)
            except NipError as error:
                raise forms.ValidationError(error.reasons)
        return digits

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in DESIGN_FIELDS}


class CourseDesignForm(DesignForm):
    """A design for one course; the texts begin as those of the general one."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=CoursePage.objects.none())
    field_order = ("course", *DESIGN_FIELDS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_without_design()


class _CodedForm(forms.ModelForm):
    """A code that a number carries already is shown and not asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.widget.attrs.update({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"})
        code.disabled = is_numbered(self.instance)
        code.help_text = (
            _("Numbers with this code were given already, so it stays.")
            if code.disabled
            else _("Stands in every number, for example 0001/SERT/BPSDM/XI/2026. It stays once a number has been given.")
        )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if faults := code_faults(code):
            raise forms.ValidationError(faults)
        return code


class TypeForm(_CodedForm):
    class Meta:
        model = CertificateType
        fields = TYPE_FIELDS


class IssuerForm(_CodedForm):
    class Meta:
        model = Issuer
        fields = ISSUER_FIELDS
