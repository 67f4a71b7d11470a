"""The rows of a dry run as a file: what HR takes back to whoever made the list (H3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.domain.exports import csv_bytes
from core.domain.nip import grouped
from improvement.domain.bulk import BulkPlan


def rows_csv(plan: BulkPlan, *, only_left_out: bool) -> bytes:
    """One line a row: its number in a pasted list, NIP, name, what speaks against it. Safe against formulas."""
    header = [_("Row"), "NIP", _("Name"), _("State"), _("Reason")]
    return csv_bytes(
        header,
        (
            [
                row.row or number,
                grouped(row.person.nip) if row.person else row.value,
                row.person.full_name if row.person else "",
                _("Left out") if row.problems else _("Receives it"),
                " ".join(row.problems) or row.reason,
            ]
            for number, row in enumerate(plan.rows, 1)
            if row.problems or not only_left_out
        ),
    )
