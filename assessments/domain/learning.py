"""Learning mode: the answer of a question is looked at while the attempt runs, and is final from then on. The look is a step of the attempt.

This and ``grading`` are the only learner-side code that loads answer keys: here of one question, after its reveal is stored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from assessments.domain import attempts, grading, modes, results
from assessments.models import AnswerKey, Attempt, QuestionVersion
from core.domain.errors import RuleViolation


def look(
    attempt: Attempt, version_id: int, chosen: Any = None, *, is_flagged: bool | None = None, client_revision: int | None = None,
    at: datetime | None = None,
) -> attempts.Saved:
    """Store an answer and look at it, in one write. Looked at already: nothing changes, the same answer is no mistake.

    ``RuleViolation``: the quiz is not in learning mode, or the question has no answer yet; ``AnswerFinal``: another answer stands."""
    if not modes.is_learning(attempt.version.spec):
        raise RuleViolation(_("This quiz tells what is right after the hand-in, not before."))
    return attempts.save(attempt, version_id, chosen, is_flagged=is_flagged, client_revision=client_revision, reveals=True, at=at)


def is_looked_at(attempt: Attempt, version_id: int) -> bool:
    return version_id in attempt.revealed


def feedback_on(attempt: Attempt, n: int) -> tuple[QuestionVersion, results.Explained]:
    """Question ``n`` with all that is to say about it: one query. ``ValueError`` before its answer was looked at: its key is not read."""
    version_id = attempt.layout[n - 1]["v"]
    if not is_looked_at(attempt, version_id):
        raise ValueError("the answer was not looked at")
    key = AnswerKey.objects.select_related("version__question").get(pk=version_id)
    fraction = grading.fraction_of(key, attempt.answers.get(str(version_id)))
    return key.version, results.explained(attempt, n, key, fraction)
