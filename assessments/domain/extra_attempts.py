"""Attempts beyond the limit, granted to one person (the app around the quiz decides who may)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain import attempts
from assessments.models import ExtraAttempt, QuizVersion
from core.domain import audit
from core.domain.errors import RuleViolation
from people.models import Account


def grant_problems(person: Account, quiz_version: QuizVersion, *, context_key: str, by: Account) -> list[str]:
    """Why no further attempt can be granted (sentences; empty = it can). Whether the quiz is passed, the app around it knows: an attempt
    that was stopped may have had all answers right and is no result."""
    found = attempts.situation(person, quiz_version, context_key=context_key)
    reasons = []
    if by.pk == person.pk:
        reasons.append(_("Nobody grants herself an attempt; ask a colleague."))
    if not attempts.is_used_up(found):
        reasons.append(_("There is an attempt left or running; another one is given when it is used."))
    return reasons


@transaction.atomic
def grant(person: Account, quiz_version: QuizVersion, *, context_key: str, by: Account, at: datetime | None = None) -> ExtraAttempt:
    """One attempt more, on record. ``RuleViolation``: see ``grant_problems``. The caller holds a lock that keeps two grants apart."""
    at = at or timezone.now()
    if reasons := grant_problems(person, quiz_version, context_key=context_key, by=by):
        raise RuleViolation(reasons)
    extra = ExtraAttempt.objects.create(person=person, quiz_id=quiz_version.quiz_id, context_key=context_key, by=by, at=at)
    audit.record("attempt.granted", extra, by=by, subject=person, detail={"quiz": quiz_version.quiz_id, "context": context_key}, at=at)
    return extra
