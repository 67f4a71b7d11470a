"""QTI (1EdTech, formerly IMS): packages and single items of 2.1, 2.2 and 3.0 are read by one reader; 2.2 and 3.0 are written.

The door to the package: ``qti_package`` opens and makes the zip, ``qti_names`` translates between the dialects, ``qti_reading`` (with
``qti_parts``, ``qti_answers``, ``qti_scoring``, ``qti_feedback``, ``qti_media``) makes questions of items, ``qti_writing`` and ``qti_rules`` items of
questions. Sources: the public specifications of QTI 2.2 and 3.0 and the example items that come with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from posixpath import basename
from urllib.parse import quote
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments.formats.base import Format, Item, Problem, Reading, Written
from assessments.formats.moodle_xml import parse_xml
from assessments.formats.qti_names import dressed, normalise
from assessments.formats.qti_package import MANIFEST, Package, document, manifest, manifest_of, packed, unpack
from assessments.formats.qti_reading import item_of
from assessments.formats.qti_writing import tree_of
from core.domain.errors import RuleViolation

_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:qti-assessment-item|assessmentItem)[\s>]")


class Qti(Format):
    code, label, endings = "qti", "QTI 2.2", ("zip", "xml")
    content_type = "application/zip"
    can_write = True
    is_3 = False

    def is_this(self, data: bytes) -> bool:
        return b"imsqti" in manifest_of(data) or _ITEM.search(data[:4_000]) is not None

    def read(self, data: bytes) -> Reading:
        """Every version, whatever the code says."""
        if not data.startswith(b"PK"):
            package = Package({"item.xml": data}, ["item.xml"])
            if normalised(data).tag != "assessmentItem":
                raise RuleViolation(_("The file is neither a QTI package nor a QTI item."))
        else:
            package = unpack(data)
        found = Reading()
        for number, path in enumerate(package.items, 1):
            _read(found, number, path, package)
        for path in package.others:
            found.problems.append(Problem(path, _(
                "Tests, sections and shared texts are not followed: questions come one by one; put them together in the editor.")))
        return found

    def write(self, items: Sequence[Item]) -> Written:
        files: dict[str, bytes] = {}
        listed: dict[str, tuple[str, list[str]]] = {}
        written = Written()
        for number, item in enumerate(items, 1):
            name = f"item-{number:04}"
            picture = f"pictures/{name}/{basename(item.picture.name) or 'picture'}" if item.picture is not None else ""
            try:
                tree = tree_of(item, name, f"../{quote(picture)}")
            except ValueError as error:
                written.problems.append(Problem(item.where, str(error)))
                continue
            files[f"items/{name}.xml"] = document(dressed(tree, is_3=self.is_3))
            if item.picture is not None:
                files[picture] = item.picture.data
            listed[name] = (f"items/{name}.xml", [picture] if picture else [])
        files[MANIFEST] = manifest(listed, is_3=self.is_3)
        written.data, written.count = packed(files), len(listed)
        return written


class Qti3(Qti):
    code, label, endings = "qti3", "QTI 3.0", ("zip", "xml")
    is_3 = True

    def is_this(self, data: bytes) -> bool:
        head = manifest_of(data) or data[:4_000]
        return super().is_this(data) and (b"imsqti_item_xmlv3" in head or b"imsqtiasi_v3" in head)


def normalised(data: bytes) -> Element:
    """``RuleViolation``: no XML, or one that is refused."""
    try:
        return normalise(parse_xml(data))
    except ValueError as error:
        raise RuleViolation(str(error)) from None


def _read(found: Reading, number: int, path: str, package: Package) -> None:
    where = _("question %(n)d (%(name)s)") % {"n": number, "name": path}
    if path not in package.files:
        found.problems.append(Problem(where, _("The package lists this question, but its file is not there.")))
        return
    try:
        root = normalised(package.files[path])
        where = _("question %(n)d (%(name)s)") % {"n": number, "name": root.get("title") or root.get("identifier") or path}
        if root.tag != "assessmentItem":
            raise ValueError(_("The file is neither a QTI package nor a QTI item."))
        found.items.append(item_of(where, root, package, path))
    except RuleViolation as violation:
        found.problems.append(Problem(where, " ".join(violation.reasons)))
    except ValueError as error:
        found.problems.append(Problem(where, str(error)))
