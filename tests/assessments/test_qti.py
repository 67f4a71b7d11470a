"""QTI in and out: what we write, we read back equal; items in the style of the specification are understood in both dialects; packages that
mean harm are refused in words."""

import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import gettext as _
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain import bank
from assessments.domain.import_questions import import_questions
from assessments.formats import FORMATS, format_of
from assessments.formats.base import Item, PictureFile
from assessments.models import Question
from assessments.question_types import Draft, OptionDraft
from assessments.question_types.texts import clean_line
from core.domain.errors import RuleViolation
from tests.assessments import qti_items
from tests.assessments.qti_items import as_3, item, package, response
from tests.factories.assessments import default_shelf, open_shelf_to_trainers
from tests.factories.questions import SAMPLES, draft_of

CODES = ("qti", "qti3")
TYPES = sorted(set(SAMPLES) - {"hotspot"})  # a place in a picture is named, not written
BOTH = pytest.mark.parametrize("dialect", [str, as_3], ids=["2", "3"])


def item_of(type: str, draft: Draft, **more) -> Item:
    keywords = {"stem": draft.stem, "explanation": draft.explanation, "points": draft.points, "scoring": draft.scoring}
    keywords |= {"options": list(draft.options)} if draft.options else {"content": dict(draft.content)}
    return Item("soal 1", type, keywords, more.pop("name", "Nama soal"), **more)


def there_and_back(code: str, items: list[Item]) -> list[Item]:
    written = FORMATS[code].write(items)
    assert not written.problems and written.count == len(items)
    assert format_of("auto", written.data).code == code, "what we write is recognised for what it is"
    reading = FORMATS["qti"].read(written.data)
    assert not reading.problems, reading.problems
    return reading.items


def draft_in(item: Item) -> Draft:
    return bank.make_draft(type=item.type, **item.keywords)


def assert_equal_after(code: str, type: str, draft: Draft) -> None:
    """The draft as the bank keeps it goes out and comes in without a loss and without a note."""
    kept = bank.make_draft(type=type, **item_of(type, draft).keywords)
    [found] = there_and_back(code, [item_of(type, kept)])
    assert (found.type, found.name, found.notes) == (type, "Nama soal", [])
    assert draft_in(found) == kept


def read_one(xml: str) -> Item:
    reading = format_of("auto", xml.encode()).read(xml.encode())
    assert not reading.problems, reading.problems
    [found] = reading.items
    return found


def refusal(xml: str) -> str:
    """Why an item cannot be taken over."""
    reading = FORMATS["qti"].read(xml.encode())
    assert not reading.items
    [problem] = reading.problems
    return problem.message


