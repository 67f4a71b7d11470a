"""Correcting a key after people answered: first what it would do, then the correction itself."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.domain import key_correction
from assessments.forms.corrections import CorrectionForm
from assessments.models import Question, QuestionVersion
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def correct_key(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """POST shows what would change; POST ``act=save`` with the ``seen`` of exactly that preview does it."""
    version = get_object_or_404(QuestionVersion.objects.select_related("question", "answer_key"), question_id=pk, number=number,
                                question__in=Question.objects.managed_by(request.user))
    form = CorrectionForm(request.POST or None, version=version)
    context = {"form": form, "version": version, "question": version.question, "corrections": _history(version)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "assessments/corrections/form.html", context, status=422 if request.method == "POST" else 200)
    draft, what = form.draft(), form.cleaned_data["what"]
    mark = key_correction.fingerprint(version, draft, what=what)
    if request.POST.get("act") == "save" and request.POST.get("seen") == mark:
        try:
            key_correction.correct_key(version, draft, what=what, reason=form.cleaned_data["reason"], by=request.user)
        except RuleViolation as violation:  # somebody was quicker
            form.add_error(None, violation.reasons)
            return render(request, "assessments/corrections/form.html", context, status=422)
        messages.success(request, _("The key is corrected. Results follow in the background, and who is touched gets a notice."))
        return redirect("assessments:correct_key", pk, number)
    return render(request, "assessments/corrections/form.html",
                  {**context, "preview": key_correction.preview(version, draft, what=what), "seen": mark})


def _history(version: QuestionVersion) -> list:
    counted = version.corrections.select_related("by").annotate(
        changed=Count("regrades"), told=Count("regrades", filter=Q(regrades__told_at__isnull=False)),
        new_passes=Count("regrades", filter=Q(regrades__is_passed_after=True) & ~Q(regrades__is_passed_before=True)))
    return [{"correction": one, "before": key_correction.in_words(version, one.before), "after": key_correction.in_words(version, one.after)}
            for one in counted]
