"""H9: the plans of the cells (domain.md §1.6). Central HR writes; HR of a unit and auditors read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.domain.dates import local_today
from core.views.deeds import carried_out, page, posted
from improvement.domain.plans import save_plan
from improvement.forms.plans import LaterPlanForm, PlanOfCellForm
from improvement.models import RemedyRule
from performance.domain.standards import valid_on
from performance.domain.succession import succeed
from performance.views.access import keeps_standards, reads_standards
from performance.views.reference import edited, shell

CARRIED_ON = ("within_days", "improvement_months", "note", "legal_basis")


@reads_standards
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    today = local_today()
    rows = RemedyRule.objects.order_by("result_rating", "behaviour_rating", "valid_from")
    shown = {"plans": rows.filter(valid_on(today)), "later": rows.filter(valid_from__gt=today)}
    return render(request, "improvement/plans.html", shell(request, "improvement:plans", **shown))


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(RemedyRule, pk=pk)
    onwards = {"onwards": reverse("improvement:plan_later", args=[pk]), "onwards_words": _("Another plan from a later day on")}
    return edited(request, PlanOfCellForm(posted(request), instance=kept), "improvement:plans", _cell(kept), save=save_plan, **onwards)


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def later_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Another plan for the same cell from a later day on; what was evaluated before keeps the former one."""
    kept = get_object_or_404(RemedyRule, pk=pk)
    place = RemedyRule(result_rating=kept.result_rating, behaviour_rating=kept.behaviour_rating)
    form = LaterPlanForm(posted(request), instance=place, initial={name: getattr(kept, name) for name in CARRIED_ON})
    if carried_out(form, lambda _data: succeed(kept, form.instance, save=save_plan, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("improvement:plans")
    context = {"form": form, "title": _("%(place)s, from a later day") % {"place": _cell(kept)}, "back": reverse("improvement:plans")}
    return page(request, "performance/edit.html", context, form)


def _cell(plan: RemedyRule) -> str:
    return f"{plan.get_result_rating_display()} × {plan.get_behaviour_rating_display()}"
