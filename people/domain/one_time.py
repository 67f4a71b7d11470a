"""Ways in that work once: a link by e-mail (30 minutes) and a code that HR prints (decisions 11, reliability T15). Only hashes are stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.domain import audit, outbox
from core.domain.errors import RuleViolation
from people.domain import grants, second_factor
from people.domain.mail import send_letter
from people.domain.notices import notify
from people.domain.sessions import end_sessions
from people.domain.sign_in import account_named, normal_name
from people.domain.tokens import new_code, new_token, normal_code, token_hash
from people.enums import NoticeKind, Role
from people.models import Account, OneTimeLink, Placement, scope_of

MAIL = "people.mail_link"
LINK_VALID = timedelta(minutes=30)
CODE_VALID = timedelta(hours=72)
ADMIN_LINK_VALID = timedelta(hours=24)
ONE_LINK_IN = timedelta(minutes=2)
DAY = timedelta(hours=24)


def ask_link(name: str, *, next_path: str = "", at: datetime | None = None) -> None:
    """Somebody asked for a link. The same work and the same answer whether the name is known or not. How often a letter goes out is decided
    when it is sent (``is_too_soon``)."""
    account = account_named(name)
    moment = at or timezone.now()
    slot = int(moment.timestamp() // ONE_LINK_IN.total_seconds())
    who = f"a{account.pk}" if account is not None else audit.keyed_hash(["name", normal_name(name)])[:24]
    outbox.enqueue(
        MAIL,
        f"{MAIL}:{who}:{slot}",
        {"account": account.pk if account else 0, "next": next_path[:300]},
        run_after=at,
        max_attempts=3,
    )


def send_link(account: Account, *, next_path: str = "", at: datetime | None = None) -> bool:
    """The job's part: a fresh link to the address that we know. Nothing for closed accounts and accounts without an address."""
    if not account.is_active or not account.email:
        return False
    token = make_link(account, by=None, valid_for=LINK_VALID, at=at)
    address = f"{settings.BASE_URL}{reverse('people:one_time', args=[token])}"
    if next_path:
        address += f"?{urlencode({'next': next_path})}"
    with translation.override(account.language or "id"):
        send_letter(
            account, _("Your sign-in link"), "emails/sign_in_link", {"link": address}, message_id=f"link-{token_hash(token)[:16]}"
        )
    return True


def is_too_soon(account: Account, *, at: datetime | None = None) -> bool:
    """Letters to one account are 2, 4, 8, 16, then 30 minutes apart, until one of the links was used: a stranger who asks again and again
    fills no mailbox. Never longer than a link is valid, so that who is refused a letter has a good one already."""
    moment = at or timezone.now()
    hers = OneTimeLink.objects.filter(person=account)
    last_used = hers.filter(used_at__isnull=False).aggregate(last=Max("pk"))["last"] or 0
    mailed = hers.filter(pk__gt=last_used, created_by__isnull=True, expires_at__gt=moment - DAY, expires_at__lte=moment + LINK_VALID)
    found = mailed.aggregate(count=Count("pk"), last=Max("expires_at"))
    if not found["count"]:
        return False
    spacing = min(ONE_LINK_IN * 2 ** min(found["count"] - 1, 10), LINK_VALID)
    return moment < found["last"] - LINK_VALID + spacing


@transaction.atomic
def make_link(account: Account, *, by: Account | None, valid_for: timedelta, at: datetime | None = None) -> str:
    """A new single-use token. Returned once, never stored. Earlier links run out by themselves: who asks for a link in a colleague's name
    must not make those useless that she has."""
    token = new_token()
    _store(account, token, by=by, valid_for=valid_for, at=at)
    return token


def may_print_code(account: Account, *, by: Account) -> list[str]:
    """HR for people of her units; for people with a guarded role only central HR, and administrators for the roles that only they give.
    Never for herself."""
    scope = scope_of(by)
    reasons = []
    if by.pk == account.pk:
        reasons.append(_("Nobody makes a code for herself."))
    if not account.is_active:
        reasons.append(_("This account is closed."))
    is_central = scope.has(Role.HR_CENTRAL, Role.ADMIN)
    if is_central and not grants.decides_about(account, by=by):
        reasons.append(_("Only an administrator decides about this role."))
    if not is_central and not _is_in_units(account, scope.hr_paths):
        reasons.append(_("Only HR of this person's unit makes a code."))
    if not is_central and account.grants.filter(role__in=second_factor.ROLES).exists():
        reasons.append(_("This person has a guarded role: central HR makes the code."))
    return reasons


