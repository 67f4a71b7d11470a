"""How a QTI item says what is right: response declarations (right answer, weights) and response processing (rules that set outcomes).

Rules are read for what they compare an answer with and what they then set, not run: a rule whose condition is a plain comparison becomes a
``Rule``; operators beyond that are named in ``Scoring.unknown``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation, localcontext
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

_TEMPLATES = {"match_correct", "map_response", "CC2_match", "CC2_match_basic", "CC2_map_response"}
_OPERATORS = {"responseProcessing", "responseProcessingFragment", "responseCondition", "responseIf", "responseElseIf", "responseElse",
              "setOutcomeValue", "match", "equal", "stringMatch", "and", "gte", "lte", "not", "isNull", "variable", "correct", "baseValue",
              "mapResponse", "sum", "multiple"}
LARGEST_NUMBER = 10**15
EXACT = 60  # digits: bounds of an interval lose nothing of its middle


@dataclass
class Declaration:
    """``mapping``: (answer, weight, do capital letters count), in the order of the file."""

    identifier: str
    cardinality: str
    kind: str
    correct: list[str] = field(default_factory=list)
    mapping: list[tuple[str, Decimal, bool]] = field(default_factory=list)
    has_mapping: bool = False

    @property
    def has_key(self) -> bool:
        return bool(self.correct or self.has_mapping)

    def weight_of(self, key: str) -> Decimal:
        return next((weight for one, weight, _heeds in self.mapping if one == key), Decimal(0))


@dataclass(frozen=True)
class Rule:
    """An answer to ``response`` that is ``text`` (or, for numbers, from ``low`` to ``high``) sets ``outcomes``, each to one value or several."""

    response: str
    text: str
    low: Decimal | None
    high: Decimal | None
    outcomes: dict[str, list[str]]
    heeds_case: bool = True

    def score(self) -> Decimal | None:
        """What it gives; None: it says nothing about points."""
        return next((number(values[0]) for name, values in self.outcomes.items() if name.startswith("SCORE")), None)


@dataclass
class Scoring:
    declarations: dict[str, Declaration]
    defaults: dict[str, str]
    greatest: str
    is_scored: bool
    rules: list[Rule]
    mapped: set[str]
    has_processing: bool
    unknown: list[str]

    def is_mapped(self, declaration: Declaration) -> bool:
        """Do the weights count for this response, or only its right answer?"""
        if not declaration.has_mapping:
            return False
        return declaration.identifier in self.mapped or not declaration.correct

    def points(self) -> Decimal | None:
        """Points of the item: MAXSCORE, else the greatest value that the score is said to have, else the best that weights and rules give."""
        for said in (self.defaults.get("MAXSCORE", ""), self.greatest):
            if said and number(said) > 0:
                return number(said)
        total = sum((_most(one) if self.is_mapped(one) else self._best_rule(one) for one in self.declarations.values()), Decimal(0))
        return total if total > 0 else None

    def _best_rule(self, declaration: Declaration) -> Decimal:
        return max((rule.score() or Decimal(0) for rule in self.rules if rule.response == declaration.identifier), default=Decimal(0))


def _most(declaration: Declaration) -> Decimal:
    weights = [weight for _key, weight, _heeds in declaration.mapping if weight > 0]
    return max(weights, default=Decimal(0)) if declaration.cardinality == "single" else sum(weights, Decimal(0))


def number(text: str) -> Decimal:
    """``ValueError``: no number, or one that no question has."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > LARGEST_NUMBER or (value and value.adjusted() < -30):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text.strip()[:40]})
    return value


