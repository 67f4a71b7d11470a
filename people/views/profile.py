"""L10: profile, preferences, and everything that is known about a person, for herself."""

from __future__ import annotations

import json

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.domain import audit
from core.domain.dates import local_today
from core.domain.errors import RuleViolation
from people.domain import my_data
from people.domain.access_words import who_sees_her
from people.domain.email_changes import ask_email_change
from people.forms.profile import AddressForm, PreferencesForm

PAGE = 25


@require_http_methods(["GET", "POST"])
def profile(request, *, address: AddressForm | None = None, status: int = 200):
    person = request.user
    form = PreferencesForm(request.POST if request.method == "POST" and address is None else None, instance=person)
    if request.method == "POST" and address is None:
        if form.is_valid():
            form.save()
            if form.changed_data:
                audit.record("profile.changed", person, by=person, subject=person, detail={"fields": sorted(form.changed_data)})
            messages.success(request, _("Your preferences are saved."))
            return redirect("people:profile")
        status = 422
    waiting = person.email_changes.filter(confirmed_at__isnull=True, is_withdrawn=False).first()
    context = {"form": form, "address": address or AddressForm(), "placement": person.placement, "waiting": waiting}
    return render(request, "people/profile.html", context, status=status)


@require_POST
@reauthentication_required
def change_address(request):
    """The present address is told, the new one gets a link; until it is confirmed nothing changes. Whoever finds a screen left open does not
    move the account to her own mailbox: password or second step are asked for anew, then the wish goes on."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            ask_email_change(request.user, form.cleaned_data["email"], by=request.user)
            messages.success(request, _("A letter is on its way to the new address. Please confirm it there."))
            return redirect("people:profile")
        except RuleViolation as violation:
            form.add_error("email", violation.reasons)
    return profile(request, address=form, status=422)


@require_safe
def my_data_page(request):
    """What is held, who may see it, who has seen it."""
    reads = Paginator(my_data.trail_of(request.user, reads_only=True, limit=500), PAGE).get_page(request.GET.get("page"))
    context = {"labels": my_data.labels(), "who": who_sees_her(request.user), "page_obj": reads}
    return render(request, "people/my_data.html", context)


@require_POST
def my_data_file(request):
    """All of it as one JSON file."""
    text = json.dumps(my_data.export(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="data-saya-{local_today():%Y-%m-%d}.json"'
    return response
