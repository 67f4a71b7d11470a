"""Criteria by which a person grades: ``[{"name": "Isi", "points": 4}]``. Learners see them while they answer; authors write one a line,
``Isi = 4``. The share an answer earns is the points given over the points of all criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.long_text import whole_number
from assessments.question_types.texts import clean_line

MOST, MOST_POINTS, LONGEST = 10, 100, 200


def from_lines(written: object) -> list[dict[str, Any]]:
    rows = []
    for line in str(written or "").splitlines():
        if line.strip():
            name, sign, points = line.rpartition("=")
            rows.append({"name": (name if sign else points).strip(), "points": whole_number(points) if sign else 0})
    return rows


def to_lines(rubric: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{row['name']} = {row['points']}" for row in rubric)


def cleaned(rubric: object) -> list[dict[str, Any]]:
    rows = rubric if isinstance(rubric, (list, tuple)) else []
    return [{"name": clean_line(row.get("name")), "points": whole_number(row.get("points"))} for row in rows if isinstance(row, Mapping)]


def problems(rubric: Sequence[Mapping[str, Any]]) -> list[str]:
    reasons = []
    if len(rubric) > MOST:
        reasons.append(_("Give at most %(most)d criteria.") % {"most": MOST})
    if any(not row["name"] or len(row["name"]) > LONGEST for row in rubric) or len({row["name"] for row in rubric}) < len(rubric):
        reasons.append(_("Each criterion needs a short name of its own."))
    if any(not 1 <= row["points"] <= MOST_POINTS for row in rubric):
        reasons.append(_("A criterion is worth 1 to %(most)d points: “Content = 4”.") % {"most": MOST_POINTS})
    return reasons
