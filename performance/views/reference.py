"""H9: what is measured and what is expected; predicates and codes stand in ``predicates``. Central HR writes; HR of a unit and auditors read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.domain.dates import local_today
from core.views.deeds import carried_out, page, posted
from people.models import Position
from performance.domain.reference_tabs import TABS
from performance.domain.standards import overlapping_periods, save_reference, valid_on
from performance.enums import Aspect
from performance.forms.reference import IndicatorForm, PeriodForm, StandardForm
from performance.models import EvaluationPeriod, Indicator, PerformanceStandard
from performance.rules import may_keep_standards
from performance.views.access import keeps_standards, reads_standards

PAGE = 25


def shell(request: HttpRequest, current: str, **context) -> dict:
    """What every page of H9 needs: its tabs and whether the reader may write."""
    tabs = [{"label": label, "url": reverse(name), "current": name == current} for name, label in TABS]
    return {"tabs": tabs, "may_write": may_keep_standards(request.user), **context}


def listed(request: HttpRequest, rows) -> object:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


@reads_standards
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    text, aspect = request.GET.get("cari", "").strip()[:100], request.GET.get("aspek", "")
    rows = Indicator.objects.annotate(standard_count=Count("standards", filter=_valid_today())).order_by(
        "-is_active", "name", "pk"
    )
    if text:
        rows = rows.filter(name__icontains=text)
    if aspect in Aspect.values:
        rows = rows.filter(aspect=aspect)
    context = shell(
        request, "performance:indicators", page_obj=listed(request, rows), text=text, aspect=aspect, aspects=Aspect.choices
    )
    return render(request, "performance/indicators.html", context)


@reads_standards
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    text, when = request.GET.get("cari", "").strip()[:100], request.GET.get("berlaku", "")
    rows = PerformanceStandard.objects.select_related("indicator", "position", "unit").order_by(
        "indicator__name", "-valid_from", "pk"
    )
    if text:
        rows = rows.filter(Q(indicator__name__icontains=text) | Q(position__name__icontains=text) | Q(unit__name__icontains=text))
    if when != "semua":
        rows = rows.filter(valid_on(local_today()) | Q(valid_from__gt=local_today()))
    context = shell(request, "performance:standards", page_obj=listed(request, rows), text=text, when=when, today=local_today())
    return render(request, "performance/standards.html", context)


@reads_standards
@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    rows = EvaluationPeriod.objects.annotate(count=Count("evaluations", filter=Q(evaluations__state="final")))
    context = shell(request, "performance:periods", page_obj=listed(request, rows.order_by("-ends_on", "-starts_on")))
    return render(request, "performance/periods.html", context)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_indicator(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    kept = get_object_or_404(Indicator, pk=pk) if pk else None
    form = IndicatorForm(posted(request), instance=kept)
    title = kept.name if kept else _("New indicator")
    return edited(request, form, "performance:indicators", title)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_standard(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    kept = get_object_or_404(PerformanceStandard.objects.select_related("indicator", "position"), pk=pk) if pk else None
    form = StandardForm(posted(request), instance=kept, initial={"indicator": request.GET.get("indikator")})
    posts = Position.objects.order_by("name").values_list("name", flat=True).distinct()[:300]
    return edited(request, form, "performance:standards", _("Standard") if kept else _("New standard"), posts=posts)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_period(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    kept = get_object_or_404(EvaluationPeriod, pk=pk) if pk else None
    form = PeriodForm(posted(request), instance=kept)
    crossing = []
    if form.is_bound and form.is_valid() and "sure" not in request.POST:
        crossing = overlapping_periods(form.cleaned_data["starts_on"], form.cleaned_data["ends_on"], other_than=pk)
    title = _("Period") if kept else _("New period")
    if crossing:
        context = {"form": form, "title": title, "back": reverse("performance:periods"), "crossing": crossing}
        return render(request, "performance/edit.html", context, status=422)
    return edited(request, form, "performance:periods", title)


def edited(request: HttpRequest, form, back: str, title: str, *, save=save_reference, **more) -> HttpResponse:
    """The one page of all reference rows: shown, refused with its sentences, or saved with its audit line."""
    if carried_out(form, lambda _data: save(form.instance, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(back)
    return page(request, "performance/edit.html", {"form": form, "title": title, "back": reverse(back), **more}, form)


def _valid_today() -> Q:
    day = local_today()
    starts = Q(standards__valid_from__isnull=True) | Q(standards__valid_from__lte=day)
    return starts & (Q(standards__valid_to__isnull=True) | Q(standards__valid_to__gte=day))
