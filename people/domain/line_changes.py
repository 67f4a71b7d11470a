"""A colleague of HR decides where an import would make the importer himself somebody's superior (decisions 10: four eyes)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from people.domain.organisation import is_within
from people.domain.placements import place
from people.enums import Role
from people.models import Account, LineChange, scope_of


def may_decide(change: LineChange, *, by: Account) -> list[str]:
    """HR of the person's unit or central HR; neither who asked nor the person herself."""
    scope = scope_of(by)
    reasons = []
    if by.pk in (change.asked_by_id, change.superior_id, change.person_id):
        reasons.append(_("A second person decides."))
    if not scope.has(Role.HR_CENTRAL) and not is_within(change.unit.path, scope.hr_paths):
        reasons.append(_("Only HR of this unit decides."))
    if change.decided_at is not None:
        reasons.append(_("This was decided already."))
    return reasons


@transaction.atomic
def decide(change: LineChange, *, is_approved: bool, by: Account, at: datetime | None = None) -> LineChange:
    """Agree (the placement then changes as of today) or not. ``RuleViolation``: not hers to decide, or the line would run in a circle."""
    moment = at or timezone.now()
    locked = LineChange.objects.select_for_update().get(pk=change.pk)
    if reasons := may_decide(locked, by=by):
        raise RuleViolation(reasons)
    locked.decided_by, locked.decided_at, locked.is_approved = by, moment, is_approved
    locked.save(update_fields=["decided_by", "decided_at", "is_approved"])
    current = locked.person.placement
    if is_approved and current is not None:
        place(locked.person, unit=current.unit, position=current.position, superior=locked.superior, by=by, at=moment)
    audit.record("line_change.decided", locked, by=by, subject=locked.person, detail={"approved": is_approved}, at=moment)
    return locked
