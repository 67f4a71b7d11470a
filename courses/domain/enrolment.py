"""Who is in which course, on which release (decisions 21)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from courses.domain import quiz_places
from courses.enums import EnrolmentOrigin, EnrolmentState
from courses.models import CoursePage, Enrolment
from courses.signals import enrolment_withdrawn
from people.models import Account


def may_enrol(person: Account, course: CoursePage) -> list[str]:
    """What stands against a place in ``course`` (sentences; empty = nothing). Who may decide for whom is asked by the caller."""
    reasons = []
    if not person.is_active:
        reasons.append(_("This account is closed."))
    if course.current_release_id is None:
        reasons.append(_("“%(title)s” is not published yet.") % {"title": course.title})
    elif not course.live:
        reasons.append(_("“%(title)s” takes no new participants.") % {"title": course.title})
    return reasons


@transaction.atomic
def enrol(
    person: Account,
    course: CoursePage,
    *,
    by: Account | None,
    origin: str = EnrolmentOrigin.SELF,
    due_on: date | None = None,
    at: datetime | None = None,
) -> Enrolment:
    """A place on the present release, or the running enrolment there is (at most one a course, held by the database).

    An assignment of a course that she chose herself makes it assigned and gives it the due date. Whoever comes back to a course that
    she had left finds her first pre-test and her used attempts. ``RuleViolation``: see ``may_enrol``.
    """
    at = at or timezone.now()
    last = _last(person, course)
    if running := last if last is not None and last.is_running else None:
        return _assigned(running, due_on=due_on, by=by, at=at) if origin == EnrolmentOrigin.ASSIGNED else running
    course = CoursePage.objects.get(pk=course.pk)
    if reasons := may_enrol(person, course):
        raise RuleViolation(reasons)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                person=person, course=course, release=course.current_release, origin=origin, due_on=due_on, created_at=at,
                pre_score=last.pre_score if last is not None and last.state == EnrolmentState.WITHDRAWN else None,
            )
    except IntegrityError:
        last = _last(person, course)
        if last is None or not last.is_running:
            raise
        return last
    if last is not None and last.state == EnrolmentState.WITHDRAWN:
        quiz_places.note_pre_test_left(enrolment)
        quiz_places.note_attempts_left(enrolment)
    detail = {"course": course.pk, "release": enrolment.release_id, "origin": str(origin)}
    audit.record("enrolment.made", enrolment, by=by, subject=person, detail=detail, at=at)
    return enrolment


@transaction.atomic
def set_due(
    enrolment: Enrolment, due_on: date | None, *, by: Account | None, at: datetime | None = None, is_assigned: bool | None = None
) -> Enrolment:
    """Move the due date of a running enrolment; ``is_assigned=False`` makes it voluntary (decisions 20). Others stay as they are."""
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if not locked.is_running:
        return locked
    origin = locked.origin if is_assigned is None else (EnrolmentOrigin.ASSIGNED if is_assigned else EnrolmentOrigin.SELF)
    if (locked.due_on, locked.origin) != (due_on, origin):
        locked.due_on, locked.origin = due_on, origin
        locked.save(update_fields=["due_on", "origin"])
        audit.record(
            "enrolment.due",
            locked,
            by=by,
            subject=locked.person,
            detail={"due_on": str(due_on or ""), "origin": str(origin)},
            at=at,
        )
    return locked


def may_withdraw(enrolment: Enrolment, *, by: Account | None) -> list[str]:
    reasons = []
    if not enrolment.is_running:
        reasons.append(_("Only a course in progress can be left."))
    if by is not None and by.pk == enrolment.person_id and enrolment.origin == EnrolmentOrigin.ASSIGNED:
        reasons.append(_("This course was assigned to you. Ask for another course or date instead."))
    return reasons


@transaction.atomic
def withdraw(enrolment: Enrolment, *, by: Account | None, reason: str, at: datetime | None = None) -> Enrolment:
    """End a running enrolment without completion; what was read and answered stays on record, and an open quiz ends with it.

    ``RuleViolation``: see ``may_withdraw``.
    """
    at = at or timezone.now()
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if reasons := may_withdraw(locked, by=by):
        raise RuleViolation(reasons)
    locked.state, locked.withdrawn_reason = EnrolmentState.WITHDRAWN, reason.strip()[:300]
    locked.save(update_fields=["state", "withdrawn_reason"])
    audit.record("enrolment.withdrawn", locked, by=by, subject=locked.person, at=at)
    quiz_places.stop_attempts([locked], by=by, at=at)
    enrolment_withdrawn.send(sender=Enrolment, enrolment=locked, at=at)
    return locked


def _last(person: Account, course: CoursePage) -> Enrolment | None:
    """Her newest enrolment of the course: the running one, if one runs."""
    return Enrolment.objects.filter(person=person, course=course).select_related("release").order_by("-pk").first()


def _assigned(running: Enrolment, *, due_on: date | None, by: Account | None, at: datetime) -> Enrolment:
    release = running.release
    updated = set_due(running, due_on or running.due_on, by=by, at=at, is_assigned=True)
    updated.release = release
    return updated
