"""What the learner writes: a plan, an answer about applying it, a request, her own words on a finding."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import CoursePage
from improvement.enums import Barrier, RequestKind, TransferAnswerChoice
from improvement.forms.fields import day_field, words_field
from performance.enums import ContextKind


class PlanForm(forms.Form):
    situation = forms.CharField(
        label=_("When this happens"), max_length=300, help_text=_("The moment at work, e.g. a citizen brings an incomplete file.")
    )
    action = forms.CharField(
        label=_("I will"), max_length=300, help_text=_("One thing that can be seen, e.g. name all that is missing at once.")
    )
    starts_on = day_field(_("Starting"))


class TransferForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Have you tried it?"),
        widget=forms.RadioSelect,
        choices=[
            (c.value, c.label) for c in (TransferAnswerChoice.OFTEN, TransferAnswerChoice.SOMETIMES, TransferAnswerChoice.NOT_YET)
        ],
    )
    barrier = forms.ChoiceField(label=_("What stood in the way?"), choices=Barrier.choices, required=False)
    example = words_field(_("One example"), limit=500, rows=2, required=False)


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("What do you ask for?"), widget=forms.RadioSelect, choices=RequestKind.choices)
    wanted_on = day_field(_("Wanted date"), required=False)
    wanted_course = forms.ModelChoiceField(
        label=_("Wanted course"), queryset=CoursePage.objects.none(), required=False, empty_label=_("Choose a course")
    )
    text = words_field(_("In your words"), limit=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wanted_course"].queryset = CoursePage.objects.live().filter(current_release__isnull=False).order_by("title")

    def clean(self):
        data = super().clean()
        if data.get("kind") == RequestKind.OTHER_DATE and not data.get("wanted_on"):
            self.add_error("wanted_on", _("Choose the date you would like."))
        if data.get("kind") == RequestKind.OTHER_COURSE and not data.get("wanted_course"):
            self.add_error("wanted_course", _("Choose the course you would like."))
        return data


class ContextForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        choices=[
            (ContextKind.CONTEXT, _("Context: something one should know")),
            (ContextKind.OBJECTION, _("Objection: I think the finding is not right")),
        ],
    )
    text = words_field(_("In your words"), limit=2000, rows=5)


class RecordNoteForm(forms.Form):
    note = words_field(_("Your note"), limit=2000, rows=4, required=False)
