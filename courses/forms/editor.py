"""The course form in the editor: choices are narrowed to what the author manages (decisions 4), and stay what they are when somebody else chose."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from assessments.enums import QuizKind
from assessments.models import Quiz
from courses.domain import moving
from courses.models import CoursePage
from people.enums import Role
from people.models import Account, Grant


class CourseForm(WagtailAdminPageForm):
    """Plain selects: lists are short, and no chooser shows what belongs to another shelf."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        managed = Quiz.objects.managed_by(self.for_user) if self.for_user else Quiz.objects.none()
        for name, kind in (("pre_quiz", QuizKind.PRE), ("post_quiz", QuizKind.POST)):
            if name in self.fields:
                present = getattr(self.instance, f"{name}_id")
                self.fields[name].queryset = Quiz.objects.filter(
                    Q(pk__in=managed.values("pk"), kind=kind) | Q(pk=present)
                ).order_by("title")
        if "trainer" in self.fields:
            trainers = Grant.objects.valid().filter(role=Role.TRAINER).values("person_id")
            self.fields["trainer"].queryset = Account.objects.filter(Q(pk__in=trainers) | Q(pk=self.instance.trainer_id))
            if self.for_user and not self.instance.pk and not self.instance.trainer_id:
                self.initial.setdefault("trainer", self.for_user.pk)

    def clean(self):
        cleaned = super().clean()
        pre, post = cleaned.get("pre_quiz"), cleaned.get("post_quiz")
        if pre is not None and pre == post:
            self.add_error("pre_quiz", forms.ValidationError(_("Choose two different quizzes.")))
        for sentence in self._minor_problems(cleaned):
            self.add_error("is_minor_update", forms.ValidationError(sentence))
        return cleaned

    def _minor_problems(self, cleaned) -> list[str]:
        present = self.instance.current_release
        if present is None or not cleaned.get("is_minor_update"):
            return []
        names = ("pre_quiz", "post_quiz", "pass_mark", "completion_rule")
        written = CoursePage(**{name: cleaned.get(name, getattr(self.instance, name)) for name in names})
        return moving.minor_problems(present, written)
