"""An attempt was graded anew because its key was corrected: what follows for the enrolment (ADR 0015)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessments.domain.counting import counted_of, counted_result
from assessments.enums import AttemptState, Counted
from assessments.models import Attempt
from courses.domain.completion import complete_if_done
from courses.domain.progress import recount
from courses.enums import EnrolmentState
from courses.models import Enrolment


@transaction.atomic
def take_regraded(attempt: Attempt, *, at: datetime) -> Enrolment | None:
    """Scores follow the attempts, up or down; a pass is only ever added. A running course that was waiting for the pass is completed.

    Who has left gets her scores corrected too, no more: leaving was her decision. A completion that exists, its hours and its certificate
    stay as they were issued.
    """
    kind, _sep, pk = attempt.context_key.partition(":")
    if kind != "enrolment" or not pk.isdecimal():
        return None
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "person", "course", "release__pre_quiz_version", "release__post_quiz_version")
    enrolment = rows.filter(pk=pk, person_id=attempt.person_id).first()
    if enrolment is None:
        return None
    pre, post = enrolment.release.pre_quiz_version, enrolment.release.post_quiz_version
    if post is not None and attempt.quiz_id == post.quiz_id:
        _take_final(enrolment, attempt)
    elif pre is not None and attempt.quiz_id == pre.quiz_id:
        _take_pre(enrolment, attempt)
    else:
        return None
    if enrolment.is_running:
        recount(enrolment)
    enrolment.save(update_fields=["best_score", "pre_score", "is_quiz_passed", "percent", "resume_position", "resume_anchor"])
    if enrolment.state != EnrolmentState.WITHDRAWN:
        complete_if_done(enrolment, at=at)
    return enrolment


def _take_final(enrolment: Enrolment, attempt: Attempt) -> None:
    """Of the best of several, those of this enrolment count, as when they were handed in; last and average go through the series."""
    if attempt.version.spec.get("counted", Counted.BEST) == Counted.BEST:
        found = counted_result(attempt.version.spec, _hers(enrolment, attempt))
    else:
        found = counted_of(attempt)
    if found.attempt is not None:
        enrolment.best_score, enrolment.is_quiz_passed = found.score, enrolment.is_quiz_passed or found.is_passed


def _take_pre(enrolment: Enrolment, attempt: Attempt) -> None:
    """The first result before the course, if there was one."""
    found = sorted((one for one in _hers(enrolment, attempt) if one.score is not None), key=lambda one: (one.finished_at, one.pk))
    if enrolment.pre_score is not None and found and found[0].pk == attempt.pk:
        enrolment.pre_score = attempt.score


def _hers(enrolment: Enrolment, attempt: Attempt) -> list[Attempt]:
    return list(Attempt.objects.filter(person=enrolment.person_id, quiz=attempt.quiz_id, context_key=enrolment.context_key,
                                       state=AttemptState.FINISHED))
