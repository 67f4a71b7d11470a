"""Figures of a unit and everything below it, computed ahead, so that HR of 70,000 people reads one row a unit (experience H1).

Gaps are counted as cases. What evaluations say is only stored for at least ten people (k = 10), so no screen can show less by mistake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from core.domain.dates import local_date, local_year
from core.domain.numbers import LEARNING_HOUR_MINUTES
from courses.models import LearningHours
from improvement.enums import AssignmentState, SessionState
from improvement.models import Counselling, Guidance, TrainingAssignment, UnitSummary
from people.models import Account, OrgUnit, Placement, scope_of
from performance.enums import EvaluationState, GapStatus
from performance.models import Evaluation, EvaluationPeriod, Gap

K = 10
UNIT, HERE = "person__placements__unit", {"person__placements__ends_on__isnull": True}


# --- computing ------------------------------------------------------------------------------------------------------------------------------
def compute_summaries(*, at: datetime | None = None) -> int:
    """A row for each unit; a constant number of grouped queries, then sums up the tree. Returns the number of units."""
    moment = at or timezone.now()
    units = dict(OrgUnit.objects.values_list("pk", "path"))
    own = _own_counts(moment)
    total: dict[int, Counter] = {pk: Counter() for pk in units}
    by_path = {path: pk for pk, path in units.items()}
    for pk, counts in own.items():
        path = units.get(pk, "")
        for end in range(OrgUnit.steplen, len(path) + 1, OrgUnit.steplen):
            if (above := by_path.get(path[:end])) is not None:
                total[above].update(counts)
    rows = [UnitSummary(unit_id=pk, figures=_shape(counts, moment), computed_at=moment) for pk, counts in total.items()]
    UnitSummary.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit"], update_fields=["figures", "computed_at"], batch_size=500
    )
    return len(rows)


def _own_counts(at: datetime) -> dict[int, Counter]:
    year, today = local_year(at), local_date(at)
    own: dict[int, Counter] = defaultdict(Counter)
    _add(own, "people", Placement.objects.current().filter(person__is_active=True).values("unit").annotate(n=Count("pk")).values_list("unit", "n"))
    cases = Gap.objects.cases().filter(**HERE)
    for unit, status, n in cases.values(UNIT, "status").annotate(n=Count("pk")).values_list(UNIT, "status", "n"):
        own[unit][f"gap:{status}"] += n
    closed = cases.filter(status=GapStatus.IMPROVED, closed_at__year=year)
    _add(own, "improved_this_year", _grouped(closed))
    hours = LearningHours.objects.filter(year=year, **HERE).values(UNIT, month=ExtractMonth("completed_on")).annotate(n=Sum("minutes"))
    for unit, month, minutes in hours.values_list(UNIT, "month", "n"):
        own[unit][f"minutes:{month}"] += minutes
    given = TrainingAssignment.objects.filter(**HERE)
    _add(own, "assignments_active", _grouped(given.active()))
    _add(own, "assignments_overdue", _grouped(given.overdue(on=today)))
    _add(own, "assignments_completed", _grouped(given.filter(state=AssignmentState.COMPLETED, ended_at__year=year)))
    _add(own, "guidance_held", _grouped(Guidance.objects.filter(held_at__year=year, **HERE)))
    overdue = Guidance.objects.filter(state=SessionState.CLOSED, action_done_at__isnull=True, action_due_on__lt=today, **HERE).exclude(action="")
    _add(own, "actions_overdue", _grouped(overdue))
    _add(own, "counselling_held", _grouped(Counselling.objects.filter(held_at__year=year, **HERE)))
    _add_ratings(own, at)
    return own


def _grouped(rows) -> Iterable[tuple[int, int]]:
    return rows.values(UNIT).annotate(n=Count("pk")).values_list(UNIT, "n")


def _add(own: dict[int, Counter], name: str, rows: Iterable[tuple[int, int]]) -> None:
    for unit, n in rows:
        own[unit][name] += n


def _add_ratings(own: dict[int, Counter], at: datetime) -> None:
    """Ratings of the latest ended period that has final evaluations."""
    final = Evaluation.objects.filter(state=EvaluationState.FINAL)
    period = EvaluationPeriod.objects.filter(ends_on__lte=local_date(at), evaluations__in=final).order_by("-ends_on", "-starts_on").first()
    if period is None:
        return
    rows = final.filter(period=period, **HERE).values(UNIT, "result_rating", "behaviour_rating").annotate(n=Count("person", distinct=True))
    for unit, result, behaviour, n in rows.values_list(UNIT, "result_rating", "behaviour_rating", "n"):
        own[unit]["rated"] += n
        own[unit][f"result:{result}"] += n
        own[unit][f"behaviour:{behaviour}"] += n


def _shape(counts: Counter, at: datetime) -> dict:
    people, minutes = counts["people"], [counts[f"minutes:{month}"] for month in range(1, 13)]
    names = ("improved_this_year", "assignments_active", "assignments_overdue", "assignments_completed", "guidance_held", "actions_overdue",
             "counselling_held")
    figures = {"people": people, "year": local_year(at), "minutes": sum(minutes), "minutes_by_month": minutes}
    figures |= {name: counts[name] for name in names}
    figures["gaps"] = {status: counts[f"gap:{status}"] for status in GapStatus.values}
    figures["average_jp"] = round(sum(minutes) / LEARNING_HOUR_MINUTES / people, 1) if people else 0
    if counts["rated"] >= K:
        figures["ratings"] = {
            axis: {rating: counts[f"{axis}:{rating}"] for rating in ("above", "meets", "below")} for axis in ("result", "behaviour")
        } | {"n": counts["rated"]}
    return figures


# --- reading --------------------------------------------------------------------------------------------------------------------------------
@dataclass
class Overview:
    """H1. ``units`` are the next level below; those with fewer than ten people are one line together (``unit`` None)."""

    unit: OrgUnit | None
    figures: dict
    computed_at: datetime | None
    units: list[tuple[OrgUnit | None, dict]] = field(default_factory=list)


def units_for(user: Account):
    """Units whose figures ``user`` may see: all for central HR and auditors, else her HR units with everything below."""
    scope = scope_of(user)
    if scope.has("hr_central", "auditor"):
        return OrgUnit.objects.all()
    wanted = Q(pk__in=[])
    for path in scope.hr_paths:
        wanted |= Q(path__startswith=path)
    return OrgUnit.objects.filter(wanted)


def overview(user: Account, *, unit: OrgUnit | None = None) -> Overview:
    """Figures of ``unit`` (must come from ``units_for``) or of all that ``user`` sees; three queries whatever the size of the agency."""
    visible = units_for(user)
    roots = [unit] if unit is not None else list(_tops(user, visible))
    level = _next_level(visible, roots) if len(roots) == 1 else roots
    rows = {row.unit_id: row for row in UnitSummary.objects.filter(unit__in=[one.pk for one in [*roots, *level]])}
    found = [rows[root.pk] for root in roots if root.pk in rows]
    shown: list[tuple[OrgUnit | None, dict]] = []
    small: list[tuple[OrgUnit, dict]] = []
    for one in level:
        figures = rows[one.pk].figures if one.pk in rows else {}
        (shown if figures.get("people", 0) >= K else small).append((one, figures))
    if small:
        shown.append((None, _sum([figures for _unit, figures in small])))
    return Overview(
        unit=roots[0] if len(roots) == 1 else None, figures=_sum([row.figures for row in found]),
        computed_at=min((row.computed_at for row in found), default=None), units=shown,
    )


def _tops(user: Account, visible):
    scope = scope_of(user)
    if scope.has("hr_central", "auditor"):
        return visible.filter(depth=1).order_by("path")
    paths = [path for path in scope.hr_paths if not any(path != other and path.startswith(other) for other in scope.hr_paths)]
    return visible.filter(path__in=paths).order_by("path")


def _next_level(visible, roots: list[OrgUnit]) -> list[OrgUnit]:
    root = roots[0]
    return list(visible.filter(path__startswith=root.path, depth=root.depth + 1).order_by("path"))


def _sum(parts: list[dict]) -> dict:
    """Several units as one; ratings are summed only where every part has them (each is at least ten)."""
    if len(parts) == 1:
        return parts[0]
    total: dict = {"gaps": Counter(), "minutes_by_month": [0] * 12}
    for part in parts:
        for name, value in part.items():
            if name == "gaps":
                total["gaps"].update(value)
            elif name == "minutes_by_month":
                total[name] = [a + b for a, b in zip(total[name], value, strict=True)]
            elif name not in ("ratings", "average_jp", "year"):
                total[name] = total.get(name, 0) + value
            elif name == "year":
                total["year"] = value
    people = total.get("people", 0)
    total["gaps"] = dict(total["gaps"])
    total["average_jp"] = round(total.get("minutes", 0) / LEARNING_HOUR_MINUTES / people, 1) if people else 0
    return total


def latest() -> datetime | None:
    return UnitSummary.objects.order_by("computed_at").values_list("computed_at", flat=True).first()


