"""HR's screens: overview, from gaps to training, many at once, coaching (H1 to H4)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.domain.dates import local_today
from core.domain.errors import RuleViolation
from core.views.deeds import page, posted
from improvement.domain import bulk, bulk_rows, counselling, gaps_to_training, guidance, summary, undo
from improvement.domain.coaching_monitor import in_unit, unit_by_unit
from improvement.domain.gap_list import UNFINISHED, UNTREATED, gaps_seen_by, years_to_choose
from improvement.domain.overview_page import charts_of, chosen, figures_of
from improvement.forms.deciding import BulkForm
from improvement.forms.fields import day_field
from improvement.models import BulkAssignment
from improvement.views.access import needs_hr, needs_hr_or_auditor
from improvement.views.filters import Filters
from people.models import scope_of
from performance.enums import FINAL_STATUSES, GapStatus

ROWS = 25


@needs_hr_or_auditor
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """H1: the state of the organisation, narrowed by unit, by the period of evaluation and by kind of post."""
    filters = Filters.of(request)
    seen = summary.overview(request.user, unit=filters.unit, period=filters.period, post=filters.post)
    context = {
        "seen": seen,
        "figures": figures_of(seen),
        "charts": charts_of(seen),
        "filters": filters,
        "rows_query": urlencode(chosen(seen)),
        "may_assign": not _only_reads(request),
    }
    return render(request, "improvement/overview.html", context)


@needs_hr_or_auditor
@require_GET
def gap_list(request: HttpRequest) -> HttpResponse:
    """The cases behind the figures."""
    filters = Filters.of(request)
    choice = filters.gaps()
    context = {
        "page_obj": Paginator(gaps_seen_by(request.user, choice), ROWS).get_page(request.GET.get("page")),
        "choice": choice,
        "statuses": [(UNFINISHED, _("All unfinished")), (UNTREATED, _("Open or persisting")), *GapStatus.choices],
        "years": years_to_choose(local_today()) if choice.status in FINAL_STATUSES or choice.closed_in else [],
        "filters": filters,
        "may_decide": not _only_reads(request),
    }
    return render(request, "improvement/gap_list.html", context)


@needs_hr
@require_http_methods(["GET", "POST"])
def gaps(request: HttpRequest) -> HttpResponse:
    """H2: choose offers, see the list, confirm; undone within ten minutes."""
    filters = Filters.of(request)
    offers = gaps_to_training.offers_for(request.user, unit=filters.unit)
    source = request.POST if request.method == "POST" else request.GET
    picked = gaps_to_training.preview([offer for offer in offers if offer.key in source.getlist("usulan")], by=request.user)
    refused = _refused(request, picked) if request.method == "POST" else []
    if request.method == "POST" and not refused:
        here = reverse("improvement:gaps")
        return redirect(f"{here}?unit={filters.unit.pk}" if filters.unit else here)
    context = {
        "offers": offers,
        "chosen": picked,
        "refused": refused,
        "filters": filters,
        "due_on": source.get("due_on", ""),
        "waiting": gaps_to_training.waiting_for_cause(request.user, unit=filters.unit),
        "recent": bulk.recent_bulks(request.user),
        **_sums(picked),
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
        if wanted := request.POST.get("unduh"):
            return _rows_file(plan, wanted)
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
    """H4: agreed actions past their date, unit by unit; formal records only. Counselling: that it took place."""
    today, filters = local_today(), Filters.of(request)
    overdue = in_unit(guidance.overdue_actions(request.user, on=today), filters.unit)
    formal = in_unit(guidance.formal_records(request.user).exclude(action=""), filters.unit)
    context = {
        "page_obj": Paginator(unit_by_unit(overdue), ROWS).get_page(request.GET.get("page")),
        "today": today,
        "filters": filters,
        "support": in_unit(counselling.took_place(request.user), filters.unit)[:20],
        "formal": formal.order_by("-scheduled_at")[:20],
    }
    return render(request, "improvement/coaching_monitor.html", context)


def _refused(request: HttpRequest, chosen: list) -> list[str]:
    """Assigns what was shown; the sentences against it."""
    try:
        due_on = day_field("", required=False).clean(request.POST.get("due_on", ""))
        made = gaps_to_training.assign_offers(chosen, due_on=due_on, expected=request.POST.get("expected", ""), by=request.user)
    except ValidationError:
        return [_("The date is not a valid date.")]
    except RuleViolation as violation:
        return violation.reasons
    count = sum(one.count for one in made)
    messages.success(request, _("Assigned: %(n)d. For ten minutes you can take it back below.") % {"n": count})
    return []


def _sums(chosen: list) -> dict:
    """What the card beside the list says before anything is saved."""
    return {
        "keys": [offer.key for offer in chosen],
        "expected": gaps_to_training.token_of(chosen),
        "total": sum(offer.plan.count for offer in chosen),
        "skipped": sum(len(offer.plan.skipped) for offer in chosen),
        "hours": sum(offer.plan.count * offer.jp for offer in chosen),
    }


def _rows_file(plan: bulk.BulkPlan, wanted: str) -> HttpResponse:
    """The rows of a dry run as a file: those left out (with their reasons), or all of them."""
    if wanted not in ("dilewati", "semua"):
        raise Http404
    response = HttpResponse(bulk_rows.rows_csv(plan, only_left_out=wanted == "dilewati"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="penugasan-{wanted}.csv"'
    return response


def _bulk_done(request: HttpRequest, form: BulkForm) -> bool:
    data = form.cleaned_data
    try:
        made = bulk.assign_in_bulk(
            data["course"],
            criteria=form.criteria(),
            reason=data["reason"],
            due_on=data["due_on"],
            by=request.user,
            expected=request.POST["expected"],
        )
    except RuleViolation as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    messages.success(request, _("Assigned: %(n)d. For ten minutes you can take it back below.") % {"n": made.count})
    return True


def _only_reads(request: HttpRequest) -> bool:
    return not scope_of(request.user).has("hr_unit", "hr_central")
