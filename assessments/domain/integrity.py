"""Signs that a talk may be needed, for the trainers of a quiz only: computed when somebody looks, stored nowhere, no score about anybody.

*Very fast*: handed in in less than a quarter of the median time and faster than the questions can be read. *Alike*: two people share exactly the
same wrong answers and hardly differ otherwise (Harpp, D. N. & Hogan, J. J. 1993, "Crime in the classroom: Detection and prevention of
cheating on multiple-choice exams", J. Chem. Educ. 70(4), 306-311: exact errors in common over differences, at least 1.0; theirs wants
many errors, we want ``FEWEST_ERRORS``). Both have innocent reasons: who has worked there for years is fast, who learned together errs together.
A pair is compared over the questions that both were shown. Below ``FEWEST`` attempts nothing is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any

from assessments.domain.item_statistics import counted_attempts
from assessments.models import Attempt, Mark, QuestionVersion, Quiz
from assessments.question_types import type_of

FEWEST = 20
MOST = 300  # of the latest attempts
FEWEST_ERRORS = 5
SHARE_OF_MEDIAN = 0.25
WORDS_A_SECOND = 8  # twice as fast as people read
Answers = dict[int, tuple[str, bool]]


@dataclass(frozen=True)
class Fast:
    attempt: Attempt
    seconds: float


@dataclass(frozen=True)
class Alike:
    """``errors`` in common, exactly the same; ``differences`` between the two over the questions that both had."""

    one: Attempt
    other: Attempt
    errors: int
    differences: int


@dataclass(frozen=True)
class Signs:
    """``n`` attempts were looked at; ``median`` in seconds."""

    n: int
    median: float | None
    fast: list[Fast]
    alike: list[Alike]

    @property
    def is_told(self) -> bool:
        return self.n >= FEWEST


def signs(quiz: Quiz) -> Signs:
    """Over the latest first attempts. Three queries."""
    found = list(counted_attempts(quiz).select_related("person").order_by("-finished_at", "-pk")[:MOST])
    if len(found) < FEWEST:
        return Signs(len(found), None, [], [])
    versions = {version.pk: version for version in QuestionVersion.objects.filter(
        pk__in={laid["v"] for attempt in found for laid in attempt.layout}).select_related("question")}
    took = {attempt.pk: (attempt.finished_at - attempt.started_at).total_seconds() for attempt in found if attempt.finished_at}
    middle = median(took.values())
    words = {pk: _words(version) for pk, version in versions.items()}
    fast = [Fast(attempt, took[attempt.pk]) for attempt in found if took[attempt.pk] < SHARE_OF_MEDIAN * middle
            and took[attempt.pk] < sum(words[laid["v"]] for laid in attempt.layout) / WORDS_A_SECOND]
    return Signs(len(found), middle, sorted(fast, key=lambda one: one.seconds), _alike(found, versions))


def _words(version: QuestionVersion) -> int:
    return len(version.stem.split()) + sum(len(option["text"].split()) for option in version.body.get("options", ()))


def _alike(found: list[Attempt], versions: Mapping[int, QuestionVersion]) -> list[Alike]:
    """Only answers chosen from a list are compared; typed ones are the same for many reasons."""
    listed = {pk for pk, version in versions.items() if type_of(version.question.type).has_options}
    given: dict[int, Answers] = {attempt.pk: {} for attempt in found}
    by_pk = {attempt.pk: attempt for attempt in found}
    rows = Mark.objects.filter(attempt__in=found, version__in=listed, is_answered=True, fraction__isnull=False)
    for pk, version, fraction in rows.values_list("attempt_id", "version_id", "fraction"):
        given[pk][version] = (_chosen(by_pk[pk].answers.get(str(version))), fraction == 0)
    together: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, answers in given.items():
        for version, (chosen, is_wrong) in answers.items():
            if is_wrong:
                together[version, chosen].append(pk)
    errors = Counter(pair for members in together.values() for pair in combinations(sorted(members), 2))
    pairs = []
    for (one, other), count in errors.items():
        if count >= FEWEST_ERRORS:
            shared = given[one].keys() & given[other].keys()
            differences = sum(given[one][version][0] != given[other][version][0] for version in shared)
            if count >= differences:
                pairs.append(Alike(by_pk[one], by_pk[other], count, differences))
    return sorted(pairs, key=lambda pair: (pair.differences - pair.errors, pair.one.pk, pair.other.pk))


def _chosen(response: Any) -> str:
    return ",".join(sorted(map(str, response))) if isinstance(response, list) else str(response)
