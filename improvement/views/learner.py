"""Screens of the person herself: home, performance, record, plan, application at work, requests (L1, L4, L6, L7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.domain.dates import local_today
from core.views.deeds import carried_out, page, posted
from courses.models import Enrolment
from improvement.domain import contexts, requests, transfer
from improvement.domain.home import learner_home
from improvement.domain.my_performance import my_performance as performance_of
from improvement.forms.learner import ContextForm, PlanForm, RecordNoteForm, RequestForm, TransferForm
from improvement.models import LearnerRequest, TrainingAssignment, TransferPlan, TransferQuestion
from performance.domain import record
from performance.models import Gap, PerformanceRecord


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "improvement/home.html", {"home": learner_home(request.user)})


@require_GET
def my_performance(request: HttpRequest) -> HttpResponse:
    return render(request, "improvement/my_performance.html", {"mine": performance_of(request.user)})


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    entries = PerformanceRecord.objects.filter(person=request.user).select_related("gap", "by")[:100]
    return render(request, "improvement/records.html", {"entries": entries})


@require_http_methods(["GET", "POST"])
def record_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The person reads a proposed entry, may add a note, and makes it final."""
    entry = get_object_or_404(PerformanceRecord.objects.filter(person=request.user).select_related("gap", "by"), pk=pk)
    form = RecordNoteForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: record.acknowledge(entry, note=data["note"], by=request.user)):
        messages.success(request, _("The entry is final. Your note stands beside it."))
        return redirect("improvement:record", entry.pk)
    return page(request, "improvement/record.html", {"entry": entry, "form": form}, form)


@require_http_methods(["GET", "POST"])
def gap_context(request: HttpRequest, pk: int) -> HttpResponse:
    gap = get_object_or_404(Gap.objects.filter(person=request.user).select_related("indicator", "last_missed_period"), pk=pk)
    form = ContextForm(posted(request), initial={"kind": "context"})
    if request.method == "POST" and carried_out(
        form, lambda data: contexts.add_context(gap, data["kind"], data["text"], by=request.user)
    ):
        messages.success(request, _("Thank you. Your words stand beside the finding; your superior reads them."))
        return redirect("improvement:my_performance")
    return page(
        request,
        "improvement/gap_context.html",
        {"gap": gap, "form": form, "contexts": gap.contexts.select_related("answered_by")},
        form,
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """L4: *bila ... saya akan ... mulai ...*; editable."""
    enrolment = get_object_or_404(Enrolment.objects.filter(person=request.user).select_related("release", "course"), pk=pk)
    existing = TransferPlan.objects.filter(enrolment=enrolment).first()
    initial = {"starts_on": local_today()}
    if existing:
        initial = {"situation": existing.situation, "action": existing.action, "starts_on": existing.starts_on}
    form = PlanForm(posted(request), initial=initial)
    if request.method == "POST" and carried_out(form, lambda data: transfer.save_plan(enrolment, **data, by=request.user)):
        messages.success(request, _("Your plan is saved. You may change it at any time."))
        return redirect("improvement:home")
    return page(request, "improvement/plan.html", {"enrolment": enrolment, "form": form, "existing": existing}, form)


@require_http_methods(["GET", "POST"])
def transfer_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """L6: day 30, at most a minute."""
    rows = TransferQuestion.objects.filter(person=request.user).select_related(
        "enrolment__release", "enrolment__transfer_plan", "gap__indicator"
    )
    question = get_object_or_404(rows, pk=pk)
    form = TransferForm(posted(request), initial={"barrier": "none"})

    def deed(data):
        return transfer.answer(question, data["answer"], barrier=data["barrier"], example=data["example"], by=request.user)

    if request.method == "POST" and carried_out(form, deed):
        messages.success(request, _("Thank you. Your answer helps to see what is still missing."))
        return redirect("improvement:home")
    return page(request, "improvement/transfer.html", {"question": question, "form": form}, form)


@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this course; and asking for another one, another date, or adding context."""
    rows = TrainingAssignment.objects.filter(person=request.user).select_related(
        "course", "enrolment__release", "gap__indicator", "by"
    )
    given = get_object_or_404(rows, pk=pk)
    form = RequestForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: requests.ask(given, data.pop("kind"), **data, by=request.user)):
        messages.success(request, _("Your request is on its way. You will be told the answer."))
        return redirect("improvement:assignment", given.pk)
    context = {
        "given": given,
        "form": form,
        "may_ask": not requests.may_ask(given, by=request.user),
        "asked": given.requests.select_related("answered_by", "wanted_course"),
    }
    return page(request, "improvement/assignment.html", context, form)


@require_GET
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(LearnerRequest.objects.filter(assignment__person=request.user), pk=pk)
    return redirect("improvement:assignment", asked.assignment_id)
