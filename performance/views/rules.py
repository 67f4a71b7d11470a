"""H9: gap rules. A rule is switched on from the page that shows who would get a gap and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.domain import audit
from core.domain.errors import RuleViolation
from core.views.deeds import carried_out, page, posted
from people.models import Account
from performance.domain import gap_rules
from performance.forms.rules import RuleForm
from performance.models import GapRule
from performance.rules import may_keep_standards
from performance.views.access import keeps_standards, reads_standards
from performance.views.reference import listed, shell


@reads_standards
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    rows = GapRule.objects.prefetch_related("indicators").order_by("-is_active", "kind", "name", "pk")
    return render(request, "performance/rules.html", shell(request, "performance:rules", page_obj=listed(request, rows)))


@keeps_standards
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    kept = get_object_or_404(GapRule, pk=pk) if pk else None
    form = RuleForm(posted(request), instance=kept)
    was_on = bool(kept and kept.is_active)
    if carried_out(form, lambda data: gap_rules.save_rule(form.instance, indicators=data["indicators"], by=request.user)):
        if was_on and not form.instance.is_active:
            messages.warning(
                request, _("The rule decides otherwise now and was switched off. Look at its simulation, then switch it on.")
            )
        return redirect("performance:rule_simulation", form.instance.pk)
    title = kept.name if kept else _("New gap rule")
    return page(request, "performance/edit.html", {"form": form, "title": title, "back": reverse("performance:rules")}, form)


@reads_standards
@require_safe
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would get a gap and why. HR of a unit sees her own people only."""
    return _simulated(request, get_object_or_404(GapRule.objects.prefetch_related("indicators"), pk=pk))


def _simulated(request: HttpRequest, rule: GapRule, reasons: list[str] | None = None) -> HttpResponse:
    is_everywhere = may_keep_standards(request.user)
    people = None if is_everywhere else Account.objects.visible_to(request.user)
    found = gap_rules.simulate(rule, people=people)
    audit.record("rule.simulated", rule, by=request.user, detail={"count": found.count, "shown": len(found.rows)}, is_read=True)
    context = {
        "rule": rule, "simulation": found, "page_obj": listed(request, found.rows), "is_everywhere": is_everywhere,
        "may_write": is_everywhere, "reasons": reasons, "back": reverse("performance:rules"),
    }  # fmt: skip
    return render(request, "performance/simulation.html", context, status=422 if reasons else 200)


@keeps_standards
@require_POST
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(GapRule.objects.prefetch_related("indicators"), pk=pk)
    try:
        gap_rules.switch_on(rule, token=request.POST.get("token", ""), by=request.user)
    except RuleViolation as violation:
        return _simulated(request, rule, violation.reasons)
    messages.success(request, _("The rule is on. Its gaps are opened in the next minutes."))
    return redirect("performance:rules")


@keeps_standards
@require_POST
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    gap_rules.switch_off(get_object_or_404(GapRule, pk=pk), by=request.user)
    messages.success(request, _("The rule is off. Gaps that stand go on."))
    return redirect("performance:rules")
