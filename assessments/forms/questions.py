"""Writing a question: one form for all types. A type with options gets as many rows as the author asks for, any other type the fields
that it names itself (``QuestionType.content_fields``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import bank, pictures
from assessments.enums import QuestionType
from assessments.models import Objective, Question
from assessments.question_types import ContentField, type_choices, type_of
from assessments.question_types.choice import LONGEST_OPTION, MOST
from core.domain.errors import RuleViolation

LETTERS = "ABCDEFGHIJ"
MOST_TAGS, LONGEST_TAG = 10, 50
DIFFICULTIES = [(1, _("Easy")), (2, _("Medium")), (3, _("Hard"))]


class QuestionForm(forms.Form):
    """``rows`` option rows. Errors of the domain stand at the field where they are to be mended."""

    stem = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}), max_length=bank.LONGEST_STEM,
                           error_messages={"required": _("Write the question.")})
    picture = forms.FileField(label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
                              help_text=_("JPEG, PNG or WebP, at most 10 MB; learners get a small copy."),
                              error_messages={"empty": _("The file is empty."), "required": _("This type of question needs a picture.")})
    picture_alt = forms.CharField(label=_("What does the picture show?"), max_length=pictures.LONGEST_ALT, required=False,
                                  help_text=_("In words, for who cannot see it; it must not give the answer away."),
                                  error_messages={"required": _("Say in words what the picture shows: some people cannot see it.")})
    picture_off = forms.BooleanField(label=_("Take the picture out"), required=False)
    scoring = forms.ChoiceField(label=_("How it counts"), required=False, widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), max_length=bank.LONGEST_EXPLANATION,
        error_messages={"required": _("Write an explanation: it is what people learn from.")},
        help_text=_("Why the right answer is right. Learners read it after handing in."))
    topic = forms.CharField(label=_("Topic to reopen"), max_length=bank.LONGEST_TOPIC, required=False,
                            help_text=_("The lesson's title, so that the result leads back to it."))
    objective = forms.ModelChoiceField(label=_("Objective"), queryset=Objective.objects.all(), required=False)
    tags = forms.CharField(label=_("Tags"), max_length=300, required=False, help_text=_("With commas between them, e.g. loket, antrean, 2026."))
    difficulty = forms.TypedChoiceField(label=_("Difficulty"), choices=DIFFICULTIES, coerce=int, initial=2)
    points = forms.DecimalField(label=_("Points"), max_digits=6, decimal_places=2, initial=1, localize=True)
    name = forms.CharField(label=_("Short name"), max_length=bank.LONGEST_NAME, required=False, help_text=_("Empty: the beginning of the question."))
    collection = forms.ModelChoiceField(label=_("Shelf"), queryset=None, empty_label=None)

    quiz = forms.ModelChoiceField(label=_("Add to the pool of"), queryset=None, required=False, empty_label=_("No quiz yet"))

    def __init__(self, *args, type: str, shelves, rows: int = 4, quizzes=None, **kwargs):
        """``quizzes``: pools into which a new question can go at once; None for one that exists."""
        super().__init__(*args, **kwargs)
        if quizzes is None:
            del self.fields["quiz"]
        else:
            self.fields["quiz"].queryset = quizzes
        self.type, self.kind = type, type_of(type)
        self.present_picture = self.initial.get("picture_now", {})
        if not self.present_picture:
            del self.fields["picture_off"]
        if self.kind.draws_picture:
            self.fields["picture"].required, self.fields["picture_alt"].required = not self.present_picture, True
        self.has_options = self.kind.has_options
        self.rows = 0 if not self.has_options else 2 if type == QuestionType.TRUE_FALSE else min(max(rows, 2), MOST)
        self.fields["collection"].queryset = shelves
        if ways := self.kind.scorings():
            self.fields["scoring"].choices = ways
        else:
            del self.fields["scoring"]
        if not self.kind.is_graded:
            self.fields["explanation"].required = False
        for asked in self.kind.content_fields():
            self.fields[f"content_{asked.name}"] = content_field(asked)
        if self.has_options:
            self._add_option_rows(type)

    def _add_option_rows(self, type: str) -> None:
        choices = [(str(index), str(index)) for index in range(self.rows)]
        if type == QuestionType.MULTIPLE:
            right: forms.Field = forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)
        else:
            right = forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)
        right.label = _("Right answer")
        self.fields["right"] = right
        for index in range(self.rows):
            label = _("Option %(letter)s") % {"letter": LETTERS[index]}
            self.fields[f"option_{index}"] = forms.CharField(label=label, max_length=LONGEST_OPTION, required=False)
            self.fields[f"feedback_{index}"] = forms.CharField(label=_("Remark when chosen"), max_length=500, required=False)

    def content_bound(self) -> list[forms.BoundField]:
        """For the template: the fields of the type."""
        return [self[f"content_{asked.name}"] for asked in self.kind.content_fields()]

    def content(self) -> dict[str, Any]:
        """What was written in them, as the type understands it."""
        return self.kind.content_of({asked.name: self.cleaned_data.get(f"content_{asked.name}") for asked in self.kind.content_fields()})

    def option_rows(self) -> list[dict[str, Any]]:
        """For the template: each option with its tick and remark."""
        ticks = list(self["right"])
        return [{"index": index, "letter": LETTERS[index], "text": self[f"option_{index}"], "feedback": self[f"feedback_{index}"],
                 "is_right": ticks[index].data["selected"]} for index in range(self.rows)]

    def options(self) -> list[dict[str, Any]]:
        """What was written; empty rows at the end are left out."""
        given = self.cleaned_data.get("right") or []
        right = set(given if isinstance(given, list) else [given])
        rows = [{"text": self.cleaned_data.get(f"option_{index}", ""), "feedback": self.cleaned_data.get(f"feedback_{index}", ""),
                 "is_correct": str(index) in right} for index in range(self.rows)]
        while rows and self.type != QuestionType.TRUE_FALSE and not rows[-1]["text"] and not rows[-1]["is_correct"]:
            rows.pop()
        return rows

    def clean_tags(self) -> list[str]:
        tags = list(dict.fromkeys(" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(",") if tag.strip()))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(_("At most %(most)d tags of at most %(longest)d characters.") % {"most": MOST_TAGS, "longest": LONGEST_TAG})
        return tags

    def keywords(self) -> dict[str, Any]:
        """For ``bank.create_question`` and ``revise_question``."""
        names = ("stem", "explanation", "topic", "objective", "difficulty", "points", "name", "scoring", "collection", "tags")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data} | self._answers() | {
            "picture": self._picture(pictures.keep)}

    def _picture(self, made: Callable[[bytes, str], dict[str, Any]]) -> dict[str, Any]:
        """The new one, made by ``made``, or the present one with the words that stand there; ``{}`` where there is none."""
        alt, data = self.cleaned_data.get("picture_alt", ""), self.cleaned_data.get("picture")
        if data:
            return made(data, alt)
        return {} if self.cleaned_data.get("picture_off") or not self.present_picture else {**self.present_picture, "alt": alt}

    def clean_picture(self) -> bytes | None:
        """Its bytes, when they are a picture that can be kept; nothing is stored before the whole form is good."""
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        if upload.size > pictures.LARGEST:
            raise forms.ValidationError(_("The picture is larger than %(limit)d MB."), params={"limit": pictures.LARGEST // 1_000_000})
        data = upload.read()
        try:
            self._small = pictures.made_small(data)[1]
        except RuleViolation as violation:
            raise forms.ValidationError(violation.reasons) from None
        return data

    def _answers(self) -> dict[str, Any]:
        return {"options": self.options()} if self.has_options else {"content": self.content()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        draft = bank.make_draft(type=self.type, stem=cleaned["stem"], explanation=cleaned["explanation"],
                                points=cleaned["points"], scoring=cleaned.get("scoring", ""), **self._answers(),
                                picture=self._picture(lambda _data, alt: {**self._small, "alt": alt}))
        asked = self.kind.content_fields()
        places = {"options": "right", "content": f"content_{asked[0].name}" if asked else None}
        for field, sentences in bank.field_problems(self.type, draft).items():
            for sentence in sentences:
                self.add_error(places.get(field, field), sentence)
        return cleaned

    @classmethod
    def initial_of(cls, question: Question) -> dict[str, Any]:
        """What stands there now."""
        draft = bank.present_draft(question)
        right = [str(index) for index, option in enumerate(draft.options) if option.is_correct]
        initial: dict[str, Any] = {
            "stem": draft.stem, "picture_now": draft.picture, "picture_alt": draft.picture.get("alt", ""),
            "explanation": draft.explanation, "points": draft.points, "scoring": draft.scoring, "topic": question.topic,
            "objective": question.objective_id, "difficulty": question.difficulty, "name": question.name, "collection": question.collection_id,
            "tags": ", ".join(sorted(tag.name for tag in question.tags.all())),
            "right": right if question.type == QuestionType.MULTIPLE else (right or [""])[0], "rows": max(len(draft.options), 2),
        }
        for name, value in type_of(question.type).values_of(draft.content).items():
            initial[f"content_{name}"] = value
        for index, option in enumerate(draft.options):
            initial[f"option_{index}"], initial[f"feedback_{index}"] = option.text, option.feedback
        return initial


def content_field(asked: ContentField) -> forms.Field:
    """The form field that a type asks for."""
    common: dict[str, Any] = {"label": asked.label, "help_text": asked.help_text, "required": asked.is_required, "initial": asked.initial}
    if asked.kind == "tick":
        return forms.BooleanField(**{**common, "required": False})
    if asked.kind == "choice":
        return forms.ChoiceField(**common, choices=asked.choices)
    if asked.kind == "text":
        return forms.CharField(**common, max_length=asked.longest, strip=False, widget=forms.Textarea(attrs={"rows": asked.rows}))
    widget = forms.TextInput(attrs={"inputmode": "decimal"}) if asked.kind == "number" else forms.TextInput()
    return forms.CharField(**common, max_length=asked.longest, widget=widget)


class PasteForm(forms.Form):
    text = forms.CharField(label=_("Questions"), widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}), max_length=300_000, strip=False)
    topic = forms.CharField(label=_("Topic to reopen"), max_length=bank.LONGEST_TOPIC, required=False, help_text=_("For questions that name none."))
    collection = forms.ModelChoiceField(label=_("Shelf"), queryset=None, empty_label=None)
    quiz = forms.ModelChoiceField(label=_("Add to the pool of"), queryset=None, required=False, empty_label=_("No quiz yet"))

    def __init__(self, *args, shelves, quizzes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = shelves
        self.fields["quiz"].queryset = quizzes


class QuestionFilter(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    collection = forms.ModelChoiceField(label=_("Shelf"), queryset=None, required=False, empty_label=_("All"))
    objective = forms.ModelChoiceField(label=_("Objective"), queryset=Objective.objects.all(), required=False, empty_label=_("All"))
    tag = forms.CharField(label=_("Tag"), max_length=LONGEST_TAG, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[
        ("", _("In use")), ("asked", _("Review asked for")), ("remarks", _("To be mended")), ("unread", _("Read by nobody yet")),
        ("out", _("Out of use"))])

    def __init__(self, *args, shelves, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = shelves
        self.fields["type"].choices = [("", _("All")), *type_choices()]
