"""When a course counts as completed. The rule is always shown in words; nobody ticks a box for somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import AttemptState, Counted
from assessments.models import Attempt
from core.domain import audit
from core.domain.numbers import format_percent
from courses.domain import hours
from courses.enums import CompletionRule, EnrolmentState
from courses.models import Completion, CourseRelease, Enrolment
from courses.signals import course_completed


def rule_words(release: CourseRelease) -> str:
    """``Selesai bila kelima materi dibaca dan kuis akhir lulus dengan nilai paling rendah 70 %.``"""
    mark = format_percent(release.pass_mark)
    if release.completion_rule == CompletionRule.QUIZ:
        return _("Completed when you pass the final quiz with at least %(mark)s.") % {"mark": mark}
    if release.completion_rule == CompletionRule.LESSONS:
        return ngettext(
            "Completed when you have finished the lesson.",
            "Completed when you have finished all %(count)d lessons.",
            release.lesson_count,
        ) % {"count": release.lesson_count}
    return ngettext(
        "Completed when you have finished the lesson and passed the final quiz with at least %(mark)s.",
        "Completed when you have finished all %(count)d lessons and passed the final quiz with at least %(mark)s.",
        release.lesson_count,
    ) % {"count": release.lesson_count, "mark": mark}


def completion_requirements(enrolment: Enrolment) -> list[str]:
    """What is still missing (sentences; empty = the course is done)."""
    release, reasons = enrolment.release, []
    left = release.lesson_count - len(enrolment.done_positions)
    if release.completion_rule != CompletionRule.QUIZ and left > 0:
        reasons.append(ngettext("One lesson is left.", "%(count)d lessons are left.", left) % {"count": left})
    if release.completion_rule != CompletionRule.LESSONS and not enrolment.is_quiz_passed:
        reasons.append(_("The final quiz is left (at least %(mark)s).") % {"mark": format_percent(release.pass_mark)})
    return reasons


@transaction.atomic
def complete_if_done(enrolment: Enrolment, *, at: datetime | None = None) -> Completion | None:
    """Complete a running enrolment whose requirements are met: the fact, the learning hours, and the announcement, once.

    Returns the new ``Completion``, or None when nothing was to be done. ``enrolment`` itself is brought up to date.
    """
    at = at or timezone.now()
    if not enrolment.is_running or completion_requirements(enrolment):
        return None
    release = enrolment.release
    attempt = _deciding_attempt(enrolment)
    completion, is_new = Completion.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "person": enrolment.person,
            "course": enrolment.course,
            "release": release,
            "score": enrolment.best_score,
            "attempt_id": attempt.pk if attempt else None,
            "started_at": enrolment.started_at or at,
            "completed_at": at,
        },
    )
    enrolment.state, enrolment.percent, enrolment.completed_at = EnrolmentState.COMPLETED, 100, completion.completed_at
    enrolment.save(update_fields=["state", "percent", "completed_at"])
    if not is_new:
        return None
    detail = {"course": completion.course_id, "release": release.pk, "attempt": completion.attempt_id}
    audit.record("course.completed", completion, by=enrolment.person, subject=enrolment.person, detail=detail, at=at)
    hours.post(completion, at=at)
    course_completed.send(sender=Completion, enrolment=enrolment, completion=completion, at=at)
    return completion


def _deciding_attempt(enrolment: Enrolment) -> Attempt | None:
    version = enrolment.release.post_quiz_version
    if version is None:
        return None
    graded = Attempt.objects.filter(
        person=enrolment.person_id, quiz=version.quiz_id, context_key=enrolment.context_key, state=AttemptState.FINISHED
    )
    order = ["-score", "-is_passed", "finished_at"] if version.spec.get("counted", Counted.BEST) == Counted.BEST else ["-finished_at"]
    return graded.filter(score__isnull=False).order_by(*order).first()
