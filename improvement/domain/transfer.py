"""From the course to the counter: the if-then plan, and the questions of days 30, 60 and 90 while the gap awaits its review (decisions 17).

Day 30 asks the learner, day 60 her superior, day 90 calls for the review. "Not yet" brings help, never a mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.dates import local_date
from core.domain.errors import RuleViolation
from courses.enums import EnrolmentState
from courses.models import Enrolment
from improvement.domain import notices
from improvement.domain.evidence import add_evidence, case_of, transfer_snapshot
from improvement.enums import AssignmentState, EvidenceKind, SessionState, TransferAnswerChoice, TransferDay
from improvement.models import AgendaItem, Guidance, TrainingAssignment, TransferPlan, TransferQuestion
from improvement.rules import may_decide, people_decided_by
from people.models import Account
from performance.enums import GapStatus
from performance.models import Gap

CHOICES = {
    TransferDay.DAY_30: (TransferAnswerChoice.OFTEN, TransferAnswerChoice.SOMETIMES, TransferAnswerChoice.NOT_YET),
    TransferDay.DAY_60: (TransferAnswerChoice.YES, TransferAnswerChoice.PARTLY, TransferAnswerChoice.NOT_YET),
    TransferDay.DAY_90: (TransferAnswerChoice.YES, TransferAnswerChoice.PARTLY, TransferAnswerChoice.NOT_YET),
}


# --- the plan ------------------------------------------------------------------------------------------------------------------------------
def may_plan(enrolment: Enrolment, *, by: Account) -> list[str]:
    if enrolment.person_id != by.pk:
        return [_("Only the learner writes her plan.")]
    if enrolment.state != EnrolmentState.COMPLETED:
        return [_("The plan comes at the end of the course.")]
    return []


@transaction.atomic
def save_plan(enrolment: Enrolment, *, situation: str, action: str, starts_on: date, by: Account, at: datetime | None = None) -> TransferPlan:
    """*When* situation, *I will* action, *from* date. It may be rewritten; the first day it stood stays."""
    moment = at or timezone.now()
    reasons = may_plan(enrolment, by=by)
    if not situation.strip() or not action.strip():
        reasons.append(_("Fill in both the situation and what you will do."))
    if reasons:
        raise RuleViolation(reasons)
    plan, created = TransferPlan.objects.get_or_create(
        enrolment=enrolment,
        defaults={"person": by, "situation": situation.strip(), "action": action.strip(), "starts_on": starts_on, "created_at": moment},
    )
    if not created:
        plan.situation, plan.action, plan.starts_on, plan.updated_at = situation.strip(), action.strip(), starts_on, moment
        plan.save(update_fields=["situation", "action", "starts_on", "updated_at"])
    return plan


# --- the questions ---------------------------------------------------------------------------------------------------------------------------
def plan_questions(gap: Gap, *, at: datetime) -> list[TransferQuestion]:
    """The gap has begun to await its review: one set for each completed course of it; a course that serves two gaps is asked about once."""
    begins_on = local_date(gap.awaiting_since or at)
    done = TrainingAssignment.objects.filter(gap=gap, state=AssignmentState.COMPLETED).values_list("enrolment_id", flat=True)
    asked = set(TransferQuestion.objects.filter(enrolment__in=done).values_list("enrolment_id", flat=True))
    rows = [
        TransferQuestion(person_id=gap.person_id, enrolment_id=enrolment, gap=gap, day=day, opens_on=begins_on + timedelta(days=int(day)))
        for enrolment in dict.fromkeys(done) if enrolment not in asked for day in TransferDay.values
    ]
    return TransferQuestion.objects.bulk_create(rows, ignore_conflicts=True)


def cancel_questions(gaps: Sequence[Gap], *, at: datetime) -> int:
    """The gaps no longer await a review: what was not answered is asked for another gap of the same course that does, or not any more."""
    rows = TransferQuestion.objects.filter(gap__in=gaps, answered_at__isnull=True, cancelled_at__isnull=True)
    for question in rows:
        others = TrainingAssignment.objects.filter(
            enrolment=question.enrolment_id, state=AssignmentState.COMPLETED, gap__status=GapStatus.AWAITING_REVIEW).exclude(gap__in=gaps)
        question.gap_id = others.values_list("gap_id", flat=True).first() or question.gap_id
        question.cancelled_at = None if question.gap_id not in {gap.pk for gap in gaps} else at
        question.save(update_fields=["gap", "cancelled_at"])
    return len(rows)


def due_questions(*, on: date):
    """Questions of the day that nobody was asked yet."""
    return TransferQuestion.objects.filter(
        opens_on__lte=on, asked_at__isnull=True, cancelled_at__isnull=True, gap__status=GapStatus.AWAITING_REVIEW,
    ).select_related("person", "enrolment__release", "gap__person", "gap__indicator")


@transaction.atomic
def ask(question: TransferQuestion, *, at: datetime) -> TransferQuestion:
    """Opens the question; days 30 and 60 tell who is asked, day 90 is told with the call for the review (``loop.request_review``)."""
    question.asked_at = at
    question.save(update_fields=["asked_at"])
    if question.day == TransferDay.DAY_30:
        notices.tell_question(question, question.person, at=at)
    elif question.day == TransferDay.DAY_60:
        for decider in notices.deciders_for(question.person):
            notices.tell_question(question, decider, at=at)
    return question


def may_answer(question: TransferQuestion, *, by: Account, at: datetime | None = None) -> list[str]:
    """Day 30: the learner; days 60 and 90: her superior or HR of the unit."""
    if question.cancelled_at is not None:
        return [_("This question is no longer asked.")]
    if question.answered_at is not None:
        return [_("This question has been answered.")]
    if question.opens_on > local_date(at or timezone.now()):
        return [_("This question opens later.")]
    if question.day == TransferDay.DAY_30:
        return [] if by.pk == question.person_id else [_("Only the learner answers this question.")]
    return may_decide(question.person, by=by)


@transaction.atomic
def answer(
    question: TransferQuestion, choice: str, *, by: Account, barrier: str = "", example: str = "", help_offered: str = "", at: datetime | None = None,
) -> TransferQuestion:
    """Kept as evidence on the gap. "Not yet" triggers help: the superior is told the barrier, the next talk gets it on its agenda."""
    moment = at or timezone.now()
    rows = TransferQuestion.objects.select_for_update(of=("self",)).select_related("person", "enrolment__release", "gap__person", "gap__parent")
    question = rows.get(pk=question.pk)
    reasons = may_answer(question, by=by, at=moment)
    if choice not in CHOICES[TransferDay(question.day)]:
        reasons.append(_("Choose one of the answers."))
    if reasons:
        raise RuleViolation(reasons)
    question.answer, question.barrier, question.example, question.help_offered = choice, barrier, example.strip()[:500], help_offered.strip()[:300]
    question.answered_by, question.answered_at = by, moment
    question.asked_at = question.asked_at or moment
    question.save(update_fields=["answer", "barrier", "example", "help_offered", "answered_by", "answered_at", "asked_at"])
    if question.gap_id:
        add_evidence(question.gap, kind=EvidenceKind.TRANSFER, obj=question, snapshot=transfer_snapshot(question), by=by, at=moment)
    audit.record("transfer.answered", question, by=by, subject=question.person, detail={"day": question.day, "answer": choice}, at=moment)
    if choice == TransferAnswerChoice.NOT_YET:
        _bring_help(question, by=by, at=moment)
    if question.help_offered and by.pk != question.person_id:
        notices.tell_help_offered(question, at=moment)
    return question


def _bring_help(question: TransferQuestion, *, by: Account, at: datetime) -> None:
    for helper in notices.deciders_for(question.person):
        if helper.pk != by.pk:
            notices.tell_help_wanted(question, helper, at=at)
    if question.gap_id is None:
        return
    talk = Guidance.objects.filter(gap=case_of(question.gap), state=SessionState.PLANNED).order_by("scheduled_at").first()
    if talk is not None:
        words = _("Not tried yet: %(course)s. Barrier: %(barrier)s.") % {
            "course": question.enrolment.release.title, "barrier": question.get_barrier_display() or _("not named")}
        AgendaItem.objects.create(guidance=talk, by=by, text=words[:300], at=at)


def open_for_learner(person: Account, *, on: date):
    """What the learner can answer now (L6)."""
    return TransferQuestion.objects.filter(
        person=person, day=TransferDay.DAY_30, opens_on__lte=on, answered_at__isnull=True, cancelled_at__isnull=True,
        gap__status=GapStatus.AWAITING_REVIEW,
    )


def open_for_decider(user: Account, *, on: date):
    """What ``user`` can confirm now for others (S4); days 60 and 90."""
    return (
        TransferQuestion.objects.filter(person__in=people_decided_by(user))
        .filter(day__in=[TransferDay.DAY_60, TransferDay.DAY_90], opens_on__lte=on, answered_at__isnull=True, cancelled_at__isnull=True,
                gap__status=GapStatus.AWAITING_REVIEW)
        .select_related("person", "enrolment__release", "enrolment__transfer_plan", "gap__indicator")
    )
