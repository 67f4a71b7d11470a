"""Which questions leave the bank, in which format."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.export_questions import writable
from assessments.forms.questions import QuestionFilter


class ExportForm(QuestionFilter):
    """The filter of the bank's list and a format."""

    format = forms.ChoiceField(label=_("Format"), error_messages={"required": _("Choose a format."), "invalid_choice": _("Choose a format.")})
    field_order = ["format"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [(kind.code, kind.label) for kind in writable()]