# --- there and back --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("type", TYPES)
def test_every_type_comes_back_equal(type, code):
    assert_equal_after(code, type, draft_of(type))
    assert_equal_after(code, type, draft_of(type, points=Decimal("2.75"), stem="Baris satu\n\nbaris <b>tiga</b> & ]]> \"x\" 'y'",
                                            explanation="Satu\n\ndua"))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("type", "changes"), [
    ("multiple", {"scoring": "exact"}), ("matching", {"scoring": "exact"}), ("ordering", {"scoring": "exact"}),
    ("multiple", {"scoring": "exact", "points": Decimal(3)}),
    ("multiple", {"options": [OptionDraft("a", True, "Ya."), OptionDraft("b", True), OptionDraft("c", True, "Ya?"), OptionDraft("d", False, "x")]}),
    ("multiple", {"options": [OptionDraft("a", True, "Ya."), OptionDraft("b")], "scoring": "exact"}),
    ("true_false", {"options": [OptionDraft("Benar", True, "ya"), OptionDraft("Salah", False, "tidak")]}),
    ("short_text", {"content": {"heeds_case": True, "heeds_accents": True, "answers": [
        {"text": "a", "percent": 100, "remark": ""}, {"text": "a", "percent": 30, "remark": "lagi"}, {"text": "5\\*", "percent": 0, "remark": "b"},
        {"text": "\\", "percent": 33, "remark": ""}, {"text": "x\\*y*", "percent": 99, "remark": ""}]}}),
    ("number", {"content": {"unit": "", "unit_rule": "none", "answers": [
        {"value": "10", "tolerance": "5", "percent": 25, "remark": "jauh"}, {"value": "-0.000001", "tolerance": "0", "percent": 100, "remark": ""},
        {"value": "123456789012345", "tolerance": "0.00000000000001", "percent": 25, "remark": "besar"}]}}),
    ("matching", {"content": {"pairs": [{"left": "a", "right": "x"}, {"left": "b", "right": "x"}, {"left": "c", "right": "y"}], "extra": []}}),
    ("gaps", {"content": {"heeds_case": True, "text": "[[2]][[1]] akhir [[x]]", "gaps": [
        {"kind": "choice", "options": [{"text": "a", "is_correct": False}, {"text": "b", "is_correct": True}]},
        {"kind": "choice", "options": [{"text": "c", "is_correct": True}, {"text": "d", "is_correct": False}]}]}}),
    ("gaps", {"content": {"heeds_case": False, "text": "[[1]]", "gaps": [{"kind": "text", "answers": [
        {"text": "a*", "percent": 100, "remark": "satu"}, {"text": "b", "percent": 7, "remark": ""}]}]}}),
    ("essay", {"content": {"min_words": 0, "max_words": 0, "guide": "", "rubric": []}}),
    ("reflection", {"explanation": "Penjelasan.", "points": Decimal(4)}),
])
def test_details_come_back_equal(type, changes, code):
    assert_equal_after(code, type, draft_of(type, **changes))


# What people type and paste: signs with a meaning in XML, forms of letters, lines, joiners, things that the bank cleans away.
SIGNS = "<>&\"'`]![*\\|~=#{}%; \n\t\u00a0\u200d\u202e\ue000\x1fé\u0301漢🙂عربى"
NASTY = st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), min_size=1, max_size=40)
LINE = NASTY.map(clean_line).filter(lambda text: any(char.isalnum() for char in text))
PERCENT = st.integers(0, 100)


@st.composite
def questions(draw) -> tuple[str, Draft]:
    type = draw(st.sampled_from(["single", "multiple", "true_false", "short_text", "number", "matching", "ordering", "gaps"]))
    common = {"stem": draw(NASTY), "explanation": draw(NASTY), "points": Decimal(draw(st.integers(1, 10_000))) / 100}
    lines = draw(st.lists(LINE, min_size=4, max_size=8, unique_by=lambda line: line.casefold()))
    scoring = draw(st.sampled_from(["partial", "exact"])) if type in ("multiple", "matching", "ordering") else ""
    if type in ("single", "multiple", "true_false"):
        count = 2 if type == "true_false" else len(lines)
        right = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1 if type == "multiple" else 1))
        options = [OptionDraft(
            line, place in right, clean_line(draw(st.one_of(st.just(""), NASTY)))) for place, line in enumerate(lines[:count])]
        return type, draft_of(type, **common, options=options, scoring=scoring)
    remarks, shares = [draw(st.one_of(st.just(""), NASTY)) for _line in lines], [100, *(draw(PERCENT) for _line in lines[1:])]
    typed = [{"text": line, "percent": share, "remark": remark} for line, share, remark in zip(lines, shares, remarks, strict=True)]
    decimals = st.decimals(-10**9, 10**9, places=4)
    counted = [{"value": str(draw(decimals)), "tolerance": str(abs(draw(decimals))), "percent": share, "remark": remark}
               for share, remark in zip(draw(st.permutations(shares)), remarks, strict=True)]
    content = {
        "short_text": {"answers": typed, "heeds_case": draw(st.booleans()), "heeds_accents": draw(st.booleans())},
        "number": {"answers": counted, "unit": draw(st.sampled_from(["", "<&%>"])), "unit_rule": "none"},
        "matching": {"pairs": [{"left": left, "right": right} for left, right in zip(lines[:2], lines[2:4], strict=True)], "extra": lines[4:]},
        "ordering": {"items": lines},
        "gaps": {"text": f"{lines[0]} [[2]]\n{lines[1]}[[1]] [[3]]".replace("[[[", "[["), "heeds_case": draw(st.booleans()), "gaps": [
            {"kind": "text", "answers": typed}, {"kind": "number", "answers": counted},
            {"kind": "choice", "options": [{"text": line, "is_correct": not place} for place, line in enumerate(lines)]}]},
    }[type]
    return type, draft_of(type, **common, content=content, scoring=scoring)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(questions(), st.sampled_from(CODES))
