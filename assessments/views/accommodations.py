"""What a person is given in all quizzes: a screen of her HR alone. Trainers, superiors, auditors and administrators do not meet it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.domain import accommodations
from assessments.forms.accommodations import AccommodationForm
from assessments.models import Accommodation
from core.domain import audit
from core.views.deeds import carried_out, page, posted
from people.domain import sign_in
from people.enums import Role
from people.models import Account, scope_of

PAGE = 25


@require_http_methods(["GET", "POST"])
def accommodation_list(request: HttpRequest) -> HttpResponse:
    """Those who have one now; a POST searches, because a name or NIP does not belong into an address (reliability T21)."""
    people = _people(request)
    wanted = request.POST.get("cari", "").strip()[:100]
    if wanted:
        name = sign_in.normal_name(wanted)
        people = people.filter(Q(name__icontains=wanted) | Q(nip=name) | Q(email__iexact=name))
    else:
        people = people.filter(pk__in=Accommodation.objects.filter(ended_at__isnull=True).values("person"))
    found = Paginator(people.with_placement().order_by("name", "pk"), PAGE).get_page(1 if wanted else request.GET.get("page"))
    return render(request, "assessments/accommodations/list.html", {"page_obj": found, "wanted": wanted})


@require_http_methods(["GET", "POST"])
def accommodation(request: HttpRequest, pk: int) -> HttpResponse:
    """What she has, what she had, and the form to give something else."""
    person = get_object_or_404(_people(request).with_placement(), pk=pk)
    form = AccommodationForm(posted(request))
    if request.method == "POST" and carried_out(form, lambda values: accommodations.give_accommodation(person, by=request.user, **values)):
        messages.success(request, _("It holds in all quizzes that begin from now on. A quiz that is running keeps its time."))
        return redirect("assessments:accommodation", pk)
    if request.method == "GET":
        audit.record_read("accommodation.viewed", person, by=request.user, subject=person)
    given = list(person.accommodations.select_related("by", "ended_by")[:20])
    running = next((one for one in given if one.ended_at is None), None)
    context = {"person": person, "form": form, "running": running, "earlier": [one for one in given if one.ended_at]}
    return page(request, "assessments/accommodations/person.html", context, form)


@require_POST
def accommodation_end(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(_people(request), pk=pk)
    running = person.accommodations.filter(ended_at__isnull=True).first()
    if running is not None and accommodations.end_accommodation(running, by=request.user):
        messages.success(request, _("The accommodation has ended. A quiz that is running keeps its time."))
    return redirect("assessments:accommodation", pk)


def _people(request: HttpRequest):
    if not (scope_of(request.user).has(Role.HR_CENTRAL) or scope_of(request.user).hr_paths):
        raise Http404
    return Account.objects.filter(pk__in=accommodations.people_for(request.user).values("pk"))
