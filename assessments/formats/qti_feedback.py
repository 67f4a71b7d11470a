"""Feedback of a QTI item: what belongs to an answer becomes its remark, what is always shown the explanation, the rest is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.qti_scoring import Rule, Scoring
from assessments.formats.qti_text import lines_of

_RIGHT, _WRONG, _SOLUTION = {"correct", "right"}, {"incorrect", "wrong"}, {"solution", "explanation"}


@dataclass
class Feedback:
    """``modal``: text by (outcome, identifier). ``always``: those of ``modal`` that every learner is shown; ``right`` and ``wrong``: those shown
    with a right or a wrong answer. ``used`` grows while remarks find their place; ``explanation`` and ``left`` are asked afterwards."""

    modal: dict[tuple[str, str], str] = field(default_factory=dict)
    always: list[tuple[str, str]] = field(default_factory=list)
    right: set[tuple[str, str]] = field(default_factory=set)
    wrong: set[tuple[str, str]] = field(default_factory=set)
    used: set[tuple[str, str]] = field(default_factory=set)

    def for_option(self, identifier: str) -> str:
        pair = next((pair for pair in self.modal if pair[1] == identifier and pair not in self.always), None)
        return self.take(pair) if pair else ""

    def take(self, pair: tuple[str, str]) -> str:
        self.used.add(pair)
        return self.modal[pair]

    def for_verdict(self, *, is_right: bool) -> str:
        """What is said to every right answer, or to every wrong one."""
        return " ".join(self.take(pair) for pair in self.modal if pair in (self.right if is_right else self.wrong) and pair not in self.used)

    def explanation(self) -> tuple[str, list[str]]:
        """What is always shown, or is the solution; else what is shown with the right answer, which is noted; else the only one left."""
        rest = [pair for pair in self.modal if pair not in self.used]
        chosen = [pair for pair in rest if pair in self.always or pair[1].lower() in _SOLUTION]
        if not chosen and (chosen := [pair for pair in rest if pair in self.right]):
            text = "\n".join(map(self.take, chosen))
            same = {pair for pair in rest if self.modal[pair] == text} - set(chosen)
            self.used |= same  # said to everybody: nothing is lost, nothing to look at
            return text, [] if same else [_("What was said to right answers became the explanation; read it once.")]
        if not chosen and len(rest) == 1 and rest[0] not in self.wrong:
            chosen = rest
        return "\n".join(map(self.take, chosen)), []

    def left(self) -> list[str]:
        return [_("Feedback that has no place here is left out: “%(text)s”.") % {"text": text[:80]}
                for pair, text in self.modal.items() if pair not in self.used]

    def for_rule(self, rule: Rule | None) -> str:
        """What is shown where the rule fits; empty: nothing is."""
        pairs = [(name, value) for name, values in (rule.outcomes if rule is not None else {}).items() for value in values]
        return " ".join(self.take(pair) for pair in pairs if pair in self.modal)


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
    _judge(root, found)
    return found


def _judge(root: Element, found: Feedback) -> None:
    """By name, and by the rules: what a branch sets that asks for the right answer, and the branch for all others after it."""
    found.right |= {pair for pair in found.modal if pair[1].lower() in _RIGHT}
    found.wrong |= {pair for pair in found.modal if pair[1].lower() in _WRONG}
    for condition in root.iter("responseCondition"):
        is_whole = False  # the branch before asked for the whole right answer
        for branch in condition:
            asked = branch[0] if len(branch) else branch
            words = {(base.text or "").strip().lower() for base in asked.iter("baseValue")}
            is_right = branch.tag != "responseElse" and asked.find(".//not") is None and (
                (asked.tag == "match" and asked.find("correct") is not None) or bool(words & _RIGHT))
            is_wrong = (branch.tag == "responseElse" and is_whole) or (branch.tag != "responseElse" and bool(words & _WRONG))
            pairs = {(one.get("identifier", ""), (base.text or "").strip()) for one in branch.findall("setOutcomeValue")
                     for base in one.iter("baseValue")}
            found.right |= pairs if is_right else set()
            found.wrong |= pairs if is_wrong else set()
            is_whole = is_whole or is_right


def _inside(block: Element) -> str:
    copy = Element("div", {})
    copy.text = block.text
    copy.extend(list(block))
    return lines_of(copy)


def in_option(choice: Element) -> str:
    """Feedback that stands inside an option."""
    return " ".join(text for tag in ("feedbackInline", "feedbackBlock") for block in choice.iter(tag) if (text := _inside(block)))
