"""Guidance and counselling: lists, a talk on a page, appointments (L8, S3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain import audit
from core.domain.errors import RuleViolation
from core.views.deeds import carried_out, page, posted
from improvement.domain import counselling, guidance
from improvement.forms.coaching import AgendaForm, PlanCounsellingForm, PlanGuidanceForm, SessionForm, TalkForm
from improvement.models import Counselling, Guidance
from improvement.rules import is_hr_of, people_decided_by
from people.models import Account
from performance.models import Gap

TALK_FIELDS = ("version", "goal", "reality", "options", "agreement", "action", "action_due_on", "private_note", "formal_summary")
SESSION_FIELDS = ("notes", "shared_summary", "agreed_result")
LISTED = 60


@require_GET
def talks(request: HttpRequest) -> HttpResponse:
    """L8 and S3: all talks in which the person takes part, and her appointments for counselling."""
    context = {"talks": guidance.talks_of(request.user)[:LISTED], "sessions": counselling.sessions_of(request.user)[:LISTED]}
    return render(request, "improvement/talks.html", context)


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
    """The two who meet; HR of the unit gets the formal record of a closed talk only."""
    found = _readable(request, pk)
    audit.record_read("guidance.read", found, by=request.user, subject=found.person)
    return _talk_page(request, found)


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
    found = _readable(request, pk)
    form.compare(found.version, {name: getattr(found, name) for name in TALK_FIELDS})
    return _talk_page(request, found, form=form)


@require_POST
def add_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Guidance.objects.visible_to(request.user).select_related("person", "conductor"), pk=pk)
    form = AgendaForm(request.POST)
    if carried_out(form, lambda data: guidance.add_agenda_item(found, data["text"], by=request.user)):
        return redirect("improvement:guidance", found.pk)
    return _talk_page(request, _readable(request, pk), agenda_form=form)


@require_http_methods(["GET", "POST"])
def move_guidance(request: HttpRequest, pk: int) -> HttpResponse:
    """The conductor gives the appointment another time or place."""
    found = get_object_or_404(Guidance.objects.filter(conductor=request.user).select_related("person", "conductor"), pk=pk)
    form = PlanGuidanceForm(posted(request), initial={"scheduled_at": found.scheduled_at, "place": found.place})
    if request.method == "POST" and carried_out(form, lambda data: guidance.move_guidance(found, by=request.user, **data)):
        messages.success(request, _("The talk has a new time. %(person)s is told.") % {"person": found.person.name})
        return redirect("improvement:guidance", found.pk)
    return page(request, "improvement/move_talk.html", {"talk": found, "form": form}, form)


@require_POST
def talk_deed(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Buttons of a talk: confirm, done, close, cancel."""
    found = get_object_or_404(Guidance.objects.visible_to(request.user), pk=pk)
    if deed not in DEEDS:
        raise Http404
    function, words = DEEDS[deed]
    more = {"version": _version(request)} if deed == "setuju" else {}
    try:
        function(found, by=request.user, **more)
    except RuleViolation as refused:
        return _talk_page(request, _readable(request, pk), reasons=refused.reasons)
    messages.success(request, str(words))
    return redirect("improvement:talks") if deed == "batal" else redirect("improvement:guidance", pk)


#: The last part of a button's address: what it does, and what is said afterwards.
DEEDS = {
    "setuju": (guidance.confirm_agreement, gettext_lazy("Confirmed.")),
    "selesai": (guidance.mark_action_done, gettext_lazy("The action is done.")),
    "tutup": (guidance.close_without_action, gettext_lazy("The talk is closed.")),
    "batal": (guidance.cancel_guidance, gettext_lazy("The talk is cancelled. The other person is told.")),
}


@require_http_methods(["GET", "POST"])
def plan_counselling(request: HttpRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(people_decided_by(request.user), pk=pk)
    chosen = {"counsellors": counselling.counsellors_for(who), "recipients": counselling.recipients_for(who)}
    form = PlanCounsellingForm(posted(request), **chosen)
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
    found = get_object_or_404(_sessions(request), pk=pk)
    if request.method == "GET":
        return _session_page(request, found)
    if found.counsellor_id != request.user.pk:
        raise Http404
    form = SessionForm(request.POST)
    if carried_out(form, lambda data: counselling.save_session(found, by=request.user, **data)):
        messages.success(request, _("Saved, encrypted."))
        return redirect("improvement:counselling", pk)
    return _session_page(request, get_object_or_404(_sessions(request), pk=pk), form)


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


def _version(request: HttpRequest) -> int:
    """The version that stood on the page with the button; 0, which no talk has, where none was sent."""
    number = request.POST.get("version", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def _readable(request: HttpRequest, pk: int) -> Guidance:
    found = get_object_or_404(Guidance.objects.select_related("person", "conductor", "gap__indicator"), pk=pk)
    if request.user.pk not in (found.person_id, found.conductor_id) and not is_hr_of(request.user, found.person):
        raise Http404
    return found


def _talk_page(
    request: HttpRequest, found: Guidance, *, form: TalkForm | None = None, agenda_form: AgendaForm | None = None, reasons: list | None = None
) -> HttpResponse:
    takes_part = request.user.pk in (found.person_id, found.conductor_id)
    context = {
        "talk": found,
        "leads": found.conductor_id == request.user.pk,
        "shown": {name: getattr(found, name) for name in guidance.fields_for(found, request.user)},
        "takes_part": takes_part,
        "agenda": found.agenda.select_related("by") if takes_part else [],
        "agenda_form": agenda_form or AgendaForm(),
        "form": None if found.conductor_id != request.user.pk else form or TalkForm(initial={name: getattr(found, name) for name in TALK_FIELDS}),
        "reasons": reasons,
        "may_write": not guidance.may_write_talk(found, by=request.user),
        "may_move": not guidance.may_move(found, by=request.user),
        "may_confirm": not guidance.may_confirm(found, by=request.user),
        "may_finish": not guidance.may_mark_done(found, by=request.user),
        "previous": guidance.agreed_before(found) if takes_part else None,
    }
    refused = bool(reasons) or any(shown is not None and shown.errors for shown in (form, agenda_form))
    return render(request, "improvement/talk.html", context, status=422 if refused else 200)


def _sessions(request: HttpRequest):
    return Counselling.objects.visible_to(request.user).select_related("person", "counsellor", "recipient", "gap")


def _session_page(request: HttpRequest, found: Counselling, form: SessionForm | None = None) -> HttpResponse:
    shown = counselling.read(found, by=request.user)
    stored = {name: shown.get(name, "") for name in SESSION_FIELDS}
    if form is not None:
        form.compare(found.version, stored)
    context = {
        "session": found,
        "shown": shown,
        "form": form or SessionForm(initial=stored | {"version": found.version}),
        "writes": not counselling.may_write(found, by=request.user),
    }
    return page(request, "improvement/session.html", context, context["form"])
