"""How questions do. Plain figures with n; a group below five shows nothing (decisions 8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from assessments.domain.context import TRIAL
from assessments.enums import QuizKind
from assessments.models import Mark, Question

FEWEST = 5
TOO_HARD, TOO_EASY = 40, 95
# A pre-test asks before anybody has read: its figures say nothing about the question.
COUNTED_KINDS = (QuizKind.POST.value, QuizKind.PRACTICE.value)


@dataclass(frozen=True)
class Facility:
    """``percent`` of ``n`` answers that were fully right; None below five answers. ``flag``: ``hard`` under 40 %, ``easy`` over 95 %."""

    n: int
    percent: float | None

    @property
    def flag(self) -> str:
        if self.percent is None:
            return ""
        return "hard" if self.percent < TOO_HARD else "easy" if self.percent > TOO_EASY else ""


def facility(questions: Collection[Question | int], *, kinds: Collection[str] = COUNTED_KINDS) -> dict[int, Facility]:
    """How often each question was right (all versions together), by question id; one query for any number of questions.

    Counts handed-in attempts of final and practice quizzes, blanks as not right; trials of trainers are left out, and so is practice of
    missed questions: only those who missed them are asked.
    """
    wanted = [question if isinstance(question, int) else question.pk for question in questions]
    rows = (
        Mark.objects.filter(version__question_id__in=wanted, attempt__quiz__kind__in=list(kinds), attempt__quiz__practice_of=None)
        .exclude(attempt__context_key=TRIAL)
        .order_by().values("version__question_id").annotate(n=Count("pk"), right=Count("pk", filter=Q(fraction=1)))
        .values_list("version__question_id", "n", "right")
    )
    found = {question: Facility(n, 100 * right / n if n >= FEWEST else None) for question, n, right in rows}
    return {question: found.get(question, Facility(0, None)) for question in wanted}
