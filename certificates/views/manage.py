"""H6: the register of certificates; revoking and replacing with the public effect shown first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates.domain import differences, queries, revocation, verification
from certificates.enums import Standing
from certificates.forms.decisions import ReasonForm, RevokeForm
from certificates.models import Certificate
from certificates.rules import may_reissue, may_revoke
from certificates.views.access import needs_central_hr, needs_register
from core.domain.errors import RuleViolation
from core.views.deeds import posted
from courses.domain import hours
from people.enums import Role
from people.models import scope_of

PAGE = 25


def tabs_for(user, current: str) -> list[dict]:
    """Register, waiting, batches; the design for central HR."""
    entries = [("certificates:manage", _("Issued"), None)]
    if scope_of(user).has(Role.HR_UNIT, Role.HR_CENTRAL):
        entries.append(("certificates:waiting", _("Waiting"), queries.waiting(user).count()))
    if scope_of(user).has(Role.HR_CENTRAL):
        entries.append(("certificates:design", _("Design and signer"), None))
    return [{"label": label, "url": reverse(name), "current": name == current, "count": count} for name, label, count in entries]


@needs_register
@require_safe
def register(request):
    wanted = {name: request.GET.get(name, "") for name in ("q", "status", "tahun")}
    found = queries.find_certificates(request.user, text=wanted["q"], standing=wanted["status"], year=wanted["tahun"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "wanted": wanted,
        "years": queries.years(),
        "tabs": tabs_for(request.user, "certificates:manage"),
        "standings": [(one.value, one.label) for one in (Standing.VALID, Standing.EXPIRED, Standing.REPLACED, Standing.REVOKED)],
    }
    return render(request, "certificates/register.html", context)


@needs_register
@require_safe
def detail(request, pk: int):
    certificate = _certificate(request, pk)
    context = {
        "certificate": certificate,
        "can_revoke": not may_revoke(certificate, by=request.user),
        "can_reissue": not may_reissue(certificate, by=request.user),
        "lines": verification.internal_facts(certificate),
    }
    return render(request, "certificates/detail.html", context)


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, pk: int):
    """Reason first, then what everybody will read, then the deed."""
    certificate = _certificate(request, pk)
    entry, reasons = hours.entry_of(certificate.completion), may_revoke(certificate, by=request.user)
    form = RevokeForm(posted(request), minutes=entry.minutes if entry else 0)
    is_ready = not reasons and request.method == "POST" and form.is_valid()
    if is_ready and "confirm" in request.POST:
        try:
            revocation.revoke(certificate, **form.cleaned_data, by=request.user)
        except RuleViolation as refused:
            reasons, is_ready = refused.reasons, False
        else:
            messages.success(request, _("%(number)s is revoked.") % {"number": certificate.number})
            return redirect("certificates:detail", pk)
    effect = verification.after_revocation(certificate, form.cleaned_data["reason"]) if is_ready else []
    context = {"certificate": certificate, "form": form, "reasons": reasons, "effect": effect, "entry": entry}
    return render(request, "certificates/revoke.html", context, status=422 if reasons or form.errors else 200)


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request, pk: int):
    """A corrected document: shows what would be printed differently, then asks for the reason."""
    certificate = _certificate(request, pk)
    form, reasons = ReasonForm(posted(request)), may_reissue(certificate, by=request.user)
    form.fields["reason"].required = certificate.state == "valid"
    if not reasons and request.method == "POST" and form.is_valid():
        try:
            successor = revocation.reissue(certificate, reason=form.cleaned_data["reason"], by=request.user)
        except RuleViolation as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The new certificate has the number %(number)s.") % {"number": successor.number})
            return redirect("certificates:detail", successor.pk)
    context = {"certificate": certificate, "form": form, "reasons": reasons, "changes": differences.changes(certificate)}
    return render(request, "certificates/reissue.html", context, status=422 if reasons or form.errors else 200)


def _certificate(request, pk: int) -> Certificate:
    rows = Certificate.objects.visible_to(request.user).select_related(
        "person", "type", "completion", "revocation__by", "replaced_by", "replaces"
    )
    return get_object_or_404(rows, pk=pk)
