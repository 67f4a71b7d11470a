"""The ledger of learning hours (JP): minutes, entries and reversals, no edits; the year is that of completion in Jakarta (domain.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.dates import add_months, local_date
from core.domain.errors import RuleViolation
from core.domain.numbers import LEARNING_HOUR_MINUTES
from courses.enums import DevelopmentForm, EnrolmentOrigin
from courses.models import Completion, HoursTarget, LearningHours
from people.enums import EmploymentStatus
from people.models import Account

SOURCE_COMPLETION = "completion"


@dataclass(frozen=True)
class YearSummary:
    """One person's year. ``target`` is a minimum to reach; ``ceiling`` only warns about assigned hours. Hours in whole JP, rounded down."""

    year: int
    minutes: int
    assigned_minutes: int
    target: int | None = None
    ceiling: int | None = None

    @property
    def jp(self) -> int:
        return max(0, self.minutes) // LEARNING_HOUR_MINUTES

    @property
    def is_reached(self) -> bool:
        return self.target is not None and self.jp >= self.target

    @property
    def missing(self) -> int:
        return max(0, (self.target or 0) - self.jp)

    @property
    def warning(self) -> str:
        """Assigned hours above the yearly figure for PPPK: said, never forbidden (voluntary learning stays free)."""
        assigned = max(0, self.assigned_minutes) // LEARNING_HOUR_MINUTES
        if self.ceiling is None or assigned <= self.ceiling:
            return ""
        return _(
            "%(assigned)d JP were assigned this year; the figure for PPPK is %(ceiling)d JP. Voluntary learning stays free."
        ) % {
            "assigned": assigned,
            "ceiling": self.ceiling,
        }


@transaction.atomic
def post(completion: Completion, *, at: datetime | None = None) -> LearningHours | None:
    """Enter the hours of a completed course: one entry per person, course and validity cycle; a retake inside the cycle adds none.

    The cycle lasts as long as the certificate is valid (no end: for ever).
    """
    release, done_on = completion.release, local_date(completion.completed_at)
    if release.learning_minutes <= 0:
        return None
    earlier = _course_entries(completion.person_id, completion.course_id)
    last = earlier.filter(reversed_by__isnull=True).order_by("-completed_on").first()
    if last is not None and not is_over(last.completed_on, release.certificate_months, done_on):
        return None
    try:
        with transaction.atomic():
            return LearningHours.objects.create(
                person_id=completion.person_id,
                form=DevelopmentForm.ELEARNING,
                title=release.title,
                minutes=release.learning_minutes,
                uncapped_minutes=release.learning_minutes,
                key=f"{_prefix(completion.person_id, completion.course_id)}{earlier.count() + 1}",
                source_kind=SOURCE_COMPLETION,
                source_id=completion.pk,
                completed_on=done_on,
                year=done_on.year,
                is_assigned=completion.enrolment.origin == EnrolmentOrigin.ASSIGNED,
                at=at or timezone.now(),
            )
    except IntegrityError:
        return None  # the same cycle was entered a moment ago


def entry_of(completion: Completion) -> LearningHours | None:
    """What this completion earned and what has not been taken back; None for a retake inside a cycle and for a course without hours."""
    rows = LearningHours.objects.filter(source_kind=SOURCE_COMPLETION, source_id=completion.pk)
    return rows.filter(reverses__isnull=True, reversed_by__isnull=True).first()


@transaction.atomic
def reverse(entry: LearningHours, *, reason: str, by: Account | None, at: datetime | None = None) -> LearningHours:
    """Take an entry back by a second one with the opposite sign in the same year. ``RuleViolation``: no reason, or taken back before."""
    at = at or timezone.now()
    reasons = []
    if not reason.strip():
        reasons.append(_("Give a reason."))
    if entry.reverses_id is not None:
        reasons.append(_("A reversal cannot be reversed; enter the hours again instead."))
    if LearningHours.objects.filter(reverses=entry).exists():
        reasons.append(_("These hours were taken back before."))
    if reasons:
        raise RuleViolation(reasons)
    reversal = LearningHours.objects.create(
        person_id=entry.person_id,
        form=entry.form,
        title=entry.title,
        minutes=-entry.minutes,
        uncapped_minutes=-entry.uncapped_minutes,
        key=f"reversal:{entry.pk}",
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        completed_on=entry.completed_on,
        year=entry.year,
        is_assigned=entry.is_assigned,
        reverses=entry,
        reason=reason.strip()[:300],
        by=by,
        at=at,
    )
    audit.record("hours.reversed", entry, by=by, subject=entry.person, before=entry.minutes, after=0, at=at)
    return reversal


def year_summary(person: Account, year: int) -> YearSummary:
    """Minutes of the year with reversals taken off, and the figures for her status valid then (two queries)."""
    sums = LearningHours.objects.filter(person=person, year=year).aggregate(
        total=Sum("minutes", default=0), assigned=Sum("minutes", filter=Q(is_assigned=True), default=0)
    )
    rows = {row.is_minimum: row.jp for row in _targets(year).filter(status=person.status).order_by("-valid_from")}
    return YearSummary(year, sums["total"], sums["assigned"], target=rows.get(True), ceiling=rows.get(False))


def entries_of(person: Account, year: int | None = None) -> QuerySet[LearningHours]:
    """The ledger of a person, newest first, reversals included."""
    rows = LearningHours.objects.filter(person=person).select_related("reversed_by")
    return rows.filter(year=year) if year else rows


def targets_for(year: int) -> dict[tuple[str, bool], int]:
    """``(status, is_minimum)`` to JP for the year, for lists of many people."""
    return {(row.status, row.is_minimum): row.jp for row in _targets(year).order_by("valid_from")}


def seed_targets() -> None:
    """The yearly figures as rows with their basis; an installation may change them, so a row that stands is left alone."""
    for status, is_minimum, jp, basis in (
        (EmploymentStatus.PNS, True, 20, "PP 11/2017 jo. PP 17/2020; PerLAN 10/2018"),
        (EmploymentStatus.PPPK, False, 24, "PP 49/2018 pasal 40"),
    ):
        HoursTarget.objects.get_or_create(
            status=status, is_minimum=is_minimum, valid_from=None, defaults={"jp": jp, "legal_basis": basis}
        )


def is_over(begun_on: date, months: int | None, on: date) -> bool:
    """Whether the validity cycle has ended: the last day on a certificate still counts, as on the page that verifies it."""
    return months is not None and on > add_months(begun_on, months)


def _targets(year: int) -> QuerySet[HoursTarget]:
    rows = HoursTarget.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=date(year, 12, 31)))
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)))


def _prefix(person_id: int, course_id: int) -> str:
    return f"course:{course_id}:{person_id}:"


def _course_entries(person_id: int, course_id: int) -> QuerySet[LearningHours]:
    return LearningHours.objects.filter(person_id=person_id, key__startswith=_prefix(person_id, course_id), reverses__isnull=True)
