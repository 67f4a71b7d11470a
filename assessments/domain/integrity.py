"""Signs that a talk may be needed, for the trainers of a quiz only: computed when somebody looks, stored nowhere, no score about anybody.

*Very fast*: handed in in less than a quarter of the median time and faster than the questions can be read. It has innocent reasons: who has
worked there for years is fast. Below ``FEWEST`` attempts nothing is told. Shared wrong answers are not looked at: a plain count of them (Harpp &
Hogan 1993) named a quarter of 100 simulated people who had answered by themselves; only an index with a measure of chance may point at people.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from assessments.domain.item_statistics import counted_attempts
from assessments.models import Attempt, QuestionVersion, Quiz

FEWEST = 20
MOST = 300  # of the latest attempts
SHARE_OF_MEDIAN = 0.25
WORDS_A_SECOND = 8  # twice as fast as people read


@dataclass(frozen=True)
class Fast:
    attempt: Attempt
    seconds: float


@dataclass(frozen=True)
class Signs:
    """``n`` attempts were looked at; ``median`` in seconds."""

    n: int
    median: float | None
    fast: list[Fast]

    @property
    def is_told(self) -> bool:
        return self.n >= FEWEST


def signs(quiz: Quiz) -> Signs:
    """Over the latest first attempts. Two queries."""
    found = list(counted_attempts(quiz).select_related("person").order_by("-finished_at", "-pk")[:MOST])
    if len(found) < FEWEST:
        return Signs(len(found), None, [])
    versions = {version.pk: version for version in QuestionVersion.objects.filter(
        pk__in={laid["v"] for attempt in found for laid in attempt.layout}).select_related("question")}
    took = {attempt.pk: (attempt.finished_at - attempt.started_at).total_seconds() for attempt in found if attempt.finished_at}
    middle = median(took.values())
    words = {pk: _words(version) for pk, version in versions.items()}
    fast = [Fast(attempt, took[attempt.pk]) for attempt in found if took[attempt.pk] < SHARE_OF_MEDIAN * middle
            and took[attempt.pk] < sum(words[laid["v"]] for laid in attempt.layout) / WORDS_A_SECOND]
    return Signs(len(found), middle, sorted(fast, key=lambda one: one.seconds))


def _words(version: QuestionVersion) -> int:
    return len(version.stem.split()) + sum(len(option["text"].split()) for option in version.body.get("options", ()))
