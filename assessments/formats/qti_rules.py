"""The parts of a QTI item that is being written: what is declared, and how points and feedback come about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from assessments.formats.qti_names import TEMPLATES_2

EXPLANATION = "EXPLANATION"


@dataclass
class Writer:
    """``details``: what QTI has no place for. ``plan``: how each response earns its points, ``(response, "key" or "weights")``."""

    points: Decimal
    is_scored: bool = True
    is_manual: bool = False
    body: Element = field(default_factory=lambda: Element("itemBody"))
    details: dict[str, Any] = field(default_factory=dict)
    responses: list[Element] = field(default_factory=list)
    outcomes: list[Element] = field(default_factory=list)
    plan: list[tuple[str, str]] = field(default_factory=list)
    rules: list[Element] = field(default_factory=list)
    modal: list[Element] = field(default_factory=list)

    def declare(
        self, name: str, cardinality: str, kind: str, right: Sequence[str], weights: Sequence[tuple[str, Decimal]], *, lowest: bool = False,
        heeds_case: bool | None = None,
    ) -> None:
        response = Element("responseDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": kind})
        if right:
            values = SubElement(response, "correctResponse")
            for value in right:
                SubElement(values, "value").text = value
        if weights:
            mapping = SubElement(response, "mapping", {**({"lowerBound": "0"} if lowest else {}), "defaultValue": "0"})
            for key, weight in weights:
                heeds = {} if heeds_case is None else {"caseSensitive": "true" if heeds_case else "false"}
                SubElement(mapping, "mapEntry", {"mapKey": key, **heeds, "mappedValue": _float(weight)})
        self.responses.append(response)

    def score_by_key(self, name: str) -> None:
        self.plan.append((name, "key"))

    def score_by_weights(self, name: str) -> None:
        self.plan.append((name, "weights"))

    def show_chosen(self, name: str, cardinality: str) -> None:
        """Feedback that has the name of an option is shown when the option is chosen."""
        self._outcome("FEEDBACK", cardinality, "identifier")
        SubElement(_set("FEEDBACK", self.rules), "variable", {"identifier": name})

    def texts(self, name: str, answers: Sequence[Mapping[str, Any]], points: Decimal, *, heeds_case: bool) -> None:
        """A typed text. Stars that stand for any characters are named in the details; others are plain stars in QTI."""
        is_pattern = ["*" in answer["text"].replace("\\*", "") for answer in answers]
        keys = [answer["text"] if stars else answer["text"].replace("\\*", "*") for answer, stars in zip(answers, is_pattern, strict=True)]
        if any(is_pattern):
            self.details.setdefault("patterns", {})[name] = [place for place, stars in enumerate(is_pattern) if stars]
        right = [key for key, answer in zip(keys, answers, strict=True) if answer["percent"] == 100][:1]
        self.declare(name, "single", "string", right, [(key, points * answer["percent"] / 100) for key, answer in zip(keys, answers, strict=True)],
                     heeds_case=heeds_case)
        self.score_by_weights(name)
        if any(answer.get("remark") for answer in answers):
            condition = self._condition(name)
            for place, (key, answer) in enumerate(zip(keys, answers, strict=True), 1):
                branch = _branch(condition)
                test = SubElement(branch, "stringMatch", {"caseSensitive": "true" if heeds_case else "false"})
                SubElement(test, "variable", {"identifier": name})
                SubElement(test, "baseValue", {"baseType": "string"}).text = key
                self._remark(branch, name, place, answer.get("remark") or "")

    def numbers(self, name: str, answers: Sequence[Mapping[str, Any]], points: Decimal) -> None:
        """A typed number. The best answer that fits counts, so the rules ask in the order of what they give."""
        order = sorted(range(len(answers)), key=lambda place: -answers[place]["percent"])
        if order != sorted(order):
            self.details.setdefault("order", {})[name] = order
        self.declare(name, "single", "float", [answers[place]["value"] for place in order][:1], [])
        condition = self._condition(name)
        has_remarks = any(answer.get("remark") for answer in answers)
        for place in order:
            answer, branch = answers[place], _branch(condition)
            test = SubElement(branch, "equal", {"toleranceMode": "absolute", "tolerance": f"{answer['tolerance']} {answer['tolerance']}"})
            SubElement(test, "variable", {"identifier": name})
            SubElement(test, "baseValue", {"baseType": "float"}).text = answer["value"]
            added = SubElement(SubElement(branch, "setOutcomeValue", {"identifier": "SCORE"}), "sum")
            SubElement(added, "variable", {"identifier": "SCORE"})
            SubElement(added, "baseValue", {"baseType": "float"}).text = _float(points * answer["percent"] / 100)
            if has_remarks:
                self._remark(branch, name, place + 1, answer.get("remark") or "")

    def _condition(self, name: str) -> Element:
        condition = Element("responseCondition")
        self.rules.append(condition)
        return condition

    def _remark(self, branch: Element, name: str, place: int, remark: str) -> None:
        outcome = name.replace("RESPONSE", "FEEDBACK")
        if outcome not in [one.get("identifier") for one in self.outcomes]:
            self._outcome(outcome, "single", "identifier")
        SubElement(SubElement(branch, "setOutcomeValue", {"identifier": outcome}), "baseValue", {"baseType": "identifier"}).text = f"A{place}"
        if remark:
            self._feedback(outcome, f"A{place}", remark)

    def _feedback(self, outcome: str, identifier: str, text: str) -> None:
        shown = Element("modalFeedback", {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"})
        put_lines(SubElement(shown, "p"), text)
        self.modal.append(shown)

    def _outcome(self, name: str, cardinality: str, kind: str, default: str = "", **more: str) -> None:
        outcome = Element("outcomeDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": kind, **more})
        if default:
            SubElement(SubElement(outcome, "defaultValue"), "value").text = default
        self.outcomes.append(outcome)

    def tree(self, identifier: str, title: str, explanation: str, details: str) -> Element:
        """The whole item, its parts in the order that the schemas ask for."""
        if self.is_scored:
            points = _float(self.points)
            self._outcome("SCORE", "single", "float", "0", normalMaximum=points, **({"externalScored": "human"} if self.is_manual else {}))
            self._outcome("MAXSCORE", "single", "float", points)
        if explanation:
            # Always shown: its outcome has the name of the feedback from the beginning.
            self._outcome(EXPLANATION, "single", "identifier", "explanation")
            self._feedback(EXPLANATION, "explanation", explanation)
        if self.details:
            self._outcome(details, "single", "string", json.dumps(self.details, ensure_ascii=False, sort_keys=True))
        root = Element("assessmentItem", {"identifier": identifier, "title": title, "adaptive": "false", "timeDependent": "false"})
        root.extend([*self.responses, *self.outcomes, self.body])
        processing = self._processing()
        if processing is not None:
            root.append(processing)
        root.extend(self.modal)
        return root

    def _processing(self) -> Element | None:
        if not self.plan and not self.rules:
            return None
        if len(self.plan) == 1 and not self.rules and (self.plan[0][1] == "weights" or self.points == 1):
            name = "map_response" if self.plan[0][1] == "weights" else "match_correct"
            return Element("responseProcessing", {"template": TEMPLATES_2 + name})
        processing = Element("responseProcessing")
        weighted = [name for name, how in self.plan if how == "weights"]
        if weighted:
            made: list[Element] = []
            total = SubElement(_set("SCORE", made), "sum")
            for name in weighted:
                SubElement(total, "mapResponse", {"identifier": name})
            processing.extend(made)
        for name in (name for name, how in self.plan if how == "key"):
            branch = SubElement(SubElement(processing, "responseCondition"), "responseIf")
            test = SubElement(branch, "match")
            SubElement(test, "variable", {"identifier": name})
            SubElement(test, "correct", {"identifier": name})
            SubElement(SubElement(branch, "setOutcomeValue", {"identifier": "SCORE"}), "variable", {"identifier": "MAXSCORE"})
        processing.extend(self.rules)
        return processing


def _set(outcome: str, rules: list[Element]) -> Element:
    rules.append(Element("setOutcomeValue", {"identifier": outcome}))
    return rules[-1]


def _branch(condition: Element) -> Element:
    return SubElement(condition, "responseElseIf" if len(condition) else "responseIf")


def _float(value: Decimal) -> str:
    """As many digits as a double holds, never in powers of ten."""
    text = f"{value:.15g}" if value != value.to_integral() else f"{value:.0f}"
    return f"{Decimal(text):f}"


def put_lines(element: Element, text: str, *, after: Element | None = None) -> None:
    """``text`` at the end of ``element`` (behind its child ``after``), with a break for each end of a line."""
    first, *lines = text.split("\n")
    if after is None:
        element.text = first
    else:
        after.tail = first
    for line in lines:
        SubElement(element, "br").tail = line
