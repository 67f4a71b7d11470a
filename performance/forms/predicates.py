"""H9: the cells of the 3x3 table, and what codes mean in another system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from performance.enums import Predicate, Rating
from performance.forms.fields import day_field
from performance.forms.reference import LEGAL
from performance.models import PredicateCell, SourceProfile

MEANINGS = {"rating_codes": Rating, "predicate_codes": Predicate}


class CellForm(forms.ModelForm):
    valid_from = day_field(_("Valid from"), required=False)
    valid_to = day_field(_("Valid to"), required=False)

    class Meta:
        model = PredicateCell
        fields = ("predicate", "valid_from", "valid_to", "legal_basis")
        help_texts = {"legal_basis": LEGAL}


class LaterCellForm(CellForm):
    valid_from = day_field(_("Valid from"), help_text=_("The present row ends the day before."))


class ProfileForm(forms.ModelForm):
    """One field for each of our values; a system may have several codes for one of them."""

    class Meta:
        model = SourceProfile
        fields = ("name", "code", "remarks", "is_active")
        labels = {"is_active": _("May be chosen at an import")}
        help_texts = {"code": _("Short, without spaces: commands name the profile by it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column, values in MEANINGS.items():
            known = getattr(self.instance, column)
            for value, label in values.choices:
                codes = ", ".join(code for code, meaning in sorted(known.items()) if meaning == value)
                self.fields[f"{column}_{value}"] = forms.CharField(
                    label=_("Code of “%(value)s”") % {"value": label}, max_length=80, required=False, initial=codes
                )
        self.order_fields([name for name in self.fields if name not in ("remarks", "is_active")])

    def clean(self):
        data = super().clean()
        for column, values in MEANINGS.items():
            meanings: dict[str, str] = {}
            for value in values.values:
                field = f"{column}_{value}"
                for code in (part.strip() for part in (data.get(field) or "").split(",")):
                    if code in meanings:
                        self.add_error(field, _("The code %(code)s stands for another value already.") % {"code": code})
                    elif code:
                        meanings[code] = value
            setattr(self.instance, column, meanings)
        if not self.instance.rating_codes and not self.instance.predicate_codes:
            raise forms.ValidationError(_("Give at least one code."))
        return data
