"""What a person is given in all quizzes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.domain.dates import local_today


class AccommodationForm(forms.Form):
    time_percent = forms.IntegerField(label=_("Time in percent of the limit"), initial=150, min_value=100, max_value=500,
                                      help_text=_("150 means one and a half times."))
    has_no_time_limit = forms.BooleanField(label=_("No time limit"), required=False)
    extra_attempts = forms.IntegerField(label=_("Attempts more in each quiz"), initial=0, min_value=0, max_value=20)
    starts_on = forms.DateField(label=_("From"), initial=local_today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Until"), required=False, help_text=_("Empty: until it is ended."),
                              widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text=_("Only HR reads it. Write what is needed, not a diagnosis."))
