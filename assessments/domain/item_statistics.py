"""How the questions of a quiz did: facility, discrimination, answers, time, reliability, by question version, with signs in plain words.

Counted are finished attempts with a result: no trials of trainers, none that was stopped or waits for a grade; by default the first attempt
of each person (a second one follows what was read after the first). Below ``FEWEST`` attempts nothing is told (decisions 8); signs that rest
on a correlation want ``FEWEST_FOR_SIGNS``, because in few attempts chance makes any.

The figures come from sums that the database adds up (``classical.py``); only the chosen answers are read row by row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain import classical, item_rows
from assessments.domain.context import TRIAL
from assessments.domain.statistics import FEWEST
from assessments.enums import AttemptState, Ending
from assessments.models import Attempt, QuestionVersion, Quiz, QuizVersion
from assessments.question_types import type_of

FEWEST_FOR_SIGNS = 20
TOO_EASY, TOO_HARD, WEAK, DRAWN = 0.95, 0.40, 0.10, 0.10
SIGNS = {
    "key": (_("The key may be wrong"), _("The strongest choose another answer. Look at the key first.")),
    "misleading": (_("Misleading"), _("It draws people who know the rest. Look at the wording.")),
    "hard": (_("very hard"), _("Few got it right. Is it taught in the lessons?")),
    "easy": (_("Too easy"), _("Nearly everybody got it right: it tells little.")),
    "weak": (_("Tells little apart"), _("Strong and weak answer it alike.")),
}
KEPT_SECONDS = 7 * 24 * 60 * 60


@dataclass(frozen=True)
class Answer:
    """One of the possible answers: how many chose it, shares of the upper and lower group (0 to 1; None without groups)."""

    text: str
    is_right: bool
    n: int
    share: float
    upper: float | None
    lower: float | None

    @property
    def percents(self) -> tuple[float, float | None, float | None]:
        """Of all, of the upper and of the lower group."""
        return 100 * self.share, _hundredfold(self.upper), _hundredfold(self.lower)


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100 * share


@dataclass(frozen=True)
class ItemFigures:
    """One question version. ``facility`` 0 to 1; ``discrimination`` is the item-rest correlation, ``index`` upper minus lower group;
    ``seconds`` the median until the first answer. ``signs``: codes of what to look at, worst first. All empty below ``FEWEST``."""

    version: int
    question: int
    number: int
    name: str
    type: str
    is_graded: bool
    n: int
    blank: int = 0
    facility: float | None = None
    discrimination: float | None = None
    index: float | None = None
    seconds: float | None = None
    answers: list[Answer] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float | None:
        return _hundredfold(self.facility)

    @property
    def points_apart(self) -> float | None:
        return _hundredfold(self.index)


@dataclass(frozen=True)
class QuizFigures:
    """A quiz. Scores in percent. ``alpha`` only where everybody got the same questions (``is_same_for_all``); ``error`` is the standard error of
    one score in percent points."""

    n: int
    items: list[ItemFigures] = field(default_factory=list)
    mean: float | None = None
    deviation: float | None = None
    passed: float | None = None
    alpha: float | None = None
    error: float | None = None
    minutes: float | None = None
    is_same_for_all: bool = True
    at: datetime | None = None

    @property
    def is_told(self) -> bool:
        return self.n >= FEWEST

    @property
    def passed_percent(self) -> float | None:
        return _hundredfold(self.passed)


def counted_attempts(quiz: Quiz, *, version: QuizVersion | None = None, is_first: bool = True) -> QuerySet[Attempt]:
    found = Attempt.objects.filter(quiz=quiz, state=AttemptState.FINISHED, score__isnull=False)
    found = found.exclude(context_key=TRIAL).exclude(ending=Ending.STOPPED)
    if version is not None:
        found = found.filter(version=version)
    return (found.filter(number=1) if is_first else found).order_by()


def state_of(found: QuerySet[Attempt]) -> tuple[int, str]:
    """How many attempts, and a word that changes with every new one and with every grade that is given anew."""
    row = found.aggregate(n=Count("pk"), last=Max("finished_at"), steps=Sum("last_sequence"))
    return row["n"], f"{row['n']}:{row['last']}:{row['steps']}"


def kept(quiz: Quiz, *, version: QuizVersion | None = None, is_first: bool = True) -> tuple[QuizFigures | None, int, str]:
    """What was computed for this very state, if it was; the number of attempts and the key under which to keep it."""
    n, state = state_of(counted_attempts(quiz, version=version, is_first=is_first))
    key = f"item-statistics:1:{quiz.pk}:{version.pk if version else 0}:{int(is_first)}:{state}".replace(" ", "_")
    return cache.get(key), n, key


def figures(quiz: Quiz, *, version: QuizVersion | None = None, is_first: bool = True) -> QuizFigures:
    """Computed, or as they were kept for this very state."""
    found, n, key = kept(quiz, version=version, is_first=is_first)
    if found is None:
        found = compute(counted_attempts(quiz, version=version, is_first=is_first), n)
        cache.set(key, found, KEPT_SECONDS)
    return found


def compute(found: QuerySet[Attempt], n: int) -> QuizFigures:
    """``n`` is their number. Four queries and the answers, whatever the number of questions."""
    if n < FEWEST:
        return QuizFigures(n, at=timezone.now())
    rows = list(found.values_list("score", "points", "is_passed", "started_at", "finished_at"))
    scores, totals = [float(row[0]) for row in rows], [float(row[1]) for row in rows]
    cuts = classical.cut_scores(scores)
    sums = item_rows.sums_of(found, cuts)
    versions = {one.pk: one for one in QuestionVersion.objects.filter(pk__in=sums).select_related("question", "answer_key")}
    chosen, seconds = item_rows.chosen(found, versions, cuts), item_rows.seconds(found)
    items = [_item(versions[pk], sums[pk], chosen.get(pk), seconds.get(pk)) for pk in sorted(sums, key=lambda pk: (sums[pk]["place"], pk))]
    is_same = all(row["shown"] == n for row in sums.values())
    deviation = _deviation(scores)
    reliability = _reliability(sums, versions, totals) if is_same else None
    return QuizFigures(
        n, items, sum(scores) / n, deviation, sum(bool(row[2]) for row in rows) / n, reliability, classical.standard_error(deviation, reliability),
        median((row[4] - row[3]).total_seconds() for row in rows) / 60, is_same, timezone.now())


def _reliability(sums: Mapping[int, Mapping[str, Any]], versions: Mapping[int, QuestionVersion], totals: list[float]) -> float | None:
    """None where a question was graded for some only (a person's grade was left out)."""
    graded = {pk: row for pk, row in sums.items() if row["n"]}
    if any(row["n"] != len(totals) for row in graded.values()):
        return None
    variances = [float(versions[pk].points) ** 2 * item_rows.as_sums(row).variance for pk, row in graded.items()]
    return classical.alpha(variances, _deviation(totals) ** 2)


def _deviation(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def nothing_yet(version: QuestionVersion, *, n: int = 0) -> ItemFigures:
    question = version.question
    return ItemFigures(version.pk, question.pk, version.number, question.name, question.type, type_of(question.type).is_graded, n)


def _item(version: QuestionVersion, row: Mapping[str, Any], chosen: dict[str, Counter] | None, seconds: float | None) -> ItemFigures:
    empty = nothing_yet(version, n=row["shown"])
    if row["shown"] < FEWEST:
        return empty
    facility = discrimination = index = None
    if row["n"] >= FEWEST:
        sums = item_rows.as_sums(row)
        facility, discrimination = sums.facility, classical.item_rest(sums, float(version.points))
        if row["upper_n"] and row["lower_n"]:
            index = row["upper_x"] / row["upper_n"] - row["lower_x"] / row["lower_n"]
    answers = list(_answers(version, row, chosen)) if chosen is not None else []
    item = replace(empty, blank=row["blank"], facility=facility, discrimination=discrimination, index=index, seconds=seconds, answers=answers,
                   signs=[])
    item.signs.extend(_signs(item, row["n"]))
    return item


def _answers(version: QuestionVersion, row: Mapping[str, Any], chosen: dict[str, Counter]) -> Iterable[Answer]:
    kind, key = type_of(version.question.type), version.answer_key
    right = set(key.data.get("correct", ()))
    everything = [option["id"] for option in version.body.get("options", ())]
    for name, text in kind.choices_of(everything, version.body) or ():
        times, groups = chosen["all"][name], row["upper_n"] and row["lower_n"]
        yield Answer(text, name in right, times, times / row["shown"], chosen["upper"][name] / row["upper_n"] if groups else None,
                     chosen["lower"][name] / row["lower_n"] if groups else None)


def _signs(item: ItemFigures, n: int) -> Iterable[str]:
    """``key``: the strong choose another answer and the right one tells them apart the wrong way round. ``misleading``: a wrong answer draws
    more of the strong than of the weak, or the question as a whole does. ``hard``, ``easy``: facility. ``weak``: it hardly tells apart."""
    if item.facility is None:
        return
    is_enough = n >= FEWEST_FOR_SIGNS and item.discrimination is not None
    wrong = [answer for answer in item.answers if not answer.is_right and answer.upper is not None]
    best = max((answer.upper or 0.0 for answer in item.answers if answer.is_right), default=None)
    if is_enough and (item.discrimination or 0) < 0 and best is not None and any((answer.upper or 0) > best for answer in wrong):
        yield "key"
    elif is_enough and ((item.discrimination or 0) < 0 or any(map(_draws_the_strong, wrong))):
        yield "misleading"
    if item.facility < TOO_HARD:
        yield "hard"
    elif item.facility > TOO_EASY:
        yield "easy"
    elif is_enough and 0 <= (item.discrimination or 0) < WEAK:
        yield "weak"


def _draws_the_strong(answer: Answer) -> bool:
    return answer.share >= DRAWN and (answer.upper or 0) > (answer.lower or 0) + DRAWN
