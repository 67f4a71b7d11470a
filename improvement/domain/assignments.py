"""A course given to a person, by a person, with a reason: its row, its date, its end (decisions 19, 20, 25).

What an assignment means for the gap stands in ``loop``; many at once in ``bulk``; taking back in ``undo``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.dates import add_months, format_day, local_date
from core.domain.errors import RuleViolation
from courses.domain.enrolment import enrol, set_due, withdraw
from courses.enums import EnrolmentOrigin
from courses.models import Completion, CoursePage, Enrolment
from improvement.domain import notices
from improvement.domain.remedies import may_have_courses
from improvement.domain.words import language_of
from improvement.enums import AssignmentState
from improvement.models import BulkAssignment, Proposal, TrainingAssignment
from improvement.rules import may_decide, may_decide_on
from people.models import Account
from performance.models import Gap

UNDO_TIME = timedelta(minutes=10)
COUNTS_FOR_MONTHS = 12
REMINDER_EVERY = timedelta(days=3)


# --- giving -------------------------------------------------------------------------------------------------------------------------------
def may_assign(
    person: Account, course: CoursePage, *, gap: Gap | None = None, due_on: date | None = None, by: Account, at: datetime | None = None,
) -> list[str]:
    """Sentences against giving this course to this person; the gap's own conditions (cause first, skill only) are among them."""
    moment = at or timezone.now()
    reasons = may_decide_on(gap, by=by) if gap is not None else may_decide(person, by=by)
    if gap is not None:
        reasons += may_have_courses(gap)
    reasons += fitness(person, course, gap=gap, at=moment)
    if due_on is not None and due_on < local_date(moment):
        reasons.append(_("The due date lies in the past."))
    return reasons


def fitness(person: Account, course: CoursePage, *, gap: Gap | None, at: datetime) -> list[str]:
    """What speaks against it whoever assigns: account, course, what the person has done or already has."""
    reasons = []
    if not person.is_active:
        reasons.append(_("This account is closed."))
    if not course.live or course.current_release_id is None:
        reasons.append(_("This course is not published."))
        return reasons
    since = add_months(local_date(at), -COUNTS_FOR_MONTHS)
    done = Completion.objects.filter(person=person, release=course.current_release_id, completed_at__date__gte=since).first()
    if done is not None:
        reasons.append(_("Already completed on %(day)s.") % {"day": format_day(done.completed_at)})
    if TrainingAssignment.objects.active().filter(person=person, course=course, gap=gap).exists():
        reasons.append(_("This course is already assigned."))
    return reasons


def create_assignment(
    person: Account, course: CoursePage, *, reason: str, by: Account, at: datetime, gap: Gap | None = None, proposal: Proposal | None = None,
    bulk: BulkAssignment | None = None, due_on: date | None = None,
) -> TrainingAssignment:
    """The row and its enrolment (the running one where there is one). The notice waits until the undo time has ended."""
    with transaction.atomic():
        enrolment = enrol(person, course, by=by, origin=EnrolmentOrigin.ASSIGNED, due_on=due_on, at=at)
        assignment = TrainingAssignment.objects.create(
            person=person, course=course, enrolment=enrolment, gap=gap, proposal=proposal, bulk=bulk, reason=reason.strip()[:500], due_on=due_on,
            by=by, created_at=at, undo_until=at + UNDO_TIME,
        )
        _sync_due(enrolment, at=at)
        audit.record("assignment.given", assignment, by=by, subject=person, detail={"course": course.pk, "gap": gap.pk if gap else None}, at=at)
        notices.tell_assigned([assignment], at=at, not_before=assignment.undo_until)
    return assignment


# --- ending -------------------------------------------------------------------------------------------------------------------------------
def complete_assignments(enrolment: Enrolment, *, at: datetime) -> list[TrainingAssignment]:
    """The course is completed: active assignments end with it. A voluntary one stays voluntary, but what was done counts."""
    unended = enrolment.assignments.filter(state__in=[AssignmentState.ACTIVE, AssignmentState.VOLUNTARY], ended_at__isnull=True)
    joined = unended.select_related("course", "enrolment__release", "by", "gap__parent", "gap__person", "gap__indicator")
    rows = list(joined.select_for_update(of=("self",)))
    for assignment in rows:
        if assignment.state == AssignmentState.ACTIVE:
            assignment.state = AssignmentState.COMPLETED
        assignment.ended_at = at
        assignment.save(update_fields=["state", "ended_at"])
    return rows


def make_voluntary(gaps: Sequence[Gap], *, at: datetime) -> list[TrainingAssignment]:
    """The gaps were closed by a measurement: what is still open needs no date and no reminder; each person is told (decisions 20)."""
    active = TrainingAssignment.objects.active().filter(gap__in=gaps).select_for_update(of=("self",))
    rows = list(active.select_related("course", "person", "enrolment__release", "by", "gap"))
    for assignment in rows:
        assignment.state, assignment.due_on = AssignmentState.VOLUNTARY, None
        assignment.save(update_fields=["state", "due_on"])
        _sync_due(assignment.enrolment, at=at)
        audit.record("assignment.voluntary", assignment, by=None, subject=assignment.person, detail={"gap": assignment.gap_id}, at=at)
        notices.take_back_assigned([assignment])
        notices.tell_now_voluntary(assignment, at=at)
    return rows


