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
from core.domain.dates import local_today
from courses.domain import hours

FIRST_YEAR = 2020


@require_safe
def certificate_list(request):
    this_year = local_today().year
    year = _year(request.GET.get("tahun", ""), this_year)
    context = {
        "certificates": queries.own_certificates(request.user),
        "summary": hours.year_summary(request.user, year),
        "entries": hours.entries_of(request.user, year),
        "year": year,
        "previous": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < this_year else None,
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


def _year(text: str, this_year: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:6]) <= this_year else this_year
