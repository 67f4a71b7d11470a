"""Pictures and other things of a QTI item beside its text: the first picture comes along, everything else is named."""

from __future__ import annotations

from posixpath import basename
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.base import PictureFile
from assessments.formats.qti_package import Package
from assessments.formats.qti_source import is_guide

_IN_OPTIONS = ("simpleChoice", "simpleAssociableChoice", "inlineChoice")


def picture_of(body: Element, package: Package, path: str) -> tuple[PictureFile | None, list[str]]:
    """The first picture of the text whose file is in the package, and notes about the others."""
    in_options = {id(part) for tag in _IN_OPTIONS for choice in body.iter(tag) for part in choice.iter()}
    found, others, missing = None, 0, 0
    for element in body.iter():
        if not _is_picture(element):
            continue
        place = package.near(path, element.get("src") or element.get("data") or "")
        if id(element) in in_options or (found is not None and place):
            others += 1
        elif place:
            alt = element.get("alt") or " ".join("".join(element.itertext()).split())
            found = PictureFile(basename(place), package.files[place], alt)
        else:
            missing += 1
    notes = []
    if others:
        notes.append(_("Only the first picture of the text comes along; others are left out."))
    if missing:
        notes.append(_("A picture is not in the package and is left out."))
    return found, notes


def _is_picture(element: Element) -> bool:
    return element.tag == "img" or (element.tag == "object" and (element.get("type") or "").startswith("image/"))


def media_notes(root: Element) -> list[str]:
    present = {element.tag for element in root.iter() if not _is_picture(element)}
    notes = []
    if present & {"video", "audio", "object", "iframe", "embed"}:
        notes.append(_("Pictures and other media are left out."))
    if "math" in present:
        notes.append(_("Formulas (MathML) are left out: write them into the text."))
    if present & {"assessmentStimulusRef", "include"}:
        notes.append(_("A text that several questions share is left out: write it into the question if it is needed."))
    if present & {"templateBlock", "templateInline", "printedVariable"}:
        notes.append(_("Parts of the text that depend on variables are left out."))
    if not present & {"extendedTextInteraction", "uploadInteraction"} and any(is_guide(block) for block in root.iter("rubricBlock")):
        notes.append(_("The guide for graders is left out: nobody grades this question by hand."))
    return notes
