"""Pasting many questions: look first, then save the good ones; the faulty ones stay in the box."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.domain import paste, quizzes
from assessments.forms.questions import PasteForm
from assessments.models import Question, Quiz
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def paste_questions(request: HttpRequest) -> HttpResponse:
    """POST ``act=check`` shows row by row what was understood; ``act=save`` stores what is good."""
    form = _form(request, request.POST or None, initial={"quiz": request.GET.get("quiz", "")})
    if request.method != "POST" or not form.is_valid():
        return render(request, "assessments/bank/paste.html", {"form": form}, status=422 if request.method == "POST" else 200)
    try:
        found = paste.read(form.cleaned_data["text"], collection=form.cleaned_data["collection"])
    except RuleViolation as violation:
        form.add_error("text", violation.reasons)
        return render(request, "assessments/bank/paste.html", {"form": form}, status=422)
    good = [pasted for pasted in found if not pasted.problems]
    if request.POST.get("act") == "save" and good:
        return _save(request, form, found)
    return render(request, "assessments/bank/paste.html", {"form": form, "found": found, "good": len(good), "faulty": len(found) - len(good)},
                  status=200 if good else 422)


def _save(request: HttpRequest, form: PasteForm, found: list[paste.Pasted]) -> HttpResponse:
    values = form.cleaned_data
    saved = paste.save(found, values["collection"], topic=values["topic"], by=request.user)
    if values["quiz"]:
        quizzes.add_questions(values["quiz"], saved, by=request.user)
    faulty = [pasted for pasted in found if pasted.problems]
    words = ngettext("One question is in the bank.", "%(count)d questions are in the bank.", len(saved)) % {"count": len(saved)}
    if not faulty:
        messages.success(request, words)
        return redirect("assessments:quiz", values["quiz"].pk) if values["quiz"] else redirect("assessments:questions")
    messages.success(request, " ".join([words, _("The rest stands below for repair.")]))
    gap = "\n" if any("\t" in pasted.source for pasted in faulty) else "\n\n"
    rest = _form(request, None, initial={**values, "text": gap.join(pasted.source.rstrip("\n") for pasted in faulty)})
    return render(request, "assessments/bank/paste.html", {"form": rest, "found": faulty, "good": 0, "faulty": len(faulty)})


def _form(request: HttpRequest, data, **more) -> PasteForm:
    return PasteForm(data, shelves=Question.objects.shelves(request.user), quizzes=Quiz.objects.managed_by(request.user), **more)