def value_of(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def scoring_of(root: Element) -> Scoring:
    declared = {one.identifier: one for one in map(_declaration, root.findall("responseDeclaration"))}
    outcomes = root.findall("outcomeDeclaration")
    defaults = {one.get("identifier", ""): _default(one) for one in outcomes if one.find("defaultValue") is not None}
    score = next((one for one in outcomes if one.get("identifier") == "SCORE"), None)
    processing = root.find("responseProcessing")
    template = ""
    if processing is not None:
        template = (processing.get("template") or processing.get("templateLocation") or "").rsplit("/", 1)[-1].removesuffix(".xml")
    parts = list(processing.iter()) if processing is not None else []
    mapped = {one.get("identifier", "") for one in parts if one.tag == "mapResponse"}
    if template.endswith("map_response") or not (template or len(parts) > 1):
        mapped = set(declared)
    unknown = sorted(_for_points(processing, outcomes) - _OPERATORS)
    if template and template not in _TEMPLATES:
        unknown.append(template)
    rules = list(_rules(processing, declared, defaults)) if processing is not None else []
    mapped |= {one.identifier for one in declared.values() if one.identifier not in mapped and _take_weights(one, rules)}
    return Scoring(declared, defaults, score.get("normalMaximum", "") if score is not None else "", score is not None, rules, mapped,
                   bool(template) or len(parts) > 1, unknown)


def _take_weights(declaration: Declaration, rules: list[Rule]) -> bool:
    """Where rules give points to other answers than the right one, they are its weights."""
    if declaration.kind in ("float", "integer"):
        return False
    scored = [(rule.text, points, rule.heeds_case) for rule in rules
              if rule.response == declaration.identifier and (points := rule.score()) is not None]
    if all(text in declaration.correct for text, _points, _heeds in scored):
        return False
    declaration.mapping, declaration.has_mapping = scored, True
    return True


def _for_points(processing: Element | None, outcomes: list[Element]) -> set[str]:
    """The elements of all rules but those that only choose a feedback, whose outcomes hold names."""
    names = {one.get("identifier") for one in outcomes if one.get("baseType") == "identifier"}
    rules = [rule for rule in (processing if processing is not None else [])
             if not (found := {one.get("identifier") for one in rule.iter("setOutcomeValue")}) or found - names]
    return {one.tag for rule in rules for one in rule.iter()}


def _declaration(element: Element) -> Declaration:
    mapping = element.find("mapping")
    entries = [(entry.get("mapKey", "").strip(), number(entry.get("mappedValue", "0")), entry.get("caseSensitive", "true") in ("true", "1"))
               for entry in (mapping.findall("mapEntry") if mapping is not None else [])]
    return Declaration(element.get("identifier", ""), element.get("cardinality", "single"), element.get("baseType", ""),
                       [value_of(value) for value in element.findall("correctResponse/value")], entries, bool(entries))


def _default(element: Element) -> str:
    """Spaces kept: our own details are JSON."""
    return ("".join(element.find("defaultValue/value").itertext())).strip() if element.find("defaultValue/value") is not None else ""


def _rules(processing: Element, declared: dict[str, Declaration], defaults: dict[str, str]) -> Iterable[Rule]:
    for branch in processing.iter():
        if branch.tag not in ("responseIf", "responseElseIf") or not len(branch):
            continue
        compared = _compared(branch[0], declared)
        if compared is not None:
            outcomes = {one.get("identifier", ""): _set_to(one, defaults) for one in branch.findall("setOutcomeValue")}
            heeds = branch[0].get("caseSensitive", "true") in ("true", "1")
            yield Rule(*compared, {name: values for name, values in outcomes.items() if values}, heeds)


def _set_to(element: Element, defaults: dict[str, str]) -> list[str]:
    """The values an outcome is set to. What is added to the outcome itself (``sum`` of SCORE and more) counts alone."""
    bases = [value_of(base) for base in element.iter("baseValue")]
    names = [one.get("identifier", "") for one in element.iter("variable") if one.get("identifier") != element.get("identifier")]
    return [value for value in (*bases, *(defaults.get(name, "") for name in names)) if value]


def _compared(condition: Element, declared: dict[str, Declaration]) -> tuple[str, str, Decimal | None, Decimal | None] | None:
    """Response, text, lowest and highest number of a comparison; None: it is none."""
    if condition.tag == "and":
        return _ranged(condition, declared)
    if condition.tag not in ("match", "equal", "stringMatch"):
        return None
    variable, base, correct = condition.find("variable"), condition.find("baseValue"), condition.find("correct")
    own = declared.get(variable.get("identifier", "")) if variable is not None else None
    if own is None or own.cardinality != "single":
        return None
    text = value_of(base) if base is not None else (own.correct[0] if correct is not None and own.correct else None)
    if text is None:
        return None
    if own.kind not in ("float", "integer"):
        return own.identifier, text, None, None
    value = number(text)
    with localcontext(prec=EXACT):
        below, above = _tolerance(condition, value)
        return own.identifier, text, value - below, value + above


def _tolerance(condition: Element, value: Decimal) -> tuple[Decimal, Decimal]:
    mode = condition.get("toleranceMode", "exact")
    if condition.tag != "equal" or mode == "exact":
        return Decimal(0), Decimal(0)
    given = [number(part) for part in (condition.get("tolerance") or "0").split()][:2] or [Decimal(0)]
    if mode == "relative":
        given = [abs(value) * part / 100 for part in given]
    return given[0], given[-1]


def _ranged(condition: Element, declared: dict[str, Declaration]) -> tuple[str, str, Decimal, Decimal] | None:
    """``gte`` and ``lte`` of one number, in either order of their sides."""
    low = high = response = None
    for part in condition:
        sides = [side.tag for side in part]
        if part.tag not in ("gte", "lte") or sorted(sides) != ["baseValue", "variable"]:
            continue
        response, base = part.find("variable").get("identifier", ""), number(value_of(part.find("baseValue")))
        if (part.tag == "gte") == (sides[0] == "variable"):
            low = base
        else:
            high = base
    own = declared.get(response or "")
    if own is None or own.kind not in ("float", "integer") or low is None or high is None or high < low:
        return None
    return own.identifier, "", low, high
