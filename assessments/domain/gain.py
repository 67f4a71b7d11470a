"""Before and after: what the same people reached in a pre-test and in the first attempt of the quiz that followed, in all and by objective.

The first attempt, because the best of three would count the trying as learning. Pairs share a context (the enrolment). It says that people
answer better, not why: nobody is compared with people who took no course, and a gap closes by a re-evaluation only. Below ``FEWEST`` pairs
nothing is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import FloatField, QuerySet, Sum
from django.db.models.functions import Cast

from assessments.domain import classical
from assessments.domain.item_statistics import counted_attempts
from assessments.domain.statistics import FEWEST
from assessments.enums import QuizKind
from assessments.models import Attempt, Mark, Quiz


@dataclass(frozen=True)
class ObjectiveGain:
    """``gain`` in percent points; None below ``FEWEST`` pairs (then ``n`` says how many there are)."""

    objective: str
    n: int
    gain: classical.Gain | None


@dataclass(frozen=True)
class QuizGain:
    """``before``: the pre-test. ``gain`` as above; ``objectives`` those that both quizzes ask."""

    before: Quiz
    n: int
    gain: classical.Gain | None
    objectives: list[ObjectiveGain]


def gains(quiz: Quiz) -> list[QuizGain]:
    """One for each pre-test that people of this final quiz took in the same context. Four queries a pre-test."""
    if quiz.kind != QuizKind.POST:
        return []
    after = counted_attempts(quiz).exclude(context_key="")
    found = Attempt.objects.filter(quiz__kind=QuizKind.PRE, context_key__in=after.values("context_key"), score__isnull=False)
    return [gain_between(before, quiz) for before in Quiz.objects.filter(pk__in=found.order_by().values("quiz")).order_by("title", "pk")]


def gain_between(before: Quiz, after: Quiz) -> QuizGain:
    """Paired by person and context."""
    first, then = counted_attempts(before).exclude(context_key=""), counted_attempts(after).exclude(context_key="")
    scores = [_scores(first), _scores(then)]
    shared = scores[0].keys() & scores[1].keys()
    pairs = [(scores[0][key], scores[1][key]) for key in shared]
    return QuizGain(before, len(pairs), _told(pairs), _by_objective(first, then) if len(pairs) >= FEWEST else [])


Key = tuple[int, str]


def _scores(found: QuerySet[Attempt]) -> dict[Key, float]:
    return {(person, key): float(score) for person, key, score in found.values_list("person_id", "context_key", "score")}


def _by_objective(first: QuerySet[Attempt], then: QuerySet[Attempt]) -> list[ObjectiveGain]:
    before, after = _shares(first), _shares(then)
    result = []
    for name in sorted(before.keys() & after.keys()):
        pairs = [(before[name][key], after[name][key]) for key in before[name].keys() & after[name].keys()]
        result.append(ObjectiveGain(name, len(pairs), _told(pairs)))
    return result


def _shares(found: QuerySet[Attempt]) -> Mapping[str, dict[Key, float]]:
    """Percent of the points of each objective, by person and context."""
    worth = Cast("version__points", FloatField())
    rows = (
        Mark.objects.filter(attempt__in=found.values("pk"), fraction__isnull=False, version__question__objective__isnull=False).order_by()
        .values("attempt", "version__question__objective")
        .annotate(earned=Sum(Cast("fraction", FloatField()) * worth, output_field=FloatField()), possible=Sum(worth))
        .values_list("attempt__person", "attempt__context_key", "earned", "possible", "version__question__objective__name")
    )
    result: dict[str, dict[Key, float]] = defaultdict(dict)
    for person, key, earned, possible, name in rows:
        result[name][person, key] = 100 * earned / possible
    return result


def _told(pairs: list[tuple[float, float]]) -> classical.Gain | None:
    return classical.paired_gain(pairs) if len(pairs) >= FEWEST else None
