"""Who may open which screen of performance. Which rows she sees there is ``visible_to`` in the models."""

from __future__ import annotations

from django.utils.translation import gettext as _

from people.models import Account, scope_of
from performance.models import Evaluation


def may_read_standards(user: Account) -> bool:
    """H9: HR and auditors read what is measured and how; everybody reads her own standards on her own page."""
    return scope_of(user).has("hr_central", "hr_unit", "auditor")


def may_manage(by: Account) -> list[str]:
    """H9: central HR keeps indicators, standards, periods and rules; HR of a unit reads them."""
    return [] if scope_of(by).has("hr_central") else [_("Only central HR changes standards and rules.")]


def may_keep_standards(user: Account) -> bool:
    """As ``may_manage``, for screens that only ask whether."""
    return not may_manage(user)


def may_measure(user: Account) -> bool:
    """E1: evaluators, superiors, and whoever appraised somebody last."""
    scope = scope_of(user)
    if scope.has("evaluator") or scope.has_staff:
        return True
    return Evaluation.objects.final().filter(appraiser=user).exists()
