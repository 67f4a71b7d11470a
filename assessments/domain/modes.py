"""What a quiz is taken for. A mode sets other settings when the quiz is published, so that attempts and pages read settings only:

- *learning*: after each question the person looks at the answer (learning.py); for practice, because it tells the key while she answers;
- *training*: feedback after the hand-in, as the review matrix says;
- *exam*: a declaration of honesty before the start, and nothing of the paper before the quiz has closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assessments.domain import review
from assessments.enums import Mode, Opens, QuizKind, ReviewPreset

if TYPE_CHECKING:
    from assessments.models import Quiz

_EARLY = (Opens.NOW, Opens.SETTLED)


def setting(quiz: Quiz, name: str) -> Any:
    """The setting as it holds in the mode of ``quiz``: what the published version says."""
    value = getattr(quiz, name)
    if quiz.mode != Mode.EXAM:
        return value
    if name == "asks_honesty":
        return True
    if name == "review" and value == {}:
        return review.PRESETS[ReviewPreset.EXAM]
    return value


def is_learning(spec: dict) -> bool:
    return spec.get("mode") == Mode.LEARNING


def problems(quiz: Quiz) -> list[str]:
    if quiz.mode not in Mode.values:
        return [_("Choose learning, training or exam.")]
    if quiz.mode == Mode.LEARNING and quiz.kind != QuizKind.PRACTICE:
        return [_("Learning mode tells the right answers while one answers, so it is for practice only. Choose training or exam, or make it a "
                  "practice quiz.")]
    if quiz.mode == Mode.LEARNING and quiz.review:
        return [_("In learning mode everything is shown at once. Choose “Learning” for what the learner reads after sending.")]
    if quiz.mode == Mode.EXAM and quiz.kind == QuizKind.PRE:
        return [_("A pre-test decides nothing, so it is no exam. Choose training.")]
    matrix = setting(quiz, "review")
    if quiz.mode == Mode.EXAM and isinstance(matrix, dict) and any(matrix.get(part) in _EARLY for part in review.PAPER):
        return [_("An exam shows nothing of the paper before it has closed. Choose “when the quiz has closed” or “not at all” in the details.")]
    return []
