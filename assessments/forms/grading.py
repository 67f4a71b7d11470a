"""Grading one answer: points by criterion, or a percent, and a comment to the learner."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain import hand_grading
from assessments.domain.hand_grading import Written
from assessments.models import HandGrade, Mark


class GradeForm(forms.Form):
    comment = forms.CharField(label=_("Comment to the learner"), required=False, max_length=hand_grading.LONGEST_COMMENT,
                              widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Say first what is good, then one thing to try next time."))

    def __init__(self, *args, mark: Mark, own: HandGrade | None = None, **kwargs):
        self.mark, self.rubric = mark, mark.version.body.get("rubric") or []
        if own is not None:
            kwargs["initial"] = {"comment": own.comment, "percent": own.percent,
                                 **{f"points_{index}": points for index, points in enumerate(own.given) if points is not None}}
        super().__init__(*args, **kwargs)
        grades: dict[str, forms.Field] = {
            f"points_{index}": _number(f"{row['name']} (0–{row['points']})", row["points"]) for index, row in enumerate(self.rubric)}
        if not self.rubric:
            grades["percent"] = _number(_("Grade (%)"), 100)
        self.fields = {**grades, **self.fields}

    def written(self) -> Written:
        """What stands in the form; what is faulty or missing is left out (a draft keeps the rest)."""
        given = tuple(self.cleaned_data.get(f"points_{index}") for index in range(len(self.rubric)))
        return Written(given, self.cleaned_data.get("percent"), self.cleaned_data.get("comment") or "")

    def is_whole(self) -> bool:
        """Can it be given as a grade? Puts what is missing at the fields."""
        self.full_clean()
        if self.errors:
            return False
        for field, sentences in hand_grading.problems(self.mark, self.written()).items():
            for name in self._places(field):
                for sentence in sentences:
                    self.add_error(name, sentence)
        return not self.errors

    def _places(self, field: str) -> list[str]:
        empty = [f"points_{index}" for index in range(len(self.rubric)) if self.cleaned_data.get(f"points_{index}") is None]
        return (empty or ["points_0"])[:1] if field == "given" else [field]


def _number(label, most: int) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=Decimal(0), max_value=Decimal(most), max_digits=5, decimal_places=2,
                              localize=True, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
