"""The check questions of a lesson as a page shows and sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.errors import RuleViolation
from courses.domain import progress
from courses.domain.reading import Lesson
from courses.models import Enrolment, ReleasedLesson
from people.models import Account


def row_of(lesson: Lesson) -> ReleasedLesson:
    """The stored lesson behind a shown one (for writing)."""
    return ReleasedLesson.objects.get(pk=lesson.pk)


def keep(
    enrolment: Enrolment, lesson: Lesson, chosen: Mapping[str, list[str]], *, asked: str, by: Account
) -> tuple[list[str], dict[str, list[str]]]:
    """Store what was chosen and differs from what stands; ``asked`` is the question whose button was tapped.

    Returns (ids answered for the first time, sentences by question id). An empty choice is an error only for ``asked``.
    """
    if not lesson.checks:
        return [], {asked: [""]} if asked else {}
    row, fresh, errors = row_of(lesson), [], {}
    known = progress.answers_of(enrolment, row)
    for check_id, picked in {**chosen, **({asked: chosen.get(asked, [])} if asked else {})}.items():
        if check_id != asked and (not picked or sorted(picked) == known.get(check_id)):
            continue
        try:
            progress.answer_check(enrolment, row, check_id, picked, by=by)
        except RuleViolation as violation:
            errors[check_id] = violation.reasons
        else:
            fresh += [] if check_id in known else [check_id]
    return fresh, errors


def with_answers(
    enrolment: Enrolment, lesson: Lesson, *, errors: Mapping[str, list[str]], chosen: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """The parts of the lesson for its template: ``{"html"}``, or a question with options, what was chosen, and the outcome once answered.

    One query, none for a lesson without questions.
    """
    answers = progress.answers_of(enrolment, lesson) if lesson.checks else {}
    return [
        {"html": part} if isinstance(part, str) else _question(part, lesson, answers, errors, chosen) for part in lesson.parts
    ]


def _question(check: dict, lesson: Lesson, answers: Mapping, errors: Mapping, chosen: Mapping) -> dict[str, Any]:
    stored = answers.get(check["id"])
    outcome = progress.outcome_of(lesson, check["id"], stored) if stored and not errors.get(check["id"]) else None
    picked = chosen.get(check["id"]) or stored or []
    options = [
        {**option, "is_chosen": option["id"] in picked, "hint": outcome.feedback.get(option["id"], "") if outcome else ""}
        for option in check["options"]
    ]
    return {**check, "options": options, "outcome": outcome, "errors": errors.get(check["id"], [])}
