"""Taking a certificate back, and giving a new one in its place: decisions of central HR, with a reason that everybody may read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.domain.issue import design_for, write_certificate
from certificates.enums import CertificateState
from certificates.models import Certificate, Revocation
from certificates.rules import may_reissue, may_revoke
from core.domain import audit
from core.domain.errors import RuleViolation
from core.domain.numbers import format_learning_hours
from courses.domain import hours
from people.domain.notices import notify
from people.enums import NoticeKind
from people.models import Account

SHORTEST_REASON, LONGEST_REASON = 10, 300


@transaction.atomic
def revoke(
    certificate: Certificate, *, reason: str, by: Account, takes_hours: bool = False, at: datetime | None = None
) -> Revocation:
    """From now on the verify page says *revoked*, with the date and ``reason``. The number stays used.

    Learning hours stay, unless the completion itself was wrong: with ``takes_hours`` they are taken back for the same reason.
    ``RuleViolation``: not central HR, one's own certificate, not valid any more, a reason too short to be understood, no hours to take.
    """
    moment, certificate = at or timezone.now(), _locked(certificate)
    unmet = may_revoke(certificate, by=by) + _reason_faults(reason)
    entry = hours.entry_of(certificate.completion) if takes_hours else None
    if takes_hours and entry is None:
        unmet.append(_("This completion has no learning hours that could be taken back."))
    if unmet:
        raise RuleViolation(unmet)
    _change(certificate, CertificateState.REVOKED)
    revocation = Revocation.objects.create(certificate=certificate, reason=_clean(reason), by=by, at=moment)
    if entry is not None:
        hours.reverse(entry, reason=revocation.reason, by=by, at=moment)
    detail = {"number": certificate.number, "minutes_taken_back": entry.minutes if entry else 0}
    audit.record("certificate.revoked", certificate, by=by, subject=certificate.person, detail=detail, at=moment)
    _tell_revoked(revocation, minutes=entry.minutes if entry else 0, at=moment)
    return revocation


@transaction.atomic
def reissue(certificate: Certificate, *, reason: str = "", by: Account, at: datetime | None = None) -> Certificate:
    """A new document with its own number and today's facts, linked to the old one, which becomes *replaced* (with ``reason``, public)
    or stays *revoked* (its reason stands already).

    The validity still counts from completion. ``RuleViolation`` as in ``revoke``, and for what has a successor already.
    """
    moment, certificate = at or timezone.now(), _locked(certificate)
    is_valid = certificate.state == CertificateState.VALID
    unmet = may_reissue(certificate, by=by) + (_reason_faults(reason) if is_valid else [])
    design = design_for(certificate.completion.course)
    if design is None:
        unmet.append(_("There is no published design for this certificate."))
    if unmet or design is None:
        raise RuleViolation(unmet)
    if is_valid:
        _change(certificate, CertificateState.REPLACED)
        Revocation.objects.create(certificate=certificate, reason=_clean(reason), by=by, at=moment)
    successor = write_certificate(certificate.completion, design=design, by=by, at=moment, replaces=certificate)
    audit.record(
        "certificate.reissued",
        successor,
        by=by,
        subject=successor.person,
        before=certificate.facts,
        after=successor.facts,
        detail={"number": successor.number, "replaces": certificate.number},
        at=moment,
    )
    return successor


def _tell_revoked(revocation: Revocation, *, minutes: int, at: datetime) -> None:
    certificate, reason = revocation.certificate, revocation.reason
    words, taken = gettext_lazy("Learning hours taken back:"), format_learning_hours(minutes)
    body = format_lazy("{reason}. {words} {jp}.", reason=reason.rstrip(". "), words=words, jp=taken) if minutes else reason
    title = format_lazy("{words}: {title}", words=gettext_lazy("A certificate was revoked"), title=certificate.facts["title"])
    notify(
        certificate.person,
        kind=NoticeKind.CERTIFICATE,
        key=f"certificate_revoked:{certificate.pk}",
        title=title,
        body=body,
        url=reverse("certificates:list"),
        at=at,
    )


def _locked(certificate: Certificate) -> Certificate:
    found = Certificate.objects.select_for_update(of=("self",)).select_related(
        "person", "completion__course", "completion__release"
    )
    return found.get(pk=certificate.pk)


def _change(certificate: Certificate, state: CertificateState) -> None:
    certificate.state = state
    certificate.save(update_fields=["state"])


def _reason_faults(reason: str) -> list[str]:
    if SHORTEST_REASON <= len(_clean(reason)) <= LONGEST_REASON:
        return []
    return [
        _("Give a reason of %(least)d to %(most)d characters; it is shown to everybody who holds the certificate.")
        % {"least": SHORTEST_REASON, "most": LONGEST_REASON}
    ]


def _clean(reason: str) -> str:
    return " ".join(reason.split())
