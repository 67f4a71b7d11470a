"""What a colleague says to a question."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import question_review
from assessments.enums import ReviewVerdict
from assessments.models import Question
from people.models import Account

CHOICES = [(ReviewVerdict.ASKED, _("Ask a colleague to read it")), (ReviewVerdict.AGREED, _("I have read it and agree")),
           (ReviewVerdict.REMARKS, _("Something is to be mended"))]


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("What do you want to say?"), choices=CHOICES, widget=forms.RadioSelect,
                                error_messages={"required": _("Choose what you want to say."), "invalid_choice": _("Choose what you want to say.")})
    words = forms.CharField(label=_("Words to your colleague"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                            max_length=question_review.LONGEST_WORDS, help_text=_("Trainers of this shelf read them; learners do not."))

    def __init__(self, *args, question: Question, by: Account, **kwargs):
        super().__init__(*args, **kwargs)
        self.question, self.by = question, by

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for field, sentences in question_review.problems(self.question, cleaned["verdict"], cleaned["words"], by=self.by).items():
                for sentence in sentences:
                    self.add_error(field, sentence)
        return cleaned
