"""Opening and closing accounts, the first administrator, and what happens when a person signs in."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.domain import audit
from core.domain.errors import RuleViolation
from people.domain import grants, one_time
from people.domain.notices import notify
from people.domain.placements import forget_standing
from people.domain.sessions import end_sessions
from people.enums import EmploymentStatus, NoticeKind, Role
from people.models import Account, Grant, Placement, scope_of


def may_close(account: Account, *, by: Account) -> list[str]:
    """HR of her unit, central HR, for people with a role who decides about it; never oneself, never the last administrator."""
    scope = scope_of(by)
    reasons = []
    if by.pk == account.pk:
        reasons.append(_("Nobody closes or opens her own account."))
    path = Placement.objects.current().filter(person=account).values_list("unit__path", flat=True).first()
    is_hers = path is not None and any(path.startswith(root) for root in scope.hr_paths)
    roles = set(account.grants.values_list("role", flat=True))
    if scope.has(Role.ADMIN):
        pass
    elif scope.has(Role.HR_CENTRAL):
        if not grants.decides_about(account, by=by):
            reasons.append(_("Only an administrator decides about this role."))
    elif not is_hers or roles:
        reasons.append(_("Only central HR or an administrator does this."))
    others = Grant.objects.valid().filter(role=Role.ADMIN, person__is_active=True).exclude(person=account)
    if Role.ADMIN in roles and not others.exists():
        reasons.append(_("This is the last administrator."))
    return reasons


@transaction.atomic
def close_account(account: Account, *, by: Account, at: datetime | None = None) -> None:
    """She can no longer sign in; her sessions end at once. What she did stays."""
    _set_active(account, False, "account.closed", by=by, at=at)
    end_sessions(account)


@transaction.atomic
def reopen_account(account: Account, *, by: Account, at: datetime | None = None) -> None:
    _set_active(account, True, "account.reopened", by=by, at=at)


def may_reset_second_step(account: Account, *, by: Account) -> list[str]:
    """For somebody who lost phone and recovery codes, after it was checked who she is: central HR, for the roles that only an administrator
    gives an administrator."""
    scope = scope_of(by)
    reasons = []
    if by.pk == account.pk:
        reasons.append(_("Nobody does this for herself."))
    if not scope.has(Role.HR_CENTRAL, Role.ADMIN):
        reasons.append(_("Only central HR or an administrator does this."))
    elif not grants.decides_about(account, by=by):
        reasons.append(_("Only an administrator decides about this role."))
    return reasons


@transaction.atomic
def reset_second_step(account: Account, *, by: Account, at: datetime | None = None) -> None:
    """Take her second steps away, so that she sets new ones up; her sessions end and she is told."""
    if reasons := may_reset_second_step(account, by=by):
        raise RuleViolation(reasons)
    Authenticator.objects.filter(user_id=account.pk).delete()
    end_sessions(account)
    event = audit.record("second_step.reset", account, by=by, subject=account, at=at)
    notify(
        account,
        kind=NoticeKind.SECURITY,
        key=f"second-step-reset-{event.pk}",
        at=at,
        url=reverse("people:security"),
        title=gettext_lazy("Your second step was set anew"),
        body=gettext_lazy(
            "At the next sign-in you set up a new one. If you did not ask for it, tell the HR of your unit at once."
        ),
    )


def note_sign_in(account: Account, *, at: datetime | None = None) -> None:
    """The first sign-in activates an account: from then on its address belongs to its owner (decisions 10)."""
    if account.activated_at is None:
        account.activated_at = at or timezone.now()
        account.save(update_fields=["activated_at"])


@transaction.atomic
def set_first_password(account: Account, password: str, *, by: Account, at: datetime | None = None) -> None:
    """A new password after a one-time link; her other sessions are gone already."""
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record("password.set", account, by=by, subject=account, at=at)


@transaction.atomic
def first_admin(*, name: str, email: str = "", again: bool = False, at: datetime | None = None) -> tuple[Account, str]:
    """The technical account that gives the first roles, and the token of a single-use link for it (24 hours).

    ``RuleViolation`` when an administrator exists and ``again`` was not said (then the same account gets a new link).
    """
    existing = Account.objects.filter(grants__role=Role.ADMIN, is_active=True).order_by("pk").first()
    if existing is not None and not again:
        raise RuleViolation(_("There is an administrator already."))
    account = existing or Account.objects.filter(nip="admin").first()
    if account is None:
        account = Account(nip="admin", name=name, email=email.strip().lower(), status=EmploymentStatus.TECHNICAL)
        account.set_unusable_password()
        account.save()
    grants.grant(account, Role.ADMIN, by=None, at=at)
    one_time.end_links(account, at=at)
    token = one_time.make_link(account, by=None, valid_for=one_time.ADMIN_LINK_VALID, at=at)
    audit.record("sign_in.admin_link_made", account, by=None, subject=account, at=at)
    return account, token


def _set_active(account: Account, is_active: bool, verb: str, *, by: Account, at: datetime | None) -> None:
    if account.is_active == is_active:
        return
    if reasons := may_close(account, by=by):
        raise RuleViolation(reasons)
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    audit.record(verb, account, by=by, subject=account, at=at)
    forget_standing(account)
