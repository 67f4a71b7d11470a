"""Correcting a key: what learners saw is shown and fixed, only what is right about it can be written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import bank, key_correction
from assessments.enums import QuestionType, Ruling
from assessments.forms.questions import LETTERS, content_field
from assessments.models import QuestionVersion
from assessments.question_types import Draft, type_of


class CorrectionForm(forms.Form):
    """One version. ``draft`` is what was written; the rules of the domain stand at the field where they are to be mended."""

    what = forms.ChoiceField(label=_("What is to happen"), choices=Ruling.choices, widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), max_length=bank.LONGEST_EXPLANATION,
        error_messages={"required": _("Write an explanation: it is what people learn from.")},
        help_text=_("It has to fit the new key: learners read it."))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=key_correction.LONGEST_REASON,
        error_messages={"required": _("Write the reason in a sentence: colleagues read it, and who is asked about a result needs it.")},
        help_text=_("For colleagues and for who is asked about a result; learners do not read it."))

    def __init__(self, *args, version: QuestionVersion, **kwargs):
        self.version, self.kind = version, type_of(version.question.type)
        self.present = key_correction.draft_of(version)
        kwargs["initial"] = self._now() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.has_key = self.kind.is_graded and not self.kind.is_manual
        if not self.has_key:
            self.fields["what"].choices = [choice for choice in Ruling.choices if choice[0] != Ruling.KEY]
            del self.fields["explanation"]
        elif self.kind.has_options:
            self._add_options()
        else:
            for asked in self.kind.content_fields():
                self.fields[f"content_{asked.name}"] = content_field(asked)
        # A ruling needs no key: only who writes a key has to write it whole.
        is_key = self.has_key and (not self.is_bound or self.data.get("what") == Ruling.KEY)
        for name, field in self.fields.items():
            if name in ("right", "explanation") or name.startswith("content_"):
                field.required = is_key and field.required

    def _now(self) -> dict[str, Any]:
        right = [str(index) for index, option in enumerate(self.present.options) if option.is_correct]
        now = {"what": self.version.answer_key.ruling, "explanation": self.present.explanation,
               "right": right if self.version.question.type == QuestionType.MULTIPLE else (right or [""])[0]}
        return now | {f"content_{name}": value for name, value in self.kind.values_of(self.present.content).items()}

    def _add_options(self) -> None:
        choices = [(str(index), f"{LETTERS[index]}. {option.text}") for index, option in enumerate(self.present.options)]
        is_multiple = self.version.question.type == QuestionType.MULTIPLE
        self.fields["right"] = (
            forms.MultipleChoiceField(label=_("What is right"), choices=choices, widget=forms.CheckboxSelectMultiple) if is_multiple
            else forms.ChoiceField(label=_("What is right"), choices=choices, widget=forms.RadioSelect))
        self.fields["right"].error_messages["required"] = _("Mark the right answer.")

    def key_fields(self) -> list[forms.BoundField]:
        """For the template: the fields that say what is right."""
        return [self[name] for name in self.fields if name == "right" or name.startswith("content_")]

    def draft(self) -> Draft | None:
        """The version with the key that was written; None where only a ruling is meant."""
        values = self.cleaned_data
        if not self.has_key or values.get("what") != Ruling.KEY:
            return None
        written: dict[str, Any] = {"explanation": values.get("explanation", "")}
        if self.kind.has_options:
            given = values.get("right") or []
            right = set(given if isinstance(given, list) else [given])
            written["options"] = [{"text": option.text, "feedback": option.feedback, "is_correct": str(index) in right}
                                  for index, option in enumerate(self.present.options)]
        else:
            written["content"] = self.kind.content_of({asked.name: values.get(f"content_{asked.name}") for asked in self.kind.content_fields()})
        return key_correction.make_draft(self.version, **written)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        key_fields = self.key_fields()
        places = {"options": "right", "content": key_fields[0].name if key_fields else None}
        for field, sentences in key_correction.problems(self.version, self.draft(), what=cleaned["what"], reason=cleaned["reason"]).items():
            for sentence in sentences:
                self.add_error(places.get(field, field), sentence)
        return cleaned
