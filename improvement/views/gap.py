"""One gap: talk about its cause, decide on remedies, review it, follow its trail."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain import audit
from core.views.deeds import carried_out, page, posted
from improvement.domain import contexts, loop, remedies
from improvement.domain.review import what_is_open
from improvement.domain.trail import trail_of, with_chain
from improvement.enums import ProposalState, Remedy
from improvement.forms.deciding import AnswerContextForm, CauseForm, ConfirmCourseForm, ReasonForm, ReviewForm, SeverityForm
from improvement.models import Proposal
from improvement.rules import is_hr_of, may_decide, may_decide_on, people_decided_by
from people.models import scope_of
from performance.domain import gaps
from performance.models import Gap, GapContext


def _decidable(user):
    rows = Gap.objects.filter(person__in=people_decided_by(user))
    return rows.select_related("person", "indicator", "parent", "last_missed_period", "opened_by__period")


@require_GET
def gap(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision page: the finding, the person's words, the cause, the offers."""
    found = get_object_or_404(_decidable(request.user), pk=pk)
    audit.record_read("gap.read", found, by=request.user, subject=found.person)
    offers = found.proposals.select_related("course", "release", "decided_by").order_by("state", "rank")
    context = {
        "gap": found,
        "offers": [o for o in offers if o.state == ProposalState.PROPOSED],
        "decided": [o for o in offers if o.state != ProposalState.PROPOSED],
        "cause_form": CauseForm(initial={"cause": found.cause, "note": found.cause_note}),
        "severity_form": SeverityForm(initial={"severity": found.severity}) if gaps.needs_severity_by_hand(found) else None,
        "may_decide": not may_decide_on(found, by=request.user),
        "improve_until": _time_to_improve(offers) if is_hr_of(request.user, found.person) else None,
        "contexts": found.contexts.select_related("by", "answered_by"),
        "children": found.children.select_related("indicator"),
        "open_things": what_is_open(found),
    }
    return render(request, "improvement/gap.html", context)


@require_POST
def set_cause(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_decidable(request.user), pk=pk)
    form = CauseForm(request.POST)
    if carried_out(form, lambda data: loop.agree_on_cause(found, data["cause"], note=data["note"], by=request.user)):
        messages.success(request, _("The cause is noted. Choose below what helps."))
        return redirect("improvement:gap", found.pk)
    return page(request, "improvement/form_page.html", {"form": form, "title": _("Cause"), "back": found.person.full_name}, form)


@require_POST
def set_severity(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the result lies from a target of 0, which gives no distance in percent (decisions 14)."""
    found = get_object_or_404(_decidable(request.user), pk=pk)
    form = SeverityForm(request.POST)
    if carried_out(form, lambda data: gaps.set_severity(found, data["severity"], by=request.user)):
        messages.success(request, _("The distance is noted."))
        return redirect("improvement:gap", found.pk)
    title = _("Distance from the target")
    return page(request, "improvement/form_page.html", {"form": form, "title": title, "back": found.person.full_name}, form)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an offered course, with a date; or another course instead, with a reason."""
    offer = get_object_or_404(_offers(request.user).filter(remedy=Remedy.COURSE), pk=pk)
    form = ConfirmCourseForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: loop.confirm_proposal(offer, by=request.user, **data)):
        messages.success(
            request,
            _("Assigned. %(person)s reads the reason in ten minutes; until then you can take it back.")
            % {"person": offer.gap.person.name},
        )
        return redirect("improvement:person", offer.gap.person_id)
    return page(request, "improvement/confirm.html", {"offer": offer, "form": form}, form)


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(_offers(request.user), pk=pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and carried_out(
        form, lambda data: remedies.decline_proposal(offer, reason=data["reason"], by=request.user)
    ):
        messages.success(request, _("Declined. The gap stays as it is."))
        return redirect("improvement:gap", offer.gap_id)
    return page(request, "improvement/decline.html", {"offer": offer, "form": form}, form)


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A re-evaluation by somebody other than the learner: an internal finding."""
    found = get_object_or_404(_decidable(request.user), pk=pk)
    form = ReviewForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: loop.review(found, by=request.user, **data)):
        messages.success(
            request, _("The finding is recorded. %(person)s can read it and add a note.") % {"person": found.person.name}
        )
        return redirect("improvement:trail", found.pk)
    return page(request, "improvement/review.html", {"gap": found, "form": form, "open_things": what_is_open(found)}, form)


@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_decidable(request.user), pk=pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: loop.waive(found, reason=data["reason"], by=request.user)):
        messages.success(request, _("Closed without measurement, with your reason."))
        return redirect("improvement:trail", found.pk)
    return page(request, "improvement/waive.html", {"gap": found, "form": form}, form)


@require_http_methods(["GET", "POST"])
def answer_context(request: HttpRequest, pk: int) -> HttpResponse:
    context = get_object_or_404(
        GapContext.objects.filter(gap__in=_decidable(request.user)).select_related("gap__person", "by"), pk=pk
    )
    form = AnswerContextForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda data: contexts.answer_context(context, data["answer"], by=request.user)):
        messages.success(request, _("Your answer stands beside the words."))
        return redirect("improvement:gap", context.gap_id)
    return page(request, "improvement/answer_context.html", {"context": context, "form": form}, form)


@require_GET
def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """*Jejak*: evaluation to record, each step with evidence and actor; printable."""
    own = with_chain(Gap.objects.filter(person=request.user)).filter(pk=pk).first()  # asks no roles
    found = own or get_object_or_404(with_chain(Gap.objects.visible_to(request.user)), pk=pk)
    context = {"trail": trail_of(found, viewer=request.user), "gap": found, "back": _before_trail(request.user, found)}
    return render(request, "improvement/trail.html", context)


def _before_trail(user, found: Gap) -> str:
    """Where each reader of a trail comes from; never a page that is closed to her."""
    if found.person_id == user.pk:
        return reverse("improvement:my_performance")
    if not may_decide(found.person, by=user):
        return reverse("improvement:person", args=[found.person_id])
    return reverse("improvement:gap_list" if scope_of(user).has("auditor") else "performance:measuring")


def _time_to_improve(offers) -> dict | None:
    """Until when the plan gives time, as the offers of the gap keep it; for HR (domain.md §1.6)."""
    told = next((offer.reason for offer in offers if offer.reason.get("improve_until")), None)
    return {"day": date.fromisoformat(told["improve_until"]), "basis": told["improve_basis"]} if told else None


def _offers(user):
    rows = Proposal.objects.filter(gap__person__in=people_decided_by(user))
    return rows.select_related("gap__person", "gap__indicator", "gap__parent", "gap__last_missed_period", "course", "release")
