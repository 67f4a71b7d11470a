"""Which of several attempts counts: the best, the last, or the average of all. A stopped attempt is no result, whatever its answers are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments.access_rules.base import GradingRule, Situation
from assessments.enums import Counted, Ending, QuizKind

if TYPE_CHECKING:
    from assessments.models import Attempt


@dataclass(frozen=True)
class CountedResult:
    """``score`` in percent; None: no attempt counts yet. ``attempt`` is the one that decided (of an average: the last)."""

    score: Decimal | None
    is_passed: bool
    attempt: Attempt | None


class CountedAttempts(GradingRule):
    def words(self, situation: Situation) -> list[str]:
        spec = situation.spec
        if spec.get("attempt_limit") == 1 or spec.get("kind") == QuizKind.PRE:
            return []
        return {Counted.LAST: [_("Your last attempt counts.")], Counted.AVERAGE: [_("The average of all your attempts counts.")]}.get(
            spec.get("counted"), [])

    def result(self, spec: dict, attempts: Sequence[Attempt]) -> CountedResult:
        """``attempts`` of one series in any order. Of an average, the exact shares of the points are compared with the pass mark."""
        graded = [one for one in attempts if one.finished_at and one.score is not None and one.ending != Ending.STOPPED]
        if not graded:
            return CountedResult(None, False, None)
        last = max(graded, key=lambda one: (one.finished_at, one.pk))
        if spec.get("counted") == Counted.LAST:
            return CountedResult(last.score, bool(last.is_passed), last)
        if spec.get("counted") != Counted.AVERAGE:
            best = max(graded, key=lambda one: (one.score, bool(one.is_passed), -one.finished_at.timestamp()))
            return CountedResult(best.score, any(one.is_passed for one in graded), best)
        mean = sum((_share(one) for one in graded), Fraction(0)) / len(graded)
        passed = {bool(one.is_passed) for one in graded}
        is_passed = passed.pop() if len(passed) == 1 else mean * 100 >= spec["pass_mark"]
        percent = (Decimal((mean * 100).numerator) / Decimal((mean * 100).denominator)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return CountedResult(percent, is_passed, last)


def _share(attempt: Attempt) -> Fraction:
    if attempt.points is None or not attempt.points_possible:
        return Fraction(attempt.score or 0) / 100
    return Fraction(attempt.points) / Fraction(attempt.points_possible)
