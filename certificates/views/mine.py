"""L9: my certificates, what they prove, and my learning hours; and the one way to a file."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.domain import queries
from certificates.domain.files import has_file
from certificates.domain.issue import enqueue_render
from certificates.models import Certificate
from core.domain import audit
from courses.domain import hours


@require_safe
def certificate_list(request):
    years = queries.years()
    year = _year(request.GET.get("tahun", ""), years)
    context = {
        "certificates": queries.own_certificates(request.user),
        "summary": hours.year_summary(request.user, year),
        "entries": hours.entries_of(request.user, year),
        "year": year,
        "previous": year - 1 if year - 1 in years else None,
        "next": year + 1 if year + 1 in years else None,
    }
    return render(request, "certificates/mine.html", context)


@require_safe
def download(request, pk: int):
    """The PDF, for its owner and for those who may see it; somebody else's leaves a line in the audit."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user).select_related("person"), pk=pk)
    if not has_file(certificate):
        enqueue_render(certificate)
        messages.info(request, _("The file is being prepared. Please try again in a moment."))
        return redirect("certificates:list" if certificate.person_id == request.user.pk else "certificates:manage")
    audit.record_read("certificate.downloaded", certificate, by=request.user, subject=certificate.person)
    name = f"sertifikat-{certificate.number.replace('/', '-')}.pdf"
    response = FileResponse(
        default_storage.open(certificate.file_name), as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _year(text: str, years: range) -> int:
    """What was asked, or this year."""
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in years else years[0]
