"""A person's own ways in: password, second step, devices."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.domain import audit
from people.domain import second_factor, sessions


@require_safe
def security(request):
    types = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    context = {
        "devices": sessions.devices_of(request.user, current=request.session.session_key),
        "has_second_step": bool(types - {Authenticator.Type.RECOVERY_CODES}),
        "needs_second_step": second_factor.is_required(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "people/security.html", context)


@require_POST
def end_device(request):
    """One device, or all but this one."""
    person = request.user
    if request.POST.get("all"):
        count = sessions.end_sessions(person, keep=request.session.session_key)
        audit.record("sessions.ended", person, by=person, subject=person, detail={"count": count})
        messages.success(
            request, ngettext("%(n)d other session was ended.", "%(n)d other sessions were ended.", count) % {"n": count}
        )
    elif sessions.end_device(person, request.POST.get("device", "")):
        audit.record("sessions.ended", person, by=person, subject=person, detail={"count": 1})
        messages.success(request, _("The device was signed out."))
    return redirect("people:security")
