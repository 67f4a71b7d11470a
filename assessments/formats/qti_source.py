"""A QTI item on its way into the bank: what all readers of its parts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.base import choice_keywords
from assessments.formats.qti_feedback import Feedback
from assessments.formats.qti_scoring import Declaration, Scoring
from assessments.formats.qti_text import has_class, lines_of

# Classes by which we find again in the body what we wrote there.
STEM, TEXT, ANSWER, CRITERIA = "bina-stem", "bina-text", "bina-answer", "bina-criteria"


def is_guide(block: Element) -> bool:
    """Is a rubric for those who grade? What learners read as well is part of the question, but for our own criteria."""
    views = (block.get("view") or "").split()
    return "scorer" in views and ("candidate" not in views or has_class(block, CRITERIA))


@dataclass(frozen=True)
class Found:
    type: str
    stem: str
    keywords: dict[str, Any]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """An item on its way: ``details`` are our own (qti_reading.py), anything may stand in them."""

    root: Element
    body: Element
    interactions: list[Element]
    scoring: Scoring
    details: Mapping[str, Any]
    feedback: Feedback

    @property
    def one(self) -> Element:
        return self.interactions[0]

    @property
    def has_gap_text(self) -> bool:
        return any(has_class(element, TEXT) for element in self.body.iter())

    def declaration(self, interaction: Element) -> Declaration:
        found = self.scoring.declarations.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise ValueError(_("The answer “%(name)s” is declared nowhere.") % {"name": interaction.get("responseIdentifier", "")[:40]})
        return found

    def stem(self) -> str:
        """The text of the body and what the interaction asks, without its answers."""
        return self.lines({one: f"\n{lines_of(one.find('prompt'))}\n" for one in self.interactions})

    def lines(self, marks: Mapping[Element, str]) -> str:
        """The body as learners read it, with marks in place of some of its elements."""
        return lines_of(self.body, {**dict.fromkeys(self.guides, ""), **marks})

    @property
    def guides(self) -> list[Element]:
        """What is written for those who grade."""
        return [block for block in self.root.iter("rubricBlock") if is_guide(block)]

    def detail(self, name: str, response: str = "") -> Any:
        found = self.details.get(name)
        if response:
            found = found.get(response) if isinstance(found, dict) else None
            return found if isinstance(found, list) and all(isinstance(place, int) for place in found) else []
        return found


def text_of(choice: Element) -> str:
    """What an option says; a picture alone by its words."""
    return lines_of(choice) or next((one.get("alt", "") for one in choice.iter("img")), "")


def weighted(
    declaration: Declaration, texts: dict[str, str], remarks: dict[str, str], *, is_single: bool,
) -> tuple[str, dict[str, Any], list[str]]:
    weights = {name: float(declaration.weight_of(name)) for name in texts}
    above = [weight for weight in weights.values() if weight > 0]
    whole = (max(above, default=0) if is_single else sum(above)) or 1
    # One weight divided by the other is exact where both are equal, which is what is asked of them.
    type, keywords, notes = choice_keywords([(texts[name], weight / whole * 100, remarks[name]) for name, weight in weights.items()],
                                            is_single=is_single)
    if not is_single and any(weight == 0 for weight in weights.values()):
        notes.append(_("Wrong options took nothing away; a wrong choice takes away what a right one gives now."))
    return type, keywords, notes
