"""Pictures in Moodle XML: ``<file name= encoding="base64">`` beside a ``<text>`` that names it as ``@@PLUGINFILE@@/name``."""

from __future__ import annotations

import base64
import binascii
import html
import re
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.base import PictureFile, has_picture

_IMAGE = re.compile(r"<\s*img\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']@@PLUGINFILE@@/([^"'?]+)""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def picture_of(question: Element) -> tuple[PictureFile | None, list[str]]:
    """The first picture of the text whose file is there, and notes about all other media of the question."""
    place = question.find("questiontext")
    found = _first(place) if place is not None else None
    media = [image for element in question.iter("text") for image in _IMAGE.findall(element.text or "")]
    others = len(media) - (found is not None)
    is_left = others > 0 or (found is None and (question.find(".//file") is not None or any(
        has_picture(element.text or "") for element in question.iter("text"))))
    if found is None:
        return None, [_("Pictures and other media are left out.")] if is_left else []
    rest = any(has_picture(_IMAGE.sub("", element.text or "")) for element in question.iter("text"))
    return found, [_("Only the first picture of the text comes along; others are left out.")] * is_left + (
        [_("Pictures and other media are left out.")] if rest else [])


def _first(place: Element) -> PictureFile | None:
    files = {unquote(file.get("name", "")): file for file in place.findall("file") if file.get("encoding", "base64") == "base64"}
    for image in _IMAGE.findall(place.findtext("text") or ""):
        source, words = _SOURCE.search(image), _ALT.search(image)
        name = unquote(html.unescape(source[1])) if source else ""
        if name not in files:
            continue
        try:
            data = base64.b64decode("".join((files[name].text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        alt = html.unescape((words[1] or words[2] or "") if words else "")
        return PictureFile(name.rpartition("/")[2], data, alt)
    return None
