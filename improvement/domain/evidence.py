"""What happened for a gap, kept as a snapshot with its SHA-256 (decisions 4): nobody can change the past without the trail showing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q

from core.domain.dates import local_date
from improvement.domain.words import plain
from improvement.enums import EvidenceKind
from improvement.models import Evidence
from people.models import Account
from performance.models import Gap

COACHING = (EvidenceKind.GUIDANCE, EvidenceKind.COUNSELLING)
#: What a record says had been done, in this order (decisions 20).
DONE_WORDS = {EvidenceKind.GUIDANCE: "guidance", EvidenceKind.COUNSELLING: "counselling", EvidenceKind.COMPLETION: "course"}


def canonical(snapshot: Any) -> str:
    """One text for one content: sorted keys, no spaces, UTF-8; numbers that are not whole are written as text before."""
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(snapshot: Any) -> str:
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def is_intact(sha256: str, snapshot: Any) -> bool:
    return sha256 == fingerprint(snapshot)


def add_evidence(gap: Gap, *, kind: str, obj: Model, snapshot: dict, by: Account | None, at: datetime) -> Evidence:
    """One piece per (gap, kind, object); the same fact again leaves the first as it is."""
    clean = json.loads(canonical(snapshot))
    piece, _created = Evidence.objects.get_or_create(
        gap=gap, kind=kind, object_kind=obj._meta.label_lower, object_id=obj.pk,
        defaults={"snapshot": clean, "sha256": fingerprint(clean), "by": by, "at": at},
    )
    return piece


def case_of(gap: Gap) -> Gap:
    """Guidance belongs to the case; an indicator gap without a result gap, or left over from a closed one, is a case of its own."""
    return gap if gap.is_case else gap.parent


def deeds_of(gap: Gap) -> list[Evidence]:
    """Everything done for the gap, oldest first: its own, its children's, and the coaching of its case."""
    wanted = Q(gap=gap) | Q(gap__parent=gap)
    if gap.parent_id:
        wanted |= Q(gap_id=gap.parent_id, kind__in=COACHING)
    return list(Evidence.objects.filter(wanted).order_by("at", "pk"))


def deeds_of_many(gaps: Sequence[Gap]) -> dict[int, list[Evidence]]:
    """``deeds_of`` for many gaps in two queries: gap id -> what was done for it."""
    ids = {gap.pk for gap in gaps}
    parents = {gap.parent_id for gap in gaps if gap.parent_id}
    rows = list(Evidence.objects.filter(Q(gap__in=ids | parents) | Q(gap__parent__in=ids)).select_related("gap").order_by("at", "pk"))
    children: dict[int, list[Gap]] = {}
    for gap in gaps:
        children.setdefault(gap.parent_id or 0, []).append(gap)
    found: dict[int, list[Evidence]] = {gap.pk: [] for gap in gaps}
    for row in rows:
        reached = {row.gap_id, row.gap.parent_id} | ({child.pk for child in children.get(row.gap_id, [])} if row.kind in COACHING else set())
        for pk in reached & ids:
            found[pk].append(row)
    return found


def done_words(deeds: Iterable[Evidence], *, until: date) -> list[str]:
    """What had been done when the measured time ended: ``["none"]`` or some of guidance, counselling, course."""
    kinds = {deed.kind for deed in deeds if local_date(deed.at) <= until}
    return [word for kind, word in DONE_WORDS.items() if kind in kinds] or ["none"]


def proof(piece: Evidence) -> dict:
    """The piece as a record keeps it: no foreign key upwards, the hash beside the snapshot."""
    return {"kind": piece.kind, "id": piece.pk, "sha256": piece.sha256, "snapshot": piece.snapshot}


def loose_proof(kind: str, obj: Model, snapshot: dict) -> dict:
    """Evidence of a record that belongs to no gap, or that another table already holds (an evaluation)."""
    clean = json.loads(canonical(snapshot))
    return {"kind": kind, "id": obj.pk, "sha256": fingerprint(clean), "snapshot": clean}


# --- snapshots: what was true, in words that need no other table --------------------------------------------------------------------------
def assignment_snapshot(assignment) -> dict:
    return {
        "course": assignment.course.title, "course_id": assignment.course_id, "reason": assignment.reason,
        "release": assignment.enrolment.release.number if assignment.enrolment_id else None,
        "due_on": _day(assignment.due_on), "assigned_on": _day(local_date(assignment.created_at)),
    }


def completion_snapshot(completion, enrolment) -> dict:
    return {
        "course": completion.release.title, "course_id": completion.course_id, "release": completion.release.number,
        "release_sha256": completion.release.sha256, "minutes": completion.release.learning_minutes,
        "pre_score": plain(enrolment.pre_score), "score": plain(completion.score), "attempt_id": completion.attempt_id,
        "started_on": _day(local_date(completion.started_at)), "completed_on": _day(local_date(completion.completed_at)),
    }


def certificate_snapshot(certificate) -> dict:
    return {
        "number": certificate.number, "facts_sha256": certificate.facts_sha256, "completion_id": certificate.completion_id,
        "issued_on": _day(local_date(certificate.issued_at)), "valid_until": _day(certificate.valid_until),
    }


def guidance_snapshot(guidance) -> dict:
    """The agreement and its dates. The talk itself stays between the two (decisions 24)."""
    return {
        "held_on": _day(guidance.held_at and local_date(guidance.held_at)), "action": guidance.action, "action_due_on": _day(guidance.action_due_on),
        "confirmed_by_person": guidance.confirmed_by_person_at is not None, "confirmed_by_conductor": guidance.confirmed_by_conductor_at is not None,
    }


def counselling_snapshot(counselling) -> dict:
    """That support was given, and when; nothing of what was said, nor by whom."""
    return {"held_on": _day(counselling.held_at and local_date(counselling.held_at))}


def transfer_snapshot(question) -> dict:
    return {
        "day": question.day, "answer": question.answer, "barrier": question.barrier, "example": question.example,
        "help_offered": question.help_offered, "answered_on": _day(local_date(question.answered_at)),
    }


def review_snapshot(review) -> dict:
    return {
        "verdict": review.verdict, "finding": review.finding, "value": plain(review.value), "reviewed_on": _day(local_date(review.at)),
    }


def evaluation_snapshot(evaluation, score=None) -> dict:
    facts = {
        "period": evaluation.period.code, "source": evaluation.source, "version": evaluation.version, "predicate": evaluation.predicate,
        "result_rating": evaluation.result_rating, "behaviour_rating": evaluation.behaviour_rating, "appraiser": evaluation.appraiser_name,
    }
    if score is not None:
        facts |= {"indicator": score.indicator.name, "unit": score.indicator.unit_of_measure, "value": plain(score.realisation),
                  "target": plain(score.target), "sample_size": score.sample_size}
    return facts


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
