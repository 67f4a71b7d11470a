"""Quizzes inside a course: what their screens may say of it, which attempts count together, and which end with the enrolment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.domain import attempts
from assessments.enums import Ending
from assessments.models import Attempt
from courses.enums import EnrolmentState
from courses.models import Enrolment
from people.models import Account


def place_of(attempt: Attempt) -> dict[str, Any]:
    """``topic_urls``: a topic named like a lesson or its module leads there, with "Lesson 3, about 6 minutes" beside it (one query).

    ``is_settled``: nothing can be gained any more by knowing the right answers. Her series ended with a completion, or the final quiz is
    passed; no enrolment of the course runs in which it is still ahead, also a later one; no attempt of this quiz runs. Leaving the
    course settles nothing: she may come back, and her attempts count on. ``can_be_granted``: a trainer reads that she waits.
    """
    pk = attempt.context_key.partition(":")[2]
    found = Enrolment.objects.filter(pk=pk).select_related("course", "release") if pk.isdecimal() else Enrolment.objects.none()
    hers = Enrolment.objects.filter(person=OuterRef("person"), course=OuterRef("course"))
    reached = Q(state=EnrolmentState.COMPLETED) | Q(is_quiz_passed=True)
    enrolment = found.annotate(
        was_reached=Exists(hers.filter(reached, pk__gte=OuterRef("pk")).exclude(state=EnrolmentState.WITHDRAWN)),
        is_ahead=Exists(hers.running().filter(is_quiz_passed=False)),
        is_being_taken=Exists(Attempt.objects.open().filter(person=OuterRef("person"), quiz=attempt.quiz_id)),
        is_waiting=Exists(hers.running().filter(has_no_attempt_left=True)),
    ).first()
    if enrolment is None:
        return {}
    slug, topics = enrolment.course.slug, {}
    for module in enrolment.release.outline:
        for lesson in module["lessons"]:
            note = _("Lesson %(position)d, about %(minutes)d minutes") % {
                "position": lesson["position"],
                "minutes": lesson["minutes"],
            }
            target = (reverse("courses:lesson", args=[slug, lesson["position"]]), note)
            topics[lesson["title"]] = target
            topics.setdefault(module["title"], target)
    return {
        "title": enrolment.release.title,
        "url": reverse("courses:course", args=[slug]),
        "topic_urls": topics,
        "is_settled": enrolment.was_reached and not enrolment.is_ahead and not enrolment.is_being_taken,
        "can_be_granted": enrolment.is_waiting,
    }


def counted_with(context_key: str) -> QuerySet:
    """Keys of the enrolments whose attempts count with those of this one: her earlier ones of the course, back to its last completion.

    So leaving a course and beginning again gives no new attempts, while a new validity cycle does. (At most one enrolment of a course
    runs at a time, therefore the numbers of her enrolments follow their order in time.)
    """
    pk = context_key.partition(":")[2]
    if not pk.isdecimal():
        return Enrolment.objects.none().values("course__slug")
    this = Enrolment.objects.filter(pk=pk)
    hers = Enrolment.objects.filter(person=Subquery(this.values("person")), course=Subquery(this.values("course")), pk__lt=pk)
    completed = Enrolment.objects.filter(
        person=OuterRef("person"), course=OuterRef("course"), state=EnrolmentState.COMPLETED, pk__gte=OuterRef("pk"), pk__lt=pk
    )
    key = Concat(Value("enrolment:"), Cast("pk", CharField()), output_field=CharField())
    return hers.exclude(Exists(completed)).order_by().annotate(key=key).values("key")


def note_attempts_left(enrolment: Enrolment) -> Enrolment:
    """Keep on the row whether she may still try the final quiz. Asks nothing where no attempt is limited or the quiz is passed."""
    version = enrolment.release.post_quiz_version
    is_limited = version is not None and version.spec.get("attempt_limit") is not None
    has_none = False
    if enrolment.is_running and is_limited and not enrolment.is_quiz_passed:
        found = attempts.situation(enrolment.person, version, context_key=enrolment.context_key)
        has_none = attempts.is_used_up(found)
    if enrolment.has_no_attempt_left != has_none:
        enrolment.has_no_attempt_left = has_none
        enrolment.save(update_fields=["has_no_attempt_left"])
    return enrolment


def note_pre_test_left(enrolment: Enrolment) -> Enrolment:
    """Keep on the row that the pre-test is used up without a result. It was cut off when she left; what she answered by then would
    say too little of what she knew, so it is no score before the course."""
    version = enrolment.release.pre_quiz_version
    if version is None or version.spec.get("attempt_limit") is None or enrolment.pre_score is not None or not enrolment.is_running:
        return enrolment
    if attempts.is_used_up(attempts.situation(enrolment.person, version, context_key=enrolment.context_key)):
        enrolment.has_no_pre_test_left = True
        enrolment.save(update_fields=["has_no_pre_test_left"])
    return enrolment


def words_when_used_up(enrolment: Enrolment, kind: str) -> list[str]:
    """No attempt is left: see to it that the row says so, however that came about, and tell her what comes now."""
    if kind == "pre":
        note_pre_test_left(enrolment)
        return [_("The course does not depend on it: go on with the lessons.")] if enrolment.is_running else []
    if not enrolment.has_no_attempt_left:
        note_attempts_left(enrolment)
    return [_("Your trainer sees this and can give you another one.")] if enrolment.has_no_attempt_left else []


def stop_attempts(enrolments: list[Enrolment], *, by: Account | None, at: datetime) -> int:
    """End what is still open in these enrolments; what was answered is graded and kept. Returns how many attempts that were."""
    keys = [enrolment.context_key for enrolment in enrolments]
    people = {enrolment.person_id for enrolment in enrolments}
    running = list(Attempt.objects.open().filter(person__in=people, context_key__in=keys).select_related("version")) if keys else []
    for attempt in running:
        attempts.finish(attempt, by=by, at=at, ending=Ending.STOPPED)
    return len(running)


def stop_what_was_left(enrolment: Enrolment, *, by: Account, at: datetime) -> int:
    """Before a quiz begins: end attempts that are still open in her other enrolments of the course, which no page leads to any more."""
    others = Enrolment.objects.filter(person=enrolment.person_id, course=enrolment.course_id).exclude(pk=enrolment.pk)
    return stop_attempts(list(others), by=by, at=at)
