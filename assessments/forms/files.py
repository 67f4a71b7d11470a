"""A file of questions from another system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.bank import LONGEST_TOPIC
from assessments.formats import FORMATS
from assessments.formats.base import LARGEST


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
                           help_text=_("GIFT, Aiken or Moodle XML. The first picture of a question comes along; what is left out is named."))
    format = forms.ChoiceField(label=_("Format"), required=False)
    topic = forms.CharField(label=_("Topic to reopen"), max_length=LONGEST_TOPIC, required=False)
    collection = forms.ModelChoiceField(label=_("Shelf"), queryset=None, empty_label=None)
    quiz = forms.ModelChoiceField(label=_("Add to the pool of"), queryset=None, required=False, empty_label=_("No quiz yet"))

    def __init__(self, *args, shelves, quizzes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [("", _("Recognise it")), *((code, kind.label) for code, kind in FORMATS.items())]
        self.fields["collection"].queryset = shelves
        self.fields["quiz"].queryset = quizzes

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than %(limit)d MB."), params={"limit": LARGEST // 1_000_000})
        return file
