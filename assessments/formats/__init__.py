"""The registry of formats that questions come in. The order is the order in which an unknown file is recognised."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.formats.aiken import Aiken
from assessments.formats.base import Format, Item, Problem, Reading
from assessments.formats.gift import Gift
from assessments.formats.moodle_xml import MoodleXml
from assessments.formats.qti import Qti, Qti3
from assessments.formats.spreadsheet import Csv, Xlsx
from core.domain.errors import RuleViolation

__all__ = ["FORMATS", "Format", "Item", "Problem", "Reading", "format_of"]

FORMATS: dict[str, Format] = {kind.code: kind for kind in (MoodleXml(), Qti3(), Qti(), Xlsx(), Aiken(), Csv(), Gift())}


def format_of(code: str, data: bytes) -> Format:
    """The format with this code; ``auto``: the first that recognises the file. ``RuleViolation``: none does."""
    if code != "auto":
        return FORMATS[code]
    found = next((kind for kind in FORMATS.values() if kind.is_this(data)), None)
    if found is None:
        raise RuleViolation(_("The format of the file is not recognised. Known are: %(list)s.") % {
            "list": ", ".join(str(kind.label) for kind in FORMATS.values())})
    return found
