"""A key that was wrong is corrected after people answered: the key changes, what they saw does not, and results follow (ADR 0015).

Nobody loses a pass that was given: points are told as they are now, a pass that they would no longer make is kept.
"""

from __future__ import annotations

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.domain import bank, grading
from assessments.domain.regrading import REGRADE, settled_of
from assessments.enums import AttemptState, Ruling
from assessments.models import AnswerKey, Attempt, KeyCorrection, Mark, QuestionVersion
from assessments.question_types import Draft, type_of
from core.domain import audit, outbox
from core.domain.errors import RuleViolation
from people.models import Account

SHORTEST_REASON, LONGEST_REASON = 10, 1_000
MOST_PREVIEWED = 2_000  # attempts: a preview is read by a person who waits for it


@dataclass(frozen=True)
class Preview:
    """What a correction would do to attempts that were handed in. ``kept_passes``: the points would no longer do, the pass stays. Of very
    many ``attempts`` only the latest ``counted`` were looked at."""

    attempts: int = 0
    counted: int = 0
    better: int = 0
    worse: int = 0
    new_passes: int = 0
    kept_passes: int = 0
    open: int = 0

    @property
    def changed(self) -> int:
        return self.better + self.worse

    @property
    def is_cut(self) -> bool:
        return self.counted < self.attempts


def draft_of(version: QuestionVersion) -> Draft:
    """The version with its present key, as an author would write it."""
    key, kind = version.answer_key, type_of(version.question.type)
    stored = (version.body, key.data, key.option_feedback)
    return Draft(version.stem, key.explanation, kind.draft_options(*stored), version.points, version.body.get("scoring", ""),
                 kind.draft_content(*stored), version.body.get("picture", {}))


def make_draft(version: QuestionVersion, **written: Any) -> Draft:
    """The version with the options, content or explanation that were written; what learners saw is taken from the version."""
    now = draft_of(version)
    given = {"options": now.options, "content": now.content, "explanation": now.explanation, **written}
    return bank.make_draft(type=version.question.type, stem=version.stem, points=version.points, scoring=now.scoring,
                           picture=now.picture, **given)


def problems(version: QuestionVersion, draft: Draft | None = None, *, what: str = Ruling.KEY, reason: str = "") -> dict[str, list[str]]:
    """Why this cannot be done, by field (what, options, content, explanation, reason)."""
    found: dict[str, list[str]] = {}
    kind = type_of(version.question.type)
    if what not in Ruling.values:
        found["what"] = [_("Choose what is to happen.")]
    elif not kind.is_graded:
        found["what"] = [_("This question is never graded: it has no key.")]
    elif what == Ruling.KEY and kind.is_manual:
        found["what"] = [_("People grade this question: it has no key. It can be taken out, or give everybody full points.")]
    elif what == Ruling.OUT and _leaves_nothing(version).exists():
        found["what"] = [_("For some people it was the only question that counts: without it they would have no result. Give everybody "
                           "full points instead.")]
    elif what == Ruling.KEY and draft is not None:
        found |= _key_problems(version, draft)
    if not found and _after(version, draft, what) == _secret(version.answer_key):
        found["what"] = [_("Nothing would change: this is how it counts already.")]
    if len(reason.strip()) < SHORTEST_REASON:
        found["reason"] = [_("Write the reason in a sentence: colleagues read it, and who is asked about a result needs it.")]
    elif len(reason) > LONGEST_REASON:
        found["reason"] = [_("The reason is longer than %(limit)d characters.") % {"limit": LONGEST_REASON}]
    return found


def _key_problems(version: QuestionVersion, draft: Draft) -> dict[str, list[str]]:
    found = bank.field_problems(version.question.type, draft)
    if found:
        return found
    kind = type_of(version.question.type)
    try:
        kind.key_for(draft, version.body)
    except ValueError:
        sentence = _("This changes what learners saw. Here only the key can change; write a new version of the question instead.")
        return {"options" if kind.has_options else "content": [sentence]}
    return {}


def preview(version: QuestionVersion, draft: Draft | None = None, *, what: str = Ruling.KEY) -> Preview:
    """Who would be touched, counted over the latest ``MOST_PREVIEWED`` attempts that were handed in; nothing is written."""
    corrected = _corrected(version, draft, what)
    counts = dict.fromkeys(("counted", "better", "worse", "new_passes", "kept_passes"), 0)
    keys: dict[int, AnswerKey] = {}
    found = attempts_with(version)
    for attempt in found.select_related("version").order_by("-pk")[:MOST_PREVIEWED].iterator(chunk_size=500):
        counts["counted"] += 1
        if any(laid["v"] not in keys for laid in attempt.layout):
            keys |= grading.keys_for(attempt)
        keys[version.pk] = corrected
        _marks, result = grading.weigh(attempt, keys, settled_of(attempt))
        if attempt.score is None or result.score is None:
            continue
        counts["better"] += result.score > attempt.score
        counts["worse"] += result.score < attempt.score
        counts["new_passes"] += bool(result.is_passed and not attempt.is_passed)
        counts["kept_passes"] += bool(attempt.is_passed and not result.is_passed)
    running = Attempt.objects.open().filter(version__in=_quiz_versions(version)).count()
    return Preview(**counts, attempts=found.count(), open=running)


