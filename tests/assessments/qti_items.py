"""Items as other systems write them, in the style of the examples that come with the specification (choice, choice_multiple, order, match,
text_entry, inline_choice, extended_text ...), in the words of this project. ``as_3`` gives the same item in the dialect of QTI 3.0."""

import re
from io import BytesIO
from zipfile import ZipFile

_HTML = {"p", "br", "div", "span", "ul", "li", "img", "b", "script", "blockquote", "object", "strong"}


def item(body: str, *, responses: str = "", processing: str = "", outcomes: str = '<outcomeDeclaration identifier="SCORE" cardinality="single" '
         'baseType="float"/>', after: str = "", title: str = "Contoh", version: str = "imsqti_v2p2", attributes: str = "") -> str:
    if processing in ("match_correct", "map_response"):
        processing = f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{processing}"/>'
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/{version}" identifier="contoh" '
            f'title="{title}" adaptive="false" timeDependent="false" {attributes}>\n{responses}\n{outcomes}\n'
            f"<itemBody>\n{body}\n</itemBody>\n{processing}\n{after}</assessmentItem>")


def response(kind: str, right: str = "", mapping: str = "", *, cardinality: str = "single", name: str = "RESPONSE", default: str = "0") -> str:
    """``right``: values divided by ``;``. ``mapping``: ``key=weight`` divided by ``;``."""
    values = "".join(f"<value>{value}</value>" for value in right.split(";") if value)
    entries = "".join('<mapEntry mapKey="{}" mappedValue="{}"/>'.format(*entry.rsplit("=", 1)) for entry in mapping.split(";") if entry)
    return (f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{kind}">'
            + (f"<correctResponse>{values}</correctResponse>" if values else "")
            + (f'<mapping lowerBound="0" defaultValue="{default}">{entries}</mapping>' if entries else "") + "</responseDeclaration>")


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: "-" + found[1].lower(), name)


def as_3(xml: str) -> str:
    """Element and attribute names of 3.0; only what stands in tags is touched."""
    def tag(found: re.Match[str]) -> str:
        slash, name, rest = found.groups()
        rest = re.sub(r'(\s)([a-zA-Z]+)(=")', lambda one: one[1] + _kebab(one[2]) + one[3], rest)
        return f"<{slash}{name if name in _HTML else 'qti-' + _kebab(name)}{rest}>"

    renamed = re.sub(r'<(/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"]*")*\s*/?)>', tag, xml)
    wrapped = re.sub(r"(<qti-(?:modal-feedback|rubric-block)[^>]*>)(.*?)(</qti-(?:modal-feedback|rubric-block)>)",
                     r"\1<qti-content-body>\2</qti-content-body>\3", renamed, flags=re.DOTALL)
    return re.sub(r"http://www.imsglobal.org/xsd/imsqti_v2p[12]", "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", wrapped).replace(
        "http://www.imsglobal.org/question/qti_v2p1/rptemplates/", "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/")


def choices(*texts: str, tag: str = "simpleChoice") -> str:
    return "".join(f'<{tag} identifier="{letter}" fixed="false">{text}</{tag}>' for letter, text in zip("ABCDEFGH", texts, strict=False))


CHOICE = item(
    f'<p>Perhatikan tulisan di <b>loket</b>.</p><p><img src="gambar/loket.png" alt="Tulisan di loket"/></p>'
    f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>Apa artinya?</prompt>'
    f'{choices("Tunggu di luar.", "Ambil nomor &amp; duduk.", "Pulang.")}</choiceInteraction>',
    responses=response("identifier", "B"), processing="match_correct")

CHOICE_MULTIPLE = item(
    f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0"><prompt>Mana yang ada dalam air?</prompt>'
    f'{choices("Hidrogen", "Helium", "Klor", "Oksigen")}</choiceInteraction>',
    responses=response("identifier", "A;D", "A=1;D=1;C=-1", cardinality="multiple", default="-1"), processing="map_response")

ORDER = item(
    '<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Urutkan.</prompt>'
    f'{choices("Jawab", "Sapa", "Dengar")}</orderInteraction>',
    responses=response("identifier", "B;C;A", cardinality="ordered"), processing="match_correct")

