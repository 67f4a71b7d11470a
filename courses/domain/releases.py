"""Publishing: the live pages of a course become an immutable release, rendered once (decisions 21, performance §6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from assessments.domain import quizzes
from assessments.models import Quiz
from core.domain import audit
from core.domain.errors import RuleViolation
from courses.domain import checklist, moving, rich_text
from courses.domain.rendering import render_lesson
from courses.models import CoursePage, CourseRelease, LessonPage, ModulePage, ReleasedLesson
from people.models import Account

_held: ContextVar[bool] = ContextVar("releases_held", default=False)


@transaction.atomic
def publish_release(
    course: CoursePage, *, by: Account | None, at: datetime | None = None, is_minor: bool = False
) -> CourseRelease:
    """Make a release of the live pages of ``course`` and offer it to new learners; unchanged content gives the release there is.

    Running learners keep theirs, unless ``is_minor``: then they are moved (positions follow the lesson, not its number).
    ``RuleViolation``: what the checklist demands; a small correction that changes what has to be proved (``moving.minor_problems``).
    """
    at = at or timezone.now()
    course = CoursePage.objects.select_for_update(of=("self",)).get(pk=course.pk)
    lessons = checklist.live_lessons(course)
    if points := checklist.musts(course, lessons):
        raise RuleViolation([point.text for point in points])
    facts, rows = _content(course, lessons)
    sha256 = _fingerprint(facts, rows)
    present = course.current_release
    if present is not None and present.sha256 == sha256:
        return present
    if is_minor and present is not None and (reasons := moving.minor_problems(present, course)):
        raise RuleViolation(reasons)
    release = CourseRelease.objects.create(
        course=course,
        number=present.number + 1 if present else 1,
        sha256=sha256,
        is_minor=is_minor and present is not None,
        created_at=at,
        created_by=by,
        **facts,
    )
    ReleasedLesson.objects.bulk_create([ReleasedLesson(release=release, **row) for row in rows])
    CoursePage.objects.filter(pk=course.pk).update(current_release=release)
    audit.record(
        "course.released",
        release,
        by=by,
        detail={"course": course.pk, "number": release.number, "minor": release.is_minor},
        at=at,
    )
    if release.is_minor:
        moving.move_running(release, by=by, at=at)
    return release


@transaction.atomic
def publish_course(course: CoursePage, *, by: Account, at: datetime | None = None, is_minor: bool = False) -> CourseRelease:
    """Publish every draft of the course in one go: one release for any number of edited pages.

    ``RuleViolation`` (and nothing published): what the checklist demands, or a page that ``by`` may not publish.
    """
    with hold():
        for page in draft_pages(course):
            if not page.permissions_for_user(by).can_publish():
                raise RuleViolation(_("You may not publish “%(title)s”.") % {"title": page.get_admin_display_title()})
            page.get_latest_revision().publish(user=by)
    return publish_release(course, by=by, at=at, is_minor=is_minor)


@transaction.atomic
def release_after(page: CoursePage | ModulePage | LessonPage, revision: Revision) -> CourseRelease | None:
    """A page was published in the editor: a new release, if the course has all it needs; else learners keep what they have.

    The mark of a small correction counts only where it is one; the form of the course says so beforehand.
    """
    course = course_of(page)
    if is_held() or course is None or checklist.publish_requirements(course):
        return None
    user = get_active_log_context().user or revision.user
    present = course.current_release
    is_minor = page.is_minor_update and (present is None or not moving.minor_problems(present, course))
    release = publish_release(course, by=user if isinstance(user, Account) else None, is_minor=is_minor)
    if page.is_minor_update:
        # The mark belongs to this one publishing; the next begins without it.
        type(page).objects.filter(pk=page.pk).update(is_minor_update=False)
        revision.content["is_minor_update"] = False
        revision.save(update_fields=["content"])
    return release


def draft_pages(course: CoursePage) -> list[Page]:
    """Pages of the course with something unpublished, parents first. A module or lesson that was taken out on purpose stays out."""
    drafts = (
        Q(live=True, has_unpublished_changes=True) | Q(live=False, first_published_at__isnull=True) | Q(live=False, pk=course.pk)
    )
    pages = Page.objects.descendant_of(course, inclusive=True).filter(drafts).order_by("path").specific()
    return [page for page in pages if page.latest_revision_id]


@contextmanager
def hold() -> Iterator[None]:
    """Pages published inside make no release each (see ``publish_course``)."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def is_held() -> bool:
    return _held.get()


