"""Files for other systems: learning in SIASN's columns, text for *bukti dukung*."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core.domain import audit
from improvement.domain import siasn_export
from improvement.domain.summary import units_for
from improvement.views.access import needs_hr
from people.models import Account, OrgUnit
from performance.models import PerformanceRecord


def _file(made) -> HttpResponse:
    response = HttpResponse(made.data, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@require_GET
def own_learning(request: HttpRequest) -> HttpResponse:
    """One's own completed courses; same data, same bytes."""
    return _file(siasn_export.kursus_file(siasn_export.completions_of([request.user]), file_format=_format(request)))


@needs_hr
@require_GET
def unit_learning(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody of a unit and below it."""
    unit: OrgUnit = get_object_or_404(units_for(request.user), pk=pk)
    people = Account.objects.filter(placements__unit__path__startswith=unit.path, placements__ends_on__isnull=True)
    audit.record("export.learning", unit, by=request.user)
    return _file(siasn_export.kursus_file(siasn_export.completions_of(people), file_format=_format(request)))


@require_GET
def proof_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Text to paste into e-Kinerja."""
    entry = get_object_or_404(PerformanceRecord.objects.visible_to(request.user).select_related("person", "gap"), pk=pk)
    audit.record_read("record.read", entry, by=request.user, subject=entry.person)
    return render(request, "improvement/proof_text.html", {"entry": entry, "text": siasn_export.evidence_text(entry, viewer=request.user)})


def _format(request: HttpRequest) -> str:
    wanted = request.GET.get("jenis", "csv")
    if wanted not in ("csv", "xlsx"):
        raise Http404
    return wanted
