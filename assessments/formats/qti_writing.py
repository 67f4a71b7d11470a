"""A question of the bank as a QTI item: a tree with the names of 2.x, which ``qti_names.dressed`` turns into either dialect.

Points are real weights in the item, so that another system scores it as we do wherever QTI has the means: single, multiple, short text,
numbers, matching, gaps. Ordering with partial points counts there only when all is right. What QTI has no place for (is a star a star, do
accents count, how is a unit treated, words advised) is JSON in an outcome of our own name, which every system carries along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from assessments.formats.base import Item
from assessments.formats.qti_reading import DETAILS
from assessments.formats.qti_rules import Writer, put_lines
from assessments.formats.qti_source import ANSWER, CRITERIA, STEM, TEXT
from assessments.question_types.base import OptionDraft
from assessments.question_types.texts import shortened

_MARK = re.compile(r"\[\[(\d{1,3})\]\]")


def tree_of(item: Item, identifier: str, picture: str = "") -> Element:
    """``picture``: the address of its picture in the package. ``ValueError``: QTI has no place for this type."""
    write = _WRITERS.get(item.type)
    if write is None:
        raise ValueError(_("QTI has no place for questions of the type “%(type)s”.") % {"type": item.type[:40]})
    given = item.keywords
    made = Writer(Decimal(str(given.get("points", 1))), is_scored=item.type not in ("scale", "reflection"))
    if item.type != "gaps":
        put_lines(SubElement(made.body, "p"), given.get("stem", ""))
    if item.picture is not None and picture:
        SubElement(SubElement(made.body, "p"), "img", {"src": picture, "alt": item.picture.alt})
    write(made, given)
    if item.type == "true_false":
        made.details["type"] = item.type
    if not made.is_scored and made.points != 1:
        made.details["points"] = str(made.points)
    title = item.name or shortened(str(given.get("stem", "")), 80)
    return made.tree(identifier, title, str(given.get("explanation", "")), DETAILS)


def _options(given: Mapping[str, Any]) -> list[OptionDraft]:
    return [one if isinstance(one, OptionDraft) else OptionDraft(
        str(one.get("text", "")), bool(one.get("is_correct")), str(one.get("feedback") or "")) for one in given.get("options", ())]


def _choice(made: Writer, given: Mapping[str, Any], *, is_single: bool) -> None:
    options = _options(given)
    names = [f"C{place}" for place in range(1, len(options) + 1)]
    right = [name for name, option in zip(names, options, strict=True) if option.is_correct]
    is_exact = not is_single and given.get("scoring") == "exact"
    each = made.points if is_single else made.points / max(len(right), 1)
    weights = [(name, each if name in right else Decimal(0) if is_single else -each) for name in names]
    made.declare("RESPONSE", "single" if is_single else "multiple", "identifier", right, [] if is_exact else weights, lowest=not is_single)
    inner = SubElement(made.body, "choiceInteraction", {
        "responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1" if is_single else "0"})
    for name, option in zip(names, options, strict=True):
        choice = SubElement(inner, "simpleChoice", {"identifier": name})
        choice.text = option.text
        if option.feedback:
            SubElement(choice, "feedbackInline", {"outcomeIdentifier": "FEEDBACK", "identifier": name, "showHide": "show"}).text = option.feedback
    made.score_by_key("RESPONSE") if is_exact else made.score_by_weights("RESPONSE")
    if any(option.feedback for option in options):
        made.show_chosen("RESPONSE", "single" if is_single else "multiple")


def _single(made: Writer, given: Mapping[str, Any]) -> None:
    _choice(made, given, is_single=True)


def _multiple(made: Writer, given: Mapping[str, Any]) -> None:
    _choice(made, given, is_single=False)


def _truth(made: Writer, given: Mapping[str, Any]) -> None:
    _choice(made, given, is_single=True)
    made.body[-1].set("shuffle", "false")


def _columns(made: Writer, lefts: Sequence[str], rights: Sequence[str], *, shuffle: bool) -> None:
    inner = SubElement(made.body, "matchInteraction", {
        "responseIdentifier": "RESPONSE", "shuffle": "true" if shuffle else "false", "maxAssociations": str(len(lefts))})
    for sign, texts, most in (("L", lefts, "1"), ("R", rights, "0")):
        column = SubElement(inner, "simpleMatchSet")
        for place, text in enumerate(texts, 1):
            SubElement(column, "simpleAssociableChoice", {"identifier": f"{sign}{place}", "matchMax": most}).text = text


def _matching(made: Writer, given: Mapping[str, Any]) -> None:
    pairs, extra = given["content"]["pairs"], given["content"].get("extra", [])
    rights = [*dict.fromkeys(pair["right"] for pair in pairs), *extra]
    right = [f"L{place} R{rights.index(pair['right']) + 1}" for place, pair in enumerate(pairs, 1)]
    is_exact = given.get("scoring") == "exact"
    made.declare("RESPONSE", "multiple", "directedPair", right, [] if is_exact else [(pair, made.points / len(right)) for pair in right])
    _columns(made, [pair["left"] for pair in pairs], rights, shuffle=True)
    made.score_by_key("RESPONSE") if is_exact else made.score_by_weights("RESPONSE")


def _scale(made: Writer, given: Mapping[str, Any]) -> None:
    made.declare("RESPONSE", "multiple", "directedPair", [], [])
    _columns(made, given["content"]["statements"], given["content"]["labels"], shuffle=False)


def _ordering(made: Writer, given: Mapping[str, Any]) -> None:
    items = given["content"]["items"]
    # Shown in the order of the alphabet: a system that does not shuffle must not show the answer.
    shown = sorted(range(len(items)), key=lambda place: items[place])
    names = {place: f"C{number}" for number, place in enumerate(shown, 1)}
    made.declare("RESPONSE", "ordered", "identifier", [names[place] for place in range(len(items))], [])
    inner = SubElement(made.body, "orderInteraction", {"responseIdentifier": "RESPONSE", "shuffle": "true"})
    for place in shown:
        SubElement(inner, "simpleChoice", {"identifier": names[place]}).text = items[place]
    made.score_by_key("RESPONSE")
    made.details["scoring"] = given.get("scoring") or "partial"


def _short_text(made: Writer, given: Mapping[str, Any]) -> None:
    content = given["content"]
    made.texts("RESPONSE", content["answers"], made.points, heeds_case=content.get("heeds_case", False))
    made.details["heeds_accents"] = bool(content.get("heeds_accents"))
    SubElement(SubElement(made.body, "p", {"class": ANSWER}), "textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "40"})


def _number(made: Writer, given: Mapping[str, Any]) -> None:
    content = given["content"]
    made.numbers("RESPONSE", content["answers"], made.points)
    made.details.update({"unit": content.get("unit", ""), "unit_rule": content.get("unit_rule", "none")})
    box = SubElement(made.body, "p", {"class": ANSWER})
    SubElement(box, "textEntryInteraction", {"responseIdentifier": "RESPONSE", "expectedLength": "15"}).tail = f" {content.get('unit', '')}".rstrip()


def _gaps(made: Writer, given: Mapping[str, Any]) -> None:
    content = given["content"]
    put_lines(SubElement(made.body, "p", {"class": STEM}), given.get("stem", ""))
    box = SubElement(made.body, "p", {"class": TEXT})
    each = made.points / max(len(content["gaps"]), 1)
    inner = [_gap(made, f"RESPONSE{place}", gap, each, heeds_case=content.get("heeds_case", False)) for place, gap in enumerate(content["gaps"], 1)]
    pieces = _MARK.split(content["text"])
    put_lines(box, pieces[0])
    # Text, number, text, number ...; the number says which gap stands there.
    for place, after in zip(pieces[1::2], pieces[2::2], strict=True):
        gap = inner[int(place) - 1]
        box.append(gap)
        put_lines(box, after, after=gap)
    # Case is a property of each answer in QTI; without a typed answer nothing would say it.
    made.details["heeds_case"] = bool(content.get("heeds_case"))


def _gap(made: Writer, name: str, gap: Mapping[str, Any], points: Decimal, *, heeds_case: bool) -> Element:
    if gap["kind"] == "choice":
        names = [f"C{place}" for place in range(1, len(gap["options"]) + 1)]
        right = [one for one, option in zip(names, gap["options"], strict=True) if option["is_correct"]]
        made.declare(name, "single", "identifier", right, [(one, points) for one in right])
        made.score_by_weights(name)
        inner = Element("inlineChoiceInteraction", {"responseIdentifier": name, "shuffle": "true"})
        for one, option in zip(names, gap["options"], strict=True):
            SubElement(inner, "inlineChoice", {"identifier": one}).text = option["text"]
        return inner
    if gap["kind"] == "number":
        made.numbers(name, gap["answers"], points)
    else:
        made.texts(name, gap["answers"], points, heeds_case=heeds_case)
    return Element("textEntryInteraction", {"responseIdentifier": name, "expectedLength": "20"})


def _essay(made: Writer, given: Mapping[str, Any]) -> None:
    content = given["content"]
    made.declare("RESPONSE", "single", "string", [], [])
    made.details.update({name: content.get(name, 0) for name in ("min_words", "max_words")})
    _for_graders(made, content)
    SubElement(made.body, "extendedTextInteraction", {"responseIdentifier": "RESPONSE"})


def _file(made: Writer, given: Mapping[str, Any]) -> None:
    content = given["content"]
    made.declare("RESPONSE", "single", "file", [], [])
    made.details["kinds"] = list(content["kinds"])
    _for_graders(made, content)
    # QTI can ask for one kind only; several are left open.
    kind = {"type": "application/pdf"} if made.details["kinds"] == ["pdf"] else {}
    SubElement(made.body, "uploadInteraction", {"responseIdentifier": "RESPONSE", **kind})


def _for_graders(made: Writer, content: Mapping[str, Any]) -> None:
    made.is_manual = True
    if content.get("rubric"):
        # Learners see the criteria as well, therefore both views.
        rows = SubElement(SubElement(made.body, "rubricBlock", {"view": "candidate scorer", "use": "scoring", "class": CRITERIA}), "ul")
        for row in content["rubric"]:
            line = SubElement(rows, "li")
            name = SubElement(line, "span")
            name.text, name.tail = row["name"], " "
            SubElement(line, "span").text = str(row["points"])
    if content.get("guide"):
        put_lines(SubElement(SubElement(made.body, "rubricBlock", {"view": "scorer", "use": "scoring"}), "p"), content["guide"])


def _reflection(made: Writer, given: Mapping[str, Any]) -> None:
    made.declare("RESPONSE", "single", "string", [], [])
    made.details["min_words"] = given["content"].get("min_words", 0)
    SubElement(made.body, "extendedTextInteraction", {"responseIdentifier": "RESPONSE"})


_WRITERS: dict[str, Callable[[Writer, Mapping[str, Any]], None]] = {
    "single": _single, "multiple": _multiple, "true_false": _truth, "short_text": _short_text, "number": _number, "matching": _matching,
    "ordering": _ordering, "gaps": _gaps, "essay": _essay, "file": _file, "reflection": _reflection, "scale": _scale}
