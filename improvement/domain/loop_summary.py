"""The loop in numbers, as ``manage.py loop_summary --json`` prints it (decisions 28)."""

from __future__ import annotations

from django.db.models import Count, Q

from certificates.models import Certificate
from courses.models import Completion
from improvement.models import TrainingAssignment
from people.models import Account
from performance.enums import EvaluationState, Rating
from performance.models import Evaluation, EvaluationPeriod, Gap, PerformanceRecord


def loop_summary() -> dict:
    """Final evaluations by period (oldest first), gaps by kind and status (pairs that occur), and what followed from them."""
    return {
        "people": Account.objects.people().count(),
        "evaluations": _evaluations(),
        "gaps": [
            {"kind": kind, "status": status, "count": count}
            for kind, status, count in Gap.objects.order_by("kind", "status").values("kind", "status").annotate(n=Count("pk"))
            .values_list("kind", "status", "n")
        ],
        "assignments": TrainingAssignment.objects.standing().count(),
        "completions": Completion.objects.count(),
        "certificates": Certificate.objects.count(),
        "records": PerformanceRecord.objects.count(),
    }


def _evaluations() -> list[dict]:
    below = {
        "result_below": Count("pk", filter=Q(result_rating=Rating.BELOW)), "behaviour_below": Count("pk", filter=Q(behaviour_rating=Rating.BELOW)),
    }
    counted = Evaluation.objects.filter(state=EvaluationState.FINAL).order_by().values("period").annotate(count=Count("pk"), **below)
    periods = EvaluationPeriod.objects.in_bulk([row["period"] for row in counted])
    rows = sorted(counted, key=lambda row: (periods[row["period"]].starts_on, periods[row["period"]].ends_on))
    return [{**row, "period": periods[row["period"]].code} for row in rows]