def cancel_assignment(
    assignment: TrainingAssignment, *, reason: str, by: Account | None, at: datetime, state: str = AssignmentState.CANCELLED,
) -> None:
    """Ends without learning. The enrolment goes too, when this assignment made it and no other one needs it."""
    assignment.state, assignment.ended_at, assignment.end_reason = state, at, reason[:300]
    assignment.save(update_fields=["state", "ended_at", "end_reason"])
    audit.record(f"assignment.{state}", assignment, by=by, subject=assignment.person, detail={"gap": assignment.gap_id}, at=at)
    notices.take_back_assigned([assignment])
    enrolment = assignment.enrolment
    if enrolment is None:
        return
    _sync_due(enrolment, at=at)
    was_made_here = enrolment.created_at == assignment.created_at
    if was_made_here and enrolment.percent == 0 and enrolment.is_running and not enrolment.assignments.active().exists():
        withdraw(enrolment, by=by, reason=reason, at=at)


def enrolment_ended(enrolment: Enrolment, *, at: datetime) -> list[Gap]:
    """The learner left the course: its assignments end with it. Returns the gaps they were for."""
    rows = list(enrolment.assignments.active().select_related("person", "gap__parent", "gap__person"))
    for assignment in rows:
        assignment.state, assignment.ended_at, assignment.end_reason = AssignmentState.CANCELLED, at, enrolment.withdrawn_reason
        assignment.save(update_fields=["state", "ended_at", "end_reason"])
        audit.record("assignment.cancelled", assignment, by=None, subject=assignment.person, detail={"gap": assignment.gap_id}, at=at)
    return [assignment.gap for assignment in rows if assignment.gap_id]


# --- changing -----------------------------------------------------------------------------------------------------------------------------
def may_change(assignment: TrainingAssignment, *, by: Account) -> list[str]:
    if assignment.state != AssignmentState.ACTIVE:
        return [_("This assignment has ended.")]
    return may_decide(assignment.person, by=by)


@transaction.atomic
def change_due(assignment: TrainingAssignment, due_on: date | None, *, by: Account, at: datetime | None = None) -> TrainingAssignment:
    """Another date, or none. The learner is not blamed for the old one: it is simply replaced."""
    moment = at or timezone.now()
    reasons = may_change(assignment, by=by)
    if due_on is not None and due_on < local_date(moment):
        reasons.append(_("The due date lies in the past."))
    if reasons:
        raise RuleViolation(reasons)
    before = {"due_on": str(assignment.due_on)}
    assignment.due_on = due_on
    assignment.save(update_fields=["due_on"])
    _sync_due(assignment.enrolment, at=moment)
    audit.record("assignment.due_changed", assignment, by=by, subject=assignment.person, before=before, after={"due_on": str(due_on)}, at=moment)
    return assignment


def _sync_due(enrolment: Enrolment | None, *, at: datetime) -> None:
    """The enrolment shows the earliest date of its active assignments; without any it is the learner's own choice."""
    if enrolment is not None:
        dates = list(enrolment.assignments.active().values_list("due_on", flat=True))
        set_due(enrolment, min((due for due in dates if due), default=None), by=None, at=at, is_assigned=bool(dates))


# --- reminding ----------------------------------------------------------------------------------------------------------------------------
def may_remind(assignment: TrainingAssignment, *, by: Account, at: datetime | None = None) -> list[str]:
    """At most twice a week, and only what is still asked for; never before the assignment itself was told."""
    moment = at or timezone.now()
    reasons = may_change(assignment, by=by)
    if not reasons and assignment.undo_until and assignment.undo_until > moment:
        reasons.append(_("The assignment is told in a few minutes; nobody is reminded before."))
    if not reasons and assignment.reminded_at and assignment.reminded_at + REMINDER_EVERY > moment:
        reasons.append(_("Already reminded on %(day)s. Two reminders a week are enough.") % {"day": format_day(assignment.reminded_at)})
    return reasons


@transaction.atomic
def remind(assignment: TrainingAssignment, *, by: Account, text: str = "", at: datetime | None = None) -> TrainingAssignment:
    """One friendly sentence, editable; it goes out with the next digest in working hours."""
    moment = at or timezone.now()
    if reasons := may_remind(assignment, by=by, at=moment):
        raise RuleViolation(reasons)
    assignment.reminded_at = moment
    assignment.save(update_fields=["reminded_at"])
    audit.record("assignment.reminded", assignment, by=by, subject=assignment.person, at=moment)
    notices.tell_reminder(assignment, text.strip() or reminder_text(assignment), at=moment)
    return assignment


def reminder_text(assignment: TrainingAssignment) -> str:
    """The sentence that a superior finds in the box before she edits it."""
    with language_of(assignment.person):
        return _("Work is busy, we know; the lessons are short and can be done in parts. Tell me if you need another date or help.")


def remind_due(*, at: datetime) -> int:
    """Daily: who is within a week of the date, or past it, is reminded; never more often than ``may_remind`` allows."""
    today, count = local_date(at), 0
    told = TrainingAssignment.objects.active().exclude(undo_until__gt=at)
    near = told.filter(due_on__lte=today + timedelta(days=7)).select_related("person", "course")
    for assignment in near.exclude(reminded_at__gt=at - timedelta(days=7)).iterator(chunk_size=500):
        with transaction.atomic():
            assignment.reminded_at = at
            assignment.save(update_fields=["reminded_at"])
            notices.tell_reminder(assignment, _due_text(assignment, today), at=at)
        count += 1
    return count


def _due_text(assignment: TrainingAssignment, today: date) -> str:
    with language_of(assignment.person):
        if assignment.due_on < today:
            return _("The agreed date has passed. You can go on where you stopped, or ask for another date.")
        return _("The agreed date is %(day)s.") % {"day": format_day(assignment.due_on)}

