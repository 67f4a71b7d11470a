"""How future certificates look, of which type they are and who issues them. Certificates that were issued keep their own texts.

One design is general; a course may have its own. A design is published as a new revision each time.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction

from certificates.models import CertificateDesign, CertificateType, Issuer, SerialCounter
from core.domain import audit
from core.domain.errors import RuleViolation
from core.domain.nip import NipError, normalise, parse
from courses.models import CoursePage
from people.enums import Role
from people.models import Account, scope_of

DESIGN_FIELDS = (
    "type",
    "issuer",
    "statement",
    "signer_name",
    "signer_post",
    "signer_rank",
    "signer_nip",
    "predicates",
    "needs_confirmation",
)
TYPE_FIELDS = ("code", "name", "legal_basis")
ISSUER_FIELDS = ("code", "name", "heading", "place")
# It stands between two strokes of the number and is typed by people who check one.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]*")

Coded = TypeVar("Coded", CertificateType, Issuer)


def may_change_design(*, by: Account) -> list[str]:
    return [] if scope_of(by).has(Role.HR_CENTRAL) else [_("Only central HR changes the design of certificates.")]


def all_designs() -> QuerySet[CertificateDesign]:
    """The general one first, then those of courses by their titles."""
    rows = CertificateDesign.objects.select_related("issuer", "type", "course")
    return rows.order_by(F("course__title").asc(nulls_first=True), "pk")


def courses_without_design() -> QuerySet[CoursePage]:
    return CoursePage.objects.released().filter(certificate_design__isnull=True).order_by("title", "pk").defer_streamfields()


def is_numbered(kind: CertificateType | Issuer) -> bool:
    """Whether a number carries the code already; from then on it stays, or the series would get a gap."""
    if kind.pk is None:
        return False
    field = "type" if isinstance(kind, CertificateType) else "issuer"
    return SerialCounter.objects.filter(**{field: kind, "last__gt": 0}).exists()


@transaction.atomic
def change_design(design: CertificateDesign, *, values: dict[str, Any], by: Account, at: datetime | None = None) -> CertificateDesign:
    """Publish ``values`` (of ``DESIGN_FIELDS``). ``RuleViolation``: not central HR, a NIP that is none."""
    return _publish(design, values, verb="certificate_design.changed", by=by, at=at)


@transaction.atomic
def create_design(course: CoursePage, *, values: dict[str, Any], by: Account, at: datetime | None = None) -> CertificateDesign:
    """A design for the certificates of ``course`` alone. ``RuleViolation``: as in ``change_design``, or it has one."""
    if CertificateDesign.objects.filter(course=course).exists():
        raise RuleViolation(_("This course has a design of its own already."))
    return _publish(CertificateDesign(name=course.title[:120], course=course), values, verb="certificate_design.created", by=by, at=at)


@transaction.atomic
def end_design(design: CertificateDesign, *, by: Account, at: datetime | None = None) -> None:
    """The course uses the general design again; saving its own anew brings it back. ``RuleViolation``: not central HR, the general one."""
    unmet = may_change_design(by=by)
    if design.course_id is None:
        unmet.append(_("The general design cannot be ended; change it instead."))
    if unmet:
        raise RuleViolation(unmet)
    if design.live:
        # Our rule has decided; Wagtail asks for a permission in its own editor.
        UnpublishAction(design, user=by).execute(skip_permission_checks=True)
        audit.record("certificate_design.ended", design, by=by, detail={"course": design.course_id}, at=at)


@transaction.atomic
def save_coded(kind: Coded, *, values: dict[str, str], by: Account, at: datetime | None = None) -> Coded:
    """A type or an issuer, new or changed. ``RuleViolation``: not central HR, a code that cannot stand in a number or is in one already."""
    before = type(kind).objects.filter(pk=kind.pk).values_list("code", flat=True).first()
    is_fixed = is_numbered(kind)
    fields = TYPE_FIELDS if isinstance(kind, CertificateType) else ISSUER_FIELDS
    for name in fields:
        setattr(kind, name, values.get(name, getattr(kind, name)))
    kind.code = kind.code.strip().upper()
    unmet = may_change_design(by=by) + code_faults(kind.code)
    if is_fixed and kind.code != before:
        unmet.append(_("Numbers with the code %(code)s were given already, so it stays.") % {"code": before})
    if type(kind).objects.filter(code=kind.code).exclude(pk=kind.pk).exists():
        unmet.append(_("The code %(code)s is used already.") % {"code": kind.code})
    if unmet:
        raise RuleViolation(unmet)
    kind.save()
    audit.record(f"{kind._meta.model_name}.saved", kind, by=by, after={name: getattr(kind, name) for name in fields}, at=at)
    return kind


def code_faults(code: str) -> list[str]:
    if _CODE.fullmatch(code.strip().upper()):
        return []
    return [_("A code consists of letters and digits, with dots or hyphens between them, for example STTPL.")]


def _publish(design: CertificateDesign, values: dict[str, Any], *, verb: str, by: Account, at: datetime | None) -> CertificateDesign:
    unmet = may_change_design(by=by)
    values = {**values, "signer_nip": normalise(values.get("signer_nip", design.signer_nip))}
    if values["signer_nip"]:
        try:
            parse(values["signer_nip"])
        except NipError as error:
            unmet += error.reasons
    if unmet:
        raise RuleViolation(unmet)
    for name in DESIGN_FIELDS:
        setattr(design, name, values.get(name, getattr(design, name, None)))
    design.save()
    # As above: the rule has decided.
    design.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    audit.record(verb, design, by=by, after={name: str(getattr(design, name)) for name in DESIGN_FIELDS}, at=at)
    return design
