"""The filters of HR's screens, read from the address (H1 to H4); what is not the reader's, or is no choice at all, is a 404."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from improvement.domain.gap_list import UNFINISHED, GapChoice
from improvement.domain.summary import periods_with_gaps, units_for
from people.enums import PostKind
from people.models import Account, OrgUnit
from performance.models import EvaluationPeriod

UNITS_AT_MOST = 400


@dataclass(frozen=True)
class Filters:
    """``?unit=4&periode=7&jabatan=pelaksana`` and, for the list of gaps, ``status``, ``tahun`` (of closing) and ``sebab``."""

    user: Account
    unit: OrgUnit | None = None
    period: EvaluationPeriod | None = None
    post: str = ""
    asked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Filters:
        asked = {name: request.GET.get(name, "") for name in ("unit", "periode", "jabatan", "tahun", "sebab")}
        unit, period = _number(asked["unit"]), _number(asked["periode"])
        if asked["jabatan"] not in ("", *PostKind.values):
            raise Http404
        return cls(
            user=request.user,
            unit=get_object_or_404(units_for(request.user), pk=unit) if unit else None,
            period=get_object_or_404(EvaluationPeriod, pk=period) if period else None,
            post=asked["jabatan"],
            asked=asked | {"status": request.GET.get("status", UNFINISHED)},
        )

    def gaps(self) -> GapChoice:
        """The choice of the list of gaps."""
        year = _number(self.asked["tahun"])
        if year is not None and not 2000 <= year <= 2200:
            raise Http404
        try:
            return GapChoice(self.unit, self.period, self.post, self.asked["status"], year, self.asked["sebab"])
        except ValueError as wrong:
            raise Http404 from wrong

    @cached_property
    def units(self) -> list[OrgUnit]:
        return list(units_for(self.user).order_by("path")[:UNITS_AT_MOST])

    @cached_property
    def periods(self) -> list[EvaluationPeriod]:
        return periods_with_gaps()

    @property
    def posts(self) -> list[tuple[str, str]]:
        return PostKind.choices


def _number(words: str) -> int | None:
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) < 12):
        raise Http404
    return int(words)
