"""The pass mark is compared with the exact share of the points, not with the rounded percent. A pre-test decides nothing and says nothing."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.access_rules.base import GradingRule, Situation
from assessments.enums import QuizKind
from core.domain.numbers import format_percent


class PassMark(GradingRule):
    def words(self, situation: Situation) -> list[str]:
        spec = situation.spec
        if spec.get("kind") == QuizKind.PRE or spec.get("pass_mark") is None:
            return []
        return [_("You pass with at least %(mark)s of the points.") % {"mark": format_percent(spec["pass_mark"])}]

    def is_passed(self, spec: dict, share: Fraction) -> bool:
        return share * 100 >= spec["pass_mark"]
