"""Taking back a confirmation, because it was undone or called off: not a transition (decisions 17) but its reversal, and written down as such."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from people.models import Account
from performance.enums import GapStatus
from performance.models import Gap, GapChange


@transaction.atomic
def take_back_addressed(gap: Gap, *, by: Account | None, at: datetime | None = None) -> Gap:
    """An addressed gap stands again as it did before (open, or persisting), with a change row that says so; any other gap stays as it is.

    Whether nothing else addresses the gap is known by the caller (``improvement.domain.undo``) alone.
    """
    moment = at or timezone.now()
    locked = Gap.objects.select_for_update(of=("self",)).get(pk=gap.pk)
    last = locked.changes.order_by("-pk").first()
    gap.status = locked.status
    if locked.status != GapStatus.ADDRESSED or last is None or last.to_status != GapStatus.ADDRESSED:
        return gap
    before = locked.changes.filter(to_status=GapStatus.ADDRESSED).exclude(pk=last.pk).order_by("-pk").first()
    gap.status, gap.addressed_at = GapStatus(last.from_status), before.at if before else None
    gap.save(update_fields=["status", "addressed_at"])
    reason = _("Taken back")
    GapChange.objects.create(
        gap=gap, from_status=GapStatus.ADDRESSED, to_status=last.from_status, by=by, reason=reason, is_reversal=True, at=moment
    )
    audit.record("gap.taken_back", gap, by=by, subject=gap.person, before=GapStatus.ADDRESSED, after=last.from_status, at=moment)
    return gap
