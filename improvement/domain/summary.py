"""Figures of a unit and everything below it, computed ahead, so that HR of 70,000 people reads one row a unit (experience H1).

Gaps are counted as cases. What evaluations say is only stored for at least ten people (k = 10), so no screen can show less by mistake.
Besides the whole, a row holds the same counts for each kind of post and for the latest evaluation periods, so that the filters of H1 read
the same row (``narrowed``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q, Sum
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
PERIODS_KEPT, YEARS_KEPT = 8, 3
UNIT, HERE = "person__placements__unit", {"person__placements__ends_on__isnull": True}
POST = "person__placements__position__kind"


# --- computing ------------------------------------------------------------------------------------------------------------------------------
def compute_summaries(*, at: datetime | None = None) -> int:
    """A row for each unit; a constant number of grouped queries, then sums up the tree. Returns the number of units."""
    moment = at or timezone.now()
    units = dict(OrgUnit.objects.values_list("pk", "path"))
    periods = [period.pk for period in periods_with_gaps()]
    own = _own_counts(moment, periods)
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


def periods_with_gaps() -> list[EvaluationPeriod]:
    """The latest periods whose evaluations found gaps, newest first: the choices of the period filter."""
    found = Gap.objects.order_by().values("last_missed_period").annotate(last=Max("last_missed_period__ends_on")).order_by("-last")
    wanted = [pk for pk, _last in found.values_list("last_missed_period", "last")[:PERIODS_KEPT]]
    return list(EvaluationPeriod.objects.filter(pk__in=wanted).order_by("-ends_on", "-starts_on"))


def _own_counts(at: datetime, periods: Collection[int]) -> dict[int, Counter]:
    """Per unit; what can be narrowed is counted under (name, kind of post, period or 0), everything else under its name."""
    year, today = local_year(at), local_date(at)
    own: dict[int, Counter] = defaultdict(Counter)
    people = Placement.objects.current().filter(person__is_active=True).values("unit", "position__kind").annotate(n=Count("pk"))
    for unit, post, n in people.values_list("unit", "position__kind", "n"):
        own[unit]["people", post or "", 0] += n
    cases = Gap.objects.cases().filter(**HERE)
    found = cases.values(UNIT, POST, "last_missed_period", "status").annotate(n=Count("pk"))
    for unit, post, period, status, n in found.values_list(UNIT, POST, "last_missed_period", "status", "n"):
        own[unit][f"gap:{status}", post or "", period if period in periods else 0] += n
    closed = cases.filter(status=GapStatus.IMPROVED, closed_at__year=year).values(UNIT, POST).annotate(n=Count("pk"))
    for unit, post, n in closed.values_list(UNIT, POST, "n"):
        own[unit]["improved_this_year", post or "", 0] += n
    _add_hours(own, year)
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


def _add_hours(own: dict[int, Counter], year: int) -> None:
    """Minutes by month, also of the years before: a period of the filter may lie there."""
    rows = LearningHours.objects.filter(year__gt=year - YEARS_KEPT, year__lte=year, **HERE)
    hours = rows.values(UNIT, POST, "year", month=ExtractMonth("completed_on")).annotate(n=Sum("minutes"))
    for unit, post, of_year, month, minutes in hours.values_list(UNIT, POST, "year", "month", "n"):
        own[unit][f"minutes:{of_year}:{month}", post or "", 0] += minutes


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
    year = local_year(at)
    names = ("assignments_active", "assignments_overdue", "assignments_completed", "guidance_held", "actions_overdue", "counselling_held")
    whole, kinds = _parts(counts)
    figures = _part(whole, year) | {"year": year} | {name: counts[name] for name in names}
    figures["kinds"] = {kind: _part(part, year) for kind, part in sorted(kinds.items())}
    if counts["rated"] >= K:
        figures["ratings"] = {
            axis: {rating: counts[f"{axis}:{rating}"] for rating in ("above", "meets", "below")} for axis in ("result", "behaviour")
        } | {"n": counts["rated"]}
    return figures


def _parts(counts: Counter) -> tuple[Counter, dict[str, Counter]]:
    """What can be narrowed, as (name, period): of everybody, and of each kind of post."""
    whole: Counter = Counter()
    kinds: dict[str, Counter] = defaultdict(Counter)
    for key, n in counts.items():
        if isinstance(key, tuple):
            name, post, period = key
            for part in (whole, kinds[post]) if post else (whole,):
                part[name, 0] += n
                if period:
                    part[name, period] += n
    return whole, kinds


def _part(part: Mapping[tuple[str, int], int], year: int) -> dict:
    periods = sorted({period for _name, period in part if period})
    years = {
        of_year: [part.get((f"minutes:{of_year}:{month}", 0), 0) for month in range(1, 13)]
        for of_year in range(year - YEARS_KEPT + 1, year + 1)
    }

    def gaps(period: int) -> dict[str, int]:
        return {status: part.get((f"gap:{status}", period), 0) for status in GapStatus.values}

    return _with_average({
        "people": part.get(("people", 0), 0), "improved_this_year": part.get(("improved_this_year", 0), 0), "gaps": gaps(0),
        "minutes_by_month": years[year], "hours": {str(of_year): months for of_year, months in years.items() if any(months)},
        "periods": {str(period): gaps(period) for period in periods},
    })


def _with_average(figures: dict) -> dict:
    people, minutes = figures.get("people", 0), sum(figures.get("minutes_by_month", []))
    return figures | {"minutes": minutes, "average_jp": round(minutes / LEARNING_HOUR_MINUTES / people, 1) if people else 0}


# --- reading --------------------------------------------------------------------------------------------------------------------------------
@dataclass
class Overview:
    """H1. ``units`` are the next level below; those with fewer than ten people are one line together (``unit`` None).

    ``period`` and ``post`` are the filters that the figures were narrowed by.
    """

    unit: OrgUnit | None
    figures: dict
    computed_at: datetime | None
    units: list[tuple[OrgUnit | None, dict]] = field(default_factory=list)
    period: EvaluationPeriod | None = None
    post: str = ""


def units_for(user: Account):
    """Units whose figures ``user`` may see: all for central HR and auditors, else her HR units with everything below."""
    scope = scope_of(user)
    if scope.has("hr_central", "auditor"):
        return OrgUnit.objects.all()
    wanted = Q(pk__in=[])
    for path in scope.hr_paths:
        wanted |= Q(path__startswith=path)
    return OrgUnit.objects.filter(wanted)


def narrowed(figures: dict, *, period: EvaluationPeriod | None = None, post: str = "") -> dict:
    """Figures of one kind of post, and of the gaps that one period's evaluations found; learning hours of its year up to its end."""
    part = figures.get("kinds", {}).get(post, {}) if post else figures
    chosen = {name: value for name, value in part.items() if name not in ("kinds", "periods", "hours")} | {"year": figures.get("year")}
    if period is None:
        return chosen
    months = part.get("hours", {}).get(str(period.ends_on.year), [0] * 12)
    chosen["minutes_by_month"] = [minutes if month <= period.ends_on.month else 0 for month, minutes in enumerate(months, 1)]
    gaps = part.get("periods", {}).get(str(period.pk), {})
    chosen |= {"gaps": gaps, "year": period.ends_on.year, "improved_this_year": gaps.get(GapStatus.IMPROVED, 0)}
    return _with_average(chosen)


