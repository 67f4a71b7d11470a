"""Guidance and counselling: lists, a talk on a page, appointments (L8, S3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain import audit
from core.views.deeds import carried_out, page, posted
from improvement.domain import counselling, guidance
from improvement.enums import SessionState
from improvement.forms.coaching import AgendaForm, PlanCounsellingForm, PlanGuidanceForm, SessionForm, TalkForm
from improvement.models import Counselling, Guidance
from improvement.rules import is_hr_of, people_decided_by
from people.models import Account
from performance.models import Gap

TALK_FIELDS = ("version", "goal", "reality", "options", "agreement", "action", "action_due_on", "private_note", "formal_summary")


@require_GET
def talks(request: HttpRequest) -> HttpResponse:
    """L8 and S3: all talks in which the person takes part, and her appointments for counselling."""
    mine = Guidance.objects.visible_to(request.user).exclude(state=SessionState.CANCELLED).select_related("person", "conductor")
    mine = mine.only(
        "pk",
        "state",
        "scheduled_at",
        "action",
        "action_due_on",
        "action_done_at",
        "confirmed_by_person_at",
        "confirmed_by_conductor_at",
        "person__name",
        "person__title_front",
        "person__title_back",
        "conductor__name",
        "conductor__title_front",
        "conductor__title_back",
    )
    private = (
        Counselling.objects.visible_to(request.user).exclude(state=SessionState.CANCELLED).select_related("person", "counsellor")
    )
    return render(
        request,
        "improvement/talks.html",
        {"talks": mine[:60], "sessions": private.defer("notes_encrypted", "shared_summary", "agreed_result")[:60]},
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(people_decided_by(request.user), pk=pk)
    form = PlanGuidanceForm(posted(request))
    case = _case(request, who)

    def deed(data):
        return guidance.plan_guidance(who, conductor=request.user, gap=case, by=request.user, **data)

    if request.method == "POST" and carried_out(form, deed):
        messages.success(request, _("The talk is planned. Both of you may write the agenda."))
        return redirect("improvement:person", who.pk)
    return page(request, "improvement/plan_guidance.html", {"who": who, "form": form, "case": case}, form)


@require_GET
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The two who meet; HR of the unit gets the formal record only."""
    found, allowed = _readable(request, pk)
    audit.record_read("guidance.read", found, by=request.user, subject=found.person)
    return render(request, "improvement/talk.html", _talk_context(request, found, allowed))


@require_POST
def write_talk(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Guidance.objects.filter(conductor=request.user).select_related("person", "conductor"), pk=pk)
    form = TalkForm(request.POST)
    asks = "asks_agreement" in request.POST
    if carried_out(form, lambda data: guidance.save_talk(found, by=request.user, asks_agreement=asks, **data)):
        messages.success(
            request, _("Saved. %(person)s is asked to confirm.") % {"person": found.person.name} if asks else _("Saved.")
        )
        return redirect("improvement:guidance", found.pk)
    context = _talk_context(request, found, guidance.fields_for(found, request.user)) | {"form": form}
    return page(request, "improvement/talk.html", context, form)


@require_POST
def add_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Guidance.objects.visible_to(request.user).select_related("person", "conductor"), pk=pk)
    form = AgendaForm(request.POST)
    if carried_out(form, lambda data: guidance.add_agenda_item(found, data["text"], by=request.user)):
        return redirect("improvement:guidance", found.pk)
    context = _talk_context(request, found, guidance.fields_for(found, request.user)) | {"agenda_form": form}
    return page(request, "improvement/talk.html", context, form)


