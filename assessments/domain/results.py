"""What a learner reads after hand-in: the result in words, what to read again, the explanations that the quiz allows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from assessments.access_rules import Situation
from assessments.domain import attempts, bands, hand_grading
from assessments.domain.context import Place
from assessments.domain.quizzes import right_answers_needed
from assessments.enums import AttemptState, QuizKind
from assessments.models import Attempt, Mark
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
    position: int
    stem: str
    yours: list[str]
    right: list[str]
    remarks: list[str]
    explanation: str
    is_right: bool
    is_partly: bool
    is_graded: bool = True


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

    ``comments``: what graders wrote, by position; there as soon as the result is. ``opens_later``: explanations come when the final quiz is
    passed for good or its course completed (practice: when no attempt runs).
    """

    right: int
    count: int
    needed: int | None
    short_of: int | None
    topics: list[Topic] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    opens_later: bool = False
    comments: list[tuple[int, list[str]]] = field(default_factory=list)
    band: str = ""
    corrections: list[Corrected] = field(default_factory=list)


def shows_key(attempt: Attempt, place: Place, found: Situation) -> bool:
    """May right answers and explanations be read now? ``found`` holds her attempts that count with this one.

    A pre-test never shows them: it asks what the final quiz asks. A final quiz shows them when ``place`` says that they serve no further
    attempt (used attempts alone do not: a trainer may give another one), without a place when it is passed; no quiz does while another
    attempt of it runs. The setting of the quiz can only keep back more.
    """
    spec = attempt.version.spec
    if not spec.get("shows_explanations") or spec["kind"] == QuizKind.PRE or attempts.has_open(found):
        return False
    if spec["kind"] != QuizKind.POST:
        return True
    return attempts.is_passed(found) if place.is_settled is None else place.is_settled


def result_of(attempt: Attempt, place: Place, found: Situation) -> Result:
    """The result of a handed-in attempt: one query. ``ValueError`` while it is open: nothing of the key is read before."""
    if attempt.state != AttemptState.FINISHED:
        raise ValueError("an open attempt has no result")
    shows = shows_key(attempt, place, found)
    opens_later = not shows and bool(attempt.version.spec.get("shows_explanations")) and attempt.version.spec["kind"] != QuizKind.PRE
    marks = list(attempt.marks.select_related("version__question", *(["version__answer_key"] if shows else [])).order_by("position"))
    graded = [mark for mark in marks if mark.fraction is not None]
    right = sum(mark.fraction == 1 for mark in graded)
    needed = _needed(attempt, graded)
    short = None if needed is None or attempt.is_passed else max(needed - right, 1)
    explained = [_explain(attempt, mark) for mark in marks] if shows else []
    return Result(right, len(graded), needed, short, _topics(graded, place), explained, opens_later, _comments(attempt, marks),
                  bands.words_for(attempt.version.spec, None if attempt.is_waiting else attempt.score), _corrections(attempt, marks))


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


def _explain(attempt: Attempt, mark: Mark) -> Explained:
    version, key = mark.version, mark.version.answer_key
    kind, response = type_of(version.question.type), attempt.answers.get(str(mark.version_id))
    remarks = kind.remarks(response, version.body, key.data, key.option_feedback)
    return Explained(mark.position, version.stem, kind.summary(version.body, response), kind.correct_answer(version.body, key.data), remarks,
                     key.explanation, mark.fraction == 1, 0 < (mark.fraction or 0) < 1, mark.fraction is not None)
