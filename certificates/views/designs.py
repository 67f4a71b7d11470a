"""H6: what future certificates are printed with: designs, types and issuers. Data of the installation, changed by central HR."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.domain import designs
from certificates.forms.designs import CourseDesignForm, DesignForm, IssuerForm, TypeForm
from certificates.models import CertificateDesign, CertificateType, Issuer
from certificates.views.access import needs_central_hr
from certificates.views.manage import tabs_for
from core.domain.errors import RuleViolation
from core.views.deeds import posted


@needs_central_hr
@require_safe
def overview(request):
    context = {
        "designs": designs.all_designs(),
        "types": CertificateType.objects.order_by("code"),
        "issuers": Issuer.objects.order_by("code"),
        "tabs": tabs_for(request.user, "certificates:design"),
    }
    return render(request, "certificates/designs.html", context)


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk: int):
    found = get_object_or_404(designs.all_designs(), pk=pk)
    form = DesignForm(posted(request), instance=found)
    return _edit(request, form, lambda: designs.change_design(found, values=form.values(), by=request.user), {"design": found})


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    """For one course; begins with the texts of the general design."""
    general = designs.all_designs().filter(course__isnull=True).first()
    initial = {name: getattr(general, name) for name in designs.DESIGN_FIELDS} if general else {}
    form = CourseDesignForm(posted(request), initial=initial)

    def save():
        return designs.create_design(form.cleaned_data["course"], values=form.values(), by=request.user)

    return _edit(request, form, save, {"design": None})


@needs_central_hr
@require_POST
def end(request, pk: int):
    try:
        designs.end_design(get_object_or_404(CertificateDesign, pk=pk), by=request.user)
    except RuleViolation as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("This course uses the general design again."))
    return redirect("certificates:design")


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def edit_type(request, pk: int | None = None):
    form = TypeForm(posted(request), instance=get_object_or_404(CertificateType, pk=pk) if pk else None)
    return _edit_coded(request, form, _("Certificate type"))


@needs_central_hr
@require_http_methods(["GET", "HEAD", "POST"])
def edit_issuer(request, pk: int | None = None):
    form = IssuerForm(posted(request), instance=get_object_or_404(Issuer, pk=pk) if pk else None)
    return _edit_coded(request, form, _("Issuer"))


def _edit_coded(request, form, heading: str):
    def save():
        return designs.save_coded(form.instance, values=form.cleaned_data, by=request.user)

    return _edit(request, form, save, {"heading": heading, "design": None})


def _edit(request, form, save, context: dict):
    """One form, saved by ``save``: the way of all four."""
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except RuleViolation as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Saved. Certificates issued from now on use these texts; earlier ones keep theirs."))
            return redirect("certificates:design")
    context = {**context, "form": form, "reasons": reasons}
    return render(request, "certificates/design_form.html", context, status=422 if form.errors or reasons else 200)
