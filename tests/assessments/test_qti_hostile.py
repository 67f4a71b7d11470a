"""Packages and items that mean harm are refused in words, quickly, and nothing of them is kept."""

import stat
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.utils.translation import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain import bank
from assessments.formats import FORMATS
from assessments.formats.base import LARGEST
from assessments.formats.qti_names import MOST_ELEMENTS
from assessments.formats.qti_package import LARGEST_UNPACKED, MOST_ENTRIES, unpack
from core.domain.errors import RuleViolation
from tests.assessments import qti_items
from tests.assessments.qti_items import package


def zipped(*entries: tuple[str | ZipInfo, bytes], how: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO(package({"a.xml": qti_items.CHOICE}))
    with ZipFile(out, "a", how) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(RuleViolation) as caught:
        FORMATS["qti"].read(data)
    [reason] = caught.value.reasons
    return reason


def _link() -> ZipInfo:
    entry = ZipInfo("tautan.png")
    entry.external_attr, entry.create_system = (stat.S_IFLNK | 0o777) << 16, 3
    return entry


def _flagged(data: bytes) -> bytes:
    """The first entry says that it is encrypted, in both of its headers."""
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


_OUT, _DAMAGED = ("The package holds a file that leads out of it (%(name)s); it is refused.",
                  "The package is damaged, or packed in a way that cannot be read.")


@pytest.mark.parametrize(("data", "sentence", "words"), [
    *((zipped((name, b"x")), _OUT, {"name": name}) for name in ("../luar.xml", "/etc/luar.xml", "a/../../luar.xml", "c:luar.xml")),
    (zipped((_link(), b"/etc/passwd")), _OUT, {"name": "tautan.png"}),
    (_flagged(package({"a.xml": qti_items.CHOICE})), "The package is protected by a password. Pack it again without one.", {}),
    (zipped(("b.png", b"x" * 99), how=ZIP_BZIP2), _DAMAGED, {}), (zipped()[:-40], _DAMAGED, {}), (b"PK\x03\x04" + b"\0" * 100, _DAMAGED, {}),
    (b"PK" + b"x" * (LARGEST + 1), "The file is larger than %(limit)d MB.", {"limit": LARGEST // 1_000_000}),
], ids=["up", "absolute", "inside-up", "drive", "link", "password", "bzip2", "cut", "garbage", "large"])
def test_a_harmful_package_is_refused(data, sentence, words):
    assert refused(data) == _(sentence) % words


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(*((f"{number}.bin", b"\0" * 20_000_000) for number in range(LARGEST_UNPACKED // 20_000_000 + 1)))
    assert len(bomb) < 1_000_000 and refused(bomb) == _("The package becomes far too large when it is unpacked; it is refused.")
    small = zipped(("b.bin", b"\0" * 15_000_000))
    assert refused(small) == refused(bomb), "a small one that swells a thousand times as well"


def test_an_entry_never_gives_more_than_it_says():
    """A header that says 10 bytes over a stream of 10 MB: what is read ends, or the package is refused, but memory is not filled."""
    data = bytearray(zipped(("b.bin", b"\0" * 10_000_000)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24:place + 28] = (10).to_bytes(4, "little")
    try:
        assert len(unpack(bytes(data)).files["b.bin"]) <= 10
    except RuleViolation as violation:
        assert violation.reasons


def test_too_many_files_and_two_of_one_name():
    assert refused(zipped(*((f"{number}", b"") for number in range(MOST_ENTRIES)))) == _("The package holds more than %(most)d files.") % {
        "most": MOST_ENTRIES}
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped(("a.xml", b"lain"))
    assert refused(twice) == _("The package holds two files with one name.")


@pytest.mark.parametrize("xml", [
    '<!DOCTYPE a [<!ENTITY b "c">]>' + qti_items.CHOICE.split("?>", 1)[1],
    '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">' + qti_items.CHOICE.split("?>", 1)[1],
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + qti_items.CHOICE.split("?>", 1)[1].replace("Pulang.", "&b;"),
], ids=["entity", "external", "file"])
def test_definitions_are_refused_alone_and_in_a_package(xml):
    assert refused(xml.encode())
    reading = FORMATS["qti"].read(package({"a.xml": xml, "b.xml": qti_items.ORDER}))
    assert len(reading.problems) == 1 and [item.type for item in reading.items] == ["ordering"], "the others of the package are read"


@pytest.mark.parametrize("src", ["../../etc/passwd", "/etc/passwd", "http://example.org/x.png", "data:image/png;base64,AAAA", "", "%2e%2e/%2e%2e/x"])
def test_a_picture_comes_from_the_package_or_not_at_all(src):
    reading = FORMATS["qti"].read(package({"soal/a.xml": qti_items.CHOICE.replace("gambar/loket.png", src)}, {"soal/gambar/loket.png": b"png"}))
    [found] = reading.items
    assert found.picture is None and len(found.notes) == 1


@pytest.mark.parametrize("details", [
    "", "null", "[]", "{", "[" * 100_000, '{"scoring": 7, "order": {"RESPONSE": [9, "x"]}, "patterns": 3, "min_words": {}, "type": [], "points": {}}',
    '{"points": "1e999", "unit": ["x"], "unit_rule": {}, "patterns": {"RESPONSE": [-5, 99]}, "order": {"RESPONSE": [0, 0]}, "heeds_case": "ya"}',
])
@pytest.mark.parametrize("xml", [
    qti_items.CHOICE, qti_items.ORDER, qti_items.TEXT_ENTRY, qti_items.RANGE, qti_items.INLINE_CHOICE, qti_items.EXTENDED_TEXT,
], ids=["choice", "order", "text", "number", "gaps", "essay"])
def test_broken_details_never_raise(xml, details):
    own = f'<outcomeDeclaration identifier="BINA_DETAILS"><defaultValue><value>{details}</value></defaultValue></outcomeDeclaration><itemBody>'
    plain, found = (FORMATS["qti"].read(text.encode()).items[0] for text in (xml, xml.replace("<itemBody>", own)))
    assert found.type == plain.type and found.keywords["stem"] == plain.keywords["stem"]


def test_a_question_of_thousands_of_elements_is_refused_quickly():
    for body in ("<p/>" * MOST_ELEMENTS, '<textEntryInteraction responseIdentifier="RESPONSE"/>' * MOST_ELEMENTS, "<div>" * 200 + "</div>" * 200):
        assert refused(qti_items.item(body).encode()) == _("The question is far too large, or nested too deeply.")


ITEMS = [value for name, value in sorted(vars(qti_items).items()) if name.isupper() and not name.startswith("_")]
VALUES = st.sampled_from(["", "A", "RESPONSE", "multiple", "single", "float", "identifier", "1e999", "-1", "x y z", "true", "SCORE"])


@st.composite
def spoilt(draw) -> bytes:
    """An item of another system in which a few things are gone, doubled, moved or replaced."""
    root = ElementTree.fromstring(draw(st.sampled_from(ITEMS)))
    for _time in range(draw(st.integers(1, 4))):
        parents = {child: parent for parent in root.iter() for child in parent}
        if not parents:
            break
        element, how = draw(st.sampled_from(list(parents))), draw(st.sampled_from(["gone", "doubled", "moved", "attribute", "text", "renamed"]))
        parent = parents[element]
        if how == "gone":
            parent.remove(element)
        elif how == "doubled":
            parent.append(element)
        elif how == "moved":
            parent.remove(element)
            root.append(element)
        elif how == "attribute" and element.attrib:
            name = draw(st.sampled_from(sorted(element.attrib)))
            element.set(name, draw(VALUES))
        elif how == "text":
            element.text = draw(VALUES)
        else:
            element.tag = draw(st.sampled_from([other.tag for other in root.iter()]))
    return ElementTree.tostring(root)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt())
def test_a_spoilt_item_is_taken_or_named_never_raised(data):
    try:
        reading = FORMATS["qti"].read(data)
    except RuleViolation as violation:
        assert violation.reasons
        return
    assert reading.read == 1 and all(problem.message for problem in reading.problems)
    for item in reading.items:
        kept = bank.make_draft(type=item.type, **item.keywords)
        if not bank.problems(item.type, kept):
            [again] = FORMATS["qti"].read(FORMATS["qti3"].write([replace(item, keywords={
                "stem": kept.stem, "explanation": kept.explanation, "points": kept.points, "scoring": kept.scoring,
                "options": kept.options, "content": kept.content})]).data).items
            assert bank.make_draft(type=again.type, **again.keywords) == kept, "what was taken can be given on"
