"""Quizzes: what they draw from and how, and publishing, which freezes all of it into an immutable version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Collection

from assessments.access_rules import grace_seconds
from assessments.domain import bands, drawing, modes, review, sections
from assessments.enums import Counted, Mode, QuizKind
from assessments.models import Question, Quiz, QuizItem, QuizVersion
from assessments.question_types import type_of
from assessments.question_types.texts import clean_line, clean_text
from core.domain.errors import RuleViolation
from people.models import Account

MOST_QUESTIONS, LARGEST_POOL = 200, 1_000
LONGEST_LIMIT = 24 * 60
LONGEST_TITLE, LONGEST_INTRODUCTION = 200, 2_000
SETTINGS = (
    "title", "kind", "introduction", "draw", "is_shuffled", "pass_mark", "attempt_limit", "cool_down_hours", "time_limit_minutes",
    "review", "opens_at", "closes_at", "asks_honesty", "avoids_seen",
    "counted", "is_blind", "is_graded_twice", "bands", "mode",
)
# These stand in a published version only where they differ from this: versions published before them stay as they are.
SPARE = {"opens_at": None, "closes_at": None, "asks_honesty": False, "avoids_seen": False, "counted": Counted.BEST,
         "is_blind": True, "is_graded_twice": False, "bands": [], "review": {}, "mode": Mode.TRAINING}


@transaction.atomic
def create_quiz(
    collection: Collection, *, title: str, questions: Iterable[Question] = (), by: Account | None, **settings: Any
) -> Quiz:
    """A quiz with its pool, not yet published. ``settings`` are the fields of ``Quiz`` (kind, draw, pass_mark, ...)."""
    quiz = Quiz(collection=collection)
    _apply(quiz, {"title": title, **settings})
    quiz.save()
    add_questions(quiz, questions, by=by)
    log(instance=quiz, action="wagtail.create", user=by)
    return quiz


@transaction.atomic
def update_quiz(quiz: Quiz, *, by: Account | None, **settings: Any) -> Quiz:
    """Change the settings. Learners notice nothing before the next publishing."""
    _apply(quiz, settings)
    quiz.save(update_fields=[*(set(settings) & {*SETTINGS, "collection"})] or None)
    log(instance=quiz, action="wagtail.edit", user=by)
    return quiz


def setting_problems(quiz: Quiz) -> list[str]:
    """What cannot be right about the settings, whatever the pool."""
    reasons = []
    if not quiz.title:
        reasons.append(_("Give the quiz a title."))
    if len(quiz.title) > LONGEST_TITLE or len(quiz.introduction) > LONGEST_INTRODUCTION:
        reasons.append(_("A title has at most %(title)d characters, an introduction %(introduction)d.")
                       % {"title": LONGEST_TITLE, "introduction": LONGEST_INTRODUCTION})
    if quiz.draw is not None and not 1 <= quiz.draw <= MOST_QUESTIONS:
        reasons.append(_("A quiz shows 1 to %(most)d questions.") % {"most": MOST_QUESTIONS})
    if not 0 <= quiz.pass_mark <= 100:
        reasons.append(_("The pass mark lies between 0 and 100 %."))
    if quiz.attempt_limit is not None and not 1 <= quiz.attempt_limit <= 100:
        reasons.append(_("Allow 1 to 100 attempts, or leave the field empty for no limit."))
    if not 0 <= quiz.cool_down_hours <= 24 * 90:
        reasons.append(_("Between two attempts lie at most 90 days."))
    if quiz.time_limit_minutes is not None and not 1 <= quiz.time_limit_minutes <= LONGEST_LIMIT:
        reasons.append(_("A time limit lies between one minute and a day; leave the field empty for none."))
    if quiz.opens_at and quiz.closes_at and quiz.opens_at >= quiz.closes_at:
        reasons.append(_("The quiz has to open before it closes."))
    if quiz.counted not in Counted.values:
        reasons.append(_("Say which attempt counts: the best, the last, or the average."))
    reasons += bands.problems(quiz.bands)
    reasons += review.problems(quiz.kind, modes.setting(quiz, "review"), closes_at=quiz.closes_at) + modes.problems(quiz)
    return reasons


@transaction.atomic
def add_questions(quiz: Quiz, questions: Iterable[Question], *, by: Account | None) -> int:
    """Put questions at the end of the pool; those already in it stay where they are. Returns how many are new."""
    present = dict(quiz.items.values_list("question_id", "sort_order"))
    wanted = [question for question in dict.fromkeys(questions) if question.pk not in present]
    if len(present) + len(wanted) > LARGEST_POOL:
        raise RuleViolation(_("A pool holds at most %(most)d questions.") % {"most": LARGEST_POOL})
    start = max(present.values(), default=0) + 1
    QuizItem.objects.bulk_create(
        [QuizItem(quiz=quiz, question=question, sort_order=start + index) for index, question in enumerate(wanted)], ignore_conflicts=True
    )
    if wanted:
        log(instance=quiz, action="wagtail.edit", user=by, data={"added": [question.pk for question in wanted]})
    return len(wanted)


@transaction.atomic
def remove_questions(quiz: Quiz, questions: Iterable[Question], *, by: Account | None) -> int:
    """Take questions out of the pool. Published versions and attempts keep them."""
    gone, _kinds = quiz.items.filter(question__in=list(questions)).delete()
    if gone:
        log(instance=quiz, action="wagtail.edit", user=by, data={"removed": gone})
    return gone


def may_publish(quiz: Quiz, *, parts: list[sections.Part] | None = None) -> list[str]:
    """What keeps a quiz from being published; empty: nothing. ``parts``: its pool, when it has been read already."""
    reasons = setting_problems(quiz)
    parts = sections.parts_of(quiz) if parts is None else parts
    questions = [question for part in parts for question in part.questions]
    loose = parts[0].questions
    if not questions:
        reasons.append(_("The pool is empty: add questions first."))
    if quiz.draw and loose and quiz.draw > len(loose):
        reasons.append(
            ngettext("%(draw)d questions are to be drawn, but the pool holds only one.",
                     "%(draw)d questions are to be drawn, but the pool holds only %(pool)d.", len(loose))
            % {"draw": quiz.draw, "pool": len(loose)}
        )
    if sum(part.taken for part in parts) > MOST_QUESTIONS:
        reasons.append(_("The pool holds %(pool)d questions. Say how many of them are drawn (at most %(most)d).")
                       % {"pool": len(questions), "most": MOST_QUESTIONS})
    if questions and quiz.kind != QuizKind.PRACTICE and not any(type_of(question.type).is_graded for question in questions):
        reasons.append(_("No question of this quiz is graded: there would be no result. Add one, or make it a practice quiz."))
    if quiz.kind == QuizKind.PRE and any(type_of(question.type).is_manual for question in questions):
        reasons.append(_("A pre-test is graded at once, so that the course can begin: take out the questions that a person grades."))
    reasons += sections.part_problems(parts)
    reasons += [_("“%(name)s” cannot be answered rightly: mend or remove it.") % {"name": question.name}
                for question in questions if not _is_usable(question)]
    return reasons


def spec_of(quiz: Quiz, *, parts: list[sections.Part] | None = None) -> dict:
    """Everything an attempt needs to know, as it stands now: settings and the exact question versions."""
    settings = {name: modes.setting(quiz, name) for name in SETTINGS}
    spec: dict[str, Any] = {name: _frozen(value) for name, value in settings.items() if name not in SPARE or value != SPARE[name]}
    spec["grace_seconds"] = grace_seconds(quiz.time_limit_minutes, closes=quiz.closes_at is not None)
    parts = sections.parts_of(quiz) if parts is None else parts
    spec["questions"] = [
        {"q": question.pk, "v": question.current_id, "type": question.type, "points": _worth(question),
         **({"s": number} if number else {})}
        for number, part in enumerate(parts) for question in part.questions if question.current
    ]
    if len(parts) > 1:
        spec["sections"] = [{"title": part.section.title, "introduction": part.section.introduction, "draw": part.draw,
                              **({"is_case": True} if part.section.is_case else {})}
                            for part in parts if part.section]
    return spec


def _worth(question: Question) -> str:
    """Points as text; 0 for a question that is never graded."""
    return str(question.current.points) if type_of(question.type).is_graded and question.current else "0"


def _frozen(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def question_count(spec: dict) -> int:
    """How many questions an attempt shows."""
    return sum(min(wanted or len(pool), len(pool)) for pool, wanted in drawing.strata(spec))


def right_answers_needed(spec: dict) -> int | None:
    """How many right questions pass, when all count the same; None when points differ, the quiz is empty, or it is drawn how many of its
    questions are graded."""
    worth, count = {Decimal(entry["points"]) for entry in spec.get("questions", [])}, question_count(spec)
    if 0 in worth and len(worth) == 2 and count == len(spec["questions"]):
        worth, count = worth - {Decimal(0)}, sum(Decimal(entry["points"]) > 0 for entry in spec["questions"])
    return -(-spec["pass_mark"] * count // 100) if len(worth) == 1 and count else None


def has_unpublished_changes(quiz: Quiz, *, parts: list[sections.Part] | None = None) -> bool:
    """Would publishing change what learners get?"""
    return quiz.current is None or review.as_today(quiz.current.spec) != spec_of(quiz, parts=parts)


@transaction.atomic
def publish_quiz(quiz: Quiz, *, by: Account | None, at: datetime | None = None) -> QuizVersion:
    """Freeze settings and question versions into a new ``QuizVersion`` and make it the current one; the same again returns it as it is.

    ``RuleViolation``: see ``may_publish``. Running attempts keep the version that they began.
    """
    quiz_now = Quiz.objects.select_for_update(of=("self",)).select_related("current").get(pk=quiz.pk)
    if reasons := may_publish(quiz_now):
        raise RuleViolation(reasons)
    spec = spec_of(quiz_now)
    version = quiz_now.current
    if version is None or review.as_today(version.spec) != spec:
        last = quiz_now.versions.aggregate(last=Max("number"))["last"] or 0
        version = QuizVersion.objects.create(quiz=quiz_now, number=last + 1, spec=spec, created_at=at or timezone.now(), created_by=by)
        quiz_now.current = version
        quiz_now.save(update_fields=["current"])
        log(instance=quiz_now, action="wagtail.publish", user=by, data={"version": version.number})
    quiz.current = version
    return version


def _is_usable(question: Question) -> bool:
    version = question.current
    if version is None or not hasattr(version, "answer_key") or version.points <= 0:
        return False
    return type_of(question.type).is_usable(version.body, version.answer_key.data)


def _apply(quiz: Quiz, settings: dict[str, Any]) -> None:
    for name, value in settings.items():
        if name not in (*SETTINGS, "collection"):
            raise TypeError(f"unknown setting {name}")
        setattr(quiz, name, value)
    quiz.title, quiz.introduction = clean_line(quiz.title), clean_text(quiz.introduction)
    if reasons := setting_problems(quiz):
        raise RuleViolation(reasons)
