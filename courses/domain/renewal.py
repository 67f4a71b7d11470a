"""Completing a course again when the validity of what was proved has ended: a new cycle, with hours and certificate of its own (decisions 22)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.domain.dates import add_months, format_day, local_date, local_today
from courses.domain.hours import is_over
from courses.models import CoursePage, Enrolment


def may_renew(course: CoursePage, enrolment: Enrolment, *, on: date | None = None) -> list[str]:
    """What stands against beginning a completed course anew by oneself (sentences; empty = nothing). Needs no query.

    An assignment is a decision of others and may come earlier (decisions 19).
    """
    if enrolment.completed_at is None:
        return [_("Only a completed course can be renewed.")]
    if not course.live or course.current_release_id is None:
        return [_("“%(title)s” takes no new participants.") % {"title": course.title}]
    done_on, months = local_date(enrolment.completed_at), enrolment.release.certificate_months
    if months is None:
        return [_("You have completed this course, and that has no end. You can read it again at any time.")]
    if not is_over(done_on, months, on or local_today()):
        return [
            _("You have completed this course; that is valid until %(day)s. It can be renewed afterwards.")
            % {"day": format_day(add_months(done_on, months))}
        ]
    return []
