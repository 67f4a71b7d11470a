"""Questions from a file into the bank: every one is either there afterwards or named with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from assessments.domain import bank, pictures
from assessments.formats import Problem, format_of
from assessments.formats.base import MOST, PictureFile
from assessments.models import Question
from assessments.question_types import TYPES
from assessments.question_types.texts import clean_line
from core.domain.errors import RuleViolation
from people.models import Account


@dataclass
class Imported:
    """``read`` = ``imported`` + ``skipped``. ``problems`` names what was skipped, and what an imported question lost on the way."""

    read: int = 0
    imported: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"read": self.read, "imported": self.imported, "skipped": self.skipped,
                "problems": [{"where": problem.where, "message": problem.message} for problem in self.problems]}


def import_questions(
    data: bytes, collection: Collection | None, *, by: Account | None, format: str = "auto", is_trial: bool = False, topic: str = "",
) -> Imported:
    """Read a file and put its questions on the shelf ``collection``; each question is stored whole or not at all.

    ``is_trial``: judge everything, store nothing. A question without an explanation gets a sentence that says so, and is named: people
    learn from explanations, so somebody has to write it. ``RuleViolation``: the file as a whole cannot be read.
    """
    reading = format_of(format, data).read(data)
    if reading.read > MOST:
        raise RuleViolation(_("The file holds %(count)d questions; at most %(most)d are read at a time.") % {"count": reading.read, "most": MOST})
    found = Imported(read=reading.read, skipped=len(reading.problems), problems=list(reading.problems))
    for item in reading.items:
        keywords, notes = dict(item.keywords), list(item.notes)
        if not str(keywords.get("explanation") or "").strip() and item.type in TYPES and TYPES[item.type].is_graded:
            keywords["explanation"] = _("The explanation has not been written yet.")
            notes.append(_("There is no explanation: people learn from it, please write one."))
        if item.picture:
            try:
                keywords["picture"] = _picture(item.picture, notes, is_trial)
            except RuleViolation as violation:
                notes += [_("The picture is left out: %(reason)s") % {"reason": reason} for reason in violation.reasons]
        if reasons := bank.problems(item.type, bank.make_draft(type=item.type, **keywords)):
            found.skipped += 1
            found.problems += [Problem(item.where, reason) for reason in reasons]
            continue
        if not is_trial:
            assert collection is not None, "a real import needs a shelf"  # noqa: S101
            with transaction.atomic():
                found.questions.append(bank.create_question(collection, type=item.type, name=item.name, topic=topic, by=by, **keywords))
        found.imported += 1
        found.problems += [Problem(item.where, note) for note in notes]
    return found


def _picture(found: PictureFile, notes: list[str], is_trial: bool) -> dict[str, Any]:
    """The picture for the bank; a trial keeps no copy. Without words it gets a sentence that asks for them, and is named."""
    alt = clean_line(found.alt)[: pictures.LONGEST_ALT]
    if not alt:
        alt = _("The picture has not been described yet.")
        notes.append(_("The picture has no description: some people cannot see it, please write one."))
    return {**pictures.made_small(found.data)[1], "alt": alt} if is_trial else pictures.keep(found.data, alt)
