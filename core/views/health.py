"""Is it alive, and how is it doing (screen A2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.domain import health, operators, outbox
from core.models import Job, JobState
from core.views.access import public


@public
@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """Bare liveness: this process answers. Asks neither database nor cache, tells strangers nothing else."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    _require_operator(request)
    dead = Job.objects.filter(state=JobState.DEAD).order_by("-finished_at", "-pk")
    findings = health.findings()
    return render(request, "core/health.html", {
        "findings": findings, "is_good": all(finding.is_good for finding in findings), "dead": dead[:50], "dead_count": dead.count(),
    })


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The operator's word on a dead job: once more, or let it go."""
    _require_operator(request)
    job = get_object_or_404(Job, pk=pk, state=JobState.DEAD)
    if request.POST.get("decision") == "dismiss":
        outbox.dismiss(job, by=request.user)
        messages.success(request, _("The job was dismissed and stays in the audit trail."))
    else:
        outbox.retry(job, by=request.user)
        messages.success(request, _("The job runs again."))
    return redirect("core:health")


def _require_operator(request: HttpRequest) -> None:
    if not operators.may_operate(request.user):
        raise Http404
