"""What a trainer needs to see of her courses: drafts, reviews, remarks, questions that teach badly, learners (T1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, Q
from wagtail.models import Comment, Page, TaskState, WorkflowState

from assessments.domain import statistics
from assessments.models import QuizItem
from courses.domain import checklist
from courses.models import CataloguePage, CoursePage, Enrolment, LessonEvent, LessonPage, ModulePage
from people.models import Account


@dataclass
class Flagged:
    """A question that fewer than 40 % or more than 95 % answer rightly at first; shown from five people on (decisions 8)."""

    text: str
    percent: float
    n: int
    is_hard: bool
    is_quiz: bool


@dataclass
class Card:
    """One course on the trainer's first screen."""

    course: CoursePage
    drafts: int = 0
    reviews: int = 0
    remarks: int = 0
    running: int = 0
    completed: int = 0
    waiting: int = 0
    flagged: list[Flagged] = field(default_factory=list)
    has_newer_quiz: bool = False
    is_rearranged: bool = False

    @property
    def is_out(self) -> bool:
        return self.course.live and self.course.current_release_id is not None

    @property
    def needs_me(self) -> int:
        return self.drafts + self.reviews + self.remarks + len(self.flagged) + self.has_newer_quiz + self.is_rearranged + self.waiting


def cards(user: Account, courses: Iterable[CoursePage] | None = None) -> list[Card]:
    """The courses that ``user`` may edit, those that need something first; the number of queries does not grow with the courses."""
    if courses is None:
        courses = (
            CoursePage.objects.taught_by(user).select_related("current_release", "pre_quiz", "post_quiz").order_by("title", "pk")
        )
    made = {course.pk: Card(course) for course in courses}
    if not made:
        return []
    _count_pages(made)
    _count_learners(made)
    for pk, found in flagged_questions([card.course for card in made.values()]).items():
        made[pk].flagged = found
    for card in made.values():
        card.has_newer_quiz = card.is_out and _has_newer_quiz(card.course)
    return sorted(made.values(), key=lambda card: (-bool(card.needs_me), card.course.title.casefold()))


def shelves_for_new(user: Account) -> list[CataloguePage]:
    """Shelves where ``user`` may add a course."""
    return [shelf for shelf in CataloguePage.objects.order_by("path") if shelf.permissions_for_user(user).can_add_subpage()]


def reviews_waiting(user: Account) -> list[Page]:
    """Pages that a colleague asked to be reviewed and that ``user`` may judge; her own requests are left out."""
    states = (
        TaskState.objects.reviewable_by(user)
        .filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("workflow_state", "revision")
    )
    ids = [state.workflow_state.object_id for state in states if state.workflow_state.requested_by_id != user.pk]
    return list(Page.objects.filter(pk__in=[pk for pk in ids if str(pk).isdecimal()]).specific().order_by("path"))


def flagged_questions(courses: list[CoursePage]) -> dict[int, list[Flagged]]:
    """Check questions and final-quiz questions outside 40 to 95 %, worst first, by course."""
    found: dict[int, list[Flagged]] = defaultdict(list)
    texts = {course.pk: _check_texts(course) for course in courses}
    for course_id, check_id, n, right in _first_answers(courses):
        if check_id in texts[course_id]:
            _flag(
                found[course_id],
                texts[course_id][check_id],
                n,
                100 * right / n if n >= statistics.FEWEST else None,
                is_quiz=False,
            )
    items = QuizItem.objects.filter(
        quiz__in=[course.post_quiz_id for course in courses if course.post_quiz_id], question__is_active=True
    )
    by_quiz = defaultdict(list)
    for item in items.select_related("question"):
        by_quiz[item.quiz_id].append(item.question)
    figures = statistics.facility({question.pk for questions in by_quiz.values() for question in questions})
    for course in courses:
        for question in by_quiz.get(course.post_quiz_id, []):
            _flag(found[course.pk], question.name, figures[question.pk].n, figures[question.pk].percent, is_quiz=True)
        found[course.pk].sort(key=lambda entry: (not entry.is_hard, entry.percent))
    return found


@dataclass
class PageLine:
    """A page of the course in the trainer's outline."""

    page: Any
    depth: int
    has_draft: bool
    is_taken_out: bool
    is_in_review: bool
    remarks: int
    points: list[checklist.Point]

    @property
    def is_lesson(self) -> bool:
        return isinstance(self.page, LessonPage)


