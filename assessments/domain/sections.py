"""Parts of a quiz: each has its own pool and draws from it, so that every attempt has its share of each (strata)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from assessments.models import Question, Quiz, QuizItem, QuizSection
from assessments.question_types.texts import clean_line, clean_text
from core.domain.errors import RuleViolation
from people.models import Account

MOST_SECTIONS, MOST_DRAWN, LARGEST_SOURCE = 20, 200, 1_000
LONGEST_INTRODUCTION = 6_000  # a case is a page of text
SETTINGS = ("title", "introduction", "is_case", "draw", "has_source", "shelf", "tag", "objective", "difficulty")


@dataclass
class Part:
    """A section and its pool; ``section`` None: the questions of the quiz that stand in no section."""

    section: QuizSection | None
    draw: int | None
    questions: list[Question]

    @property
    def taken(self) -> int:
        return min(self.draw or len(self.questions), len(self.questions))

    @property
    def is_short(self) -> bool:
        """Fewer fit than are to be drawn."""
        return bool(self.draw and self.draw > len(self.questions))


def parts_of(quiz: Quiz) -> list[Part]:
    """The pool of a quiz by sections, questions in use with version and key (trainers' code). A question is asked once: where it stands
    by hand, else in the first part whose source finds it. Two queries, and one for each source."""
    sections = list(quiz.sections.all())
    items = list(quiz.items.filter(question__is_active=True).select_related("question__current__answer_key"))
    taken = {item.question_id for item in items}
    parts = [Part(None, quiz.draw, [item.question for item in items if item.section_id is None])]
    for section in sections:
        part = Part(section, section.draw, [item.question for item in items if item.section_id == section.pk])
        if section.has_source:
            found = [question for question in source_of(quiz, section) if question.pk not in taken]
            taken |= {question.pk for question in found}
            part.questions += found
        parts.append(part)
    return parts


def source_of(quiz: Quiz, section: QuizSection) -> list[Question]:
    """Questions in use of its shelf that fit, by name. Never of another shelf: who manages this quiz may not manage those."""
    found = Question.objects.filter(collection=section.shelf_id or quiz.collection_id, is_active=True, current__answer_key__isnull=False)
    if section.tag:
        found = found.filter(tags__name__iexact=section.tag)
    if section.objective_id:
        found = found.filter(objective=section.objective_id)
    if section.difficulty:
        found = found.filter(difficulty=section.difficulty)
    return list(found.select_related("current__answer_key").distinct().order_by("name", "pk")[:LARGEST_SOURCE])


def part_problems(parts: Iterable[Part]) -> list[str]:
    """What keeps the sections from being published; empty: nothing."""
    reasons = []
    for part in parts:
        if part.section is None:
            continue
        if not part.questions:
            reasons.append(_("The part “%(title)s” has no questions.") % {"title": part.section.title})
        elif part.is_short:
            reasons.append(
                ngettext("“%(title)s” draws %(draw)d questions, but only one fits.", "“%(title)s” draws %(draw)d questions, but only %(pool)d fit.",
                         len(part.questions)) % {"title": part.section.title, "draw": part.draw, "pool": len(part.questions)}
            )
    return reasons


@transaction.atomic
def save_section(quiz: Quiz, section: QuizSection | None = None, *, items: Iterable[QuizItem] | None = None, by: Account | None,
                 **settings: Any) -> QuizSection:
    """A new part at the end, or other settings of one. ``items`` of the pool stand in it from now on, others of it return to the beginning.
    Learners notice nothing before the next publishing."""
    Quiz.objects.select_for_update(of=("self",)).get(pk=quiz.pk)
    if section is None:
        if quiz.sections.count() >= MOST_SECTIONS:
            raise RuleViolation(_("A quiz has at most %(most)d parts.") % {"most": MOST_SECTIONS})
        section = QuizSection(quiz=quiz, sort_order=(quiz.sections.aggregate(last=Max("sort_order"))["last"] or 0) + 1)
    for name, value in settings.items():
        if name not in SETTINGS:
            raise TypeError(f"unknown setting {name}")
        setattr(section, name, value)
    section.title, section.introduction, section.tag = clean_line(section.title), clean_text(section.introduction), clean_line(section.tag)
    if not section.title:
        raise RuleViolation(_("Give the part a title."))
    if section.draw is not None and not 1 <= section.draw <= MOST_DRAWN:
        raise RuleViolation(_("A part draws 1 to %(most)d questions.") % {"most": MOST_DRAWN})
    if len(section.introduction) > LONGEST_INTRODUCTION:
        raise RuleViolation(_("The introduction is longer than %(limit)d characters.") % {"limit": LONGEST_INTRODUCTION})
    if section.is_case and not section.introduction:
        raise RuleViolation(_("Write the case into the introduction: it stands above every question of this part."))
    section.save()
    if items is not None:
        chosen = [item.pk for item in items if item.quiz_id == quiz.pk]
        quiz.items.filter(section=section).exclude(pk__in=chosen).update(section=None)
        quiz.items.filter(pk__in=chosen).update(section=section)
    log(instance=quiz, action="wagtail.edit", user=by, data={"section": section.pk})
    return section


@transaction.atomic
def remove_section(section: QuizSection, *, by: Account | None) -> None:
    """Its questions stay in the pool, at the beginning of the quiz."""
    quiz, gone = section.quiz, section.pk
    section.delete()
    log(instance=quiz, action="wagtail.edit", user=by, data={"section_removed": gone})


@transaction.atomic
def move_section(section: QuizSection, *, is_up: bool, by: Account | None) -> None:
    """One place earlier or later; at the end of the row nothing happens."""
    quiz = Quiz.objects.select_for_update(of=("self",)).get(pk=section.quiz_id)
    row = list(quiz.sections.all())
    here = next(index for index, one in enumerate(row) if one.pk == section.pk)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for number, one in enumerate(row, 1):
        one.sort_order = number
    QuizSection.objects.bulk_update(row, ["sort_order"])
    log(instance=quiz, action="wagtail.edit", user=by, data={"section_moved": section.pk})