def fingerprint(version: QuestionVersion, draft: Draft | None, *, what: str) -> str:
    """Names one correction of one state of the key: who confirms has seen exactly this one."""
    seen = json.dumps([_secret(version.answer_key), _after(version, draft, what)], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def in_words(version: QuestionVersion, secret: dict[str, Any]) -> str:
    """``before`` or ``after`` of a correction for the people who read its history."""
    if secret["ruling"] != Ruling.KEY:
        return str(Ruling(secret["ruling"]).label)
    return "; ".join(type_of(version.question.type).correct_answer(version.body, secret["key"]))


@transaction.atomic
def correct_key(
    version: QuestionVersion, draft: Draft | None = None, *, what: str = Ruling.KEY, reason: str, by: Account, at: datetime | None = None
) -> KeyCorrection:
    """Change how a version counts, for all who answered it and who will. The key's row changes; results follow in the background, each
    once (``regrading.py``). ``RuleViolation``: see ``problems``.

    Attempts that finish meanwhile are either graded before and regraded, or graded by the new key (``grading.hold_keys``).
    """
    at = at or timezone.now()
    grading.hold_keys(for_change=True)
    version = QuestionVersion.objects.select_related("question").get(pk=version.pk)
    AnswerKey.objects.select_for_update().get(pk=version.pk)
    if reasons := [sentence for found in problems(version, draft, what=what, reason=reason).values() for sentence in found]:
        raise RuleViolation(reasons)
    before, corrected = _secret(version.answer_key), _corrected(version, draft, what)
    number = (KeyCorrection.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0) + 1
    correction = KeyCorrection.objects.create(version=version, number=number, what=what, before=before, after=_secret(corrected),
                                              reason=reason.strip(), by=by, at=at)
    corrected.save(update_fields=["data", "explanation", "option_feedback", "ruling"])
    log(instance=version.question, action="wagtail.edit", user=by, data={"key_correction": number, "version": version.number})
    audit.record("key.corrected", correction, by=by, before=before, after=correction.after,
                 detail={"version": version.pk, "number": number, "what": str(what)}, at=at)
    outbox.enqueue(REGRADE, f"{REGRADE}:{correction.pk}:0", {"correction": correction.pk, "after": 0})
    return correction


def attempts_with(version: QuestionVersion) -> QuerySet[Attempt]:
    """Handed-in attempts that showed this version."""
    shown = Mark.objects.filter(version=version, attempt=OuterRef("pk"))
    return Attempt.objects.filter(Exists(shown), state=AttemptState.FINISHED).order_by("pk")


def _leaves_nothing(version: QuestionVersion) -> QuerySet[Attempt]:
    others = Mark.objects.filter(attempt=OuterRef("pk"), fraction__isnull=False).exclude(version=version)
    return attempts_with(version).filter(~Exists(others), is_waiting=False)


def _quiz_versions(version: QuestionVersion) -> list[int]:
    """Versions of quizzes, among those with open attempts, that ask this version."""
    wanted = Attempt.objects.open().filter(quiz__items__question=version.question_id).values_list("version_id", "version__spec").distinct()
    return [pk for pk, spec in wanted if any(entry["v"] == version.pk for entry in spec["questions"])]


def _secret(key: AnswerKey) -> dict[str, Any]:
    return {"key": key.data, "explanation": key.explanation, "feedback": key.option_feedback, "ruling": str(key.ruling)}


def _after(version: QuestionVersion, draft: Draft | None, what: str) -> dict[str, Any]:
    return _secret(_corrected(version, draft, what))


def _corrected(version: QuestionVersion, draft: Draft | None, what: str) -> AnswerKey:
    """The key as it would be; not stored. A ruling leaves the key itself as it is."""
    now, kind = version.answer_key, type_of(version.question.type)
    version = copy(version)  # a key takes the place of the one that its version has in memory
    if what != Ruling.KEY or draft is None:
        return AnswerKey(version=version, data=now.data, explanation=now.explanation, option_feedback=now.option_feedback, ruling=what)
    feedback = now.option_feedback
    if kind.has_options:
        feedback = {shown["id"]: option.feedback for shown, option in zip(version.body["options"], draft.options, strict=True) if option.feedback}
    return AnswerKey(version=version, data=kind.key_for(draft, version.body), explanation=draft.explanation, option_feedback=feedback, ruling=what)