@require_POST
def talk_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Buttons of a talk: confirm, done, close, cancel."""
    found = get_object_or_404(Guidance.objects.visible_to(request.user).select_related("person", "conductor", "gap"), pk=pk)
    deeds = {
        "setuju": (guidance.confirm_agreement, _("Confirmed.")),
        "selesai": (guidance.mark_action_done, _("The action is done.")),
        "tutup": (guidance.close_without_action, _("The talk is closed.")),
        "batal": (guidance.cancel_guidance, _("The talk is cancelled.")),
    }
    if deed not in deeds:
        raise Http404
    function, words = deeds[deed]
    function(found, by=request.user)
    messages.success(request, words)
    return redirect("improvement:talks" if deed == "batal" else "improvement:guidance", *([] if deed == "batal" else [found.pk]))


@require_http_methods(["GET", "POST"])
def plan_counselling(request: HttpRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(people_decided_by(request.user), pk=pk)
    counsellors = Account.objects.filter(pk__in=[account.pk for account in counselling.counsellors_for(who)])
    recipients = Account.objects.filter(grants__role__in=["hr_unit", "hr_central"], is_active=True).exclude(pk=who.pk).distinct()
    form = PlanCounsellingForm(posted(request), counsellors=counsellors, recipients=recipients)
    case = _case(request, who)
    if request.method == "POST" and carried_out(
        form, lambda data: counselling.plan_counselling(who, gap=case, by=request.user, **data)
    ):
        messages.success(request, _("The appointment is made. What is said stays between the two."))
        return redirect("improvement:person", who.pk)
    return page(request, "improvement/plan_counselling.html", {"who": who, "form": form, "case": case}, form)


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Counsellor, counselled person and recipient, each with her own fields (decisions 24)."""
    found = get_object_or_404(
        Counselling.objects.visible_to(request.user).select_related("person", "counsellor", "recipient", "gap"), pk=pk
    )
    if request.method == "POST" and found.counsellor_id != request.user.pk:
        raise Http404
    shown = counselling.read(found, by=request.user)
    writes = not counselling.may_write(found, by=request.user)
    initial = {name: shown.get(name, "") for name in ("notes", "shared_summary", "agreed_result")} | {"version": found.version}
    form = SessionForm(posted(request), initial=initial)
    if request.method == "POST" and carried_out(form, lambda data: counselling.save_session(found, by=request.user, **data)):
        messages.success(request, _("Saved, encrypted."))
        return redirect("improvement:counselling", found.pk)
    return page(request, "improvement/session.html", {"session": found, "shown": shown, "form": form, "writes": writes}, form)


@require_POST
def session_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    found = get_object_or_404(Counselling.objects.filter(counsellor=request.user).select_related("person", "gap"), pk=pk)
    deeds = {"tutup": counselling.close_session, "batal": counselling.cancel_session}
    if deed not in deeds:
        raise Http404
    deeds[deed](found, by=request.user)
    messages.success(request, _("The session is closed.") if deed == "tutup" else _("The session is cancelled."))
    return redirect("improvement:talks")


def _case(request: HttpRequest, who: Account) -> Gap | None:
    """The gap named in the address, if it is this person's and not closed."""
    number = request.GET.get("gap", "")
    return (
        Gap.objects.unfinished().filter(person=who, pk=int(number)).first()
        if number.isascii() and number.isdigit() and len(number) < 12
        else None
    )


def _readable(request: HttpRequest, pk: int) -> tuple[Guidance, frozenset[str]]:
    found = get_object_or_404(Guidance.objects.select_related("person", "conductor", "gap__indicator"), pk=pk)
    takes_part = request.user.pk in (found.person_id, found.conductor_id)
    if not takes_part and not is_hr_of(request.user, found.person):
        raise Http404
    return found, guidance.fields_for(found, request.user)


def _talk_context(request: HttpRequest, found: Guidance, allowed: frozenset[str]) -> dict:
    takes_part = request.user.pk in (found.person_id, found.conductor_id)
    previous = Guidance.objects.filter(person=found.person_id, conductor=found.conductor_id, scheduled_at__lt=found.scheduled_at)
    return {
        "talk": found,
        "shown": {name: getattr(found, name) for name in allowed},
        "takes_part": takes_part,
        "agenda": found.agenda.select_related("by") if takes_part else [],
        "agenda_form": AgendaForm(),
        "form": TalkForm(initial={name: getattr(found, name) for name in TALK_FIELDS})
        if found.conductor_id == request.user.pk
        else None,
        "may_write": not guidance.may_write_talk(found, by=request.user),
        "may_confirm": not guidance.may_confirm(found, by=request.user),
        "may_finish": not guidance.may_mark_done(found, by=request.user),
        "previous": previous.exclude(action="").exclude(state=SessionState.CANCELLED).order_by("-scheduled_at").first()
        if takes_part
        else None,
    }
