"""The zip around QTI items: IMS content packaging (``imsmanifest.xml`` lists the items and what belongs to them).

A package comes from anywhere, so nothing is unpacked to disk and everything is bounded: entries, size, how much it swells, names that lead
out of the package, links, passwords. Source: IMS Content Packaging 1.1 and 1.2, "QTI packaging" of 2.2 and 3.0.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from django.utils.translation import gettext as _

from assessments.formats.base import LARGEST
from assessments.formats.moodle_xml import parse_xml
from assessments.formats.qti_names import local
from core.domain.errors import RuleViolation

MANIFEST = "imsmanifest.xml"
MOST_ENTRIES = 12_000
LARGEST_UNPACKED = 100_000_000  # bytes of all entries together
MOST_SWELLING = 100  # a package of more than 10 MB unpacked may not grow more than this many times
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass
class Package:
    """``files``: what the zip holds, by path. ``items``: paths of the questions in the order of the manifest; ``others``: paths of tests and
    shared texts, which are not followed."""

    files: dict[str, bytes] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def near(self, path: str, href: str) -> str:
        """The path in the package that ``href`` in the file ``path`` means; empty: it leads out of it, or nothing is there."""
        found = normpath(join(dirname(path), unquote(href.split("#")[0].split("?")[0])))
        return found if found in self.files else ""


def manifest_of(data: bytes) -> bytes:
    """The manifest of a zip, or nothing where this is no zip with one. Never raises, never reads more than a megabyte."""
    if not data.startswith(b"PK"):
        return b""
    try:
        with ZipFile(BytesIO(data)) as archive, archive.open(MANIFEST) as entry:
            return entry.read(1_000_000)
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, ZlibError):
        return b""


def unpack(data: bytes) -> Package:
    """``RuleViolation``: it is no package, or one that is refused."""
    if len(data) > LARGEST:
        raise RuleViolation(_("The file is larger than %(limit)d MB.") % {"limit": LARGEST // 1_000_000})
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries, len(data))
            files = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError, ZlibError):
        raise RuleViolation(_("The package is damaged, or packed in a way that cannot be read.")) from None
    if MANIFEST not in files:
        raise RuleViolation(_("The package has no imsmanifest.xml: it is no QTI package."))
    return _listed(Package(files))


def _check(entries: list[ZipInfo], size: int) -> None:
    """What the list of contents says; reading gives never more than an entry says here."""
    if len(entries) > MOST_ENTRIES:
        raise RuleViolation(_("The package holds more than %(most)d files.") % {"most": MOST_ENTRIES})
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_UNPACKED or (total > 10_000_000 and total > MOST_SWELLING * max(size, 1)):
        raise RuleViolation(_("The package becomes far too large when it is unpacked; it is refused."))
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise RuleViolation(_("The package holds two files with one name."))
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or stat.S_ISLNK(entry.external_attr >> 16):
            raise RuleViolation(_("The package holds a file that leads out of it (%(name)s); it is refused.") % {"name": name[:60]})
        if entry.flag_bits & 1:
            raise RuleViolation(_("The package is protected by a password. Pack it again without one."))
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise RuleViolation(_("The package is damaged, or packed in a way that cannot be read."))


def _listed(package: Package) -> Package:
    """Items and others by the manifest; what it lists and the zip does not hold stays in the list, so that it is named."""
    for resource in parse_xml(package.files[MANIFEST]).iter():
        if local(resource.tag) != "resource":
            continue
        kind, href = resource.get("type", ""), resource.get("href", "")
        base = resource.get("{http://www.w3.org/XML/1998/namespace}base", "")
        path = normpath(join(base, unquote(href)))
        if "imsqti_xmlv1" in kind or "imsqti_asi_xmlv1" in kind:
            raise RuleViolation(_("This is a package of QTI 1.x, which is not read. Export it as QTI 2.1, 2.2 or 3.0."))
        if kind.startswith(("imsqti_item", "imsqti_apipitem")):
            package.items.append(path)
        elif kind.startswith("imsqti"):
            package.others.append(path)
    package.items = list(dict.fromkeys(package.items))
    if not package.items and not package.others:
        raise RuleViolation(_("The package lists no question."))
    return package


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but names and contents."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, _TIME)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def manifest(items: Mapping[str, tuple[str, list[str]]], *, is_3: bool) -> bytes:
    """``items``: by identifier the path of the item and the paths of what belongs to it."""
    namespace = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" if is_3 else "http://www.imsglobal.org/xsd/imscp_v1p1"
    root = Element("manifest", {"xmlns": namespace, "identifier": "bina-questions"})
    head = SubElement(root, "metadata")
    SubElement(head, "schema").text = "QTI Package" if is_3 else "QTIv2.2 Package"
    SubElement(head, "schemaversion").text = "3.0.0" if is_3 else "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for identifier, (path, more) in items.items():
        kind = "imsqti_item_xmlv3p0" if is_3 else "imsqti_item_xmlv2p2"
        resource = SubElement(resources, "resource", {"identifier": identifier, "type": kind, "href": quote(path)})
        for name in (path, *more):
            SubElement(resource, "file", {"href": quote(name)})
    return document(root)


def _known(text: str | None) -> str | None:
    return _UNKNOWN.sub("", text) if text else text


def document(root: Element) -> bytes:
    """The bytes of an XML file. Signs that XML does not know are left out: one of them would spoil the whole file."""
    for element in root.iter():
        element.text, element.tail = _known(element.text), _known(element.tail)
        for name, value in element.attrib.items():
            element.set(name, _known(value) or "")
    for child in root:
        child.tail = "\n"
    root.text = "\n"
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"