def course_of(page: Page) -> CoursePage | None:
    """The course that an authored page belongs to."""
    return CoursePage.objects.ancestor_of(page, inclusive=True).first()


def _content(course: CoursePage, lessons: list[LessonPage]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    modules = {page.path: page.title for page in course.get_children().live()}
    positions = {lesson.pk: position for position, lesson in enumerate(lessons, 1)}
    resolve = _page_resolver(course, positions)
    rows: list[dict[str, Any]] = []
    outline: list[tuple[str, dict[str, Any]]] = []
    for lesson in lessons:
        rendered = render_lesson(lesson.body, resolve_page=resolve)
        module_path, position = lesson.path[: -lesson.steplen], positions[lesson.pk]
        rows.append(
            {
                "key": lesson.translation_key,
                "position": position,
                "module_title": modules[module_path],
                "title": lesson.title,
                "minutes": lesson.minutes,
                "html": rendered.html,
                "checks": rendered.checks,
                "check_keys": rendered.check_keys,
                "search_text": rendered.search_text,
                "weight_bytes": rendered.weight,
            }
        )
        if not outline or outline[-1][0] != module_path:
            outline.append((module_path, {"title": modules[module_path], "lessons": []}))
        outline[-1][1]["lessons"].append(
            {
                "key": str(lesson.translation_key),
                "position": position,
                "title": lesson.title,
                "minutes": lesson.minutes,
                "checks": len(rendered.checks),
            }
        )
    return {**_course_facts(course), **_sums(course, rows), "outline": [module for _path, module in outline]}, rows


def _course_facts(course: CoursePage) -> dict[str, Any]:
    known = Quiz.objects.select_related("current").in_bulk([pk for pk in (course.pre_quiz_id, course.post_quiz_id) if pk])
    pre, post = known.get(course.pre_quiz_id), known.get(course.post_quiz_id)
    indicators = course.course_indicators.select_related("indicator").order_by("sort_order", "pk")
    return {
        "title": course.title,
        "summary": course.summary,
        "why": rich_text.to_html(course.why),
        "level": course.level,
        "objectives": [row.text for row in course.course_objectives.order_by("sort_order", "pk")],
        "indicators": [
            {"id": row.indicator_id, "name": row.indicator.name, "aspect": row.indicator.aspect, "level": row.level} for row in indicators
        ],
        "quizzes": {kind: _quiz_facts(quiz) for kind, quiz in (("pre", pre), ("post", post)) if quiz},
        "trainer_name": course.trainer.full_name if course.trainer else "",
        "learning_minutes": course.learning_minutes,
        "completion_rule": course.completion_rule,
        "pass_mark": course.pass_mark,
        "certificate_months": course.certificate_months,
        "pre_quiz_version_id": pre.current_id if pre else None,
        "post_quiz_version_id": post.current_id if post else None,
    }


def _quiz_facts(quiz: Quiz) -> dict[str, Any]:
    """What the outline says of a quiz, from the version that this release points at."""
    spec = quiz.current.spec
    count = quizzes.question_count(spec)
    limit = spec.get("time_limit_minutes")
    return {
        "title": spec["title"],
        "questions": count,
        "pass_mark": spec["pass_mark"],
        "needed": quizzes.right_answers_needed(spec),
        "minutes": limit or count,
        "is_timed": bool(limit),
        "attempts": spec.get("attempt_limit"),
    }


def _sums(course: CoursePage, rows: list[dict[str, Any]]) -> dict[str, Any]:
    words = [course.title, course.summary, *(row["title"] for row in rows), *(row["module_title"] for row in rows)]
    return {
        "lesson_count": len(rows),
        "reading_minutes": sum(row["minutes"] for row in rows),
        "weight_bytes": sum(row["weight_bytes"] for row in rows),
        "search_text": " ".join(dict.fromkeys([*words, *course.course_objectives.values_list("text", flat=True)])).casefold(),
    }


def _fingerprint(facts: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    body = json.dumps({"facts": facts, "lessons": rows}, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _page_resolver(course: CoursePage, positions: dict[int, int]):
    """Addresses of linked pages: a lesson of this course by its place, other lessons by their course, live courses; nothing else."""

    def resolve(pk: int) -> str | None:
        if pk in positions:
            return reverse("courses:lesson", args=[course.slug, positions[pk]])
        page = Page.objects.filter(pk=pk).first()
        target = course_of(page) if page else None
        return reverse("courses:course", args=[target.slug]) if target and target.live else None

    return resolve
