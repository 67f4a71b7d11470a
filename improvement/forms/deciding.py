"""What superior and HR decide: cause, course, reminder, review, many at once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import CoursePage
from improvement.enums import ReviewVerdict, TransferAnswerChoice
from improvement.forms.fields import day_field, words_field
from people.models import OrgUnit, Position
from performance.enums import Cause, Severity
from performance.models import Indicator


class CauseForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("What is the cause, as you both see it?"),
        widget=forms.RadioSelect,
        choices=[
            (Cause.SKILL, _("Skill: how to do it is not yet known or practised")),
            (Cause.TOOL, _("Tools or systems: something is missing or broken")),
            (Cause.WORKLOAD, _("Workload: too much at the same time")),
            (Cause.PROCEDURE, _("Procedure: the way prescribed gets in the way")),
            (Cause.MOTIVATION, _("Motivation: something takes away the wish or the courage")),
        ],
    )
    note = forms.CharField(label=_("In one sentence"), max_length=300, required=False)


class SeverityForm(forms.Form):
    """Only where the target is 0; elsewhere the distance is computed."""

    severity = forms.ChoiceField(
        label=_("How far does the result lie from the target?"),
        widget=forms.RadioSelect,
        choices=Severity.choices,
        help_text=_("The target is 0, so no percentage can be computed."),
    )


class ConfirmCourseForm(forms.Form):
    due_on = day_field(_("Please finish by"), required=False)
    course = forms.ModelChoiceField(
        label=_("Another course instead"), queryset=CoursePage.objects.none(), required=False, empty_label=_("As proposed")
    )
    reason = forms.CharField(label=_("Why another one"), max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = published_courses()

    def clean(self):
        data = super().clean()
        if data.get("course") and not data.get("reason"):
            self.add_error("reason", _("Say why another course fits better."))
        return data


class ReasonForm(forms.Form):
    """A no, or an end without measurement, needs its reason."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class AnswerRequestForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, choices=[("yes", _("Agree")), ("no", _("Not this time"))]
    )
    text = forms.CharField(label=_("Answer"), max_length=500, required=False, help_text=_("A no needs its reason."))


class AnswerContextForm(forms.Form):
    answer = words_field(_("Answer"), limit=2000)


class RemindForm(forms.Form):
    text = words_field(_("Text of the reminder"), limit=500)


class ConfirmTransferForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Have you seen it at work?"),
        widget=forms.RadioSelect,
        choices=[
            (c.value, c.label) for c in (TransferAnswerChoice.YES, TransferAnswerChoice.PARTLY, TransferAnswerChoice.NOT_YET)
        ],
    )
    help_offered = forms.CharField(label=_("One helpful act (if not yet)"), max_length=300, required=False)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("What do you find?"), widget=forms.RadioSelect, choices=ReviewVerdict.choices)
    finding = words_field(_("What did you see? With figures, if there are any"), limit=1000, rows=4)
    value = forms.DecimalField(label=_("Measured value"), required=False, max_digits=14, decimal_places=4, localize=True)


class FreeAssignmentForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Course"), queryset=CoursePage.objects.none())
    due_on = day_field(_("Please finish by"), required=False)
    reason = words_field(_("Reason in plain words"), limit=500, rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = published_courses()


class BulkForm(forms.Form):
    """Whom: by unit, by post, by indicator below target, or a pasted list of NIP. Checked first, then done."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=CoursePage.objects.none(), empty_label=_("Choose a course"))
    unit = forms.ModelChoiceField(
        label=_("Unit (with everything below it)"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=_("All units you look after"),
    )
    position = forms.ModelChoiceField(
        label=_("Post"), queryset=Position.objects.none(), required=False, empty_label=_("All posts")
    )
    indicator = forms.ModelChoiceField(
        label=_("Only people below target in"),
        queryset=Indicator.objects.none(),
        required=False,
        empty_label=_("No condition on indicators"),
    )
    nips = words_field(_("Or a list of NIP, one on each line"), limit=200_000, rows=4, required=False)
    due_on = day_field(_("Please finish by"), required=False)
    reason = words_field(_("Reason in plain words, each person reads it"), limit=500, rows=2, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = published_courses()
        self.fields["unit"].queryset = units
        self.fields["position"].queryset = Position.objects.filter(
            placements__unit__in=units, placements__ends_on__isnull=True
        ).distinct()
        self.fields["indicator"].queryset = Indicator.objects.filter(is_active=True)

    def clean(self):
        data = super().clean()
        if not self.errors and not any(data.get(name) for name in ("unit", "position", "indicator", "nips")):
            raise forms.ValidationError(_("Choose at least one condition: unit, post, indicator or a list of NIP."))
        return data

    def criteria(self) -> dict:
        """The conditions as ``improvement.domain.bulk`` reads them (ids only)."""
        data = self.cleaned_data
        chosen = {name: data[name].pk for name in ("unit", "position", "indicator") if data.get(name)}
        if data.get("nips"):
            chosen["nips"] = [line.strip() for line in data["nips"].splitlines() if line.strip()]
        return chosen


def published_courses():
    return CoursePage.objects.live().filter(current_release__isnull=False).order_by("title")
