"""What the database holds about some rows of a list of people, asked in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from django.db.models import Max
from django.db.models.functions import Lower

from people.domain.import_plan import Plan
from people.domain.line import cycle_members
from people.importers.people_values import PersonRow
from people.models import Account, Grant, Placement, Position

CHUNK = 500


class Found:
    def __init__(self, plans: Sequence[Plan]):
        rows: list[PersonRow] = [plan.data for plan in plans]
        self.accounts = {account.nip: account for account in Account.objects.filter(nip__in=[row.nip for row in rows])}
        ids = [account.pk for account in self.accounts.values()]
        open_ones = Placement.objects.current().filter(person_id__in=ids).select_related("unit", "position", "superior")
        self.placements = {placement.person_id: placement for placement in open_ones}
        closed = (
            Placement.objects.filter(person_id__in=ids, ends_on__isnull=False).values("person_id").annotate(last=Max("ends_on"))
        )
        self._last_end = {entry["person_id"]: entry["last"] for entry in closed}
        self.roles: dict[int, set[str]] = {}
        for person_id, role in Grant.objects.filter(person_id__in=ids).values_list("person_id", "role"):
            self.roles.setdefault(person_id, set()).add(role)
        emails = [row.fields["email"] for row in rows if row.fields.get("email")]
        holders = Account.objects.annotate(address=Lower("email")).filter(address__in=emails)
        self.holders = dict(holders.values_list("address", "nip"))
        names = {row.place["position"] for row in rows if row.place.get("position")}
        self.positions: dict[str, list[str]] = {}
        for name, kind in Position.objects.filter(name__in=names).order_by("pk").values_list("name", "kind"):
            self.positions.setdefault(name, []).append(kind)

    def may_begin(self, placement: Placement, since: date) -> bool:
        """A placement without a beginning takes the one that the file knows, unless an earlier placement reaches beyond it."""
        last = self._last_end.get(placement.person_id)
        return last is None or last < since


def known_nips(nips: Collection[str]) -> set[str]:
    """Those of ``nips`` that have an account."""
    return {nip for part in _parts(list(nips)) for nip in Account.objects.filter(nip__in=part).values_list("nip", flat=True)}


def closing_circles(plans: Sequence[Plan]) -> set[str]:
    """NIPs of rows whose new superior would close a circle, taken together with the line that the database holds."""
    new = {plan.data.nip: plan.data.superior_nip for plan in plans if not plan.is_refused and plan.data.superior_nip}
    if not new:
        return set()
    stands = _line_above(new.keys() | set(new.values()))
    new = {nip: superior for nip, superior in new.items() if stands.get(nip) != superior}
    dropped: set[str] = set()
    while members := cycle_members({**stands, **new}) & new.keys():
        dropped |= members
        for nip in members:
            del new[nip]
    return dropped


def _line_above(nips: Collection[str]) -> dict[str, str]:
    """The present superior of each of ``nips``, of those superiors, and so on to the top."""
    line: dict[str, str] = {}
    asked: set[str] = set()
    waiting = set(nips)
    while waiting:
        asked |= waiting
        for part in _parts(list(waiting)):
            pairs = Placement.objects.current().filter(person__nip__in=part, superior__isnull=False)
            line.update(pairs.values_list("person__nip", "superior__nip"))
        waiting = set(line.values()) - asked
    return line


def _parts(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
