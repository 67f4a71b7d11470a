"""The log of an attempt as proof: its steps in order, chained by hashes, checked against what the attempt says (ADR 16).

Every entry is hashed together with the hash before it (SHA-256 over canonical JSON), so the log that a person takes along, from the start to the
hand-in, is checkable by itself, and as the beginning of the whole. Every night the last hash
of each attempt that was handed in is recorded in the audit trail, whose head is kept outside the database: who would change a step later
would have to change that as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.replaying import replay_steps
from assessments.enums import AttemptState, StepKind
from assessments.models import Attempt, Mark, QuestionVersion, Step
from assessments.question_types import type_of
from core.domain import audit
from core.models import AuditEvent

FORM = "bina-attempt-log/1"
SEALED = "attempt.sealed"
BATCH = 500


@dataclass(frozen=True)
class Line:
    """A step in words. ``question``: its number in the attempt, 0 for none; ``words`` what was answered."""

    at: datetime
    kind: str
    question: int = 0
    words: str = ""
    is_late: bool = False


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def beginning(attempt: Attempt) -> str:
    """The hash before the first step: whose attempt of what."""
    return hashlib.sha256(canonical([FORM, attempt.pk, attempt.person_id, attempt.quiz_id, attempt.version_id, attempt.number])).hexdigest()


def entry_of(step: Step) -> dict[str, Any]:
    return {"n": step.sequence, "kind": str(step.kind), "version": step.version_id, "revision": step.client_revision,
            "at": step.at.astimezone(UTC).isoformat(timespec="microseconds"), "data_sha256": hashlib.sha256(canonical(step.data)).hexdigest()}


def next_hash(previous: str, entry: Mapping[str, Any]) -> str:
    hashed = {name: entry[name] for name in ("n", "kind", "version", "revision", "at", "data_sha256")}
    return hashlib.sha256(previous.encode() + canonical(hashed)).hexdigest()


def digest_of(attempt: Attempt, steps: Iterable[Step]) -> str:
    found = beginning(attempt)
    for step in steps:
        found = next_hash(found, entry_of(step))
    return found


def log_of(attempt: Attempt, *, with_answers: bool, at: datetime | None = None) -> dict[str, Any]:
    """The document that the person takes along: the start to the hand-in. Grading comes after that and stays here, its hash too: whoever tries
    out right and wrong for each question would find the hash that fits. Results are told where the quiz lets them be told, and so are answers:
    without ``with_answers`` only their hashes are in it."""
    entries, found = [], beginning(attempt)
    for step in attempt.steps.exclude(kind=StepKind.GRADE).order_by("sequence"):
        entry = entry_of(step)
        found = next_hash(found, entry)
        is_told = with_answers or step.kind != StepKind.ANSWER
        entries.append({**entry, **({"data": step.data} if is_told else {}), "hash": found})
    return {"form": FORM, "attempt": attempt.pk, "person": attempt.person_id, "quiz": attempt.quiz_id, "version": attempt.version_id,
            "number": attempt.number, "title": attempt.quiz.title, "beginning": beginning(attempt), "entries": entries, "digest": found,
            "made_at": (at or timezone.now()).astimezone(UTC).isoformat(timespec="seconds")}


def lines_of(attempt: Attempt, *, with_answers: bool) -> list[Line]:
    """The same in words, for the page. Three queries."""
    place = {laid["v"]: number for number, laid in enumerate(attempt.layout, 1)}
    versions = QuestionVersion.objects.select_related("question").in_bulk(list(place))
    lines = []
    for step in attempt.steps.order_by("sequence"):
        words = ""
        if with_answers and step.kind == StepKind.ANSWER and (version := versions.get(step.version_id)):
            words = "; ".join(type_of(version.question.type).summary(version.body, step.data["r"]))
        lines.append(Line(step.at, str(step.kind), place.get(step.version_id, 0), words, bool(step.data.get("late"))))
    return lines


# --- Checking ----------------------------------------------------------------------------------------------------------------------------
def problems(attempt: Attempt, *, steps: list[Step] | None = None, marks: Mapping[int, Any] | None = None) -> list[str]:
    """What does not fit together in an attempt: gaps in the steps, a row that its steps do not give, a result that its grading did not say, steps
    that were recorded otherwise in the audit trail. ``marks``: fractions by question version, when they were read already."""
    steps = list(attempt.steps.order_by("sequence")) if steps is None else steps
    found = []
    if [step.sequence for step in steps] != list(range(1, attempt.last_sequence + 1)):
        found.append(_("The numbers of the steps have a gap, or do not end where the attempt says."))
    state = replay_steps(steps)
    if (state.answers, state.flags, state.revisions, state.revealed) != (attempt.answers, attempt.flags, attempt.revisions, attempt.revealed):
        found.append(_("The answers are not those that the steps give."))
    if state.is_finished != (attempt.state == AttemptState.FINISHED):
        found.append(_("The steps do not say the same about the hand-in."))
    if steps and steps[0].data.get("layout") != attempt.layout:
        found.append(_("The questions are not those that were drawn at the start."))
    if attempt.state == AttemptState.FINISHED:
        found += _result_problems(attempt, steps, marks)
        found += _seal_problems(attempt, steps)
    return found


def _result_problems(attempt: Attempt, steps: list[Step], marks: Mapping[int, Any] | None) -> list[str]:
    grades = [step.data for step in steps if step.kind == StepKind.GRADE]
    if not grades:
        return [_("There is no step that grades it.")]
    last, found = grades[-1], []
    if marks is None:
        marks = dict(Mark.objects.filter(attempt=attempt).values_list("version_id", "fraction"))
    told = {int(version): share for version, share in last.get("marks", {}).items()}
    if {version for version, fraction in marks.items() if fraction is not None} != told.keys() or any(
            abs(float(marks[version]) - _float(share)) > 1e-6 for version, share in told.items() if version in marks):
        found.append(_("The marks are not those that the grading wrote down."))
    score = None if attempt.score is None else str(attempt.score)
    if not last.get("is_waiting") and last.get("score") != score:
        found.append(_("The score is not the one that the grading wrote down."))
    if last.get("is_passed") != attempt.is_passed:
        found.append(_("Passed or not: the attempt does not say what the grading wrote down."))
    return found


def _float(share: str) -> float:
    top, _sign, bottom = share.partition("/")
    return int(top) / int(bottom or 1)


def _seal_problems(attempt: Attempt, steps: list[Step]) -> list[str]:
    events = AuditEvent.objects.filter(verb=SEALED, object_kind=Attempt._meta.label_lower, object_id=attempt.pk)
    details = list(events.values_list("detail", flat=True))
    if attempt.sealed_sequence > max((detail["steps"] for detail in details), default=0):
        return [_("The steps are not those that were recorded in the audit trail.")]
    for detail in details:
        if digest_of(attempt, steps[: detail["steps"]]) != detail["digest"]:
            return [_("The steps are not those that were recorded in the audit trail.")]
    return []


def document_problems(document: Any) -> list[str]:
    """What is wrong with a log that somebody brings: its own chain, and its steps against those of the attempt."""
    if not isinstance(document, dict) or document.get("form") != FORM or not isinstance(document.get("entries"), list):
        return [_("This is no log of an attempt.")]
    attempt = Attempt.objects.select_related("quiz").filter(pk=document["attempt"] if isinstance(document.get("attempt"), int) else None).first()
    if attempt is None:
        return [_("There is no such attempt here.")]
    head = {"person": attempt.person_id, "quiz": attempt.quiz_id, "version": attempt.version_id, "number": attempt.number,
            "title": attempt.quiz.title, "beginning": beginning(attempt)}
    if any(document.get(name) != value for name, value in head.items()):
        return [_("The head of the log names something else than the attempt.")]
    found = beginning(attempt)
    try:
        for entry in document["entries"]:
            if "data" in entry and hashlib.sha256(canonical(entry["data"])).hexdigest() != entry["data_sha256"]:
                return [_("Step %(n)s was changed in the log.") % {"n": entry["n"]}]
            found = next_hash(found, entry)
            if found != entry["hash"]:
                return [_("Step %(n)s was changed in the log.") % {"n": entry["n"]}]
    except (KeyError, TypeError):
        return [_("This is no log of an attempt.")]
    if found != document.get("digest") or not document["entries"] or document["entries"][-1]["kind"] != StepKind.FINISH:
        return [_("The log does not end with the hash that it names.")]
    steps = list(attempt.steps.order_by("sequence")[: len(document["entries"])])
    if len(steps) < len(document["entries"]) or digest_of(attempt, steps) != found:
        return [_("The log is whole, but the attempt holds other steps.")]
    return problems(attempt)


def attempts_to_check(*, attempt: int | None = None, since: datetime | None = None) -> Iterator[Attempt]:
    """One after the other, in constant memory."""
    wanted = Attempt.objects.select_related("version", "quiz").order_by("pk")
    if attempt is not None:
        wanted = wanted.filter(pk=attempt)
    if since is not None:
        wanted = wanted.filter(started_at__gte=since)
    yield from wanted.iterator(chunk_size=BATCH)


# --- Recording ---------------------------------------------------------------------------------------------------------------------------
def seal_attempts(*, at: datetime | None = None) -> int:
    """Record the last hash of every attempt that was handed in and has steps that are not recorded yet. Returns how many."""
    at, total = at or timezone.now(), 0
    while done := _seal_batch(at):
        total += done
    return total


@transaction.atomic
def _seal_batch(at: datetime) -> int:
    batch = list(Attempt.objects.filter(state=AttemptState.FINISHED, last_sequence__gt=F("sealed_sequence")).order_by("pk")[:BATCH])
    by_attempt: dict[int, list[Step]] = {}
    for step in Step.objects.filter(attempt__in=batch).order_by("attempt", "sequence"):
        by_attempt.setdefault(step.attempt_id, []).append(step)
    events = []
    for attempt in batch:
        steps = by_attempt.get(attempt.pk, [])
        events.append(audit.event(SEALED, attempt, by=None, at=at, detail={"digest": digest_of(attempt, steps), "steps": len(steps)}))
        attempt.sealed_sequence = attempt.last_sequence
    audit.record_many(events)
    Attempt.objects.bulk_update(batch, ["sealed_sequence"])
    return len(batch)