def overview(user: Account, *, unit: OrgUnit | None = None, period: EvaluationPeriod | None = None, post: str = "") -> Overview:
    """Figures of ``unit`` (must come from ``units_for``) or of all that ``user`` sees; three queries whatever the size of the agency."""
    visible = units_for(user)
    roots = [unit] if unit is not None else list(_tops(user, visible))
    level = _next_level(visible, roots) if len(roots) == 1 else roots
    rows = {row.unit_id: row for row in UnitSummary.objects.filter(unit__in=[one.pk for one in [*roots, *level]])}
    figures_of = {pk: narrowed(row.figures, period=period, post=post) for pk, row in rows.items()}
    found = [rows[root.pk] for root in roots if root.pk in rows]
    shown: list[tuple[OrgUnit | None, dict]] = []
    small: list[tuple[OrgUnit, dict]] = []
    for one in level:
        figures = figures_of.get(one.pk, {})
        (shown if figures.get("people", 0) >= K else small).append((one, figures))
    if small:
        shown.append((None, _sum([figures for _unit, figures in small])))
    return Overview(
        unit=roots[0] if len(roots) == 1 else None, figures=_sum([figures_of[row.unit_id] for row in found]),
        computed_at=min((row.computed_at for row in found), default=None), units=shown, period=period, post=post,
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
            elif name not in ("ratings", "average_jp", "minutes", "year"):
                total[name] = total.get(name, 0) + value
            elif name == "year":
                total["year"] = value
    total["gaps"] = dict(total["gaps"])
    return _with_average(total)