def outline(course: CoursePage) -> list[PageLine]:
    """All pages of the course with their state; lessons also with what they lack and hints on the text that was saved last."""
    pages = list(Page.objects.descendant_of(course, inclusive=True).order_by("path").select_related("latest_revision"))
    specific = {page.pk: page for model in (ModulePage, LessonPage) for page in model.objects.descendant_of(course)} | {
        course.pk: course
    }
    reviews = _in_review([page.pk for page in pages])
    remarks = Counter(Comment.objects.filter(page__in=pages, resolved_at__isnull=True).values_list("page_id", flat=True))
    lines = []
    for page in pages:
        shown = page.latest_revision.as_object() if page.has_unpublished_changes and page.latest_revision else specific[page.pk]
        points = []
        if isinstance(shown, LessonPage):
            points = [*(checklist.Point(text, page.pk) for text in checklist.lesson_lacks(shown)), *checklist.hints(shown)]
        lines.append(
            PageLine(
                shown,
                page.depth - course.depth,
                page.has_unpublished_changes if page.live else page.first_published_at is None,
                not page.live and page.first_published_at is not None,
                page.pk in reviews,
                remarks[page.pk],
                points,
            )
        )
    return lines


def _count_pages(made: dict[int, Card]) -> None:
    """Drafts, reviews, remarks and the order of lessons of the whole tree below each course."""
    by_path = {card.course.path: card for card in made.values()}
    below = Q()
    for path in by_path:
        below |= Q(path__startswith=path)
    rows = (
        Page.objects.filter(below)
        .order_by("path")
        .values_list("pk", "path", "has_unpublished_changes", "live", "first_published_at", "translation_key")
    )
    owner: dict[int, Card] = {}
    order: dict[str, list[str]] = defaultdict(list)
    dead: set[str] = set()
    for pk, path, has_draft, is_live, published_at, key in rows:
        top = next(path[:cut] for cut in range(len(path), 0, -CoursePage.steplen) if path[:cut] in by_path)
        owner[pk] = by_path[top]
        owner[pk].drafts += has_draft if is_live else published_at is None
        if not is_live:
            dead.add(path)
        elif len(path) == len(top) + 2 * CoursePage.steplen and path[: -CoursePage.steplen] not in dead:
            order[top].append(str(key))
    for path, card in by_path.items():
        card.is_rearranged = card.is_out and order[path] != _released_keys(card.course)
    for pk in _in_review(list(owner)):
        owner[pk].reviews += 1
    for pk in Comment.objects.filter(page__in=list(owner), resolved_at__isnull=True).values_list("page_id", flat=True):
        owner[pk].remarks += 1


def _released_keys(course: CoursePage) -> list[str]:
    return [lesson["key"] for module in course.current_release.outline for lesson in module["lessons"]]


def _in_review(pages: list[int]) -> set[int]:
    kinds = ContentType.objects.get_for_models(CoursePage, ModulePage, LessonPage).values()
    states = WorkflowState.objects.active().filter(content_type__in=kinds, object_id__in=[str(pk) for pk in pages])
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


def _count_learners(made: dict[int, Card]) -> None:
    rows = Enrolment.objects.filter(course__in=list(made)).order_by().values_list("course_id", "state")
    for course_id, state, n, waiting in rows.annotate(n=Count("pk"), waiting=Count("pk", filter=Q(has_no_attempt_left=True))):
        if state == "completed":
            made[course_id].completed += n
        elif state != "withdrawn":
            made[course_id].running += n
            made[course_id].waiting += waiting


def _has_newer_quiz(course: CoursePage) -> bool:
    release = course.current_release
    pairs = ((course.pre_quiz, release.pre_quiz_version_id), (course.post_quiz, release.post_quiz_version_id))
    return any(quiz is not None and quiz.current_id != version for quiz, version in pairs)


def _check_texts(course: CoursePage) -> dict[str, str]:
    release = course.current_release
    if release is None:
        return {}
    rows = release.lessons.values_list("title", "checks")
    return {check["id"]: f"{title}: {check['question']}" for title, checks in rows for check in checks}


def _first_answers(courses: list[CoursePage]) -> Iterable[tuple[int, str, int, int]]:
    """(course, check question, people, right at their first try); one query."""
    tries = LessonEvent.objects.filter(kind="check", enrolment__course__in=[course.pk for course in courses]).order_by()
    first = tries.values("enrolment", "check_id").annotate(first=Min("pk")).values("first")
    rows = LessonEvent.objects.filter(pk__in=first).order_by().values("enrolment__course", "check_id")
    return rows.annotate(n=Count("pk"), right=Count("pk", filter=Q(data__is_right=True))).values_list(
        "enrolment__course", "check_id", "n", "right"
    )


def _flag(found: list[Flagged], text: str, n: int, percent: float | None, *, is_quiz: bool) -> None:
    if percent is not None and not statistics.TOO_HARD <= percent <= statistics.TOO_EASY:
        found.append(Flagged(text, percent, n, percent < statistics.TOO_HARD, is_quiz))
