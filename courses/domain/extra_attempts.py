"""Who has used all attempts of the final quiz, and the trainer's act that gives one more. Without it the course would be a dead end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain import extra_attempts
from core.domain.errors import RuleViolation
from courses.domain import next_step, quiz_places
from courses.models import CoursePage, Enrolment
from people.domain.notices import notify
from people.enums import NoticeKind
from people.models import Account


def waiting(course: CoursePage) -> QuerySet[Enrolment]:
    """Running enrolments without an attempt left, the longest waiting first."""
    found = Enrolment.objects.running().filter(course=course, has_no_attempt_left=True)
    return found.select_related("person").order_by("last_seen_at", "pk")


@transaction.atomic
def grant_attempt(enrolment: Enrolment, *, by: Account, at: datetime | None = None) -> Enrolment:
    """One more attempt of the final quiz for this participant, who is told. ``RuleViolation``: she is not in the course any more, has
    passed, or has an attempt left (a second tap grants no second one)."""
    at = at or timezone.now()
    locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    version = locked.release.post_quiz_version
    if not locked.is_running or version is None:
        raise RuleViolation(str(_("This participant is not in the course any more.")))
    if locked.is_quiz_passed:
        raise RuleViolation(str(_("The quiz is passed already.")))
    extra = extra_attempts.grant(locked.person, version, context_key=locked.context_key, by=by, at=at)
    quiz_places.note_attempts_left(locked)
    notify(
        locked.person,
        kind=NoticeKind.REQUEST,
        key=f"courses.attempt_granted:{extra.pk}",
        title=_("You have another attempt of the final quiz"),
        url=next_step.quiz_url(locked.course, "post"),
        at=at,
    )
    return locked
