"""Feedback of a QTI item: what belongs to an answer becomes its remark, what is always shown the explanation, the rest is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.qti_scoring import Rule, Scoring
from assessments.formats.qti_text import lines_of

_RIGHT = {"correct", "right", "solution", "true"}


@dataclass
class Feedback:
    """``modal``: text by (outcome, identifier). ``always``: those of ``modal`` that every learner is shown. ``used`` grows while remarks find
    their place; ``explanation`` and ``left`` are asked afterwards."""

    modal: dict[tuple[str, str], str] = field(default_factory=dict)
    always: list[tuple[str, str]] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    def for_option(self, identifier: str) -> str:
        pair = next((pair for pair in self.modal if pair[1] == identifier and pair not in self.always), None)
        return self.take(pair) if pair else ""

    def take(self, pair: tuple[str, str]) -> str:
        self.used.add(pair)
        return self.modal[pair]

    def explanation(self) -> str:
        """What is always shown; else what is shown with the right answer; else the only one that is left."""
        rest = [pair for pair in self.modal if pair not in self.used]
        chosen = [pair for pair in rest if pair in self.always] or [pair for pair in rest if pair[1].lower() in _RIGHT][:1]
        chosen = chosen or (rest if len(rest) == 1 else [])
        return "\n".join(self.take(pair) for pair in chosen)

    def left(self) -> list[str]:
        return [_("Feedback that has no place here is left out: “%(text)s”.") % {"text": text[:80]}
                for pair, text in self.modal.items() if pair not in self.used]

    def for_rule(self, rule: Rule | None) -> str:
        """What is shown where the rule fits; empty: nothing is."""
        pair = next((pair for pair in rule.outcomes.items() if pair in self.modal), None) if rule is not None else None
        return self.take(pair) if pair else ""


def feedback_of(root: Element, scoring: Scoring) -> Feedback:
    found = Feedback()
    blocks = [*root.iter("modalFeedback"), *root.iter("feedbackBlock"), *root.iter("feedbackInline")]
    options = {id(part) for choice in root.iter("simpleChoice") for part in choice.iter()}
    for block in blocks:
        if id(block) in options:
            continue  # it stands in its option and is read there
        pair, text = (block.get("outcomeIdentifier", ""), block.get("identifier", "")), _inside(block)
        if not text:
            continue
        # Two with one name are shown together.
        found.modal[pair] = f"{found.modal[pair]}\n{text}" if pair in found.modal else text
        if scoring.defaults.get(pair[0]) == pair[1] and block.get("showHide", "show") == "show":
            found.always.append(pair)
    return found


def _inside(block: Element) -> str:
    copy = Element("div", {})
    copy.text = block.text
    copy.extend(list(block))
    return lines_of(copy)


def in_option(choice: Element) -> str:
    """Feedback that stands inside an option."""
    return " ".join(text for tag in ("feedbackInline", "feedbackBlock") for block in choice.iter(tag) if (text := _inside(block)))