_COLUMNS = ("<simpleMatchSet>" + "".join(
    f'<simpleAssociableChoice identifier="{name}" matchMax="1">{text}</simpleAssociableChoice>' for name, text in (("S", "SKM"), ("J", "JP")))
    + "</simpleMatchSet><simpleMatchSet>" + "".join(
    f'<simpleAssociableChoice identifier="{name}" matchMax="4">{text}</simpleAssociableChoice>'
    for name, text in (("R1", "Jam Pelajaran"), ("R2", "Survei Kepuasan Masyarakat"), ("R3", "Surat"))) + "</simpleMatchSet>")
MATCH = item(
    f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="4"><prompt>Apa kepanjangannya?</prompt>{_COLUMNS}'
    "</matchInteraction>", responses=response("directedPair", "S R2;J R1", "S R2=1;J R1=0.5", cardinality="multiple"), processing="map_response")

LIKERT = item(
    f'<matchInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="2"><prompt>Seberapa setuju?</prompt>{_COLUMNS}'
    "</matchInteraction>", responses=response("directedPair", cardinality="multiple"), outcomes="")

ASSOCIATE = item(
    '<associateInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2"><prompt>Mana yang berlawanan?</prompt>'
    + choices("Panas", "Gelap", "Dingin", "Terang", "Biru", tag="simpleAssociableChoice") + "</associateInteraction>",
    responses=response("pair", "A C;B D", cardinality="multiple"), processing="match_correct")

TEXT_ENTRY = item(
    '<p>Isilah kata yang hilang.</p><blockquote><p>Layanan <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/>;<br/>'
    "itu janji kami.</p></blockquote>", responses=response("string", "Prima", "Prima=1;prima*=0.5"), processing="map_response")

INLINE_CHOICE = item(
    '<p>Isilah.</p><p>Loket buka <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false">'
    + choices("lima", "enam", tag="inlineChoice")
    + '</inlineChoiceInteraction> hari [[2]] dan <textEntryInteraction responseIdentifier="KATA"/>.</p>',
    responses=response("identifier", "A") + response("string", "ramah", name="KATA"), processing="match_correct")

EXTENDED_TEXT = item(
    '<p>Bacalah kartu pos ini.</p><extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="200"><prompt>Tulis balasan.</prompt>'
    '</extendedTextInteraction><rubricBlock view="scorer"><p>Salam.</p><p>Isi.</p></rubricBlock>', responses=response("string"))

_EQUAL = ('<responseProcessing><responseCondition><responseIf><equal toleranceMode="{mode}" tolerance="{tolerance}"><variable identifier="RESPONSE"/>'
          '<correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>'
          "</responseIf></responseCondition></responseProcessing>")


def numeric(mode: str, tolerance: str) -> str:
    return item('<p>Berapa menit?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', responses=response("float", "20"),
                processing=_EQUAL.format(mode=mode, tolerance=tolerance))


RANGE = item(
    '<p>Berapa?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', responses=response("float", "12"),
    processing='<responseProcessing><responseCondition><responseIf><and><not><isNull><variable identifier="RESPONSE"/></isNull></not>'
    '<gte><baseValue baseType="float">13</baseValue><variable identifier="RESPONSE"/></gte>'
    '<gte><variable identifier="RESPONSE"/><baseValue baseType="float">11</baseValue></gte></and>'
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>'
    "</responseProcessing>")

FEEDBACK = item(
    '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>Benar begitu.</prompt>'
    '<simpleChoice identifier="true">Benar<feedbackInline outcomeIdentifier="FEEDBACK" identifier="true" showHide="show">Tepat!</feedbackInline>'
    '</simpleChoice><simpleChoice identifier="false">Salah</simpleChoice></choiceInteraction>',
    outcomes='<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="10.0"/>',
    responses=response("identifier", "true"), processing="match_correct",
    after='<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="correct"><p>Sebab undang-undang.</p></modalFeedback>'
    '<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="incorrect"><p>Baca lagi.</p></modalFeedback>'
    '<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="false"><p>Bukan.</p></modalFeedback>')

