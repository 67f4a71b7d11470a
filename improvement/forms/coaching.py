"""Guidance and counselling: planning a talk, its agenda, its four boxes."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from improvement.forms.fields import day_field, instant_field, words_field
from people.models import Account


class PlanGuidanceForm(forms.Form):
    scheduled_at = instant_field(_("Day and time"))
    place = forms.CharField(label=_("Place or link"), max_length=200, required=False)

    def clean_scheduled_at(self):
        when = self.cleaned_data["scheduled_at"]
        if when < timezone.now():
            raise forms.ValidationError(_("Choose a time that is still to come."))
        return when


class PlanCounsellingForm(PlanGuidanceForm):
    place = None
    counsellor = forms.ModelChoiceField(label=_("Counsellor"), queryset=None, empty_label=_("Choose a counsellor"))
    recipient = forms.ModelChoiceField(
        label=_("Who is told the agreed result"),
        queryset=None,
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Only the result that both agree on; never what was said."),
    )

    def __init__(self, *args, counsellors, recipients, **kwargs):
        super().__init__(*args, **kwargs)
        for name, people in (("counsellor", counsellors), ("recipient", recipients)):
            self.fields[name].queryset = Account.objects.filter(pk__in=[person.pk for person in people]).order_by("name", "pk")


class AgendaForm(forms.Form):
    text = forms.CharField(label=_("What should be talked about?"), max_length=300)


class VersionedForm(forms.Form):
    """A form of a row that may be changed meanwhile. ``others``: the fields whose stored words differ from the typed ones."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    others: tuple[dict, ...] = ()

    def compare(self, version: int, stored: dict[str, object]) -> None:
        """After a refusal for an old version: what is stored now is laid beside what was typed, and the next save starts from it."""
        if self.data.get("version") == str(version):
            return
        self.data = self.data.copy()
        self.data["version"] = str(version)
        self.others = tuple(
            {"field": self[name], "value": value}
            for name, value in stored.items()
            if name in self.fields and name != "version" and _plain(value) != _plain(self[name].value())
        )


def _plain(value: object) -> str:
    """Browsers send line ends as CR LF."""
    return str(value or "").replace("\r\n", "\n").strip()


class TalkForm(VersionedForm):
    """Who reads each box is printed above it in the template."""

    goal = words_field(_("Goal. What should be reached?"), limit=2000, required=False)
    reality = words_field(_("Present situation. What has been tried?"), limit=2000, required=False)
    options = words_field(_("Options. Which ways are there?"), limit=2000, required=False)
    agreement = words_field(_("Agreement. In your words"), limit=2000, required=False)
    action = forms.CharField(label=_("One agreed action"), max_length=300, required=False)
    action_due_on = day_field(_("Until"), required=False)
    private_note = words_field(_("Private note"), limit=2000, required=False)
    formal_summary = words_field(_("Formal record"), limit=1000, rows=2, required=False)


class SessionForm(VersionedForm):
    notes = words_field(_("Notes"), limit=8000, rows=6, required=False)
    shared_summary = words_field(_("Shared summary"), limit=2000, required=False)
    agreed_result = words_field(_("Agreed result"), limit=1000, required=False)
