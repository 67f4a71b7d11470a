"""The cases behind HR's figures: the same filters as the overview, so that a number opens exactly its rows (H1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from improvement.rules import people_decided_by
from people.enums import PostKind
from people.models import Account, OrgUnit, scope_of
from performance.enums import GapKind, GapStatus
from performance.models import EvaluationPeriod, Gap

UNFINISHED, UNTREATED = "unfinished", "untreated"
#: What a choice of the state filter means; every other choice is a status of its own.
UNTREATED_STATUSES = (GapStatus.OPEN, GapStatus.PERSISTING)


@dataclass(frozen=True)
class GapChoice:
    """What a reader chose. ``status``: a status, ``unfinished``, ``untreated`` (open or persisting) or empty for all of them."""

    unit: OrgUnit | None = None
    period: EvaluationPeriod | None = None
    post: str = ""
    status: str = UNFINISHED
    closed_in: int | None = None
    cause: str = ""

    def __post_init__(self) -> None:
        if self.status not in ("", UNFINISHED, UNTREATED, *GapStatus.values) or self.post not in ("", *PostKind.values):
            raise ValueError(f"no such choice: {self.status!r}, {self.post!r}")


def gaps_seen_by(user: Account, choice: GapChoice) -> QuerySet[Gap]:
    """Cases of the people whom ``user`` looks after (auditors read all that they see), newest first."""
    if scope_of(user).has("auditor"):
        rows = Gap.objects.visible_to(user)
    else:
        rows = Gap.objects.filter(person__in=people_decided_by(user))
    rows = rows.cases().filter(**_facts(choice))
    if choice.status == UNFINISHED:
        rows = rows.unfinished()
    elif choice.status:
        rows = rows.filter(status__in=UNTREATED_STATUSES if choice.status == UNTREATED else [choice.status])
    if choice.cause == "none":
        unknown = Gap.objects.unfinished().filter(kind=GapKind.INDICATOR, cause="")
        rows = rows.filter(Q(pk__in=unknown.values("pk")) | Q(pk__in=unknown.values("parent")))
    joined = rows.select_related("person", "indicator", "last_missed_period").annotate(parts=Count("children"))
    return joined.order_by("-opened_at", "pk")


def years_to_choose(today: date) -> list[int]:
    """In which a gap may have been closed: this year and the two before."""
    return [today.year - back for back in range(3)]


def _facts(choice: GapChoice) -> dict:
    wanted: dict = {}
    if choice.unit is not None:
        wanted["person__placements__unit__path__startswith"] = choice.unit.path
    if choice.post:
        wanted["person__placements__position__kind"] = choice.post
    if wanted:
        wanted["person__placements__ends_on__isnull"] = True
    if choice.period is not None:
        wanted["last_missed_period"] = choice.period
    if choice.closed_in is not None:
        wanted["closed_at__year"] = choice.closed_in
    return wanted
