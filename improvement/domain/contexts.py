"""The person's own words on a finding, context or objection, and their answer: both are told, and what waits stands on S5."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.domain.errors import RuleViolation
from improvement.domain import notices
from improvement.rules import may_decide, people_decided_by
from people.models import Account
from performance.domain import gaps
from performance.models import Gap, GapContext


@transaction.atomic
def add_context(gap: Gap, kind: str, text: str, *, by: Account, at: datetime | None = None) -> GapContext:
    """Whoever decides for the person is told. ``RuleViolation``: see ``performance.domain.gaps.add_context``."""
    moment = at or timezone.now()
    context = gaps.add_context(gap, kind, text, by=by, at=moment)
    notices.tell_context(context, notices.deciders_for(gap.person), at=moment)
    return context


@transaction.atomic
def answer_context(context: GapContext, text: str, *, by: Account, at: datetime | None = None) -> GapContext:
    """Superior or HR of the unit answer once, and the person is told."""
    moment = at or timezone.now()
    if reasons := may_decide(context.gap.person, by=by):
        raise RuleViolation(reasons)
    answered = gaps.answer_context(context, text, by=by, at=moment)
    notices.tell_context_answer(answered, at=moment)
    return answered


def unanswered_contexts(user: Account) -> QuerySet[GapContext]:
    """What ``user`` can answer."""
    return GapContext.objects.filter(answered_at__isnull=True, gap__person__in=people_decided_by(user))
