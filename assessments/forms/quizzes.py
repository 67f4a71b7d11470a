"""The settings of a quiz."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import bands, quizzes, review
from assessments.enums import Counted, Mode, Opens, ResultPart, ReviewPreset
from assessments.models import Quiz


def _daytime() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


GROUPS = (
    (_("Content"), _("What is asked, and in which order."),
     ("title", "kind", "mode", "introduction", "collection", "draw", "is_shuffled", "avoids_seen")),
    (_("Time and attempts"), _("When the quiz is open, how long and how often."),
     ("time_limit_minutes", "opens_at", "closes_at", "attempt_limit", "cool_down_hours", "asks_honesty")),
    (_("Result"), _("What counts, and what the learner reads after sending."), ("pass_mark", "counted", "feedback", "shown")),
    (_("Grading"), _("Only for questions that a person grades."), ("is_blind", "is_graded_twice")),
)


MODES = (
    (Mode.LEARNING, _("Learning: after each question at once what is right; the answer is final then. For practice only.")),
    (Mode.TRAINING, _("Training: feedback after sending.")),
    (Mode.EXAM, _("Exam: a declaration of honesty before the start; answers and explanations only when the quiz has closed.")),
)
# The review matrix, one field a part; it stands behind a details element.
MATRIX = {f"show_{part.value}": part for part in ResultPart}


class QuizForm(forms.ModelForm):
    feedback = forms.CharField(label=_("Feedback by score"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}),
                               help_text=_("A line for each: from which percent, a colon, the words. Such as “80: Well done”."))
    shown = forms.ChoiceField(label=_("What the learner reads after sending"), choices=ReviewPreset.choices,
                              widget=forms.RadioSelect, help_text=_("A pre-test tells no right answers in any case."))

    class Meta:
        model = Quiz
        fields = ["title", "kind", "mode", "introduction", "draw", "is_shuffled", "pass_mark", "attempt_limit", "cool_down_hours",
                  "time_limit_minutes",
                  "opens_at", "closes_at", "asks_honesty", "avoids_seen", "counted", "is_blind", "is_graded_twice",
                  "collection"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3}), "kind": forms.RadioSelect, "mode": forms.RadioSelect,
                   "counted": forms.RadioSelect,
                   "opens_at": _daytime(), "closes_at": _daytime()}
        labels = {"collection": _("Shelf")}

    def __init__(self, *args, shelves, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = shelves
        self.fields["collection"].empty_label = None
        self.fields["counted"].required = False  # not sent: the best
        self.fields["mode"].choices = MODES
        self.initial.setdefault("mode", self.instance.mode)
        self.initial.setdefault("feedback", bands.written(self.instance.bands))
        self.initial.setdefault("shown", review.preset_of(self.instance.review))
        for name, part in MATRIX.items():
            self.fields[name] = forms.ChoiceField(label=part.label, choices=Opens.choices)
            self.initial.setdefault(name, review.filled(self.instance.kind, self.instance.review)[part])
        if self.is_bound:  # choices that were not sent stay as they are
            self.data = self.data.copy()
            for name in ("mode", "shown", *MATRIX):
                self.data.setdefault(name, self.initial[name])

    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page shows them: each in one group."""
        return [{"title": title, "text": text, "fields": [self[name] for name in names],
                 "matrix": [self[name] for name in MATRIX] if "shown" in names else []} for title, text, names in GROUPS]

    def opens_matrix(self) -> bool:
        """Is the matrix to be seen at once?"""
        return self["shown"].value() == ReviewPreset.CUSTOM or any(name in self.errors for name in MATRIX)

    def clean_feedback(self) -> list[dict]:
        try:
            return bands.parsed(self.cleaned_data["feedback"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_counted(self) -> str:
        return self.cleaned_data["counted"] or Counted.BEST

    def _review(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """The matrix that was chosen. Details that were changed beside a named choice are told: neither is taken in silence."""
        preset = cleaned.get("shown") or ReviewPreset.USUAL
        sent = {str(part): cleaned.get(name, self.initial[name]) for name, part in MATRIX.items()}
        if preset == ReviewPreset.CUSTOM:
            return sent
        if any(sent[part] != self.initial[name] for name, part in MATRIX.items()):
            self.add_error("shown", _("You changed the details: choose “As chosen in the details”, or put them back."))
        return review.PRESETS[preset]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["review"] = self._review(cleaned)
        cleaned["bands"] = cleaned.get("feedback", [])
        if not self.errors:
            candidate = Quiz(**{name: cleaned[name] for name in quizzes.SETTINGS})
            for sentence in quizzes.setting_problems(candidate):
                self.add_error(None, sentence)
        return cleaned

    def keywords(self) -> dict[str, Any]:
        """For ``quizzes.create_quiz`` and ``update_quiz``."""
        return {name: self.cleaned_data[name] for name in (*quizzes.SETTINGS, "collection")}
