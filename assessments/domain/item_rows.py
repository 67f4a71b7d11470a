"""What item statistics read: sums over marks (one query), chosen answers (one pass), times of the latest attempts (two queries)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Case, Count, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast

from assessments.domain import classical
from assessments.domain.statistics import FEWEST
from assessments.enums import StepKind
from assessments.models import Attempt, Mark, QuestionVersion, Step
from assessments.question_types import type_of

MOST_TIMED = 1_000  # attempts whose steps are read for the times
LONGEST_PAUSE = 30 * 60  # seconds; who is away longer was not answering


def sums_of(found: QuerySet[Attempt], cuts: tuple[float, float] | None) -> dict[int, dict[str, Any]]:
    """By question version, one query: how often shown and graded, the sums of fraction and total, the two groups."""
    x, t = Cast("fraction", FloatField()), Cast("attempt__points", FloatField())
    graded = Q(fraction__isnull=False)
    high, low = cuts or (101.0, -1.0)  # no groups: nobody is above or below
    upper, lower = Q(attempt__score__gte=high) & graded, Q(attempt__score__lte=low) & graded
    total = Case(When(graded, then=t), default=Value(0.0), output_field=FloatField())
    rows = Mark.objects.filter(attempt__in=found.values("pk")).order_by().values("version_id").annotate(
        shown=Count("pk"), n=Count("fraction"), blank=Count("pk", filter=Q(is_answered=False)), place=Sum("position") * 1.0 / Count("pk"),
        x=Sum(x), xx=Sum(x * x, output_field=FloatField()), t=Sum(total), tt=Sum(total * total, output_field=FloatField()),
        xt=Sum(x * t, output_field=FloatField()),
        upper_n=Count("pk", filter=upper), upper_x=Sum(x, filter=upper), lower_n=Count("pk", filter=lower), lower_x=Sum(x, filter=lower),
    )
    return {row["version_id"]: dict(row) for row in rows}


def as_sums(row: Mapping[str, Any]) -> classical.Sums:
    return classical.Sums(row["n"], row["x"], row["xx"], row["t"], row["tt"], row["xt"])


def _tally() -> dict[str, Counter]:
    return defaultdict(Counter)


def chosen(
    found: QuerySet[Attempt], versions: Mapping[int, QuestionVersion], cuts: tuple[float, float] | None
) -> dict[int, dict[str, Counter]]:
    """By version and group (all, upper, lower): how often each possible answer was given, by its id. Equal responses are looked at once."""
    listed = {str(pk): version for pk, version in versions.items() if type_of(version.question.type).choices_of(None, version.body) is not None}
    counted: dict[str, Counter] = {key: Counter() for key in listed}
    examples: dict[str, dict[str, Any]] = {key: {} for key in listed}
    high, low = cuts or (101.0, -1.0)
    for answers, score in (found.values_list("answers", "score").iterator(chunk_size=2_000) if listed else ()):
        group = "upper" if score >= high else "lower" if score <= low else ""
        for key, response in answers.items():
            if key in counted:
                word = repr(response)
                counted[key][word, group] += 1
                examples[key].setdefault(word, response)
    result: dict[int, dict[str, Counter]] = {}
    for key, version in listed.items():
        kind, tally = type_of(version.question.type), _tally()
        for (word, group), times in counted[key].items():
            for name, _text in kind.choices_of(examples[key][word], version.body) or ():
                tally["all"][name] += times
                if group:
                    tally[group][name] += times
        result[version.pk] = tally
    return result


def seconds(found: QuerySet[Attempt]) -> dict[int, float]:
    """The median time until the first answer, by version, over the latest attempts; what came together (a line that was cut) is left out."""
    latest = list(found.order_by("-finished_at").values_list("pk", flat=True)[:MOST_TIMED])
    times: dict[int, list[float]] = defaultdict(list)
    before: dict[int, datetime] = {}
    seen: set[tuple[int, int]] = set()
    rows = Step.objects.filter(attempt__in=latest, kind__in=[StepKind.START, StepKind.ANSWER]).order_by("attempt", "sequence")
    for attempt, version, at in rows.values_list("attempt_id", "version_id", "at").iterator(chunk_size=2_000):
        if version is not None and (attempt, version) not in seen:
            seen.add((attempt, version))
            took = (at - before[attempt]).total_seconds() if attempt in before else 0.0
            if 1 <= took <= LONGEST_PAUSE:
                times[version].append(took)
        before[attempt] = at
    return {version: median(values) for version, values in times.items() if len(values) >= FEWEST}
