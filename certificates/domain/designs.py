"""Changing how future certificates look: a new published revision; certificates that were issued keep their own texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certificates.models import CertificateDesign
from core.domain import audit
from core.domain.errors import RuleViolation
from core.domain.nip import NipError, normalise, parse
from people.enums import Role
from people.models import Account, scope_of

DESIGN_FIELDS = ("statement", "signer_name", "signer_post", "signer_rank", "signer_nip", "predicates", "needs_confirmation")
ISSUER_FIELDS = ("name", "heading", "place")


def may_change_design(*, by: Account) -> list[str]:
    return [] if scope_of(by).has(Role.HR_CENTRAL) else [_("Only central HR changes the design of certificates.")]


@transaction.atomic
def change_design(
    design: CertificateDesign, *, values: dict[str, Any], issuer: dict[str, str], by: Account, at: datetime | None = None
) -> CertificateDesign:
    """Publish ``values`` (``DESIGN_FIELDS``) and change the issuer's texts. ``RuleViolation``: not central HR, a NIP that is none."""
    unmet = may_change_design(by=by)
    values = {**values, "signer_nip": normalise(values.get("signer_nip", ""))}
    if values["signer_nip"]:
        try:
            parse(values["signer_nip"])
        except NipError as error:
            unmet += error.reasons
    if unmet:
        raise RuleViolation(unmet)
    for name in DESIGN_FIELDS:
        setattr(design, name, values.get(name, getattr(design, name)))
    for name in ISSUER_FIELDS:
        setattr(design.issuer, name, issuer.get(name, getattr(design.issuer, name)))
    design.issuer.save(update_fields=list(ISSUER_FIELDS))
    # Our rule has decided; Wagtail asks for a permission in its own editor.
    design.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    audit.record("certificate_design.changed", design, by=by, after={**values, **issuer}, at=at)
    return design
