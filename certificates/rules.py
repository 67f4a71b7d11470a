"""Who may do what with certificates: lists of unmet requirements, empty means yes. Who sees which ones is ``Certificate.objects.visible_to``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from certificates.enums import CertificateState
from certificates.models import Certificate
from people.enums import Role
from people.models import Account, scope_of


def may_revoke(certificate: Certificate, *, by: Account) -> list[str]:
    unmet = _central_and_not_own(certificate, by)
    if certificate.state == CertificateState.REVOKED:
        unmet.append(_("This certificate is revoked already."))
    if certificate.state == CertificateState.REPLACED:
        unmet.append(_("This certificate has been replaced; its successor can be revoked."))
    return unmet


def may_reissue(certificate: Certificate, *, by: Account) -> list[str]:
    unmet = _central_and_not_own(certificate, by)
    if Certificate.objects.filter(replaces=certificate).exists():
        unmet.append(_("This certificate has a successor already."))
    return unmet


def may_confirm(*, by: Account) -> list[str]:
    """Batches are confirmed by HR, each for the people she sees (decisions 23)."""
    if scope_of(by).has(Role.HR_UNIT, Role.HR_CENTRAL):
        return []
    return [_("Certificates are confirmed by HR.")]


def _central_and_not_own(certificate: Certificate, by: Account) -> list[str]:
    unmet = []
    if not scope_of(by).has(Role.HR_CENTRAL):
        unmet.append(_("Only central HR revokes and replaces certificates."))
    if certificate.person_id == by.pk:
        unmet.append(_("Nobody revokes or replaces her own certificate."))
    return unmet
