"""The review matrix: what a person reads of her handed-in attempt, and when. The page shows what ``results`` was given by these rules.

``Quiz.review`` maps each ``ResultPart`` to an ``Opens``; empty: as is usual for the kind. Whatever it says:

- a pre-test tells neither right answers nor which answers were right: it asks what the final quiz asks;
- right answers and explanations of a final quiz open when they serve no further attempt (ADR 13), or when the quiz has closed;
- the score of a pre-test and of a final quiz is told at once, because the course, the record and the certificate go on by it;
- while another attempt of the quiz runs, nothing but the score is shown.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assessments.access_rules import Situation, instant
from assessments.domain import attempts
from assessments.domain.context import TRIAL, Place
from assessments.enums import Opens, QuizKind, ResultPart, ReviewPreset
from assessments.models import Attempt
from core.domain.dates import format_daytime

Matrix = dict[str, str]
KEY_PARTS = (ResultPart.RIGHT, ResultPart.EXPLANATIONS)
TELLING_PARTS = (ResultPart.VERDICTS, *KEY_PARTS)
PAPER = (ResultPart.ANSWERS, *TELLING_PARTS)
# Whoever was given no time limit may still be writing when the quiz has closed; nobody keeps the others waiting longer than this.
LONGEST_WAIT = timedelta(days=7)


def _rest(when: Opens) -> Matrix:
    return {str(ResultPart.SCORE): str(Opens.NOW), **{str(part): str(when) for part in PAPER}}


PRESETS: dict[str, Matrix] = {ReviewPreset.USUAL: {}, ReviewPreset.EXAM: _rest(Opens.CLOSED), ReviewPreset.SCORE: _rest(Opens.NEVER)}
_USUAL = {QuizKind.PRACTICE: _rest(Opens.NOW), QuizKind.POST: _rest(Opens.SETTLED), QuizKind.PRE: _rest(Opens.NEVER)}


# --- The setting -------------------------------------------------------------------------------------------------------------------------
def preset_of(review: Matrix) -> str:
    return next((str(name) for name, matrix in PRESETS.items() if matrix == review), str(ReviewPreset.CUSTOM))


def filled(kind: str, review: Matrix) -> Matrix:
    """Every part with its time, as it holds for a quiz of this kind."""
    matrix = {**_USUAL[QuizKind(kind)], **review}
    if kind != QuizKind.PRACTICE:
        matrix[ResultPart.SCORE] = str(Opens.NOW)
    if kind == QuizKind.PRE:
        matrix.update({str(part): str(Opens.NEVER) for part in TELLING_PARTS})
    if kind == QuizKind.POST:
        matrix.update({str(part): str(Opens.SETTLED) for part in KEY_PARTS if matrix[part] == Opens.NOW})
    return matrix


def as_today(spec: dict) -> dict:
    """A published spec as it would be written now. Until migration 0015 it held ``shows_explanations`` in place of ``review``."""
    if "shows_explanations" not in spec:
        return spec
    rest = {name: value for name, value in spec.items() if name != "shows_explanations"}
    return rest if spec["shows_explanations"] else {**rest, "review": PRESETS[ReviewPreset.SCORE]}


def matrix_of(spec: dict) -> Matrix:
    return filled(spec["kind"], as_today(spec).get("review", {}))


def problems(kind: str, given: Matrix, *, closes_at: datetime | None) -> list[str]:
    """What cannot be right about the matrix ``given`` in a quiz of this kind."""
    if not isinstance(given, dict) or any(part not in ResultPart.values or when not in Opens.values for part, when in given.items()):
        return [_("Choose for each part of the result when it is shown.")]
    reasons = []
    if kind != QuizKind.PRACTICE and given.get(ResultPart.SCORE, Opens.NOW) != Opens.NOW:
        reasons.append(_("The score is kept back after practice only: courses, records and certificates go on by the others, so it is told at once."))
    if kind == QuizKind.PRE and any(given.get(part, Opens.NEVER) != Opens.NEVER for part in TELLING_PARTS):
        reasons.append(_("A pre-test tells no right answers, because the final quiz may ask the same. Choose “not at all” for them."))
    if kind == QuizKind.POST and any(given.get(part) == Opens.NOW for part in KEY_PARTS):
        reasons.append(_("Right answers and explanations of a final quiz open when it is passed, the course completed or the quiz closed, never "
                         "before: they would serve the next attempt."))
    if Opens.CLOSED in given.values() and closes_at is None:
        reasons.append(_("Something is to be shown when the quiz has closed: say in “Closes” when that is."))
    return reasons


# --- What is open now ----------------------------------------------------------------------------------------------------------------------
def tells_score_at_once(spec: dict) -> bool:
    return matrix_of(spec)[ResultPart.SCORE] == Opens.NOW


def open_parts(attempt: Attempt, place: Place, found: Situation) -> frozenset[str]:
    """The parts of the result of ``attempt`` that may be read now. ``found`` holds her attempts that count with this one. No query, except
    where something waits for the closing of a quiz that has closed (one or two)."""
    matrix = matrix_of(attempt.version.spec)
    is_running = attempts.has_open(found)
    now = {Opens.NOW: True, Opens.NEVER: False}
    opened = set()
    for part, when in matrix.items():
        if is_running and part != ResultPart.SCORE:
            continue
        if when == Opens.SETTLED and when not in now:
            now[Opens.SETTLED] = is_settled(attempt, place, found)
        if when == Opens.CLOSED and when not in now:
            now[Opens.CLOSED] = has_closed(attempt, at=found.at)
        if now[Opens(when)]:
            opened.add(str(part))
    return frozenset(opened)


def is_settled(attempt: Attempt, place: Place, found: Situation) -> bool:
    """Do right answers serve no further attempt? Of a final quiz ``place`` says so (used attempts alone do not settle it: a trainer may give
    another one); without a place, and of practice, passing does."""
    if attempt.version.spec["kind"] == QuizKind.POST and place.is_settled is not None:
        return place.is_settled
    return attempts.is_passed(found) or bool(place.is_settled)


def has_closed(attempt: Attempt, *, at: datetime) -> bool:
    """Has the quiz closed for everybody? By the version of the attempt and by the one that is published now, the grace of a cut line
    included; and whoever may finish later (more time was agreed) has finished, which is waited for a week."""
    current = attempt.quiz.current
    ends = [_end(spec) for spec in (attempt.version.spec, *([current.spec] if current is not None else []))]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends) or at <= max(known):
        return False
    if at > max(known) + LONGEST_WAIT:
        return True
    return not Attempt.objects.open().filter(quiz_id=attempt.quiz_id).exclude(context_key=TRIAL).exists()


def _end(spec: dict) -> datetime | None:
    closes_at = instant(spec.get("closes_at"))
    return closes_at + timedelta(seconds=spec.get("grace_seconds", 0)) if closes_at else None


# --- What opens later, in words --------------------------------------------------------------------------------------------------------------
def words_later(attempt: Attempt, found: Situation, opened: frozenset[str]) -> list[str]:
    """Sentences for the parts that are still shut and will open."""
    spec = attempt.version.spec
    shut: dict[str, list[str]] = defaultdict(list)
    for part, when in matrix_of(spec).items():
        if part not in opened and when != Opens.NEVER:
            shut[Opens.NOW if attempts.has_open(found) and spec["kind"] != QuizKind.POST and part != ResultPart.SCORE else when].append(part)
    return [_sentence(spec, when, parts) for when, parts in shut.items()]


def _sentence(spec: dict, when: str, parts: list[str]) -> str:
    named = ", ".join(str(ResultPart(part).label).lower() for part in parts)
    if when == Opens.NOW and ResultPart.RIGHT not in parts:
        return _("Still shut: %(parts)s. This opens when no attempt is running.") % {"parts": named}
    if when == Opens.NOW:
        return _("Right answers and explanations open when no attempt is running.")
    if when == Opens.CLOSED:
        closes_at = instant(spec.get("closes_at"))
        return _("Still shut: %(parts)s. This opens for everybody when the quiz has closed (%(when)s) and nobody writes any more.") % {
            "parts": named, "when": format_daytime(closes_at) if closes_at else ""}
    if spec["kind"] == QuizKind.POST:
        return _("Right answers and explanations open when the quiz is passed or the course completed, so that every attempt shows what you know "
                 "yourself.")
    return _("Still shut: %(parts)s. This opens when you have passed.") % {"parts": named}


def summary(kind: str, review: Matrix) -> list[tuple[str, str]]:
    """Part and time as words, for the trainer's pages."""
    return [(str(ResultPart(part).label), str(Opens(when).label)) for part, when in filled(kind, review).items()]
