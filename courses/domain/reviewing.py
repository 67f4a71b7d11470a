"""A second pair of eyes: a link that shows the drafts of a course as learners would see them, and takes remarks (T4).

The link is a signed ticket; who has it and is signed in may read the drafts and remark, and nothing else. Remarks are Wagtail's comments,
so the author finds them beside the page she edits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Comment, Page

from core.domain.errors import RuleViolation
from courses.domain.reading import Lesson, as_lesson
from courses.domain.rendering import render_lesson
from courses.models import CoursePage, LessonPage, ReleasedLesson
from people.models import Account

VALID = timedelta(days=14)
LONGEST_REMARK = 2000
_SALT = "courses.review"


def ticket(course: CoursePage) -> str:
    return signing.dumps(course.pk, salt=_SALT)


def course_behind(token: str) -> CoursePage | None:
    """The course of a ticket, or None: made up, changed, or older than 14 days."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return CoursePage.objects.filter(pk=pk).first()


def draft_lessons(course: CoursePage) -> list[tuple[str, LessonPage]]:
    """(module title, lesson as saved last), in the order of reading."""
    pages = Page.objects.descendant_of(course).order_by("path").select_related("latest_revision").specific()
    found, module = [], ""
    for page in pages:
        shown = page.get_latest_revision_as_object()
        if isinstance(shown, LessonPage):
            found.append((module, shown))
        else:
            module = shown.title
    return found


def preview(lesson: LessonPage, *, module_title: str = "", position: int = 1) -> Lesson:
    """A draft as a released lesson would be shown."""
    rendered = render_lesson(lesson.body)
    row = ReleasedLesson(
        key=lesson.translation_key,
        position=position,
        title=lesson.title,
        module_title=module_title,
        minutes=lesson.minutes,
        html=rendered.html,
        checks=rendered.checks,
        check_keys=rendered.check_keys,
    )
    return as_lesson(row)


def preview_parts(lesson: Lesson) -> list[dict[str, Any]]:
    """Its parts with the key of each question shown: reviewers and authors see answers and explanations."""
    parts: list[dict[str, Any]] = []
    for part in lesson.parts:
        if isinstance(part, str):
            parts.append({"html": part})
            continue
        key = lesson.check_keys[part["id"]]
        options = [
            {**option, "is_right": option["id"] in key["correct"], "hint": key["feedback"].get(option["id"], "")}
            for option in part["options"]
        ]
        parts.append({**part, "options": options, "explanation": key["explanation"]})
    return parts


@transaction.atomic
def remark(page: Page, text: str, *, by: Account, at: datetime | None = None) -> Comment:
    """A remark on a page of the course. ``RuleViolation``: it says nothing, or too much."""
    text = text.strip()
    if not text:
        raise RuleViolation(_("Write your remark."))
    if len(text) > LONGEST_REMARK:
        raise RuleViolation(_("A remark has at most %(limit)d characters.") % {"limit": LONGEST_REMARK})
    return Comment.objects.create(page=page, user=by, text=text, contentpath="title", created_at=at or timezone.now())


def remarks_on(page: Page) -> list[Comment]:
    """Open remarks, oldest first."""
    return list(Comment.objects.filter(page=page, resolved_at__isnull=True).select_related("user").order_by("created_at"))
