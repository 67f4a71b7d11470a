"""The settings of a quiz."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import quizzes
from assessments.enums import Counted
from assessments.models import Quiz


def _daytime() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class QuizForm(forms.ModelForm):
    class Meta:
        model = Quiz
        fields = ["title", "kind", "introduction", "draw", "is_shuffled", "pass_mark", "attempt_limit", "cool_down_hours", "time_limit_minutes",
                  "opens_at", "closes_at", "asks_honesty", "avoids_seen", "counted", "is_blind", "is_graded_twice",
                  "shows_explanations", "collection"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3}), "kind": forms.RadioSelect, "counted": forms.RadioSelect,
                   "opens_at": _daytime(), "closes_at": _daytime()}
        labels = {"collection": _("Shelf")}

    def __init__(self, *args, shelves, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = shelves
        self.fields["collection"].empty_label = None
        self.fields["counted"].required = False  # not sent: the best

    def clean_counted(self) -> str:
        return self.cleaned_data["counted"] or Counted.BEST

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            candidate = Quiz(**{name: cleaned[name] for name in quizzes.SETTINGS})
            for sentence in quizzes.setting_problems(candidate):
                self.add_error(None, sentence)
        return cleaned

    def keywords(self) -> dict[str, Any]:
        """For ``quizzes.create_quiz`` and ``update_quiz``."""
        return {name: self.cleaned_data[name] for name in (*quizzes.SETTINGS, "collection")}