# As the Onyx editor writes: a verdict first, then feedback by the verdict; points are added to the score.
ONYX = item(
    '<p>Berapa persen?</p><div><textEntryInteraction responseIdentifier="RESPONSE_1"/> % (tahun 2025)</div>',
    responses=response("float", "80", name="RESPONSE_1"),
    outcomes='<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue><value>0.0</value></defaultValue>'
    '</outcomeDeclaration><outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>3.0</value>'
    '</defaultValue></outcomeDeclaration><outcomeDeclaration identifier="FEEDBACKBASIC" cardinality="single" baseType="identifier">'
    '<defaultValue><value>empty</value></defaultValue></outcomeDeclaration>'
    '<outcomeDeclaration identifier="FEEDBACKMODAL" cardinality="multiple" baseType="identifier"/>',
    processing='<responseProcessing><responseCondition><responseIf><isNull><variable identifier="RESPONSE_1"/></isNull>'
    '<setOutcomeValue identifier="FEEDBACKBASIC"><baseValue baseType="identifier">empty</baseValue></setOutcomeValue></responseIf>'
    '<responseElseIf><equal toleranceMode="relative" tolerance="5.0 5.0"><variable identifier="RESPONSE_1"/><correct identifier="RESPONSE_1"/>'
    '</equal><setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><variable identifier="MAXSCORE"/></sum></setOutcomeValue>'
    "</responseElseIf></responseCondition>" + "".join(
        f'<responseCondition><responseIf><and><match><baseValue baseType="identifier">{verdict}</baseValue><variable identifier="FEEDBACKBASIC"/>'
        '</match></and><setOutcomeValue identifier="FEEDBACKMODAL"><multiple><variable identifier="FEEDBACKMODAL"/>'
        f'<baseValue baseType="identifier">F{number}</baseValue></multiple></setOutcomeValue></responseIf></responseCondition>'
        for number, verdict in enumerate(("correct", "incorrect"))) + "</responseProcessing>",
    after='<modalFeedback outcomeIdentifier="FEEDBACKMODAL" showHide="show" identifier="F0">Menurut laporan.</modalFeedback>'
    '<modalFeedback outcomeIdentifier="FEEDBACKMODAL" showHide="show" identifier="F1">{wrong}</modalFeedback>')

# A nested condition; each branch chooses several pieces of feedback, which stand in the text.
NESTED = item(
    '<p>Apa nama lain gradien?</p><div><textEntryInteraction responseIdentifier="RESPONSE"/></div><p>'
    + "".join(f'<feedbackInline outcomeIdentifier="FEEDBACK" showHide="show" identifier="{name}">{text}</feedbackInline>'
              for name, text in (("Ya", "Benar,"), ("Ya1", "juga lereng."), ("Tidak", "Belum."))) + "</p>",
    responses=response("string", "kemiringan", "lereng=1;kemiringan=1"),
    outcomes='<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="1.0"/>'
    '<outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier"/>',
    processing='<responseProcessing><responseCondition><responseIf><isNull><variable identifier="RESPONSE"/></isNull>'
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">0.0</baseValue></setOutcomeValue></responseIf><responseElse>'
    '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue><responseCondition><responseIf>'
    '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match><setOutcomeValue identifier="FEEDBACK"><multiple>'
    '<baseValue baseType="identifier">Ya</baseValue><baseValue baseType="identifier">Ya1</baseValue></multiple></setOutcomeValue></responseIf>'
    '<responseElse><setOutcomeValue identifier="FEEDBACK"><multiple><baseValue baseType="identifier">Tidak</baseValue></multiple>'
    "</setOutcomeValue></responseElse></responseCondition></responseElse></responseCondition></responseProcessing>")


def package(items: dict[str, str], more: dict[str, bytes] | None = None, *, listed: str = "", kind: str = "imsqti_item_xmlv2p2") -> bytes:
    """A zip as another system packs it: items by path, other files beside them."""
    resources = "".join(f'<resource identifier="r{number}" type="{kind}" href="{path}"><file href="{path}"/></resource>'
                        for number, path in enumerate(items))
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><resources>{resources}'
                                            f"{listed}</resources></manifest>")
        for path, xml in items.items():
            archive.writestr(path, xml)
        for path, data in (more or {}).items():
            archive.writestr(path, data)
    return out.getvalue()
