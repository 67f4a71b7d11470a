"""What is offered for a gap and by when (domain.md §1.6): the gap rule names the remedies, the plan of the evaluation's cell the dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from core.domain import audit
from core.domain.dates import add_months, local_date
from core.domain.errors import RuleViolation
from improvement.enums import Remedy
from improvement.models import Proposal, RemedyRule
from people.models import Account
from performance.enums import GapKind
from performance.models import Evaluation, Gap
from performance.rules import may_manage


class Plans:
    """The plans of all cells, read once."""

    def __init__(self) -> None:
        self._by_cell: dict[tuple[str, str], list[RemedyRule]] = {}
        rows = sorted(RemedyRule.objects.all(), key=lambda plan: (plan.valid_from or date.min, plan.pk))
        for plan in rows:
            self._by_cell.setdefault((plan.result_rating, plan.behaviour_rating), []).append(plan)

    def of(self, evaluation: Evaluation) -> RemedyRule | None:
        """The plan that held on the last day of the evaluation's period."""
        day = evaluation.period.ends_on
        plans = self._by_cell.get((evaluation.result_rating, evaluation.behaviour_rating), [])
        valid = [plan for plan in plans if (plan.valid_from or day) <= day <= (plan.valid_to or day)]
        return valid[-1] if valid else None


def coaching_for(gap: Gap) -> list[str]:
    """The talks of a case in their order. Behaviour begins with support, whatever the rule says; a rule without any remedy means the usual."""
    wanted = gap.rule.default_remedies if gap.rule_id else []
    if gap.kind == GapKind.BEHAVIOUR:
        return [Remedy.COUNSELLING, *([Remedy.GUIDANCE] if Remedy.GUIDANCE in wanted else [])]
    return [Remedy.GUIDANCE] if Remedy.GUIDANCE in wanted or not wanted else []


def proposes_courses(gap: Gap) -> bool:
    """Whether the gap's rule lets courses be proposed; a person may still assign one."""
    wanted = gap.rule.default_remedies if gap.rule_id else []
    return Remedy.COURSE in wanted or not wanted


def terms(plan: RemedyRule | None, gap: Gap) -> dict:
    """What the reason of an offer keeps of the plan: days for the talk, the advice, until when there is time to improve."""
    if plan is None:
        return {"within_days": None}
    months = plan.improvement_months
    until = add_months(local_date(gap.opened_at), months).isoformat() if months else None
    return {"within_days": plan.within_days, "note": plan.note, "improve_until": until, "improve_basis": plan.legal_basis if until else ""}


def due_within(proposal: Proposal) -> datetime | None:
    """Until when the talk should take place."""
    days = proposal.reason.get("within_days")
    return proposal.created_at + timedelta(days=days) if days else None


# --- keeping -------------------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def save_plan(plan: RemedyRule, *, by: Account, at: datetime | None = None) -> RemedyRule:
    """A plan as a form filled it. Offers that were made keep the dates that they were made with."""
    if reasons := may_manage(by):
        raise RuleViolation(reasons)
    former = RemedyRule.objects.select_for_update().filter(pk=plan.pk).first()
    plan.full_clean()
    plan.save()
    audit.record("plan.saved", plan, by=by, before=_facts(former) if former else None, after=_facts(plan), at=at)
    return plan


def _facts(plan: RemedyRule) -> dict:
    return {field.attname: str(getattr(plan, field.attname)) for field in plan._meta.concrete_fields}
