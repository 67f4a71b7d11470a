"""HR's screens: overview, from gaps to training, many at once, coaching (H1 to H4)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain.dates import local_today
from core.domain.errors import RuleViolation
from core.views.deeds import page, posted
from improvement.domain import bulk, counselling, gaps_to_training, guidance, summary, undo
from improvement.domain.overview_page import charts_of, figures_of
from improvement.forms.deciding import BulkForm
from improvement.forms.fields import day_field
from improvement.models import BulkAssignment
from improvement.views.access import needs_hr, needs_hr_or_auditor
from people.models import OrgUnit, scope_of
from performance.enums import GapStatus

ROWS = 25


def _unit(request: HttpRequest) -> OrgUnit | None:
    """The unit filter of the address; one that is not the person's is a 404."""
    number = request.GET.get("unit", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise Http404
    return get_object_or_404(summary.units_for(request.user), pk=int(number))


@needs_hr_or_auditor
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    unit = _unit(request)
    seen = summary.overview(request.user, unit=unit)
    units = summary.units_for(request.user).order_by("path")[:400]
    context = {
        "seen": seen,
        "figures": figures_of(seen),
        "charts": charts_of(seen),
        "unit": unit,
        "units": units,
        "may_assign": not _only_reads(request),
    }
    return render(request, "improvement/overview.html", context)


@needs_hr_or_auditor
@require_GET
def gap_list(request: HttpRequest) -> HttpResponse:
    """The cases behind the figures."""
    status, unit = request.GET.get("status", "unfinished"), _unit(request)
    if status not in {"", "unfinished", *GapStatus.values}:
        raise Http404
    rows = gaps_to_training.gaps_seen_by(request.user, unit=unit, status=status, cause=request.GET.get("sebab", ""))
    pages = Paginator(rows, ROWS)
    context = {
        "page_obj": pages.get_page(request.GET.get("page")),
        "status": status,
        "statuses": GapStatus.choices,
        "unit": unit,
        "units": summary.units_for(request.user).order_by("path")[:400],
        "may_decide": not _only_reads(request),
    }
    return render(request, "improvement/gap_list.html", context)


@needs_hr
@require_http_methods(["GET", "POST"])
def gaps(request: HttpRequest) -> HttpResponse:
    """H2: choose offers, see the list, confirm; undone within ten minutes."""
    offers = gaps_to_training.offers_for(request.user, unit=_unit(request))
    source = request.POST if request.method == "POST" else request.GET
    chosen = gaps_to_training.preview([offer for offer in offers if offer.key in source.getlist("usulan")], by=request.user)
    refused: list[str] = []
    if request.method == "POST":
        try:
            made = _assign(request, chosen)
        except RuleViolation as violation:
            refused = violation.reasons
        else:
            messages.success(
                request, _("Assigned: %(n)d. For ten minutes you can take it back below.") % {"n": sum(one.count for one in made)}
            )
            return redirect("improvement:gaps")
    context = {
        "offers": offers,
        "chosen": chosen,
        "refused": refused,
        "unit": _unit(request),
        "due_on": source.get("due_on", ""),
        "total": sum(offer.plan.count for offer in chosen),
        "skipped": sum(len(offer.plan.skipped) for offer in chosen),
        "hours": sum(offer.plan.count * offer.jp for offer in chosen),
        "waiting": gaps_to_training.waiting_for_cause(request.user),
        "recent": bulk.recent_bulks(request.user),
        "keys": [offer.key for offer in chosen],
        "today": local_today(),
    }
    return render(request, "improvement/gaps.html", context, status=422 if refused else 200)


@needs_hr
@require_http_methods(["GET", "POST"])
def bulk_assign(request: HttpRequest) -> HttpResponse:
    """H3: by unit, post, indicator or a list of NIP. The first tap shows number and list, the second one assigns."""
    form = BulkForm(posted(request), units=summary.units_for(request.user).order_by("path"))
    plan = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        plan = bulk.plan_bulk(data["course"], criteria=form.criteria(), reason=data["reason"], by=request.user)
        if "expected" in request.POST and _bulk_done(request, form):
            return redirect("improvement:bulk")
    context = {"form": form, "plan": plan, "rows": plan.rows[:100] if plan else [], "recent": bulk.recent_bulks(request.user)}
    return page(request, "improvement/bulk.html", context, form)


@needs_hr
@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    deed = get_object_or_404(BulkAssignment.objects.filter(by=request.user), pk=pk)
    count = undo.undo_bulk(deed, by=request.user)
    messages.success(request, _("Taken back: %(n)d. Nobody was told of it.") % {"n": count})
    return redirect("improvement:bulk")


@needs_hr
@require_GET
def coaching_monitor(request: HttpRequest) -> HttpResponse:
    """H4: agreed actions past their date, by unit; formal records only. Counselling: that it took place."""
    today = local_today()
    overdue = guidance.overdue_actions(request.user, on=today).order_by("action_due_on", "pk")
    pages = Paginator(overdue, ROWS)
    context = {
        "page_obj": pages.get_page(request.GET.get("page")),
        "today": today,
        "support": counselling.took_place(request.user)[:20],
        "formal": guidance.formal_records(request.user).exclude(action="").order_by("-scheduled_at")[:20],
    }
    return render(request, "improvement/coaching_monitor.html", context)


def _assign(request: HttpRequest, chosen: list) -> list[BulkAssignment]:
    words = request.POST.get("due_on", "")
    try:
        due_on = day_field("", required=False).clean(words)
    except ValidationError as wrong:
        raise RuleViolation(_("The date is not a valid date.")) from wrong
    expected = request.POST.get("expected", "")
    number = int(expected) if expected.isascii() and expected.isdigit() and len(expected) < 8 else -1
    return gaps_to_training.assign_offers(chosen, due_on=due_on, expected=number, by=request.user)


def _bulk_done(request: HttpRequest, form: BulkForm) -> bool:
    data, expected = form.cleaned_data, request.POST.get("expected", "")
    number = int(expected) if expected.isascii() and expected.isdigit() and len(expected) < 8 else -1
    try:
        made = bulk.assign_in_bulk(
            data["course"],
            criteria=form.criteria(),
            reason=data["reason"],
            due_on=data["due_on"],
            by=request.user,
            expected=number,
        )
    except RuleViolation as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, _("Assigned: %(n)d. For ten minutes you can take it back below.") % {"n": made.count})
    return True


def _only_reads(request: HttpRequest) -> bool:
    return not scope_of(request.user).has("hr_unit", "hr_central")
