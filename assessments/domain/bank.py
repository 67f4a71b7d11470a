"""The question bank: making and revising questions. What a learner was shown never changes: every edit makes a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Collection

from assessments.domain import pictures
from assessments.enums import QuestionType
from assessments.models import AnswerKey, Objective, Question, QuestionVersion, Quiz
from assessments.question_types import TYPES, Draft, OptionDraft, type_of
from assessments.question_types.texts import clean_line, clean_text, shortened
from core.domain.errors import RuleViolation
from people.models import Account

LONGEST_STEM, LONGEST_EXPLANATION, LONGEST_NAME, LONGEST_TOPIC = 4_000, 4_000, 200, 120
MOST_POINTS = 100


def make_draft(
    *, type: str, stem: str, options: Iterable[dict | OptionDraft] = (), explanation: str = "", points: Any = 1, scoring: str = "",
    content: Mapping[str, Any] | None = None, picture: Mapping[str, Any] | None = None,
) -> Draft:
    """What was written, cleaned. Options are ``{"text", "is_correct", "feedback"}``; a true/false statement may leave out their texts.
    ``content`` is what the type describes in its file. An unknown ``type`` is left to ``field_problems``."""
    drafts = [option if isinstance(option, OptionDraft) else OptionDraft(
        clean_line(option.get("text")), bool(option.get("is_correct")), clean_line(option.get("feedback"))) for option in options]
    if type == QuestionType.TRUE_FALSE and len(drafts) == 2 and not any(option.text for option in drafts):
        drafts = [OptionDraft(text, option.is_correct, option.feedback) for text, option in zip((_("True"), _("False")), drafts, strict=True)]
    kind = TYPES.get(type)
    if kind and (ways := kind.scorings()):
        scoring = scoring or ways[0][0]
    return Draft(clean_text(stem), clean_text(explanation), drafts, _decimal(points), scoring, kind.cleaned(content or {}) if kind else {},
                 pictures.cleaned(picture))


def field_problems(type: str, draft: Draft) -> dict[str, list[str]]:
    """Why this cannot be a question, by the field where it is to be mended (stem, picture, picture_alt, options, content,
    explanation, points, scoring, type)."""
    if type not in TYPES:
        return {"type": [_("“%(type)s” is not a type of question.") % {"type": type[:20]}]}
    found: dict[str, list[str]] = {field: [] for field in (
        "stem", "picture", "picture_alt", "options", "content", "explanation", "points", "scoring")}
    if not draft.stem:
        found["stem"].append(_("Write the question."))
    if len(draft.stem) > LONGEST_STEM:
        found["stem"].append(_("The question is longer than %(limit)d characters.") % {"limit": LONGEST_STEM})
    kind = type_of(type)
    if kind.draws_picture and not draft.picture:
        found["picture"].append(_("This type of question needs a picture."))
    if draft.picture and not draft.picture["alt"]:
        found["picture_alt"].append(_("Say in words what the picture shows: some people cannot see it."))
    if draft.picture and len(draft.picture["alt"]) > pictures.LONGEST_ALT:
        found["picture_alt"].append(_("The description is longer than %(limit)d characters.") % {"limit": pictures.LONGEST_ALT})
    found["options" if kind.has_options else "content"] += kind.problems(draft)
    if not draft.explanation and kind.is_graded:
        found["explanation"].append(_("Write an explanation: it is what people learn from."))
    if len(draft.explanation) > LONGEST_EXPLANATION:
        found["explanation"].append(_("The explanation is longer than %(limit)d characters.") % {"limit": LONGEST_EXPLANATION})
    if not 0 < draft.points <= MOST_POINTS:
        found["points"].append(_("Points must be above 0 and at most %(most)d.") % {"most": MOST_POINTS})
    if draft.scoring and draft.scoring not in dict(kind.scorings()):
        found["scoring"].append(_("This way of scoring is unknown."))
    return {field: sentences for field, sentences in found.items() if sentences}


def problems(type: str, draft: Draft) -> list[str]:
    """The same as one list; empty: it can be a question."""
    return [sentence for sentences in field_problems(type, draft).values() for sentence in sentences]


@transaction.atomic
def create_question(
    collection: Collection, *, type: str, stem: str, options: Iterable[dict | OptionDraft] = (), explanation: str, name: str = "",
    objective: Objective | None = None, topic: str = "", difficulty: int = 2, points: Any = 1, scoring: str = "",
    content: Mapping[str, Any] | None = None, picture: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (), by: Account | None, at: datetime | None = None,
) -> Question:
    """A new question with its first version and key. ``RuleViolation`` with all reasons (``problems``); then nothing is stored."""
    draft = make_draft(type=type, stem=stem, options=options, explanation=explanation, points=points, scoring=scoring, content=content,
                       picture=picture)
    if reasons := problems(type, draft):
        raise RuleViolation(reasons)
    at = at or timezone.now()
    question = Question.objects.create(
        collection=collection, type=type, objective=objective, topic=clean_line(topic)[:LONGEST_TOPIC], difficulty=_difficulty(difficulty),
        name=clean_line(name)[:LONGEST_NAME] or shortened(draft.stem, 80), created_by=by, created_at=at,
    )
    if tags:
        question.tags.add(*tags)
    _add_version(question, draft, by=by, at=at)
    log(instance=question, action="wagtail.create", user=by)
    return question


@transaction.atomic
def revise_question(question: Question, *, by: Account | None, at: datetime | None = None, **changes: Any) -> Question:
    """Change a question. ``changes`` are the keywords of ``create_question`` (but type); what is left out stays as it is.

    New text, picture, options, key, points or explanation make a new version; running attempts and published quizzes keep theirs.
    """
    present_one = Question.objects.select_for_update(of=("self",)).select_related("current__answer_key").get(pk=question.pk)
    present = present_draft(present_one)
    written = {field: changes.pop(field) for field in ("stem", "options", "content", "explanation", "points", "scoring", "picture")
               if field in changes}
    draft = make_draft(type=question.type, **{
        "stem": present.stem, "options": present.options, "explanation": present.explanation, "points": present.points,
        "scoring": present.scoring, "content": present.content, "picture": present.picture, **written})
    if reasons := problems(question.type, draft):
        raise RuleViolation(reasons)
    question.current = present_one.current
    _set_details(question, changes)
    if draft != present:
        _add_version(question, draft, by=by, at=at or timezone.now())
    log(instance=question, action="wagtail.edit", user=by)
    return question


def duplicate_question(question: Question, *, by: Account | None, at: datetime | None = None) -> Question:
    """A copy to change: same text, key and details, a version history of its own."""
    draft = present_draft(question)
    return create_question(
        question.collection, type=question.type, name=_("%(name)s (copy)") % {"name": question.name[: LONGEST_NAME - 10]}, stem=draft.stem,
        options=draft.options, content=draft.content, picture=draft.picture, explanation=draft.explanation, points=draft.points,
        scoring=draft.scoring, objective=question.objective, topic=question.topic, difficulty=question.difficulty,
        tags=[tag.name for tag in question.tags.all()], by=by, at=at,
    )


@transaction.atomic
def set_in_use(question: Question, is_active: bool, *, by: Account | None) -> None:
    """Take a question out of use (it stays in history; the next publishing of a quiz leaves it out), or bring it back."""
    if question.is_active == is_active:
        return
    question.is_active = is_active
    question.save(update_fields=["is_active"])
    log(instance=question, action="wagtail.edit", user=by, data={"is_active": is_active})


def where_used(question: Question) -> QuerySet[Quiz]:
    """The quizzes whose pool holds the question."""
    return Quiz.objects.filter(items__question=question).order_by("title")


def present_draft(question: Question) -> Draft:
    """The current version as its author wrote it (reads the key: never for learners)."""
    version = question.current
    if version is None:
        return Draft("", "")
    key = version.answer_key
    kind, stored = type_of(question.type), (version.body, key.data, key.option_feedback)
    scoring = version.body.get("scoring", "")
    return Draft(version.stem, key.explanation, kind.draft_options(*stored), version.points, scoring, kind.draft_content(*stored),
                 version.body.get("picture", {}))


def _add_version(question: Question, draft: Draft, *, by: Account | None, at: datetime) -> QuestionVersion:
    body, key, feedback = type_of(question.type).build(draft)
    if draft.picture:
        body["picture"] = dict(draft.picture)
    last = question.versions.aggregate(last=Max("number"))["last"] or 0
    version = QuestionVersion.objects.create(
        question=question, number=last + 1, stem=draft.stem, body=body, points=draft.points, created_by=by, created_at=at
    )
    AnswerKey.objects.create(version=version, data=key, explanation=draft.explanation, option_feedback=feedback)
    question.current = version
    question.save(update_fields=["current"])
    return version


def _set_details(question: Question, changes: dict[str, Any]) -> None:
    tags = changes.pop("tags", None)
    cleaned = {"name": lambda text: clean_line(text)[:LONGEST_NAME] or question.name, "topic": lambda text: clean_line(text)[:LONGEST_TOPIC],
               "difficulty": _difficulty, "objective": lambda objective: objective, "collection": lambda collection: collection}
    for field, value in changes.items():
        setattr(question, field, cleaned[field](value))
    if changes:
        question.save(update_fields=list(changes))
    if tags is not None:
        question.tags.set(list(tags))


def _difficulty(value: Any) -> int:
    return value if value in (1, 2, 3) else 2


def _decimal(value: Any) -> Decimal:
    """Points as two decimals; what is no number counts as 0, which ``problems`` refuses in words."""
    try:
        points = Decimal(str(value).replace(",", ".")).quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        return Decimal(0)
    return points if points.is_finite() else Decimal(0)
