"""What a learner reads after hand-in: the result in words, what to read again, and of each question what the review matrix opens.

What is not open is not on these objects: the page cannot show it by mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.access_rules import Situation
from assessments.domain import bands, hand_grading, review
from assessments.domain.context import Place
from assessments.domain.quizzes import right_answers_needed
from assessments.enums import AttemptState, ResultPart
from assessments.models import AnswerKey, Attempt, Mark
from assessments.question_types import type_of


@dataclass
class Topic:
    """Questions of one topic. ``right`` counts those fully right; ``url`` and ``note`` lead to what to read again."""

    name: str
    right: int = 0
    count: int = 0
    url: str = ""
    note: str = ""

    @property
    def is_mastered(self) -> bool:
        return self.right == self.count


@dataclass(frozen=True)
class Explained:
    """One question, as far as it is open. ``verdict``: right, partly, wrong or ungraded; empty while shut. ``yours`` None: shut; empty: no
    answer was given. ``right``: the right answers, left out where the verdict says that hers is one."""

    position: int
    stem: str
    verdict: str = ""
    yours: list[str] | None = None
    right: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    explanation: str = ""
    picture: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Corrected:
    """A corrected key that changed this result. ``position`` of the question; scores in percent."""

    position: int
    at: datetime
    before: Decimal
    after: Decimal
    keeps_pass: bool
    is_passed_now: bool


@dataclass
class Result:
    """``short_of`` is how many more right questions would have passed; None when that says nothing (passed, or unequal points).

    ``comments``: what graders wrote, by position; there as soon as the score is. ``later``: sentences for what opens later. While the score
    is kept back (``tells_score`` false), every figure is 0 or None and topics, band, corrections and comments are empty.
    """

    tells_score: bool
    right: int
    count: int
    needed: int | None
    short_of: int | None
    topics: list[Topic] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    has_explanations: bool = False
    comments: list[tuple[int, list[str]]] = field(default_factory=list)
    band: str = ""
    corrections: list[Corrected] = field(default_factory=list)


def result_of(attempt: Attempt, place: Place, found: Situation) -> Result:
    """The result of a handed-in attempt: one query, and those of ``review.open_parts``. Keys are read only where the matrix opens something
    of them. ``found`` holds her attempts that count with this one. ``ValueError`` while it is open: nothing of the key is read before."""
    if attempt.state != AttemptState.FINISHED:
        raise ValueError("an open attempt has no result")
    opened = review.open_parts(attempt, place, found)
    paper = opened - {ResultPart.SCORE}
    marks = list(attempt.marks.select_related("version__question", *(["version__answer_key"] if opened & {*review.KEY_PARTS} else []))
                 .order_by("position"))
    result = _figures(attempt, place, marks) if ResultPart.SCORE in opened else Result(False, 0, 0, None, None)
    result.explained = [_explain(attempt, mark, paper) for mark in marks] if paper else []
    result.later = review.words_later(attempt, found, opened)
    result.has_explanations = ResultPart.EXPLANATIONS in opened
    return result


def _figures(attempt: Attempt, place: Place, marks: list[Mark]) -> Result:
    graded = [mark for mark in marks if mark.fraction is not None]
    right = sum(mark.fraction == 1 for mark in graded)
    needed = _needed(attempt, graded)
    short = None if needed is None or attempt.is_passed else max(needed - right, 1)
    return Result(
        True, right, len(graded), needed, short, _topics(graded, place), comments=_comments(attempt, marks),
        band=bands.words_for(attempt.version.spec, None if attempt.is_waiting else attempt.score), corrections=_corrections(attempt, marks))


def _corrections(attempt: Attempt, marks: list[Mark]) -> list[Corrected]:
    """Asked only where a corrected key changed the result."""
    if not attempt.is_regraded:
        return []
    positions = {mark.version_id: mark.position for mark in marks}
    found = attempt.regrades.filter(score_before__isnull=False, score_after__isnull=False).select_related("correction")
    return [Corrected(positions[one.correction.version_id], one.correction.at, one.score_before, one.score_after, one.keeps_pass,
                      bool(one.is_passed_after and not one.is_passed_before)) for one in found]


def _comments(attempt: Attempt, marks: list[Mark]) -> list[tuple[int, list[str]]]:
    """Asked only where somebody grades by hand."""
    if attempt.is_waiting or not any(type_of(entry["type"]).is_manual for entry in attempt.version.spec["questions"]):
        return []
    found = hand_grading.comments_on(attempt)
    return [(mark.position, found[mark.version_id]) for mark in marks if mark.version_id in found]


def _needed(attempt: Attempt, marks: list[Mark]) -> int | None:
    """How many questions must be right to pass, when every question counts the same and none is partly right."""
    if any(mark.fraction not in (0, 1) for mark in marks):
        return None
    return right_answers_needed(attempt.version.spec)


def _topics(marks: list[Mark], place: Place) -> list[Topic]:
    """Grouped by topic, what needs reading most first."""
    found: dict[str, Topic] = defaultdict(lambda: Topic(""))
    for mark in marks:
        name = mark.version.question.topic
        topic = found[name]
        topic.name, topic.count, topic.right = name, topic.count + 1, topic.right + (mark.fraction == 1)
        topic.url, topic.note = place.topics.get(name, ("", ""))
    return sorted(found.values(), key=lambda topic: (topic.is_mastered, topic.right / topic.count, topic.name))


def explained(attempt: Attempt, position: int, key: AnswerKey, fraction: Fraction | None) -> Explained:
    """All of one question, for learning mode; the caller has made sure that it may be read."""
    exact: Any = fraction  # an unsaved mark may hold the exact share
    return _explain(attempt, Mark(version=key.version, position=position, fraction=exact), frozenset(review.PAPER))


def _explain(attempt: Attempt, mark: Mark, opened: frozenset[str]) -> Explained:
    version, response = mark.version, attempt.answers.get(str(mark.version_id))
    kind, verdict = type_of(version.question.type), _verdict(mark) if ResultPart.VERDICTS in opened else ""
    yours = kind.summary(version.body, response) if ResultPart.ANSWERS in opened else None
    found = Explained(mark.position, version.stem, verdict, yours, picture=version.body.get("picture"))
    if ResultPart.RIGHT in opened and verdict != "right":
        found = replace(found, right=kind.correct_answer(version.body, version.answer_key.data))
    if ResultPart.EXPLANATIONS in opened:
        key = version.answer_key
        found = replace(found, remarks=kind.remarks(response, version.body, key.data, key.option_feedback), explanation=key.explanation)
    return found


def _verdict(mark: Mark) -> str:
    if mark.fraction is None:
        return "ungraded"
    return "right" if mark.fraction == 1 else "partly" if mark.fraction > 0 else "wrong"
