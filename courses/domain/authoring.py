"""Writing courses without the editor: pages from plain data, for the demo, for importers and for tests.

What is made here is what a trainer would have saved and published page by page; it reaches learners by ``releases.publish_release``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from courses.models import CataloguePage, CourseIndicator, CourseObjective, CoursePage, LessonPage, ModulePage
from people.models import Account

#: Kinds that carry one rich text beside their title.
_TITLED = ("case", "note")
#: What may be left out of kinds that show a file.
_EMPTY: dict[str, dict[str, Any]] = {
    "image": {"alt": "", "is_decorative": False, "caption": ""},
    "video": {"captions": None, "transcript": ""},
    "download": {"description": ""},
}


@transaction.atomic
def add_course(
    shelf: CataloguePage,
    *,
    title: str,
    summary: str,
    objectives: Iterable[str | tuple[str, Any]] = (),
    indicators: Iterable[tuple[Any, int]] = (),
    by: Account | None = None,
    slug: str = "",
    **fields: Any,
) -> CoursePage:
    """A live course page. ``objectives``: sentences, or pairs with an ``Objective`` of the bank; ``indicators``: pairs (Indicator, level);
    ``fields``: further fields of ``CoursePage``."""
    course = CoursePage(title=title, summary=summary, slug=slug, owner=by, **fields)
    for number, entry in enumerate(objectives):
        text, objective = entry if isinstance(entry, tuple) else (entry, None)
        course.course_objectives.add(CourseObjective(text=text, objective=objective, sort_order=number))
    for number, (indicator, level) in enumerate(indicators):
        course.course_indicators.add(CourseIndicator(indicator=indicator, level=level, sort_order=number))
    return _add(shelf, course, by)


def add_module(course: CoursePage, title: str, *, by: Account | None = None) -> ModulePage:
    return _add(course, ModulePage(title=title, owner=by), by)


def add_lesson(
    module: ModulePage, title: str, blocks: Iterable[Mapping[str, Any]] = (), *, minutes: int = 5, by: Account | None = None
) -> LessonPage:
    """A live lesson; ``blocks`` as ``stream_of`` takes them."""
    lesson = LessonPage(title=title, minutes=minutes, owner=by)
    lesson.body = LessonPage.body.field.to_python(stream_of(blocks, seed=f"{module.pk}/{title}"))
    return _add(module, lesson, by)


def stream_of(blocks: Iterable[Mapping[str, Any]], *, seed: str) -> list[dict[str, Any]]:
    """Stored form of a lesson's blocks from plain ones:

    ``text`` (html) · ``case``, ``note`` (title, html; tone) · ``steps`` (title, items) · ``table`` (caption, rows; the first row is the head) ·
    ``check`` (question, options, correct = index or indexes, explanation; feedback) · ``image`` (image, alt; caption) ·
    ``video`` (file, title, minutes, transcript or captions) · ``download`` (file, title; description).
    Block ids follow from ``seed``, so that the same data gives the same content.
    """
    return [
        {"type": block["type"], "value": _value(block, f"{seed}#{number}"), "id": str(uuid5(NAMESPACE_OID, f"{seed}#{number}"))}
        for number, block in enumerate(blocks)
    ]


def _value(block: Mapping[str, Any], seed: str) -> Any:
    kind = block["type"]
    if kind == "text":
        return block["html"]
    if kind in _TITLED:
        return {"title": block["title"], "text": block["html"], **({"tone": block.get("tone", "info")} if kind == "note" else {})}
    if kind == "steps":
        return {"title": block.get("title", ""), "items": _items(block["items"], seed)}
    if kind == "table":
        return _table(block)
    if kind == "check":
        return _check(block, seed)
    chosen = {name: value.pk if hasattr(value, "pk") else value for name, value in block.items() if name != "type"}
    return {**_EMPTY[kind], **chosen}


def _table(block: Mapping[str, Any]) -> dict[str, Any]:
    head, *rows = block["rows"]
    return {
        "columns": [{"type": "text", "heading": heading} for heading in head],
        "rows": [{"values": list(row)} for row in rows],
        "caption": block.get("caption", ""),
    }


def _check(block: Mapping[str, Any], seed: str) -> dict[str, Any]:
    correct = block["correct"] if isinstance(block["correct"], (list, tuple)) else [block["correct"]]
    feedback = block.get("feedback", {})
    options = [
        {"text": text, "is_correct": number in correct, "feedback": feedback.get(number, "")}
        for number, text in enumerate(block["options"])
    ]
    return {"question": block["question"], "options": _items(options, seed), "explanation": block["explanation"]}


def _items(values: Iterable[Any], seed: str) -> list[dict[str, Any]]:
    """A list as the editor stores it; without an id the entries would be taken for the values of an older form."""
    return [
        {"type": "item", "value": value, "id": str(uuid5(NAMESPACE_OID, f"{seed}.{number}"))}
        for number, value in enumerate(values)
    ]


@transaction.atomic
def _add(parent: Any, page: Any, by: Account | None) -> Any:
    """The page with a first revision, as if saved and published in the editor (without the signal: the release comes at the end)."""
    page = type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision(user=by, log_action=False)
    type(page).objects.filter(pk=page.pk).update(
        live_revision=revision,
        has_unpublished_changes=False,
        last_published_at=page.latest_revision_created_at,
        first_published_at=page.latest_revision_created_at,
    )
    return type(page).objects.get(pk=page.pk)
