"""The learner's voice on an assignment: another course, another date, or context (issue §5: she is asked, not only told)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from courses.models import CoursePage
from improvement.domain import assignments, loop, notices
from improvement.enums import AssignmentState, RequestKind, RequestState
from improvement.models import LearnerRequest, TrainingAssignment
from improvement.rules import may_decide, people_decided_by
from people.models import Account


def may_ask(assignment: TrainingAssignment, *, by: Account) -> list[str]:
    if by.pk != assignment.person_id:
        return [_("Only the learner herself asks.")]
    if assignment.state != AssignmentState.ACTIVE:
        return [_("This assignment has ended.")]
    if assignment.requests.filter(state=RequestState.OPEN).exists():
        return [_("You have asked already; the answer is still to come.")]
    return []


@transaction.atomic
def ask(
    assignment: TrainingAssignment, kind: str, *, text: str, wanted_on: date | None = None, wanted_course: CoursePage | None = None, by: Account,
    at: datetime | None = None,
) -> LearnerRequest:
    """One open request at a time; whoever decides for the learner is told."""
    moment = at or timezone.now()
    assignment = TrainingAssignment.objects.select_for_update(of=("self",)).select_related("person", "course").get(pk=assignment.pk)
    reasons = may_ask(assignment, by=by)
    if not text.strip():
        reasons.append(_("Say in a sentence what you need."))
    if kind == RequestKind.OTHER_DATE and (wanted_on is None or wanted_on < local_date(moment)):
        reasons.append(_("Name a date from today on."))
    if kind == RequestKind.OTHER_COURSE and wanted_course is None:
        reasons.append(_("Choose the course you would rather take."))
    if reasons:
        raise RuleViolation(reasons)
    asked = LearnerRequest.objects.create(
        assignment=assignment, kind=kind, text=text.strip()[:1000], wanted_on=wanted_on, wanted_course=wanted_course, created_at=moment,
    )
    audit.record("request.asked", asked, by=by, subject=by, detail={"kind": kind}, at=moment)
    notices.tell_request(asked, notices.deciders_for(by), at=moment)
    return asked


def may_respond(asked: LearnerRequest, *, by: Account) -> list[str]:
    if asked.state != RequestState.OPEN:
        return [_("This request was answered.")]
    return may_decide(asked.assignment.person, by=by)


@transaction.atomic
def respond(asked: LearnerRequest, *, granted: bool, text: str = "", by: Account, at: datetime | None = None) -> LearnerRequest:
    """Granted: the date changes, or the course is replaced by the wanted one. A no needs its reason (experience S5)."""
    moment = at or timezone.now()
    asked = LearnerRequest.objects.select_for_update(of=("self",)).select_related(
        "assignment__person", "assignment__course", "assignment__gap", "assignment__enrolment", "wanted_course__current_release").get(pk=asked.pk)
    reasons = may_respond(asked, by=by)
    if not granted and not text.strip():
        reasons.append(_("Say why not."))
    if reasons:
        raise RuleViolation(reasons)
    if granted:
        _grant(asked, by=by, at=moment)
    asked.state = RequestState.GRANTED if granted else RequestState.DECLINED
    asked.answer, asked.answered_by, asked.answered_at = text.strip()[:500], by, moment
    asked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record("request.answered", asked, by=by, subject=asked.assignment.person, detail={"granted": granted}, at=moment)
    notices.tell_answer(asked, at=moment)
    return asked


def _grant(asked: LearnerRequest, *, by: Account, at: datetime) -> None:
    assignment = asked.assignment
    if assignment.state != AssignmentState.ACTIVE:
        raise RuleViolation(_("This assignment has ended."))
    if asked.kind == RequestKind.OTHER_DATE:
        assignments.change_due(assignment, asked.wanted_on, by=by, at=at)
    elif asked.kind == RequestKind.OTHER_COURSE and asked.wanted_course is not None:
        replace_course(assignment, asked.wanted_course, by=by, at=at)


@transaction.atomic
def replace_course(assignment: TrainingAssignment, course: CoursePage, *, by: Account, at: datetime | None = None) -> TrainingAssignment:
    """The new course is given first, so that the gap never stands without a remedy; then the old assignment ends."""
    moment = at or timezone.now()
    if reasons := assignments.may_change(assignment, by=by):
        raise RuleViolation(reasons)
    due_on = assignment.due_on if assignment.due_on and assignment.due_on >= local_date(moment) else None
    if assignment.gap_id:
        given = loop.assign_training(assignment.gap, course=course, by=by, due_on=due_on, reason=assignment.reason, at=moment)
    else:
        given = loop.assign_without_gap(assignment.person, course=course, by=by, reason=assignment.reason, due_on=due_on, at=moment)
    assignments.cancel_assignment(assignment, reason=_("Replaced by: %(course)s") % {"course": course.title}, by=by, at=moment)
    return given


def open_requests(user: Account) -> QuerySet[LearnerRequest]:
    """S5: what ``user`` can answer, oldest first."""
    return (
        LearnerRequest.objects.filter(state=RequestState.OPEN, assignment__person__in=people_decided_by(user))
        .select_related("assignment__person", "assignment__course", "assignment__gap__indicator", "wanted_course").order_by("created_at")
    )
