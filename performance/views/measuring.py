"""E1: internal measurements, and the page of one evaluation."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.domain import audit
from core.domain.errors import RuleViolation
from core.views.deeds import carried_out, page, posted
from performance.domain import evaluations, measuring
from performance.domain.evaluations import assigned_people
from performance.domain.periods import find_or_make
from performance.enums import EvaluationSource, EvaluationState
from performance.forms.measure import MeasureForm, PeriodChoiceForm, span_code
from performance.models import Evaluation, Gap
from performance.views.access import measures

PAGE = 25


@measures
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Whom the reader measures, with the latest evaluation and her drafts."""
    text = request.GET.get("cari", "").strip()[:100]
    page_obj = Paginator(measuring.people_to_measure(request.user, text=text), PAGE).get_page(request.GET.get("page"))
    measuring.with_latest(page_obj.object_list)
    return render(request, "performance/measuring.html", {"page_obj": page_obj, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Record or change a draft of one person and period; it counts only after it was made final."""
    person = get_object_or_404(assigned_people(request.user).with_placement(), pk=pk)
    choice = PeriodChoiceForm(request.POST or request.GET, spans=measuring.measurable_spans())
    span = choice.chosen()
    draft, final = measuring.internal_of(person, span, request.user)
    expected = measuring.expected_of(person, span)
    form = MeasureForm(posted(request), expected=expected, draft=draft, final=final, names_period=choice.names_one())
    if carried_out(form, lambda data: _record(request, person, span, form)):
        messages.success(request, _("The draft is saved. It counts once you make it final."))
        return redirect("performance:evaluation", form.saved.pk)
    if request.method != "POST":
        audit.record_read("evaluation.prepared", person, by=request.user, subject=person)
    context = {"person": person, "form": form, "choice": choice, "span": span, "span_code": span_code(span), "final": final}
    return page(request, "performance/measure.html", context, form)


def _record(request: HttpRequest, person, span, form: MeasureForm) -> None:
    data = form.cleaned_data
    form.saved = evaluations.record_internal(
        person, period=find_or_make(*span), result_rating=data["result_rating"], behaviour_rating=data["behaviour_rating"],
        scores=form.scores(), remarks=data["remarks"], reason=data.get("reason", ""), by=request.user,
    )  # fmt: skip


@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """One evaluation with its indicators, versions and gaps; reading somebody else's leaves an audit row."""
    return _shown(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> Evaluation:
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "person", "period", "appraiser", "unit", "created_by", "import_run"
    )
    return get_object_or_404(rows, pk=pk)


def _shown(request: HttpRequest, found: Evaluation, reasons: list[str] | None = None) -> HttpResponse:
    audit.record_read("evaluation.read", found, by=request.user, subject=found.person)
    versions = Evaluation.objects.visible_to(request.user).filter(person=found.person, period=found.period, source=found.source)
    gaps = Gap.objects.visible_to(request.user).filter(evidence__evaluation=found).select_related("indicator").distinct()
    context = {
        "evaluation": found,
        "scores": found.scores.select_related("indicator"),
        "versions": versions.exclude(pk=found.pk).order_by("-version"),
        "gaps": gaps.order_by("parent_id", "pk"),
        "is_mine": found.state == EvaluationState.DRAFT and found.created_by_id == request.user.pk,
        "reasons": reasons,
    }
    return render(request, "performance/evaluation.html", context, status=422 if reasons else 200)


def _own(request: HttpRequest, pk: int) -> Evaluation:
    """An internal measurement that the reader wrote herself; others do not find it here."""
    return get_object_or_404(Evaluation.objects.filter(created_by=request.user, source=EvaluationSource.INTERNAL), pk=pk)


@require_POST
def finalise(request: HttpRequest, pk: int) -> HttpResponse:
    """The author's confirmation: the draft becomes a measurement that opens and judges gaps."""
    found = _own(request, pk)
    try:
        evaluations.finalise([found], by=request.user)
    except RuleViolation as violation:
        return _shown(request, _visible(request, pk), violation.reasons)
    messages.success(request, _("The measurement is final. Gaps that it judges are brought up to date."))
    return redirect("performance:evaluation", pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        evaluations.discard_draft(found, by=request.user)
    except RuleViolation as violation:
        return _shown(request, _visible(request, pk), violation.reasons)
    messages.success(request, _("The draft was thrown away."))
    return redirect("performance:measuring")