def test_nasty_texts_come_back_equal(question, code):
    type, draft = question
    kept = bank.make_draft(type=type, **item_of(type, draft).keywords)
    if not bank.problems(type, kept):
        assert_equal_after(code, type, kept)


@pytest.mark.parametrize("code", CODES)
def test_a_picture_goes_along(code):
    picture = PictureFile("pintu masuk #1.png", b"\x89PNG gambar", 'Pintu "masuk" & <keluar>')
    items = [item_of(type, draft_of(type), picture=picture) for type in ("single", "gaps", "number")]
    for found in there_and_back(code, items):
        assert found.picture == picture and draft_in(found) == draft_in(item_of(found.type, draft_of(found.type)))


@pytest.mark.parametrize("code", CODES)
def test_the_same_questions_give_the_same_bytes(code):
    items = [item_of(type, draft_of(type)) for type in TYPES]
    data = FORMATS[code].write(items).data
    assert data == FORMATS[code].write(items).data
    with ZipFile(BytesIO(data)) as archive:
        assert archive.namelist() == sorted(archive.namelist()) and {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_type_without_a_place_is_named():
    written = FORMATS["qti"].write([replace(item_of("single", draft_of("single")), type="hotspot"), item_of("single", draft_of("single"))])
    assert written.count == 1 and [problem.where for problem in written.problems] == ["soal 1"] and "hotspot" in written.problems[0].message


def _names(code: str, type: str, **changes) -> list[str]:
    data = FORMATS[code].write([item_of(type, draft_of(type, **changes))]).data
    with ZipFile(BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("items/item-0001.xml"))
    return [element.tag for element in root]


def test_parts_stand_in_the_order_of_the_schemas():
    """responseDeclaration, outcomeDeclaration, itemBody, responseProcessing, modalFeedback; each in the namespace of its version."""
    two, three = "{http://www.imsglobal.org/xsd/imsqti_v2p2}", "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-"
    for type in TYPES:
        names = [name.removeprefix(two) for name in _names("qti", type)]
        assert names == sorted(names, key=["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"].index)
        assert [name.removeprefix(three).replace("-", "") for name in _names("qti3", type)] == [name.lower() for name in names]


def test_the_written_order_of_steps_is_not_the_answer():
    """A system that does not shuffle shows them as they stand."""
    data = FORMATS["qti"].write([item_of("ordering", draft_of("ordering"))]).data
    with ZipFile(BytesIO(data)) as archive:
        xml = archive.read("items/item-0001.xml").decode()
    shown = sorted(SAMPLES["ordering"].draft.content["items"], key=lambda step: xml.index(f">{step}<"))
    assert shown == sorted(shown) and shown != SAMPLES["ordering"].draft.content["items"]


# --- as others write ---------------------------------------------------------------------------------------------------------------------------
@BOTH
def test_choice(dialect):
    found = read_one(dialect(qti_items.CHOICE))
    assert (found.type, found.name) == ("single", "Contoh") and found.keywords["stem"] == "Perhatikan tulisan di loket.\nApa artinya?"
    assert [(option["text"], option["is_correct"]) for option in found.keywords["options"]] == [
        ("Tunggu di luar.", False), ("Ambil nomor & duduk.", True), ("Pulang.", False)]
    assert len(found.notes) == 1, "the picture is not there, which is said"


@BOTH
def test_choice_multiple(dialect):
    found = draft_in(read_one(dialect(qti_items.CHOICE_MULTIPLE)))
    assert [option.is_correct for option in found.options] == [True, False, False, True]
    assert (found.stem, found.scoring, found.points) == ("Mana yang ada dalam air?", "partial", 2)
    exact = read_one(dialect(qti_items.CHOICE_MULTIPLE.replace("map_response", "match_correct")))
    assert exact.keywords["scoring"] == "exact" and exact.notes == []


@BOTH
def test_order_match_and_associate(dialect):
    order = draft_in(read_one(dialect(qti_items.ORDER)))
    assert (order.content["items"], order.scoring, order.stem) == (["Sapa", "Dengar", "Jawab"], "exact", "Urutkan.")
    match = read_one(dialect(qti_items.MATCH))
    assert match.keywords["content"] == {"pairs": [
        {"left": "SKM", "right": "Survei Kepuasan Masyarakat"}, {"left": "JP", "right": "Jam Pelajaran"}], "extra": ["Surat"]}
    assert match.keywords["points"] == Decimal("1.5") and match.keywords["scoring"] == "partial" and len(match.notes) == 1
    associate = read_one(dialect(qti_items.ASSOCIATE))
    assert associate.type == "matching" and associate.keywords["content"] == {"pairs": [
        {"left": "Panas", "right": "Dingin"}, {"left": "Gelap", "right": "Terang"}], "extra": ["Biru"]}


def test_columns_that_are_swapped_are_put_right():
    xml = item('<matchInteraction responseIdentifier="RESPONSE" maxAssociations="3"><simpleMatchSet>'
               + qti_items.choices("Kata benda", "Kata kerja", tag="simpleAssociableChoice") + "</simpleMatchSet><simpleMatchSet>"
               + '<simpleAssociableChoice identifier="X" matchMax="1">loket</simpleAssociableChoice>'
               '<simpleAssociableChoice identifier="Y" matchMax="1">meja</simpleAssociableChoice></simpleMatchSet></matchInteraction>',
               responses=response("directedPair", "A X;A Y", cardinality="multiple"), processing="match_correct")
    assert read_one(xml).keywords["content"] == {"pairs": [
        {"left": "loket", "right": "Kata benda"}, {"left": "meja", "right": "Kata benda"}], "extra": ["Kata kerja"]}


@BOTH
def test_questions_without_a_right_answer_are_scales(dialect):
    scale = read_one(dialect(qti_items.LIKERT))
    assert scale.type == "scale" and scale.keywords["content"]["statements"] == ["SKM", "JP"] and len(scale.keywords["content"]["labels"]) == 3
    one = read_one(dialect(item(
        '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Saya setuju.</prompt>'
        f'{qti_items.choices("Tidak", "Netral", "Ya")}</choiceInteraction>', responses=response("identifier"), outcomes="")))
    assert one.type == "scale" and one.keywords["content"] == {"statements": ["Saya setuju."], "labels": ["Tidak", "Netral", "Ya"]}


@BOTH
def test_text_entry(dialect):
    found = draft_in(read_one(dialect(qti_items.TEXT_ENTRY)))
    assert found.stem == "Isilah kata yang hilang.\nLayanan _____;\nitu janji kami." and found.content == {
        "answers": [{"text": "Prima", "percent": 100, "remark": ""}, {"text": "prima\\*", "percent": 50, "remark": ""}],
        "heeds_case": True, "heeds_accents": True}
    loose = read_one(dialect(qti_items.TEXT_ENTRY.replace("<mapEntry ", '<mapEntry caseSensitive="false" ')))
    assert loose.keywords["content"]["heeds_case"] is False


@BOTH
def test_inline_choice_and_entries_in_running_text(dialect):
    found = draft_in(read_one(dialect(qti_items.INLINE_CHOICE)))
    assert (found.stem, found.content["text"]) == ("Isilah.", "Loket buka [[1]] hari [2] dan [[2]].")
    assert found.content["gaps"] == [
        {"kind": "choice", "options": [{"text": "lima", "is_correct": True}, {"text": "enam", "is_correct": False}]},
        {"kind": "text", "answers": [{"text": "ramah", "percent": 100, "remark": ""}]}]


@BOTH
def test_extended_text(dialect):
    essay = draft_in(read_one(dialect(qti_items.EXTENDED_TEXT)))
    assert (essay.stem, essay.content["guide"]) == ("Bacalah kartu pos ini.\nTulis balasan.", "Salam.\nIsi.")
    silent = dialect(qti_items.EXTENDED_TEXT).replace("SCORE", "CATATAN")
    assert read_one(silent).type == "reflection"


@BOTH
@pytest.mark.parametrize(("kind", "kinds", "notes"), [
    ("", ["pdf", "picture", "document"], 0), ('type="application/pdf"', ["pdf"], 0), ('type="image/png"', ["picture"], 0),
    ('type="audio/mpeg"', ["pdf", "picture", "document"], 1)])
def test_upload(kind, kinds, notes, dialect):
    found = read_one(dialect(item(f'<uploadInteraction responseIdentifier="RESPONSE" {kind}><prompt>Unggah surat.</prompt></uploadInteraction>',
                                  responses=response("file"))))
    assert (found.type, found.keywords["stem"], found.keywords["content"]["kinds"]) == ("file", "Unggah surat.", kinds) and len(found.notes) == notes


@BOTH
@pytest.mark.parametrize(("xml", "value", "tolerance"), [
    (qti_items.numeric("absolute", "1.5 1.5"), "20", "1.5"), (qti_items.numeric("relative", "10 10"), "20", "2"),
    (qti_items.numeric("absolute", "1 3"), "21", "2"), (qti_items.numeric("exact", "0"), "20", "0"), (qti_items.RANGE, "12", "1"),
    (item("<p>Berapa? <textEntryInteraction responseIdentifier='RESPONSE'/></p>".replace("'", '"'), responses=response("integer", "7"),
          processing="match_correct"), "7", "0"),
])
def test_numbers(xml, value, tolerance, dialect):
    found = read_one(dialect(xml))
    assert found.type == "number" and found.notes == []
    assert found.keywords["content"]["answers"] == [{"value": value, "tolerance": tolerance, "percent": 100, "remark": ""}]


@BOTH
def test_feedback_finds_its_place_or_is_named(dialect):
    found = read_one(dialect(qti_items.FEEDBACK))
    assert (found.type, found.keywords["points"], found.keywords["explanation"]) == ("true_false", 10, "Sebab undang-undang.")
    assert [(option["text"], option["feedback"]) for option in found.keywords["options"]] == [("Benar", "Tepat!"), ("Salah", "Bukan.")]
    assert found.notes == [_("What was said to right answers became the explanation; read it once."),
                           _("Feedback that has no place here is left out: “%(text)s”.") % {"text": "Baca lagi."}]


def test_a_verdict_goes_to_the_options_that_have_no_remark():
    xml = qti_items.FEEDBACK.replace("<feedbackInline", "<span").replace("feedbackInline>", "span>")
    found = read_one(xml.replace('identifier="false"><p>', 'identifier="x"><p>'))
    assert [option["feedback"] for option in found.keywords["options"]] == ["Sebab undang-undang.", "Baca lagi."]
    assert found.keywords["explanation"] == "Bukan.", "the one that is left and said to nobody in particular"


@BOTH
@pytest.mark.parametrize(("wrong", "notes"), [("Menurut laporan.", 0), ("Baca lagi.", 2)])
def test_feedback_by_a_verdict_and_points_that_are_added(wrong, notes, dialect):
    found = read_one(dialect(qti_items.ONYX.replace("{wrong}", wrong)))
    assert (found.type, found.keywords["stem"], found.keywords["points"]) == ("number", "Berapa persen?\n_____ % (tahun 2025)", 3)
    assert found.keywords["content"]["answers"] == [{"value": "80", "tolerance": "4", "percent": 100, "remark": ""}]
    assert found.keywords["explanation"] == "Menurut laporan." and len(found.notes) == notes


@BOTH
def test_points_that_only_rules_give(dialect):
    def branch(tag, text, points):
        return (f'<{tag}><stringMatch caseSensitive="false"><variable identifier="RESPONSE"/><baseValue baseType="string">{text}</baseValue>'
                f'</stringMatch><setOutcomeValue identifier="SCORE"><baseValue baseType="float">{points}</baseValue></setOutcomeValue></{tag}>')

    rules = f"<responseCondition>{branch('responseIf', 'prima', 2)}{branch('responseElseIf', 'baik', 1)}</responseCondition>"
    found = read_one(dialect(item('<p>Layanan?</p><div><textEntryInteraction responseIdentifier="RESPONSE"/></div>',
                                  responses=response("string", "prima"), processing=f"<responseProcessing>{rules}</responseProcessing>")))
    assert found.keywords["points"] == 2 and not found.keywords["content"]["heeds_case"]
    assert [(answer["text"], answer["percent"]) for answer in found.keywords["content"]["answers"]] == [("prima", 100), ("baik", 50)]


def test_a_rubric_that_learners_read_belongs_to_the_question():
    rubric = '<rubricBlock view="candidate author scorer"><p>Pilih satu.</p></rubricBlock>'
    found = read_one(qti_items.CHOICE.replace("<itemBody>", f"<itemBody>{rubric}"))
    assert found.keywords["stem"].startswith("Pilih satu.\nPerhatikan") and len(found.notes) == 1


@BOTH
def test_feedback_of_nested_rules(dialect):
    found = read_one(dialect(qti_items.NESTED))
    assert found.keywords["stem"] == "Apa nama lain gradien?" and [
        (answer["text"], answer["percent"], answer["remark"]) for answer in found.keywords["content"]["answers"]] == [
        ("lereng", 100, ""), ("kemiringan", 100, "Benar, juga lereng.")]
    assert found.notes == [_("Feedback that has no place here is left out: “%(text)s”.") % {"text": "Belum."}]


def test_markup_becomes_lines_and_scripts_go():
    found = read_one(item(
        '<div><p>Satu</p><script>alert(1)</script>\n  <ul><li>dua &lt;b&gt;</li>\n<li>tiga</li></ul></div>'
        f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{qti_items.choices("a", "b")}</choiceInteraction>',
        responses=response("identifier", "A")))
    assert found.keywords["stem"] == "Satu\ndua <b>\ntiga"


_NO_TYPE, _NO_NUMBER = "Questions of the type “%(type)s” cannot be taken over.", "“%(text)s” is not a number."
_OPERATORS = "Its points come by rules that cannot be followed (%(list)s), and it names no right answer."
_BOX = '<textEntryInteraction responseIdentifier="RESPONSE"/>'


@pytest.mark.parametrize(("xml", "sentence", "words"), [
    (item('<hotspotInteraction responseIdentifier="RESPONSE"/>', responses=response("identifier", "A")), _NO_TYPE, {"type": "hotspotInteraction"}),
    (item("<p>Hanya teks.</p>"), "It asks nothing: there is no place for an answer.", {}),
    (item('<choiceInteraction responseIdentifier="LAIN"/>'), "The answer “%(name)s” is declared nowhere.", {"name": "LAIN"}),
    (item('<orderInteraction responseIdentifier="RESPONSE"/><extendedTextInteraction responseIdentifier="RESPONSE"/>'),
     "It has several parts that are answered in different ways (%(list)s); divide it first.", {"list": "extendedTextInteraction, orderInteraction"}),
    (item(_BOX, responses=response("float", "dua belas")), _NO_NUMBER, {"text": "dua belas"}),
    (item(_BOX, responses=response("float", "1e99999")), _NO_NUMBER, {"text": "1e99999"}),
    (item(_BOX, responses=response("float", "1e-99999")), _NO_NUMBER, {"text": "1e-99999"}),
    (item(_BOX, responses=response("float", "", "1=NaN")), _NO_NUMBER, {"text": "NaN"}),
    (item(_BOX, responses=response("string"), processing="<responseProcessing><customOperator/></responseProcessing>"), _OPERATORS,
     {"list": "customOperator"}),
    (qti_items.CHOICE.replace('adaptive="false"', 'adaptive="true"'),
     "It is adaptive (several tries in one question); such questions cannot be taken over.", {}),
    (qti_items.CHOICE.replace("<itemBody>", "<templateDeclaration/><itemBody>"),
     "Its values are drawn anew for each learner; such questions cannot be taken over.", {}),
    (qti_items.MATCH.replace("S R2", "S R2 R3"), "Its right answer is no list of pairs.", {}),
    (qti_items.MATCH.replace("J R1", "S R1"), "Each entry on the left needs exactly one on the right; here it is different.", {}),
    (qti_items.ORDER.replace("<value>B</value><value>C</value><value>A</value>", "<value>X</value>"), "It does not say which order is right.", {}),
])
def test_what_cannot_be_taken_over_is_named(xml, sentence, words):
    assert refusal(xml) == _(sentence) % words


@pytest.mark.parametrize("xml", [
    item("<div>" * 200 + "</div>" * 200), qti_items.CHOICE[:-20], "<assessmentTest/><!-- <assessmentItem > -->",
    "<assessmentTest><!-- <assessmentItem > --></assessmentTest>",
], ids=["deep", "cut", "two", "test"])
def test_a_file_that_is_no_item_is_refused(xml):
    with pytest.raises(RuleViolation) as refused:
        FORMATS["qti"].read(xml.encode())
    assert refused.value.reasons


@pytest.mark.parametrize(("change", "sentence", "words"), [
    (("<itemBody>", '<assessmentStimulusRef identifier="s" href="s.xml"/><itemBody>'),
     "A text that several questions share is left out: write it into the question if it is needed.", {}),
    (("<p>Perhatikan", '<p><object data="film.mp4" type="video/mp4">film</object></p><p>Perhatikan'),
     "Pictures and other media are left out.", {}),
    (("<p>Perhatikan", '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p><p>Perhatikan'),
     "Formulas (MathML) are left out: write them into the text.", {}),
    (("match_correct", "aturan_sendiri"), "Its own rules for points (%(list)s) are left out; it is scored by its right answer.",
     {"list": "aturan_sendiri"}),
    (("</itemBody>", '<rubricBlock view="scorer"><p>Panduan</p></rubricBlock></itemBody>'),
     "The guide for graders is left out: nobody grades this question by hand.", {}),
])
def test_what_is_lost_is_noted(change, sentence, words):
    found = read_one(qti_items.CHOICE.replace(*change))
    assert _(sentence) % words in found.notes and found.keywords["stem"] == "Perhatikan tulisan di loket.\nApa artinya?"


def test_signs_that_xml_does_not_know_are_left_out():
    """The bank cleans what people write; a text that came past it must not spoil the file of all."""
    draft = draft_of("single", options=[OptionDraft("a\x00\x1f\ufffe", True, "\x0b"), OptionDraft("b\ud800")])
    [found] = there_and_back("qti", [item_of("single", draft, name="n\x01")])
    assert [option["text"] for option in found.keywords["options"]] == ["a", "b"] and found.name == "n"


# --- packages ----------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["imsqti_item_xmlv2p1", "imsqti_item_xmlv2p2", "imsqti_item_xmlv3p0"])
def test_a_package_of_another_system(kind):
    data = package({"soal/a.xml": qti_items.CHOICE, "b.xml": as_3(qti_items.ORDER), "rusak.xml": "<assessmentItem>"},
                   {"soal/gambar/loket.png": b"png", "tes.xml": b"<assessmentTest/>"}, kind=kind, listed=(
        f'<resource identifier="x" type="{kind}" href="hilang.xml"/><resource identifier="t" type="imsqti_test_xmlv2p2" href="tes.xml"/>'))
    kind_found = format_of("auto", data)
    reading = kind_found.read(data)
    assert kind_found.code in CODES and [item.type for item in reading.items] == ["single", "ordering"]
    assert reading.items[0].picture == PictureFile("loket.png", b"png", "Tulisan di loket") and reading.items[0].notes == []
    where = [_("question %(n)d (%(name)s)") % {"n": number, "name": name} for number, name in ((3, "rusak.xml"), (4, "hilang.xml"))]
    assert [problem.where for problem in reading.problems] == [*where, "tes.xml"]


def test_a_package_without_questions_says_so():
    with pytest.raises(RuleViolation) as refused:
        FORMATS["qti"].read(package({}))
    assert refused.value.reasons == [_("The package lists no question.")]
    twice = package({"a.xml": qti_items.ORDER}, listed='<resource identifier="b" type="imsqti_item_xmlv2p2" href="a.xml"/>')
    assert FORMATS["qti"].read(twice).read == 1, "one file that is listed twice is one question"


def test_other_packages_are_not_mistaken_for_qti():
    scorm = BytesIO()
    with ZipFile(scorm, "w") as archive:
        archive.writestr("imsmanifest.xml", '<manifest><resources><resource type="webcontent" href="index.html"/></resources></manifest>')
    assert not any(FORMATS[code].is_this(data) for code in CODES for data in (scorm.getvalue(), b"PK\x03\x04", b"<quiz><question/></quiz>", b""))
    old = package({"a.xml": "<questestinterop/>"}, kind="imsqti_xmlv1p2")
    with pytest.raises(RuleViolation) as refused:
        FORMATS["qti"].read(old)
    assert "1.x" in refused.value.reasons[0]


@pytest.mark.django_db
def test_import_stores_whole_questions_and_names_the_rest():
    data = package({"a.xml": qti_items.CHOICE, "b.xml": qti_items.MATCH, "c.xml": item("<p>Kosong</p>")})
    found = import_questions(data, default_shelf(), by=None, format="qti")
    assert (found.read, found.imported, found.skipped) == (3, 2, 1)
    assert [question.name for question in found.questions] == ["Contoh", "Contoh"]
    assert bank.present_draft(found.questions[1]).content["pairs"][0] == {"left": "SKM", "right": "Survei Kepuasan Masyarakat"}


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["2p1", "2p2", "3p0"])
def test_the_command_takes_every_version_as_qti(version, tmp_path):
    dialect, out = as_3 if version == "3p0" else str, StringIO()
    file = tmp_path / "paket.zip"
    file.write_bytes(package({"a.xml": dialect(qti_items.CHOICE.replace("_v2p2", f"_v{version}"))}, kind=f"imsqti_item_xmlv{version}"))
    call_command("import_questions", str(file), "--format", "qti", "--category", default_shelf().name, "--json", stdout=out)
    assert json.loads(out.getvalue())["imported"] == 1 and Question.objects.get().type == "single"


@pytest.mark.django_db
def test_the_screen_takes_a_package(client, tono):
    shelf, data = open_shelf_to_trainers(), package({"a.xml": qti_items.MATCH, "b.xml": item("<p>Kosong</p>")})
    client.force_login(tono)

    def post(data, **more):
        file = SimpleUploadedFile("paket.zip", data, "application/zip")
        return client.post(reverse("assessments:import_file"), {"collection": shelf.pk, "file": file, **more})

    assert post(data).status_code == 200 and not Question.objects.exists(), "looking stores nothing"
    assert post(data, act="save").status_code == 200 and Question.objects.get().type == "matching"
    assert post(data[:-30], act="save", format="qti").status_code == 422 and Question.objects.count() == 1
