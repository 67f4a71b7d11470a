"""Who may open which screen of performance. Which rows she sees there is ``visible_to`` in the models."""

from __future__ import annotations

from people.models import Account, scope_of
from performance.models import Evaluation


def may_read_standards(user: Account) -> bool:
    """H9: HR and auditors read what is measured and how; everybody reads her own standards on her own page."""
    return scope_of(user).has("hr_central", "hr_unit", "auditor")


def may_keep_standards(user: Account) -> bool:
    """H9: central HR alone writes."""
    return scope_of(user).has("hr_central")


def may_measure(user: Account) -> bool:
    """E1: evaluators, superiors, and whoever appraised somebody last."""
    scope = scope_of(user)
    if scope.has("evaluator") or scope.has_staff:
        return True
    return Evaluation.objects.final().filter(appraiser=user).exists()
