"""A question under four eyes, and questions that are alike."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.domain import duplicates, question_review
from assessments.forms.reviews import ReviewForm
from assessments.models import Question
from assessments.views.guard import for_trainers
from core.domain.errors import RuleViolation

PAGE = 20


@for_trainers
@require_http_methods(["GET", "HEAD", "POST"])
def question_review_page(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.managed_by(request.user).select_related("current__created_by"), pk=pk, current__isnull=False)
    form = ReviewForm(request.POST or None, question=question, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            question_review.review(question, form.cleaned_data["verdict"], words=form.cleaned_data["words"], by=request.user)
        except RuleViolation as violation:  # a colleague was quicker
            form.add_error(None, violation.reasons)
        else:
            messages.success(request, _("It is noted; your colleagues see it here."))
            return redirect("assessments:question_review", pk)
    return render(request, "assessments/bank/review.html", {"question": question, "form": form, "steps": question_review.steps_of(question)[:50]},
                  status=422 if request.method == "POST" else 200)


@for_trainers
@require_safe
def questions_alike(request: HttpRequest) -> HttpResponse:
    """Groups of questions that say nearly the same."""
    page = Paginator(duplicates.groups(Question.objects.managed_by(request.user)), PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/bank/alike.html", {"page": page})
