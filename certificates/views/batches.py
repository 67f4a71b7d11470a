"""H6: certificates that wait for HR, confirmed together after a look at one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.domain import batches, queries
from certificates.domain.layout import paper_html
from certificates.domain.press import Press
from certificates.enums import BatchState
from certificates.forms.decisions import DeclineForm
from certificates.views.access import needs_hr
from certificates.views.manage import PAGE, tabs_for
from core.domain.errors import RuleViolation
from core.views.deeds import posted


@needs_hr
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request):
    """Choose what goes into a batch; everything on the page is chosen at first."""
    reasons: list[str] = []
    if request.method == "POST":
        chosen = queries.waiting(request.user).filter(pk__in=_numbers(request.POST.getlist("chosen")))
        try:
            return redirect("certificates:batch", batches.prepare_batch(chosen, by=request.user).pk)
        except RuleViolation as refused:
            reasons = refused.reasons
    page = Paginator(queries.waiting(request.user), 4 * PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "reasons": reasons,
        "tabs": tabs_for(request.user, "certificates:waiting"),
        "recent": queries.batches(request.user)[:10],
    }
    return render(request, "certificates/waiting.html", context, status=422 if reasons else 200)


@needs_hr
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request, pk: int):
    found, reasons = get_object_or_404(queries.batches(request.user), pk=pk), []
    if request.method == "POST":
        try:
            batches.confirm_batch(found, by=request.user)
        except RuleViolation as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("Confirmed. The certificates are being issued; each person is told when hers is ready."))
            return redirect("certificates:batch", pk)
    context = {
        "batch": found,
        "reasons": reasons,
        "is_draft": found.state == BatchState.DRAFT,
        "rows": queries.waiting(request.user).filter(batch=found),
        "issued": batches.certificates_of(found, request.user),
    }
    return render(request, "certificates/batch.html", context, status=422 if reasons else 200)


@needs_hr
@require_safe
def preview(request, pk: int):
    """The paper of the first person of the batch, with a number that says it is a preview. Nothing is stored."""
    facts = batches.preview_facts(get_object_or_404(queries.batches(request.user), pk=pk), by=request.user)
    if facts is None:
        raise Http404
    press = Press()
    try:
        response = HttpResponse(press.print_pdf(paper_html(facts)), content_type="application/pdf")
    finally:
        press.stop()
    response["Content-Disposition"] = 'inline; filename="pratinjau-sertifikat.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs_hr
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, pk: int):
    pending = get_object_or_404(queries.waiting(request.user), pk=pk)
    form, reasons = DeclineForm(posted(request)), []
    if request.method == "POST" and form.is_valid():
        try:
            batches.decline(pending, reason=form.cleaned_data["reason"], by=request.user)
        except RuleViolation as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("No certificate will be issued for this completion."))
            return redirect("certificates:waiting")
    return render(
        request,
        "certificates/decline.html",
        {"pending": pending, "form": form, "reasons": reasons},
        status=422 if form.errors or reasons else 200,
    )


@needs_hr
@require_POST
def undo(request, pk: int):
    """A draft is taken apart; its certificates wait again."""
    found = get_object_or_404(queries.batches(request.user), pk=pk)
    try:
        batches.undo_batch(found, by=request.user)
    except RuleViolation as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("certificates:batch", pk)
    return redirect("certificates:waiting")


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16]
