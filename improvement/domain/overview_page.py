"""HR's overview (H1) as the screen draws it: six figures that open their rows, gaps by unit, learning hours along the year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.domain.dates import month_name
from core.domain.numbers import LEARNING_HOUR_MINUTES, format_number
from courses.domain.hours import targets_for
from improvement.domain.gap_list import UNTREATED, UNTREATED_STATUSES
from improvement.domain.summary import Overview
from people.enums import EmploymentStatus
from people.models import OrgUnit
from performance.enums import GapStatus


def figures_of(seen: Overview) -> list[dict]:
    """At most six numbers; each opens the rows behind it, narrowed in the same way."""
    figures, gaps, goal = seen.figures, seen.figures.get("gaps", {}), _goal(seen)
    improved = _("improved since") if seen.period is not None else _("improved this year")
    year = {} if seen.period is not None else {"tahun": figures.get("year") or ""}
    return [
        {"value": format_number(figures.get("people", 0)), "label": _("staff")},
        {"value": format_number(_untreated(gaps)), "label": _("open gaps"), "url": _rows(seen, status=UNTREATED)},
        _counted(seen, GapStatus.ADDRESSED, _("being addressed")),
        _counted(seen, GapStatus.AWAITING_REVIEW, _("awaiting review")),
        {
            "value": format_number(figures.get("improved_this_year", 0)),
            "label": improved,
            "url": _rows(seen, status=GapStatus.IMPROVED, **year),
        },
        {
            "value": format_number(figures.get("average_jp", 0)),
            "unit": "JP",
            "label": _("on average, of %(jp)d") % {"jp": goal} if goal else _("on average"),
        },
    ]


def _counted(seen: Overview, status: str, label: str) -> dict:
    return {"value": format_number(seen.figures.get("gaps", {}).get(status, 0)), "label": label, "url": _rows(seen, status=status)}


def _untreated(gaps: dict) -> int:
    return sum(gaps.get(status, 0) for status in UNTREATED_STATUSES)


def _rows(seen: Overview, **query) -> str:
    return f"{reverse('improvement:gap_list')}?{urlencode({**query, **chosen(seen)})}"


def chosen(seen: Overview, *, unit: OrgUnit | None = None) -> dict:
    """The filters of the page as an address carries them; ``unit`` instead of the present one."""
    where = unit or seen.unit
    told = {"unit": where.pk if where else "", "periode": seen.period.pk if seen.period else "", "jabatan": seen.post}
    return {name: value for name, value in told.items() if value}


def charts_of(seen: Overview) -> dict:
    """Rows for ``{% stacked_rows %}`` and lines for ``{% trend %}``."""
    return {"units": _units(seen), "series": [_("Open"), _("Being addressed"), _("Awaiting review")], "hours": _hours(seen)}


def _units(seen: Overview) -> list[dict]:
    rows = []
    for unit, figures in seen.units:
        gaps = figures.get("gaps", {})
        values = [_untreated(gaps), gaps.get(GapStatus.ADDRESSED, 0), gaps.get(GapStatus.AWAITING_REVIEW, 0)]
        url = f"{reverse('improvement:overview')}?{urlencode(chosen(seen, unit=unit))}" if unit is not None else ""
        rows.append(
            {
                "label": str(unit) if unit is not None else _("Units with fewer than 10 staff, together"),
                "url": url,
                "values": values,
            }
        )
    return rows


def _hours(seen: Overview) -> dict:
    figures = seen.figures
    people, months = figures.get("people", 0), figures.get("minutes_by_month", [])
    goal = _goal(seen)
    if not people or not any(months) or not goal:
        return {}
    total, line, plan = 0, [], []
    for index, minutes in enumerate(months, 1):
        total += minutes
        line.append(round(total / LEARNING_HOUR_MINUTES / people, 1))
        plan.append(round(goal * index / 12, 1))
    last = max((index for index, minutes in enumerate(months) if minutes), default=0)
    labels = [month_name(index)[:3] for index in range(1, 13)]  # Jan, Feb ... Agu, Des
    return {
        "labels": labels[: last + 1],
        "lines": [
            {"label": "JP", "values": line[: last + 1]},
            {"label": _("Pace to %(jp)d JP") % {"jp": goal}, "values": plan[: last + 1]},
        ],
    }


def _goal(seen: Overview) -> int:
    """The yearly minimum for PNS as the table of legal figures has it (0: no row)."""
    year = seen.figures.get("year")
    return targets_for(year).get((EmploymentStatus.PNS, True), 0) if year else 0
