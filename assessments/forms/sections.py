"""A part of a quiz."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.sections import SETTINGS
from assessments.models import Quiz, QuizItem, QuizSection


class SectionForm(forms.ModelForm):
    """``items``: questions of the pool that stand in this part; those of other parts are not offered."""

    items = forms.ModelMultipleChoiceField(QuizItem.objects.none(), label=_("Questions of the pool in this part"), required=False,
                                           widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = QuizSection
        fields = [*SETTINGS]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4})}

    field_order = ["title", "introduction", "is_case", "draw", "items", "has_source", "shelf", "tag", "objective", "difficulty"]

    def __init__(self, *args, quiz: Quiz, shelves, **kwargs):
        super().__init__(*args, **kwargs)
        free = quiz.items.filter(section=None) | quiz.items.filter(section=self.instance.pk)
        self.fields["items"].queryset = free.select_related("question")
        self.fields["items"].label_from_instance = lambda item: item.question.name
        if self.instance.pk:
            self.initial["items"] = [item.pk for item in self.instance.items.all()]
        self.fields["shelf"].queryset = shelves
        self.fields["shelf"].empty_label = _("The shelf of this quiz")
        self.fields["objective"].empty_label = _("Any objective")
        self.fields["difficulty"].choices = [("", _("Any difficulty")), *list(self.fields["difficulty"].choices)[1:]]

    def keywords(self) -> dict[str, Any]:
        """For ``sections.save_section``."""
        return {name: self.cleaned_data[name] for name in (*SETTINGS, "items")}
