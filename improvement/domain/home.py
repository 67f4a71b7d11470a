"""What the learner's home shows (L1): the next thing first. Four queries whatever the number of courses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from assessments.models import PracticeRound
from core.domain.dates import local_date
from courses.domain.hours import YearSummary, year_summary
from courses.enums import EnrolmentState
from courses.models import Enrolment, ReleasedLesson
from improvement.domain.transfer import open_for_learner
from improvement.enums import AssignmentState, SessionState
from improvement.models import Counselling, Guidance, LearnerRequest, TrainingAssignment
from people.models import Account
from performance.enums import RecordState
from performance.models import PerformanceRecord

LIMIT = 20  # tasks shown; more than that helps nobody


@dataclass(frozen=True)
class Todo:
    """Something other than a course that waits for the person: ``kind`` transfer, record, guidance, counselling, answer, practice."""

    kind: str
    pk: int
    when: datetime | None
    text: str


@dataclass
class Home:
    resume: Enrolment | None = None
    tasks: list[Enrolment] = field(default_factory=list)
    todos: list[Todo] = field(default_factory=list)
    meeting: Todo | None = None
    hours: YearSummary | None = None
    today: date | None = None


def learner_home(person: Account, *, at: datetime | None = None) -> Home:
    """Running courses with reason and place to resume, what else waits, the next talk, and this year's learning hours."""
    now = at or timezone.now()
    today = local_date(now)
    tasks = list(_running(person)[:LIMIT])
    started = [task for task in tasks if task.state == EnrolmentState.ACTIVE and task.lesson_title]
    resume = max(started, key=lambda task: task.last_seen_at or task.created_at, default=None)
    todos = [Todo(*row) for row in _waiting(person, now, today)]
    meetings = [todo for todo in todos if todo.kind in ("guidance", "counselling") and todo.when and todo.when >= now]
    return Home(
        resume=resume,
        tasks=[task for task in tasks if task is not resume],
        todos=[todo for todo in todos if todo.kind not in ("guidance", "counselling")],
        meeting=min(meetings, key=lambda todo: todo.when, default=None),
        hours=year_summary(person, today.year),
        today=today,
    )


def _running(person: Account):
    assignment = TrainingAssignment.objects.filter(enrolment=OuterRef("pk"), state=AssignmentState.ACTIVE).order_by("pk")
    lesson = ReleasedLesson.objects.filter(release=OuterRef("release"), position=OuterRef("resume_position"))
    return (
        Enrolment.objects.filter(person=person)
        .running()
        .select_related("release")
        .annotate(
            slug=F("course__slug"),
            assignment_id=Subquery(assignment.values("pk")[:1]),
            reason=Subquery(assignment.values("reason")[:1]),
            lesson_title=Subquery(lesson.values("title")[:1]),
            lesson_minutes=Subquery(lesson.values("minutes")[:1]),
        )
        .order_by(F("due_on").asc(nulls_last=True), "created_at")
    )


def _waiting(person: Account, now: datetime, today: date):
    """One UNION of small lists: (kind, pk, when, text)."""

    def rows(queryset, kind: str, when, text):
        return (
            queryset.order_by()
            .annotate(
                kind_word=Value(kind, output_field=CharField()),
                moment=Cast(when, DateTimeField()),
                words=Cast(text, CharField(max_length=300)),
            )
            .values_list("kind_word", "pk", "moment", "words")
        )

    asked = open_for_learner(person, on=today)
    entries = PerformanceRecord.objects.filter(person=person, state=RecordState.PROPOSED)
    talks = Guidance.objects.filter(person=person, state=SessionState.PLANNED, scheduled_at__gte=now)
    agreed = Guidance.objects.filter(person=person, state=SessionState.HELD, confirmed_by_person_at__isnull=True).exclude(
        action=""
    )
    private = Counselling.objects.filter(person=person, state=SessionState.PLANNED, scheduled_at__gte=now)
    answers = LearnerRequest.objects.filter(Q(assignment__person=person), answered_at__gte=now - timedelta(days=7))
    practice = PracticeRound.objects.own(person).waiting()
    return rows(asked, "transfer", F("asked_at"), F("enrolment__release__title")).union(
        rows(entries, "record", F("at"), F("summary")),
        rows(talks, "guidance", F("scheduled_at"), F("conductor__name")),
        rows(agreed, "agreement", Coalesce("held_at", "scheduled_at"), F("action")),
        rows(private, "counselling", F("scheduled_at"), Value("")),
        rows(answers, "answer", F("answered_at"), F("answer")),
        rows(practice, "practice", F("opened_at"), F("quiz__title")),
        all=True,
    )
