"""The one button of a course: what comes next for this person."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.progress import needs_quiz
from courses.domain.renewal import may_renew
from courses.enums import CompletionRule, EnrolmentState
from courses.models import CoursePage, CourseRelease, Enrolment


@dataclass(frozen=True)
class Step:
    """``kind``: enrol, pre, lesson, post, exhausted (no attempt left), done, renew (completed, but the validity has ended).

    ``is_post``: the button sends a form. ``minutes`` left in it, ``title`` of the lesson.
    """

    kind: str
    label: str
    url: str
    is_post: bool = False
    minutes: int | None = None
    title: str = ""
    position: int | None = None


def next_step(course: CoursePage, release: CourseRelease, enrolment: Enrolment | None) -> Step:
    """Needs no query: outline and progress stand in the two rows."""
    if enrolment is None:
        return Step("enrol", _("Start"), reverse("courses:enrol", args=[course.slug]), is_post=True)
    if enrolment.is_completed:
        if not may_renew(course, enrolment):
            return Step("renew", _("Renew this course"), reverse("courses:enrol", args=[course.slug]), is_post=True)
        return Step("done", _("Read again"), lesson_url(course, 1))
    if enrolment.state == EnrolmentState.NOT_STARTED and may_take_pre_test(release, enrolment):
        return Step("pre", _("Begin with the pre-test"), quiz_url(course, "pre"), minutes=release.quizzes["pre"]["minutes"])
    if len(enrolment.done_positions) < release.lesson_count:
        return _lesson_step(course, release, enrolment)
    if needs_quiz(release.completion_rule) and not enrolment.is_quiz_passed and enrolment.has_no_attempt_left:
        return Step("exhausted", _("See your attempts"), quiz_url(course, "post"))
    if needs_quiz(release.completion_rule) and not enrolment.is_quiz_passed:
        return Step(
            "post", _("Take the final quiz"), quiz_url(course, "post"), minutes=release.quizzes.get("post", {}).get("minutes")
        )
    return Step("done", _("Read again"), lesson_url(course, 1))


def may_take_pre_test(release: CourseRelease, enrolment: Enrolment) -> bool:
    """It is no gate: whoever has none left (it was cut off when she left the course before) begins with the lessons."""
    return "pre" in release.quizzes and enrolment.pre_score is None and not enrolment.has_no_pre_test_left


def after_lesson(course: CoursePage, release: CourseRelease, enrolment: Enrolment, position: int) -> Step:
    """Where "Next" leads from a lesson: simply the lesson that follows; after the last one what is left to do."""
    if position < release.lesson_count:
        entry = lesson_line(release, position + 1)
        return Step(
            "lesson", _("Next lesson"), lesson_url(course, position + 1), title=entry.get("title", ""), position=position + 1
        )
    step = next_step(course, release, enrolment)
    return Step("done", _("To the course"), course.learner_path()) if step.kind in ("done", "renew") else step


def step_of(enrolment: Enrolment) -> Step:
    """For lists and resume cards: ``enrolment`` with ``course`` and ``release``."""
    return next_step(enrolment.course, enrolment.release, enrolment)


def lesson_url(course: CoursePage, position: int, anchor: str = "") -> str:
    return reverse("courses:lesson", args=[course.slug, position]) + (f"#{anchor}" if anchor else "")


def quiz_url(course: CoursePage, kind: str) -> str:
    return reverse("courses:quiz_start", args=[course.slug, kind])


def quiz_lock(release: CourseRelease, enrolment: Enrolment | None) -> str:
    """What opens the final quiz, or an empty text: it is open. Everything is open after completion."""
    if enrolment is None:
        return _("Opens when you have started the course")
    left = release.lesson_count - len(enrolment.done_positions)
    if enrolment.is_completed or release.completion_rule == CompletionRule.QUIZ or left <= 0:
        return ""
    return ngettext(
        "Opens when the lesson is finished", "Opens when all %(count)d lessons are finished", release.lesson_count
    ) % {"count": release.lesson_count}


def lesson_line(release: CourseRelease, position: int) -> dict:
    """The entry of a position in the outline; empty when there is none."""
    return next((line for module in release.outline for line in module["lessons"] if line["position"] == position), {})


def _lesson_step(course: CoursePage, release: CourseRelease, enrolment: Enrolment) -> Step:
    position = enrolment.resume_position
    entry = lesson_line(release, position)
    label = _("Start lesson %(position)d") if enrolment.state == EnrolmentState.NOT_STARTED else _("Continue lesson %(position)d")
    url = lesson_url(course, position, enrolment.resume_anchor)
    return Step(
        "lesson",
        label % {"position": position},
        url,
        minutes=entry.get("minutes"),
        title=entry.get("title", ""),
        position=position,
    )