@transaction.atomic
def print_code(account: Account, *, by: Account, at: datetime | None = None) -> str:
    """A code for paper, shown once; an earlier code is dead then. Its owner is told by e-mail that it was made; using it ends her other
    sessions."""
    if reasons := may_print_code(account, by=by):
        raise RuleViolation(reasons)
    _end(OneTimeLink.objects.filter(person=account, created_by__isnull=False), at=at)
    code = new_code()
    link = _store(account, _code_secret(account, code), by=by, valid_for=CODE_VALID, at=at)
    audit.record("sign_in.code_made", link, by=by, subject=account, at=at)
    notify(
        account,
        kind=NoticeKind.SECURITY,
        key=f"code-{link.pk}",
        at=at,
        url=reverse("people:security"),
        title=gettext_lazy("HR made a one-time code for your account"),
        body=gettext_lazy(
            "Whoever has the code and your NIP can sign in once. If you did not ask for it, tell the HR of your unit."
        ),
    )
    return code


def link_of(token: str, *, at: datetime | None = None) -> OneTimeLink | None:
    """The unused, unexpired link of an open account."""
    found = OneTimeLink.objects.select_related("person").filter(
        token_hash=token_hash(token), used_at__isnull=True, expires_at__gt=at or timezone.now(), person__is_active=True
    )
    return found.first()


@transaction.atomic
def redeem(token: str, *, at: datetime | None = None) -> Account:
    """Use a link or code up: who is first gets in, her other links, codes and sessions end, and she is told. ``RuleViolation``: used, too
    old, replaced, or the account is closed."""
    moment = at or timezone.now()
    link = link_of(token, at=moment)
    if link is None or not OneTimeLink.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=moment):
        raise RuleViolation(_("This link or code was used already or is too old. Ask for a new one."))
    account = link.person
    end_links(account, at=moment)
    end_sessions(account)
    audit.record("sign_in.link_used", link, by=account, subject=account, detail={"purpose": link.purpose}, at=moment)
    if account.activated_at is not None:
        notify(
            account,
            kind=NoticeKind.SECURITY,
            key=f"link-used-{link.pk}",
            at=moment,
            url=reverse("people:security"),
            title=gettext_lazy("Somebody signed in to your account with a one-time link"),
            body=gettext_lazy("All your other sessions were ended. If it was not you, tell the HR of your unit at once."),
        )
    return account


def redeem_code(name: str, code: str, *, at: datetime | None = None) -> Account:
    """The printed code together with the person's NIP or address."""
    account = account_named(name)
    return redeem(_code_secret(account, code), at=at)


def end_links(account: Account, *, at: datetime | None = None) -> None:
    """All unused links and codes of this person are dead from now on."""
    _end(OneTimeLink.objects.filter(person=account), at=at)


def _end(links: QuerySet[OneTimeLink], *, at: datetime | None) -> None:
    moment = at or timezone.now()
    links.filter(used_at__isnull=True, expires_at__gt=moment).update(expires_at=moment)


def _code_secret(account: Account | None, code: str) -> str:
    return f"code:{account.pk if account else 0}:{normal_code(code)}"


def _store(account: Account, secret: str, *, by: Account | None, valid_for: timedelta, at: datetime | None) -> OneTimeLink:
    moment = at or timezone.now()
    return OneTimeLink.objects.create(
        person=account,
        token_hash=token_hash(secret),
        purpose="recovery" if account.activated_at else "first",
        created_by=by,
        expires_at=moment + valid_for,
    )


def _is_in_units(account: Account, paths: tuple[str, ...]) -> bool:
    path = Placement.objects.current().filter(person=account).values_list("unit__path", flat=True).first()
    return path is not None and any(path.startswith(root) for root in paths)
