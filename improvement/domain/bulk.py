"""One course for many people: a dry run that shows the number and the list, then the same list assigned (experience H2, H3).

``criteria`` names who: ``{"indicator": id}`` everybody with an unfinished gap of it, ``{"gaps": [ids]}``, ``{"unit": id}`` (with all below it),
``{"position": id}``, ``{"nips": [...]}``; unit, position and a list of NIP narrow the others. Only people whom ``by`` decides for are ever found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.domain import audit
from core.domain.dates import add_months, local_date
from core.domain.errors import RuleViolation
from core.domain.nip import normalise
from core.domain.outbox import enqueue
from courses.models import Completion, CoursePage
from improvement.domain import loop
from improvement.domain.assignments import COUNTS_FOR_MONTHS, UNDO_TIME
from improvement.domain.remedies import may_have_courses
from improvement.domain.words import assignment_reason, stored_language
from improvement.models import BulkAssignment, TrainingAssignment
from improvement.rules import people_decided_by
from people.enums import EmploymentStatus
from people.models import Account, OrgUnit
from performance.models import Gap

AT_ONCE, CHUNK = 200, 25


@dataclass(frozen=True)
class BulkRow:
    """One person (and gap). ``problems`` empty: she would get the course. ``row`` counts the lines of a pasted list from 1."""

    person: Account | None
    gap: Gap | None = None
    reason: str = ""
    problems: tuple[str, ...] = ()
    row: int | None = None
    value: str = ""


@dataclass
class BulkPlan:
    """The dry run: nothing is written."""

    course: CoursePage
    rows: list[BulkRow] = field(default_factory=list)

    @property
    def receivers(self) -> list[BulkRow]:
        return [row for row in self.rows if not row.problems]

    @property
    def skipped(self) -> list[BulkRow]:
        return [row for row in self.rows if row.problems]

    @property
    def pairs(self) -> list[list[int | None]]:
        """(person, gap) of each assignment that would be made."""
        return [[row.person.pk, row.gap.pk if row.gap else None] for row in self.receivers if row.person]

    @property
    def count(self) -> int:
        return len({person for person, _gap in self.pairs})

    @property
    def token(self) -> str:
        """Changes with everybody who comes or goes, also where the number stays the same."""
        return hashlib.sha256(json.dumps(sorted(self.pairs, key=str)).encode()).hexdigest()[:16]


# --- dry run -------------------------------------------------------------------------------------------------------------------------------
def plan_bulk(course: CoursePage, *, criteria: dict, reason: str = "", by: Account, at: datetime | None = None) -> BulkPlan:
    """Who would get the course, who not and why, row by row; a constant number of queries."""
    moment = at or timezone.now()
    plan, facts = BulkPlan(course), _Facts(course, at=moment)
    by_gap = "gaps" in criteria or "indicator" in criteria
    gaps: dict[int, list[Gap]] = {}
    for gap in _gaps(criteria, by=by) if by_gap else []:
        gaps.setdefault(gap.person_id, []).append(gap)

    def rows_of(person: Account) -> list[BulkRow]:
        """One row for each of her gaps, or one for herself where no gap was asked for."""
        if not by_gap:
            return [BulkRow(person, None, reason.strip(), tuple(facts.problems(person, None)))]
        return [_for_gap(gap, facts, reason) for gap in gaps.get(person.pk, [])]

    if "nips" in criteria:
        found = {person.nip: person for person in _people(criteria, by=by)}
        plan.rows = list(_listed(criteria["nips"], found, rows_of))
    else:
        people = [listed[0].person for listed in gaps.values()] if by_gap else _people(criteria, by=by)
        plan.rows = [row for person in people for row in rows_of(person)]
    return plan


def _for_gap(gap: Gap, facts: _Facts, reason: str) -> BulkRow:
    with stored_language():
        why = assignment_reason(gap, reason)
    return BulkRow(gap.person, gap, why, tuple(may_have_courses(gap) + facts.problems(gap.person, gap)))


def _listed(nips: Sequence[str], found: dict[str, Account], rows_of: Callable[[Account], list[BulkRow]]) -> Iterator[BulkRow]:
    """Line by line as they were pasted."""
    seen: set[str] = set()
    for line, value in enumerate(nips, 1):
        nip = normalise(value)
        person = found.get(nip)
        if person is None:
            rows = [BulkRow(None, problems=(_("Nobody with this NIP among the people you look after."),))]
        elif nip in seen:
            rows = [BulkRow(person, problems=(_("This NIP stands in the list already."),))]
        else:
            rows = rows_of(person) or [BulkRow(person, problems=(_("No unfinished gap of this kind."),))]
        seen.add(nip)
        yield from (replace(row, row=line, value=value) for row in rows)


class _Facts:
    """What speaks against the course for anybody, read once for all (the same sentences as ``assignments.fitness``)."""

    def __init__(self, course: CoursePage, *, at: datetime):
        since = add_months(local_date(at), -COUNTS_FOR_MONTHS)
        self.is_open = course.live and course.current_release_id is not None
        done = Completion.objects.filter(release=course.current_release_id, completed_at__date__gte=since)
        self.done = set(done.values_list("person_id", flat=True))
        self.given = set(TrainingAssignment.objects.active().filter(course=course).values_list("person_id", "gap_id"))

    def problems(self, person: Account, gap: Gap | None) -> list[str]:
        reasons = []
        if not person.is_active:
            reasons.append(_("This account is closed."))
        if not self.is_open:
            reasons.append(_("This course is not published."))
        if person.pk in self.done:
            reasons.append(_("Already completed within the last 12 months."))
        if (person.pk, gap.pk if gap else None) in self.given:
            reasons.append(_("This course is already assigned."))
        return reasons


def _people(criteria: dict, *, by: Account) -> QuerySet[Account]:
    people = people_decided_by(by).filter(is_active=True).exclude(status=EmploymentStatus.TECHNICAL)
    if nips := criteria.get("nips"):
        people = people.filter(nip__in=[normalise(value) for value in nips])
    return _narrowed(people, criteria, "placements").order_by("name", "pk").distinct()


def _gaps(criteria: dict, *, by: Account) -> QuerySet[Gap]:
    gaps = Gap.objects.unfinished().filter(person__in=people_decided_by(by))
    gaps = gaps.filter(pk__in=criteria["gaps"]) if "gaps" in criteria else gaps.filter(indicator=criteria["indicator"])
    gaps = _narrowed(gaps, criteria, "person__placements")
    return gaps.select_related("person", "parent", "indicator", "last_missed_period").order_by("person__name", "pk").distinct()


def _narrowed(rows: QuerySet, criteria: dict, placements: str) -> QuerySet:
    """Unit (with everything below) and post, by the open placement."""
    wanted: dict = {}
    if unit := criteria.get("unit"):
        wanted[f"{placements}__unit__path__startswith"] = OrgUnit.objects.get(pk=unit).path
    if position := criteria.get("position"):
        wanted[f"{placements}__position"] = position
    return rows.filter(**{f"{placements}__ends_on__isnull": True}, **wanted) if wanted else rows


# --- the deed --------------------------------------------------------------------------------------------------------------------------------
def may_assign_in_bulk(plan: BulkPlan, *, criteria: dict, reason: str, due_on: date | None, expected: str | None, at: datetime) -> list[str]:
    reasons = []
    if not plan.receivers:
        reasons.append(_("Nobody would get this course."))
    if not reason.strip() and "gaps" not in criteria and "indicator" not in criteria:
        reasons.append(_("Say in plain words why this course."))
    if due_on is not None and due_on < local_date(at):
        reasons.append(_("The due date lies in the past."))
    if expected is not None and expected != plan.token:
        reasons.append(ngettext(
            "Meanwhile %(n)s person would get the course. Look at the list again.",
            "Meanwhile %(n)s people would get the course. Look at the list again.", plan.count) % {"n": plan.count})
    return reasons


@transaction.atomic
def assign_in_bulk(
    course: CoursePage, *, criteria: dict, reason: str = "", due_on: date | None = None, by: Account, expected: str | None = None,
    at: datetime | None = None,
) -> BulkAssignment:
    """The list of the dry run, assigned as one deed that is undone as one within ten minutes; no notice leaves before (decisions 25).

    ``expected`` is the token of the list that was shown: when it is another one now, nothing is done. More than 200 people are assigned by a job.
    """
    moment = at or timezone.now()
    plan = plan_bulk(course, criteria=criteria, reason=reason, by=by, at=moment)
    if reasons := may_assign_in_bulk(plan, criteria=criteria, reason=reason, due_on=due_on, expected=expected, at=moment):
        raise RuleViolation(reasons)
    pairs = plan.pairs
    bulk = BulkAssignment.objects.create(
        course=course, criteria={**_plain(criteria), "pairs": pairs}, reason=reason.strip()[:500], due_on=due_on, count=plan.count, by=by,
        created_at=moment, undo_until=moment + UNDO_TIME,
    )
    audit.record("assignment.bulk", bulk, by=by, detail={"course": course.pk, "count": plan.count}, at=moment)
    if len(pairs) <= AT_ONCE:
        carry_out(bulk, pairs, at=moment)
    else:
        enqueue("improvement.bulk", f"improvement.bulk:{bulk.pk}", {"bulk": bulk.pk}, run_after=at)
    return bulk


def carry_out(bulk: BulkAssignment, pairs: Sequence[Sequence[int | None]], *, at: datetime) -> int:
    """Assigns what is not assigned yet. Who has become unfit since the dry run is left out."""
    people = Account.objects.in_bulk([person for person, _gap in pairs])
    gaps = Gap.objects.in_bulk([gap for _person, gap in pairs if gap])
    done = 0
    for person, gap in pairs:
        try:
            with transaction.atomic():
                if gap:
                    loop.assign_training(gaps[gap], course=bulk.course, by=bulk.by, due_on=bulk.due_on, reason=bulk.reason, bulk=bulk, at=at)
                else:
                    loop.assign_without_gap(people[person], course=bulk.course, by=bulk.by, due_on=bulk.due_on, reason=bulk.reason, bulk=bulk, at=at)
        except RuleViolation:
            continue
        done += 1
    return done


def continue_bulk(bulk: BulkAssignment, *, at: datetime) -> int:
    """The job's part: in short transactions, so that learners' answers are saved meanwhile; stops when the deed was undone."""
    pairs, done = bulk.criteria.get("pairs", []), 0
    for start in range(0, len(pairs), CHUNK):
        with transaction.atomic():
            # Under the lock that undoing takes too: either this chunk is there to be taken back, or it is never assigned.
            locked = BulkAssignment.objects.select_for_update(of=("self",)).select_related("course", "by").get(pk=bulk.pk)
            if locked.undone_at is not None:
                break
            done += carry_out(locked, pairs[start : start + CHUNK], at=locked.created_at)
    return done


def recent_bulks(user: Account, *, at: datetime | None = None) -> Iterable[BulkAssignment]:
    """Deeds of ``user`` that can still be undone."""
    return BulkAssignment.objects.filter(by=user, undo_until__gt=at or timezone.now(), undone_at__isnull=True).select_related("course")


def _plain(criteria: dict) -> dict:
    return {key: value for key, value in criteria.items() if key != "nips"} | ({"nips": len(criteria["nips"])} if "nips" in criteria else {})
