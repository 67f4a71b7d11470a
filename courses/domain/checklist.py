"""What stands between a draft and its readers: things a course must have, and hints for plain writing (experience.md §3e)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Quiz
from courses.blocks import MAX_BLOCKS, has_text
from courses.domain import rich_text
from courses.enums import CompletionRule
from courses.models import CoursePage, LessonPage

MAX_SENTENCE_WORDS, MEAN_SENTENCE_WORDS, MAX_LESSON_WORDS, MAX_LESSON_MINUTES = 25, 14, 900, 7
MAX_LESSON_BYTES = 400_000
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')]*\s+|\n+")
_ABBREVIATION = re.compile(r"\b[A-Z]{3,8}\b")
#: Short forms that every civil servant in Jakarta reads without help.
_KNOWN = {"ASN", "PNS", "PPPK", "NIP", "NIK", "KTP", "SKM", "WIB", "PDF", "BERAKHLAK"}


@dataclass(frozen=True)
class Point:
    """One line of the checklist; ``page_id`` is the page to open for it."""

    text: str
    page_id: int
    is_must: bool = True


def publish_requirements(course: CoursePage) -> list[str]:
    """What the live pages of ``course`` lack before learners can get it (sentences; empty = nothing)."""
    return [point.text for point in musts(course)]


def musts(course: CoursePage, lessons: list[LessonPage] | None = None) -> list[Point]:
    lessons = live_lessons(course) if lessons is None else lessons
    points = [Point(text, course.pk) for text in [*_course_lacks(course), *_quiz_lacks(course)]]
    if not lessons:
        points.append(Point(_("Publish at least one lesson."), course.pk))
    for lesson in lessons:
        points += [Point(text, lesson.pk) for text in lesson_lacks(lesson)]
    return points


def hints(lesson: LessonPage, *, weight: int = 0) -> list[Point]:
    """Advice on one lesson; never stands in the way."""
    texts = [_plain(child) for child in lesson.body]
    found = [*_size_hints(lesson, texts, weight), *_sentence_hints(texts), *_abbreviation_hints(texts)]
    return [Point(text, lesson.pk, is_must=False) for text in found]


def live_lessons(course: CoursePage) -> list[LessonPage]:
    """Live lessons of live modules in the order of reading."""
    modules = [page.path for page in course.get_children().live().order_by("path")]
    lessons = LessonPage.objects.descendant_of(course).live().order_by("path")
    return [lesson for lesson in lessons if lesson.path[: -lesson.steplen] in modules]


def lesson_lacks(lesson: LessonPage) -> list[str]:
    """The rules of the blocks once more: a page may come by another way than the editor."""
    reasons = []
    if not lesson.body:
        reasons.append(_("“%(title)s” has no content yet.") % {"title": lesson.title})
    for child in lesson.body:
        value = child.value
        if child.block_type == "image" and not (value["alt"].strip() or value["is_decorative"]):
            reasons.append(_("“%(title)s”: describe each image, or mark it as decoration.") % {"title": lesson.title})
        if child.block_type == "video" and not (value["captions"] or has_text(value["transcript"])):
            reasons.append(_("“%(title)s”: give each video captions or a transcript.") % {"title": lesson.title})
        if child.block_type == "check" and not _is_whole_check(value):
            reasons.append(
                _("“%(title)s”: each check question needs a right answer, a wrong one and an explanation.")
                % {"title": lesson.title}
            )
    return list(dict.fromkeys(reasons))


def _is_whole_check(value) -> bool:
    rights = [option["is_correct"] for option in value["options"]]
    return len(rights) > 1 and any(rights) and not all(rights) and has_text(value["explanation"])


def _course_lacks(course: CoursePage) -> Iterator[str]:
    if not course.live:
        yield _("Publish the course page itself.")
    if not course.summary.strip():
        yield _("Write the summary for the catalogue.")
    if not course.course_objectives.exists():
        yield _("Write at least one objective: what can people do afterwards?")


def _quiz_lacks(course: CoursePage) -> Iterator[str]:
    quizzes = Quiz.objects.select_related("current").in_bulk([pk for pk in (course.pre_quiz_id, course.post_quiz_id) if pk])
    final = quizzes.get(course.post_quiz_id)
    if course.completion_rule != CompletionRule.LESSONS and final is None:
        yield _("The completion rule asks for a final quiz; choose one.")
    for quiz in quizzes.values():
        if quiz.current_id is None:
            yield _("The quiz “%(title)s” is not published yet.") % {"title": quiz.title}
    final_mark = final.current.spec["pass_mark"] if final is not None and final.current else course.pass_mark
    if final_mark != course.pass_mark:
        yield _("The pass mark of the course (%(course)d %%) differs from that of the final quiz (%(quiz)d %%).") % {
            "course": course.pass_mark,
            "quiz": final_mark,
        }


def _plain(child) -> str:
    """The words of a block, one line a paragraph."""
    value = child.value
    if child.block_type == "text":
        sources = [value.source]
    elif child.block_type in ("case", "note"):
        sources = [value["title"], value["text"].source]
    elif child.block_type == "steps":
        sources = [item.source for item in value["items"]]
    elif child.block_type == "check":
        sources = [value["question"], *(option["text"] for option in value["options"]), value["explanation"].source]
    else:
        sources = []
    paragraphs = [part for source in sources for part in re.split(r"</(?:p|li|h2|h3)>", source or "")]
    return "\n".join(filter(None, map(rich_text.to_words, paragraphs)))


def _sentences(texts: list[str]) -> list[str]:
    return [sentence.strip() for text in texts for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _sentence_hints(texts: list[str]) -> Iterator[str]:
    lengths = [len(sentence.split()) for sentence in _sentences(texts)]
    if not lengths:
        return
    long_ones = sum(length > MAX_SENTENCE_WORDS for length in lengths)
    if long_ones:
        yield _("%(count)d sentences have more than %(limit)d words. Split them.") % {
            "count": long_ones,
            "limit": MAX_SENTENCE_WORDS,
        }
    mean = round(sum(lengths) / len(lengths))
    if mean > MEAN_SENTENCE_WORDS:
        yield _("A sentence has %(mean)d words on average; %(limit)d are easy to read.") % {
            "mean": mean,
            "limit": MEAN_SENTENCE_WORDS,
        }


def _abbreviation_hints(texts: list[str]) -> Iterator[str]:
    joined = "\n".join(texts)
    unknown = [
        short
        for short in dict.fromkeys(_ABBREVIATION.findall(joined))
        if short not in _KNOWN and not _is_explained(short, joined)
    ]
    if unknown:
        yield _("Spell out at first use: %(list)s.") % {"list": ", ".join(unknown[:6])}


def _is_explained(short: str, text: str) -> bool:
    return f"({short})" in text or bool(re.search(rf"\b{short}\s*\([^)]{{5,}}\)", text))


def _size_hints(lesson: LessonPage, texts: list[str], weight: int) -> Iterator[str]:
    words = sum(len(text.split()) for text in texts)
    if words > MAX_LESSON_WORDS:
        yield _("The lesson has %(count)d words; up to %(limit)d fit into one sitting. Make two lessons of it.") % {
            "count": words,
            "limit": MAX_LESSON_WORDS,
        }
    if lesson.minutes > MAX_LESSON_MINUTES:
        yield _("%(minutes)d minutes are long; 5 to 7 are better.") % {"minutes": lesson.minutes}
    if len(lesson.body) > MAX_BLOCKS:
        yield _("%(count)d blocks make the editor slow; keep to %(limit)d.") % {"count": len(lesson.body), "limit": MAX_BLOCKS}
    if weight > MAX_LESSON_BYTES:
        yield _("The lesson weighs %(kb)d KB; %(limit)d KB load quickly on a weak signal.") % {
            "kb": weight // 1000,
            "limit": MAX_LESSON_BYTES // 1000,
        }
    if not any(child.block_type == "check" for child in lesson.body):
        yield _("Add a check question: recalling helps more than rereading.")
