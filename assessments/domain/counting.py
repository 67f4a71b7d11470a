"""What a person's attempts of one quiz amount to (best, last or average: a setting of the quiz)."""

from __future__ import annotations

from django.db.models import Q

from assessments.access_rules import COUNTED
from assessments.access_rules.counted import CountedResult
from assessments.domain.context import series
from assessments.enums import AttemptState
from assessments.models import Attempt

__all__ = ["CountedResult", "counted_of", "counted_result"]


def counted_result(spec: dict, attempts: list[Attempt]) -> CountedResult:
    """Of ``attempts`` that were read already."""
    return COUNTED.result(spec, attempts)


def counted_of(attempt: Attempt) -> CountedResult:
    """Of the series that ``attempt`` belongs to, by the settings under which it was made: one query."""
    hers = Q(series(attempt.context_key), person=attempt.person_id, quiz=attempt.quiz_id, state=AttemptState.FINISHED)
    return COUNTED.result(attempt.version.spec, list(Attempt.objects.filter(hers)))
