"""What the database holds about some people and periods of an evaluation file, asked in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.domain.tabular import header_key
from people.models import Account, Placement
from performance.domain.evaluation_facts import EvaluationFacts
from performance.domain.evaluations import stored_facts
from performance.domain.periods import Span
from performance.domain.predicates import Table, predicate_table
from performance.domain.standards import Standards
from performance.enums import EvaluationSource
from performance.importers.evaluation_rows import unit_key
from performance.models import Evaluation, EvaluationPeriod, Indicator

CHUNK = 500
Identity = tuple[str, Span]  # NIP and period


class IndicatorIndex:
    """Indicators by how their names count as one."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], list[Indicator]] = {}
        for indicator in Indicator.objects.order_by("-is_active", "pk"):
            self.add(indicator)

    def add(self, indicator: Indicator) -> None:
        key = (header_key(indicator.name), unit_key(indicator.unit_of_measure))
        self._by_key.setdefault(key, []).append(indicator)

    def find(self, name_key: tuple[str, str], aspect: str) -> Indicator | None:
        """The one with this aspect; without a stated aspect the only one of that name."""
        known = self._by_key.get(name_key, [])
        fitting = [indicator for indicator in known if not aspect or indicator.aspect == aspect]
        return fitting[0] if fitting and (aspect or len(fitting) == 1) else None


@dataclass
class Found:
    """Accounts by NIP, where they work, and the final evaluation of each person and period with its facts."""

    identities: Collection[Identity]
    accounts: dict[str, Account] = field(default_factory=dict)
    placements: dict[int, list[Placement]] = field(default_factory=dict)
    periods: dict[Span, EvaluationPeriod] = field(default_factory=dict)
    final: dict[tuple[int, int], Evaluation] = field(default_factory=dict)
    facts: dict[int, EvaluationFacts] = field(default_factory=dict)
    tables: dict[Span, Table] = field(default_factory=dict)
    standards: dict[Span, Standards] = field(default_factory=dict)

    def look(self, appraisers: Iterable[str]) -> Found:
        nips = {nip for nip, _span in self.identities} | set(appraisers)
        self.accounts = {account.nip: account for account in Account.objects.filter(nip__in=nips)}
        ids = [account.pk for account in self.accounts.values()]
        for placement in Placement.objects.filter(person__in=ids).select_related("unit").order_by("pk"):
            self.placements.setdefault(placement.person_id, []).append(placement)
        spans = {span for _nip, span in self.identities}
        known = EvaluationPeriod.objects.filter(
            starts_on__in={span[0] for span in spans}, ends_on__in={span[1] for span in spans}
        )
        self.periods = {(period.starts_on, period.ends_on): period for period in known}
        wanted = [self.periods[span].pk for span in spans if span in self.periods]
        rows = Evaluation.objects.final().filter(person__in=ids, period__in=wanted, source=EvaluationSource.IMPORTED)
        self.final = {(row.person_id, row.period_id): row for row in rows}
        self.facts = stored_facts(self.final.values())
        for span in spans:
            self.tables[span] = predicate_table(span[1])
            self.standards[span] = Standards(span[1])
        return self

    def evaluation_of(self, account: Account, span: Span) -> Evaluation | None:
        period = self.periods.get(span)
        return self.final.get((account.pk, period.pk)) if period else None

    def placement_of(self, account: Account, span: Span) -> Placement | None:
        """On the last day of the period, else today."""
        listed = self.placements.get(account.pk, [])
        day = span[1]
        held = [one for one in listed if (one.starts_on or day) <= day and (one.ends_on or day) >= day]
        return (held or [one for one in listed if one.ends_on is None] or [None])[-1]

    def current_unit_path(self, account: Account) -> str | None:
        current = next((one for one in self.placements.get(account.pk, []) if one.ends_on is None), None)
        return current.unit.path if current else None
