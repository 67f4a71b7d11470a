"""Questions of the bank as a file. Keys leave the house with it, so it is recorded who took how many.

What was written is read back by the format's own reader and compared: whatever a format cannot hold is named, never dropped silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain import bank, pictures
from assessments.formats import FORMATS, Format, Item, Problem
from assessments.formats.base import MOST
from assessments.models import Question
from assessments.question_types import Draft
from core.domain import audit
from core.domain.errors import RuleViolation
from people.models import Account

_PARTS = {"explanation": gettext_lazy("the explanation"), "options": gettext_lazy("options or remarks"),
          "points": gettext_lazy("points"), "scoring": gettext_lazy("the way of scoring"), "content": gettext_lazy("details of the answer")}


@dataclass
class Exported:
    """``written`` + ``skipped`` = all. ``problems`` names what was left out, and what a written question lost on the way."""

    data: bytes = b""
    written: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"written": self.written, "skipped": self.skipped,
                "problems": [{"where": problem.where, "message": problem.message} for problem in self.problems]}


def writable() -> list[Format]:
    return [kind for kind in FORMATS.values() if kind.can_write]


def export_questions(questions: Iterable[Question], format: str, *, by: Account | None, is_trial: bool = False) -> Exported:
    """``questions`` with ``current__answer_key`` at hand. ``RuleViolation``: no such format, none or too many questions.
    ``is_trial``: only look; nothing is recorded."""
    kind = FORMATS.get(format)
    if kind is None or not kind.can_write:
        raise RuleViolation(_("This format cannot be written."))
    chosen = [question for question in questions if question.current is not None]
    items = [item_of(question) for question in chosen]
    if not items:
        raise RuleViolation(_("There is no question to write."))
    if len(items) > MOST:
        raise RuleViolation(_("%(count)d questions are too many for one file (at most %(most)d): narrow the choice.")
                            % {"count": len(items), "most": MOST})
    found = _written(kind, items)
    found.problems += [Problem(question.name, _("The picture is lost: the file with it is no longer in the storage."))
                       for question, item in zip(chosen, items, strict=True) if (question.current.body.get("picture") and item.picture is None)]
    if found.written and not is_trial:
        audit.record("questions.exported", chosen[0], by=by, detail={"format": format, "count": found.written}, at=timezone.now())
    return found


def item_of(question: Question) -> Item:
    """A question as formats write it."""
    draft = bank.present_draft(question)
    keywords: dict[str, Any] = {"stem": draft.stem, "explanation": draft.explanation, "points": draft.points, "scoring": draft.scoring}
    keywords |= {"options": list(draft.options)} if draft.options else {"content": dict(draft.content)}
    return Item(question.name, question.type, keywords, question.name, picture=pictures.file_of(draft.picture))


def _written(kind: Format, items: Sequence[Item]) -> Exported:
    numbered = [replace(item, where=str(index)) for index, item in enumerate(items)]
    file = kind.write(numbered)
    left_out = {int(problem.where): problem.message for problem in file.problems}
    good = [item for index, item in enumerate(items) if index not in left_out]
    problems = [Problem(items[index].where, message) for index, message in sorted(left_out.items())]
    if left_out:
        file = kind.write(good)
    losses = _losses(kind, file.data, good) if good else []
    if losses is None:  # one of them would be read as something else: look at each by itself
        good, others = _apart(kind, good)
        problems, file = [*problems, *others], kind.write(good)
        losses = _losses(kind, file.data, good) if good else []
    return Exported(file.data if good else b"", len(good), len(items) - len(good), [*problems, *(losses or [])])


def _apart(kind: Format, items: Sequence[Item]) -> tuple[list[Item], list[Problem]]:
    """Those that can be written, each by itself, and why the others cannot."""
    good, problems = [], []
    for item in items:
        file = kind.write([item])
        if file.problems:
            problems += [Problem(item.where, problem.message) for problem in file.problems[:1]]
        elif _losses(kind, file.data, [item]) is None:
            problems.append(Problem(item.where, _("It would be read as something else from this format, so it is left out.")))
        else:
            good.append(item)
    return good, problems


def _losses(kind: Format, data: bytes, items: Sequence[Item]) -> list[Problem] | None:
    """What reading back does not give; None: the file is not read as these questions at all."""
    try:
        reading = kind.read(data)
    except RuleViolation:
        return None
    if reading.problems or [item.type for item in reading.items] != [item.type for item in items]:
        return None
    found = []
    for item, back in zip(items, reading.items, strict=True):
        before, after = _draft(item), _draft(back)
        if before.stem != after.stem:
            return None
        lost = [str(words) for name, words in _PARTS.items() if getattr(before, name) != getattr(after, name)]
        if item.name != back.name:
            lost.append(_("the name"))
        if item.picture is not None and back.picture is None:
            lost.append(_("the picture"))
        if lost:
            found.append(Problem(item.where, _("This format has no place for: %(parts)s.") % {"parts": ", ".join(lost)}))
    return found


def _draft(item: Item) -> Draft:
    return bank.make_draft(type=item.type, **item.keywords)
