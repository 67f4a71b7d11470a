"""Rows of the 3x3 table that hold from a day on: the next one ends the present one; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from people.models import Account
from performance.rules import may_manage


@transaction.atomic
def succeed(row: Any, later: Any, *, save: Callable, by: Account, at: datetime | None = None) -> Any:
    """From ``later.valid_from`` on another row (a predicate, a plan) stands in the cell of ``row``, which ends the day before.

    ``save(obj, by=, at=)`` keeps either, with its checks and its audit line. What was evaluated before that day goes by the former row.
    ``RuleViolation``: no day, a day not after the former's beginning, or one at which a row of the cell begins already.
    """
    rows = type(row)._default_manager
    former = rows.select_for_update().get(pk=row.pk)
    later.result_rating, later.behaviour_rating = former.result_rating, former.behaviour_rating
    reasons = may_manage(by)
    if later.valid_from is None:
        reasons.append(_("Say from which day it holds."))
    elif former.valid_from and later.valid_from <= former.valid_from:
        reasons.append(_("The new row begins after the one it follows."))
    elif rows.filter(result_rating=former.result_rating, behaviour_rating=former.behaviour_rating, valid_from=later.valid_from).exists():
        reasons.append(_("This place of the table has a row with this beginning already."))
    if reasons:
        raise RuleViolation(reasons)
    if former.valid_to is None or former.valid_to >= later.valid_from:
        former.valid_to = later.valid_from - timedelta(days=1)
        save(former, by=by, at=at)
    return save(later, by=by, at=at)
