"""One QTI item (a tree with the names of 2.x) as a question of the bank.

What the interaction and the declarations say counts. Details that QTI has no place for stand in an outcome of our own name (``DETAILS``),
which other systems carry along and ignore; it never replaces what an interaction says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats import qti_parts, qti_typed
from assessments.formats.base import Item, PictureFile
from assessments.formats.qti_feedback import Feedback, feedback_of
from assessments.formats.qti_media import media_notes, picture_of
from assessments.formats.qti_package import Package
from assessments.formats.qti_scoring import Scoring, scoring_of
from assessments.formats.qti_source import Found, Source

DETAILS = "BINA_DETAILS"
_INLINE = {"textEntryInteraction", "inlineChoiceInteraction"}
_READERS = {"choiceInteraction": qti_parts.choice, "matchInteraction": qti_parts.match, "associateInteraction": qti_parts.associate,
            "orderInteraction": qti_parts.order, "extendedTextInteraction": qti_typed.extended_text,
            "uploadInteraction": qti_typed.upload}


def item_of(where: str, root: Element, package: Package, path: str) -> Item:
    """``ValueError``: the question cannot be taken over, and why. ``path``: where the item stands in its package."""
    body = root.find("itemBody")
    if body is None:
        raise ValueError(_("It has no text."))
    if root.find("templateDeclaration") is not None or root.find("templateProcessing") is not None:
        raise ValueError(_("Its values are drawn anew for each learner; such questions cannot be taken over."))
    if root.get("adaptive") == "true":
        raise ValueError(_("It is adaptive (several tries in one question); such questions cannot be taken over."))
    interactions = [element for element in body.iter() if element.tag.endswith("Interaction")]
    scoring, details = scoring_of(root), _details(root)
    source = Source(root, body, interactions, scoring, details, feedback_of(root, scoring))
    found = _read(source)
    picture, notes = picture_of(body, package, path)
    notes += media_notes(root) + _scoring_notes(source, found.type)
    return _item(where, root, found, scoring, source.feedback, picture, notes, details)


def _read(source: Source) -> Found:
    kinds = {element.tag for element in source.interactions}
    if not kinds:
        raise ValueError(_("It asks nothing: there is no place for an answer."))
    foreign = sorted(kinds - _INLINE - set(_READERS))
    if foreign:
        raise ValueError(_("Questions of the type “%(type)s” cannot be taken over.") % {"type": ", ".join(foreign)[:80]})
    if kinds <= _INLINE:
        is_one = len(source.interactions) == 1 and kinds == {"textEntryInteraction"} and not source.has_gap_text
        return qti_typed.text_entry(source) if is_one else qti_typed.gaps(source)
    if len(source.interactions) > 1:
        raise ValueError(_("It has several parts that are answered in different ways (%(list)s); divide it first.") % {
            "list": ", ".join(sorted(kinds))})
    return _READERS[source.interactions[0].tag](source)


def _item(
    where: str, root: Element, found: Found, scoring: Scoring, feedback: Feedback, picture: PictureFile | None, notes: list[str],
    details: Mapping[str, Any],
) -> Item:
    points = scoring.points() if found.type not in ("scale", "reflection") else None
    said = details.get("points")
    explanation, more = feedback.explanation()
    keywords = {"stem": found.stem, "explanation": explanation, **found.keywords}
    keywords["points"] = points if points is not None else said if isinstance(said, str) else Decimal(1)
    # Only now is it known which feedback found its place.
    return Item(where, found.type, keywords, root.get("title", ""), list(dict.fromkeys([*notes, *found.notes, *more, *feedback.left()])), picture)


def _details(root: Element) -> dict[str, Any]:
    """Our own details; nothing where they are not ours, or somebody broke them."""
    for outcome in root.findall("outcomeDeclaration"):
        if outcome.get("identifier") == DETAILS:
            try:
                found = json.loads("".join(outcome.itertext()))
            except (ValueError, RecursionError):
                return {}
            return found if isinstance(found, dict) else {}
    return {}


def _scoring_notes(source: Source, type: str) -> list[str]:
    """``ValueError``: its points come by rules that cannot be followed, and no right answer is named."""
    unknown = source.scoring.unknown
    if not unknown or type in ("essay", "file", "reflection", "scale"):
        return []
    if not any(one.has_key for one in source.scoring.declarations.values()) and not source.scoring.rules:
        raise ValueError(_("Its points come by rules that cannot be followed (%(list)s), and it names no right answer.") % {
            "list": ", ".join(unknown)[:200]})
    return [_("Its own rules for points (%(list)s) are left out; it is scored by its right answer.") % {"list": ", ".join(unknown)[:200]}]
