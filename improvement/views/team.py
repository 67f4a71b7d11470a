"""The superior's screens: team, one person, reminders, confirming application, approvals (S1, S2, S4, S5)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain import audit
from core.domain.dates import local_today
from core.views.deeds import carried_out, page, posted
from improvement.domain import assignments, loop, requests, transfer, undo
from improvement.domain.approvals import filled, waiting_for
from improvement.domain.team import FILTERS, counts_of, person_page, staff_of, with_details
from improvement.forms.deciding import AnswerRequestForm, ConfirmTransferForm, FreeAssignmentForm, RemindForm
from improvement.models import LearnerRequest, TrainingAssignment, TransferQuestion
from improvement.rules import is_superior_of, people_decided_by
from improvement.views.access import needs_decider, needs_staff
from people.models import Account, scope_of

ROWS = 25


@needs_staff
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("tampil", "")
    today = local_today()
    pages = Paginator(with_details(staff_of(request.user, on=today, wanted=wanted if wanted in FILTERS else "")), ROWS)
    context = {
        "page_obj": pages.get_page(request.GET.get("page")),
        "counts": counts_of(request.user, on=today),
        "wanted": wanted,
        "today": today,
    }
    return render(request, "improvement/team.html", context)


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """S2 for the superior and HR of the unit; the reading is audited and the person can see it."""
    who = get_object_or_404(people_decided_by(request.user).with_placement(), pk=pk)
    audit.record_read("person.read", who, by=request.user, subject=who)
    fresh = TrainingAssignment.objects.may_be_taken_back(at=timezone.now()).filter(person=who)
    context = {
        "who": who,
        "just_assigned": fresh.select_related("course", "enrolment__release"),
        "shown": person_page(who, viewer=request.user),
        "today": local_today(),
        "is_superior": is_superior_of(request.user, who),
    }
    return render(request, "improvement/person.html", context)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """A course without a measured gap, with its reason."""
    who = get_object_or_404(people_decided_by(request.user), pk=pk)
    form = FreeAssignmentForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: loop.assign_without_gap(who, by=request.user, **data)):
        messages.success(request, _("The course is assigned. For ten minutes you can take it back."))
        return redirect("improvement:person", who.pk)
    return page(request, "improvement/assign.html", {"who": who, "form": form}, form)


@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap sends the usual words; the form changes them first."""
    rows = TrainingAssignment.objects.filter(person__in=people_decided_by(request.user)).select_related(
        "person", "course", "enrolment__release"
    )
    given = get_object_or_404(rows, pk=pk)
    form = RemindForm(posted(request), initial={"text": assignments.reminder_text(given)})
    if request.method == "POST" and carried_out(form, lambda data: assignments.remind(given, by=request.user, text=data["text"])):
        messages.success(request, _("The reminder for %(person)s goes out in working hours.") % {"person": given.person.name})
        return redirect("improvement:team")
    return page(request, "improvement/remind.html", {"given": given, "form": form}, form)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(TrainingAssignment.objects.filter(person__in=people_decided_by(request.user)), pk=pk)
    undo.undo_assignment(given, by=request.user)
    messages.success(request, _("The assignment was taken back. Nobody was told of it."))
    return redirect("improvement:person", given.person_id)


@needs_decider
@require_GET
def transfer_confirm(request: HttpRequest) -> HttpResponse:
    """S4: what waits for the superior's eyes, two taps each."""
    questions = transfer.open_for_decider(request.user, on=local_today())[:50]
    return render(request, "improvement/transfer_confirm.html", {"questions": questions, "form": ConfirmTransferForm()})


@require_http_methods(["GET", "POST"])
def transfer_confirm_one(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(_questions_of(request.user), pk=pk)
    form = ConfirmTransferForm(posted(request))

    def deed(data):
        return transfer.answer(question, data["answer"], help_offered=data["help_offered"], by=request.user)

    if request.method == "POST" and carried_out(form, deed):
        messages.success(request, _("Noted. Thank you."))
        return redirect("improvement:transfer_confirm")
    return page(request, "improvement/transfer_confirm_one.html", {"question": question, "form": form}, form)


@needs_decider
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """S5: what learners ask for and write on findings, oldest first."""
    shown = Paginator(waiting_for(request.user), ROWS).get_page(request.GET.get("page"))
    back = "improvement:team" if scope_of(request.user).has_staff else "improvement:overview"
    return render(request, "improvement/approvals.html", {"page_obj": shown, "waiting": filled(shown), "back": back})


@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    rows = LearnerRequest.objects.filter(assignment__person__in=people_decided_by(request.user))
    asked = get_object_or_404(rows.select_related("assignment__person", "assignment__course", "wanted_course"), pk=pk)
    form = AnswerRequestForm(posted(request))

    def deed(data):
        return requests.respond(asked, granted=data["decision"] == "yes", text=data["text"], by=request.user)

    if request.method == "POST" and carried_out(form, deed):
        messages.success(request, _("Your answer is on its way."))
        return redirect("improvement:approvals")
    return page(request, "improvement/approval.html", {"asked": asked, "form": form}, form)


def _questions_of(user: Account):
    rows = TransferQuestion.objects.filter(person__in=people_decided_by(user), day__in=["60", "90"])
    return rows.select_related("person", "enrolment__release", "enrolment__transfer_plan", "gap__indicator")
