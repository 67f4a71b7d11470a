"""From gaps to training for many (H2): open offers grouped by course and indicator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from courses.models import CoursePage
from improvement.domain.bulk import BulkPlan, assign_in_bulk, plan_bulk
from improvement.domain.gap_list import GapChoice, gaps_seen_by
from improvement.enums import ProposalState, Remedy
from improvement.models import BulkAssignment, Proposal
from improvement.rules import people_decided_by
from people.models import Account, OrgUnit
from performance.enums import GapStatus


@dataclass
class Offer:
    """One course for one indicator: ``gaps`` of the people whose cause was found to be skill and who have this course as first offer."""

    key: str
    course_id: int
    title: str
    indicator: str
    jp: int
    gaps: list[int]
    plan: BulkPlan | None = None

    @property
    def count(self) -> int:
        return len(self.gaps)


def offers_for(user: Account, *, unit: OrgUnit | None = None) -> list[Offer]:
    """Offers for gaps that nobody has dealt with; one query; the most people first."""
    rows = Proposal.objects.filter(
        state=ProposalState.PROPOSED, remedy=Remedy.COURSE, rank=1, gap__person__in=people_decided_by(user),
        gap__status__in=[GapStatus.OPEN, GapStatus.PERSISTING],
    )
    if unit is not None:
        rows = rows.filter(
            gap__person__placements__unit__path__startswith=unit.path, gap__person__placements__ends_on__isnull=True
        )
    found: dict[str, Offer] = {}
    for offer in rows.select_related("release", "gap__indicator").order_by("pk"):
        indicator = offer.gap.indicator
        key = f"{offer.course_id}-{indicator.pk if indicator else 0}"
        title = offer.release.title if offer.release_id else ""
        entry = found.setdefault(
            key,
            Offer(
                key, offer.course_id, title, indicator.name if indicator else "", offer.release.jp if offer.release_id else 0, []
            ),
        )
        entry.gaps.append(offer.gap_id)
    return sorted(found.values(), key=lambda entry: (-entry.count, entry.title))


def preview(chosen: list[Offer], *, by: Account) -> list[Offer]:
    """The dry run of each chosen offer."""
    pages = CoursePage.objects.select_related("current_release").in_bulk([offer.course_id for offer in chosen])
    for offer in chosen:
        offer.plan = plan_bulk(pages[offer.course_id], criteria={"gaps": offer.gaps}, by=by)
    return chosen


def token_of(chosen: list[Offer]) -> str:
    """Changes with every assignment that the dry runs of these offers show."""
    return " ".join(f"{offer.key}:{offer.plan.token}" for offer in chosen if offer.plan)


@transaction.atomic
def assign_offers(chosen: list[Offer], *, due_on: date | None, expected: str, by: Account) -> list[BulkAssignment]:
    """All or none; each offer is one deed that can be undone. ``expected`` is ``token_of`` the list that the page showed."""
    preview(chosen, by=by)
    if token_of(chosen) != expected or not any(offer.plan and offer.plan.count for offer in chosen):
        raise RuleViolation(_("The list has changed meanwhile. Look at it again before you assign."))
    pages = CoursePage.objects.in_bulk([offer.course_id for offer in chosen])
    return [
        assign_in_bulk(pages[offer.course_id], criteria={"gaps": offer.gaps}, due_on=due_on, by=by)
        for offer in chosen
        if offer.plan and offer.plan.count
    ]


def waiting_for_cause(user: Account, *, unit: OrgUnit | None = None) -> int:
    """Cases with an indicator whose cause nobody has talked about yet: no course is proposed for it. As many as the list behind the number."""
    return gaps_seen_by(user, GapChoice(unit=unit, cause="none")).count()
