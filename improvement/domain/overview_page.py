"""HR's overview (H1) as the screen draws it: six figures that open their rows, gaps by unit, learning hours along the year."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.domain.dates import month_name
from core.domain.numbers import LEARNING_HOUR_MINUTES, format_number
from courses.domain.hours import targets_for
from improvement.domain.summary import Overview
from people.enums import EmploymentStatus
from performance.enums import GapStatus


def figures_of(seen: Overview) -> list[dict]:
    """At most six numbers; each opens the rows behind it."""
    figures, gaps = seen.figures, seen.figures.get("gaps", {})

    def rows(status: str) -> str:
        query = {"status": status} | ({"unit": seen.unit.pk} if seen.unit is not None else {})
        return f"{reverse('improvement:gap_list')}?{urlencode(query)}"

    return [
        {"value": format_number(figures.get("people", 0)), "label": _("staff")},
        {
            "value": format_number(gaps.get(GapStatus.OPEN, 0) + gaps.get(GapStatus.PERSISTING, 0)),
            "label": _("open gaps"),
            "url": rows(GapStatus.OPEN),
        },
        {
            "value": format_number(gaps.get(GapStatus.ADDRESSED, 0)),
            "label": _("being addressed"),
            "url": rows(GapStatus.ADDRESSED),
        },
        {
            "value": format_number(gaps.get(GapStatus.AWAITING_REVIEW, 0)),
            "label": _("awaiting review"),
            "url": rows(GapStatus.AWAITING_REVIEW),
        },
        {
            "value": format_number(figures.get("improved_this_year", 0)),
            "label": _("improved this year"),
            "url": rows(GapStatus.IMPROVED),
        },
        {
            "value": format_number(figures.get("average_jp", 0)),
            "unit": "JP",
            "label": _("on average, of %(jp)d") % {"jp": _goal(seen)} if _goal(seen) else _("on average"),
        },
    ]


def charts_of(seen: Overview) -> dict:
    """Rows for ``{% stacked_rows %}`` and lines for ``{% trend %}``."""
    return {"units": _units(seen), "series": [_("Open"), _("Being addressed"), _("Awaiting review")], "hours": _hours(seen)}


def _units(seen: Overview) -> list[dict]:
    rows = []
    for unit, figures in seen.units:
        gaps = figures.get("gaps", {})
        values = [
            gaps.get(GapStatus.OPEN, 0) + gaps.get(GapStatus.PERSISTING, 0),
            gaps.get(GapStatus.ADDRESSED, 0),
            gaps.get(GapStatus.AWAITING_REVIEW, 0),
        ]
        url = f"{reverse('improvement:overview')}?unit={unit.pk}" if unit is not None else ""
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
