"""A3: who may see what, in sentences; roles, and the state of an account. Nobody acts as somebody else."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.domain import audit
from core.domain.errors import RuleViolation
from core.views.deeds import posted
from people.domain import access_words, accounts, grants, one_time, sign_in
from people.domain.organisation import below
from people.enums import Role
from people.forms.access import GrantForm
from people.models import Account, Grant, OrgUnit, scope_of

PAGE = 25


def _people_of(user: Account):
    """Accounts whose state ``user`` looks after: all for administrators, central HR and auditors, her units for HR of a unit."""
    scope = scope_of(user)
    if scope.has(Role.ADMIN, Role.HR_CENTRAL, Role.AUDITOR):
        return Account.objects.all()
    if not scope.hr_paths:
        raise Http404
    units = below(OrgUnit.objects.order_by(), scope.hr_paths)
    return Account.objects.filter(placements__ends_on__isnull=True, placements__unit__in=units)


@require_http_methods(["GET", "POST"])
def roles(request):
    """Everybody with a role; a POST searches, because a name or NIP does not belong into an address (reliability T21)."""
    people = _people_of(request.user)
    wanted, role = request.POST.get("cari", "").strip()[:100], request.GET.get("peran", "")
    if wanted:
        name = sign_in.normal_name(wanted)
        people = people.filter(Q(name__icontains=wanted) | Q(nip=name) | Q(email__iexact=name))
    else:
        people = people.filter(pk__in=Grant.objects.valid().filter(**({"role": role} if role in Role.values else {})).values("person"))
    listed = people.with_placement().prefetch_related("grants__unit").order_by("name", "pk")
    page = Paginator(listed, PAGE).get_page(1 if wanted else request.GET.get("page"))
    words = [(Role(key).label, sentences) for key, sentences in access_words.ROLE_WORDS.items()]
    context = {"page_obj": page, "wanted": wanted, "role": role, "choices": Role.choices, "words": words}
    return render(request, "people/access/roles.html", context)


@require_http_methods(["GET", "POST"])
def access(request, pk: int):
    """One account: what she may see, who may see her, her roles, the ways in."""
    person = get_object_or_404(_people_of(request.user).with_placement(), pk=pk)
    form = GrantForm(posted(request), by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            grants.grant(person, form.cleaned_data.pop("role"), by=request.user, **form.cleaned_data)
            messages.success(request, _("The role was given. It holds from the next sign-in on."))
            return redirect("people:access", pk)
        except RuleViolation as violation:
            form.add_error(None, violation.reasons)
    if request.method == "GET":
        audit.record_read("account.viewed", person, by=request.user, subject=person)
    context = {"person": person, "form": form if grants.grantable_roles(request.user) else None, **_facts(request.user, person)}
    return render(request, "people/access/person.html", context, status=422 if form.errors else 200)


def _facts(user: Account, person: Account) -> dict:
    given = [(grant, not grants.may_revoke(grant, by=user)) for grant in person.grants.select_related("unit", "granted_by")]
    return {
        "given": given,
        "sees": access_words.what_she_sees(person),
        "seen_by": access_words.who_sees_her(person),
        "may_close": not accounts.may_close(person, by=user),
        "may_code": not one_time.may_print_code(person, by=user),
        "may_reset": person.authenticator_set.exists() and not accounts.may_reset_second_step(person, by=user),
    }


@require_POST
def revoke(request, pk: int):
    given = get_object_or_404(Grant.objects.filter(person__in=_people_of(request.user)).select_related("person"), pk=pk)
    grants.revoke(given, by=request.user)
    messages.success(request, _("The role was taken away; her sessions have ended."))
    return redirect("people:access", given.person_id)


@never_cache
@require_POST
def code(request, pk: int):
    """The code is shown on this sheet once and never again."""
    person = get_object_or_404(_people_of(request.user), pk=pk)
    shown = one_time.print_code(person, by=request.user)
    hours = int(one_time.CODE_VALID.total_seconds() // 3600)
    return render(
        request, "people/access/code.html", {"person": person, "code": shown, "hours": hours, "base_url": settings.BASE_URL}
    )


@require_POST
def change_state(request, pk: int):
    """Close, open again, or take the second steps away."""
    person = get_object_or_404(_people_of(request.user), pk=pk)
    acts = {
        "close": (accounts.close_account, _("The account is closed; its sessions have ended.")),
        "reopen": (accounts.reopen_account, _("The account is open again.")),
        "reset": (accounts.reset_second_step, _("Her second steps were removed; she sets new ones up at the next sign-in.")),
    }
    act, told = acts.get(request.POST.get("act", ""), (None, ""))
    if act is None:
        raise Http404
    act(person, by=request.user)
    messages.success(request, told)
    return redirect("people:access", pk)
