"""Results follow a corrected key: each attempt is replayed from its steps, graded anew, and who is touched is told, once.

Runs in the background in batches. A worker that is killed leaves whole attempts behind: what is graded anew already differs from nothing,
so whoever goes on changes and tells nothing twice.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.domain import attempts, grading, hand_grading
from assessments.domain.context import is_told_of
from assessments.enums import AttemptState, StepKind
from assessments.models import Attempt, KeyCorrection, Mark, Regrade, Step
from assessments.question_types import type_of
from assessments.signals import attempt_finished, attempt_regraded
from core.domain import outbox
from people.domain.notices import notify
from people.enums import NoticeKind

REGRADE = "assessments.regrade"
BATCH = 100


def regrade_batch(correction: KeyCorrection, *, after: int, at: datetime) -> int:
    """The next ``BATCH`` attempts behind attempt ``after``; the rest becomes a job of its own. Returns how many results changed.

    A later correction of the same version has a job of its own, which sees all attempts: this one has nothing left to do.
    """
    if KeyCorrection.objects.filter(version=correction.version_id, number__gt=correction.number).exists():
        return 0
    shown = Mark.objects.filter(version=correction.version_id, attempt__state=AttemptState.FINISHED, attempt__gt=after)
    wanted = list(shown.order_by("attempt").values_list("attempt", flat=True)[:BATCH])
    changed = sum(regrade(pk, correction, at=at) is not None for pk in wanted)
    if len(wanted) == BATCH:
        outbox.enqueue(REGRADE, f"{REGRADE}:{correction.pk}:{wanted[-1]}", {"correction": correction.pk, "after": wanted[-1]})
    return changed


@transaction.atomic
def regrade(attempt_id: int, correction: KeyCorrection, *, at: datetime) -> Regrade | None:
    """Grade one attempt anew by the key that stands now: marks, score and points follow, a pass that was given stays, a step says why, the
    person is told and ``attempt_regraded`` is sent. None: nothing changes for it, or this was done before.

    An attempt that waited only for a grade of this question has its result now, and is announced as finished instead.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("version", "quiz", "person").get(pk=attempt_id)
    if Regrade.objects.filter(attempt=attempt, correction=correction).exists():
        return None
    mark = Mark.objects.get(attempt=attempt, version_id=correction.version_id)
    was = {name: getattr(attempt, name) for name in grading.RESULT_FIELDS}
    attempt.answers = attempts.replay(attempt).answers
    settled = settled_of(attempt)
    grading.hold_keys(for_change=False)
    marks, result = grading.weigh(attempt, grading.keys_for(attempt), settled)
    fraction = next(one.fraction for one in marks if one.version_id == correction.version_id)
    if fraction == mark.fraction and result.score == was["score"]:
        return None
    result = grading.grade(attempt, settled)
    grading.take(attempt, result)
    keeps_pass = bool(was["is_passed"]) and not attempt.is_passed and result.score is not None
    attempt.is_passed = True if keeps_pass else attempt.is_passed
    attempt.is_regraded, attempt.last_sequence = True, attempt.last_sequence + 1
    Step.objects.create(attempt=attempt, sequence=attempt.last_sequence, kind=StepKind.GRADE, version_id=correction.version_id, at=at, data={
        **result.trace, **({"is_passed": True, "keeps_pass": True} if keeps_pass else {}), "correction": correction.pk,
        **({"by_hand": {str(version): str(share) for version, share in settled.items()}} if settled else {})})
    attempt.save(update_fields=["last_sequence", "is_regraded", *grading.RESULT_FIELDS])
    is_told = was["score"] is not None and was["score"] != attempt.score and is_told_of(attempt.context_key)
    found = Regrade.objects.create(
        attempt=attempt, correction=correction, fraction_before=mark.fraction, fraction_after=fraction, score_before=was["score"],
        score_after=attempt.score, points_before=was["points"], points_after=attempt.points, is_passed_before=was["is_passed"],
        is_passed_after=attempt.is_passed, keeps_pass=keeps_pass, at=at, told_at=at if is_told else None)
    _announce(attempt, found, was_waiting=was["is_waiting"], at=at)
    if is_told:
        _tell(attempt, found, at=at)
    return found


def settled_of(attempt: Attempt) -> dict[int, Fraction] | None:
    """The grades that people gave; asked only where people grade."""
    if any(type_of(entry["type"]).is_manual for entry in attempt.version.spec["questions"]):
        return hand_grading.hand_fractions(attempt)
    return None


def _announce(attempt: Attempt, found: Regrade, *, was_waiting: bool, at: datetime) -> None:
    if attempt.is_waiting:
        return
    if was_waiting:
        attempt_finished.send(sender=Attempt, attempt=attempt, at=at)
    else:
        attempt_regraded.send(sender=Attempt, attempt=attempt, regrade=found, at=at)


def _tell(attempt: Attempt, found: Regrade, *, at: datetime) -> None:
    if found.keeps_pass:
        body = _("The key of one question of “%(quiz)s” was corrected. You have passed and that stays; your result shows the points.")
    elif found.is_passed_after and not found.is_passed_before:
        body = _("The key of one question of “%(quiz)s” was corrected. With your answers you have passed.")
    else:
        body = _("The key of one question of “%(quiz)s” was corrected. Your result shows what that changes.")
    with translation.override(attempt.person.language or "id"):
        words = str(body) % {"quiz": attempt.quiz.title}
    notify(attempt.person, kind=NoticeKind.REQUEST, key=f"assessments.regraded:{found.correction_id}:{attempt.pk}",
           title=_("A quiz result of yours was corrected"), body=words, url=reverse("assessments:result", args=[attempt.pk]), at=at)
