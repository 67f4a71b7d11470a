"""Questions from other systems: each is in the bank afterwards, as its author meant it, or named with the reason."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.domain import bank
from assessments.domain.import_questions import import_questions
from assessments.formats import FORMATS, format_of
from assessments.formats.base import LARGEST, plain, text_of
from assessments.models import Question
from core.domain.errors import RuleViolation
from tests.factories.assessments import default_shelf, open_shelf_to_trainers

pytestmark = pytest.mark.django_db

AIKEN = """Siapa yang membuka loket?
A) Petugas <b>pertama</b>
B. Atasan
ANSWER: B

Soal tanpa jawaban
A) Satu
B) Dua

Soal dengan jawaban asing
A) Satu
B) Dua
ANSWER: D
"""

GIFT = r"""
// komentar
$CATEGORY: $course$/Loket



::Nama:: Warna \= apa?{ =kuning # tepat ~merah # belum ~%50%jingga }

[html]Pilih <b>semua</b><br>yang benar{ ~%50%satu ~%50%dua ~%-100%tiga ####Karena begitu. }

Loket buka {=lima =%50%enam #hampir} hari.

Berapa?{#12.5:0.5}

Antara?{#=%100%1..5 # ya =%50%7:1}

Pasangkan{ =SKM -> Survei =JP -> Jam = -> Surat }

Benar?{FALSE#salah#tepat####Sebab.}

Ceritakan{}

Rusak { =a
"""

MOODLE = """<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/x</text></category></question>
<question type="multichoice"><name><text>Satu</text></name><questiontext format="html">
<text><![CDATA[<p>Baris satu<br/>baris dua</p><script>alert(1)</script>]]></text>
</questiontext><generalfeedback format="html"><text>Sebab.</text></generalfeedback><defaultgrade>2</defaultgrade><single>true</single>
<answer fraction="100" format="html"><text>a &amp;lt;b</text><feedback format="html"><text>Ya</text></feedback></answer>
<answer fraction="50" format="html"><text>c</text><feedback format="html"><text></text></feedback></answer></question>
<question type="cloze"><name><text>Rumpang</text></name><questiontext format="html"><text>{1:SHORTANSWER:=x}</text></questiontext></question>
<question type="ordering"><name><text>Urut</text></name><questiontext format="html"><text>Urutkan</text></questiontext>
<answer fraction="2"><text>B</text></answer><answer fraction="1"><text>A</text></answer><answer fraction="3"><text>C</text></answer></question>
<question type="essay"><name><text>Esai</text></name><questiontext format="html"><text>&lt;img src="x"&gt;Ceritakan</text></questiontext>
<minwordlimit>10</minwordlimit><maxwordlimit></maxwordlimit><graderinfo format="html"><text>Panduan</text></graderinfo></question>
</quiz>"""


def _taken(data, **more):
    data = data.encode() if isinstance(data, str) else data
    return import_questions(data, default_shelf(), by=None, **more)


def test_aiken():
    found = _taken(AIKEN)
    assert (found.read, found.imported, found.skipped) == (3, 1, 2)
    draft = bank.present_draft(found.questions[0])
    assert [(option.text, option.is_correct) for option in draft.options] == [("Petugas <b>pertama</b>", False), ("Atasan", True)]
    assert {problem.where for problem in found.problems} == {"baris 1", "baris 6", "baris 10"}


def test_gift():
    found = _taken(GIFT)
    assert [question.type for question in found.questions] == [
        "single", "multiple", "short_text", "number", "number", "matching", "true_false", "essay"]
    drafts = [bank.present_draft(question) for question in found.questions]
    assert drafts[0].stem == "Warna = apa?" and found.questions[0].name == "Nama" and drafts[0].options[0].feedback == "tepat"
    assert drafts[1].stem == "Pilih semua\nyang benar" and drafts[1].explanation == "Karena begitu."
    assert drafts[2].stem == "Loket buka _____ hari." and drafts[2].content["answers"][1] == {"text": "enam", "percent": 50, "remark": "hampir"}
    assert drafts[3].content["answers"][0]["value"] == "12.5"
    assert [(answer["value"], answer["tolerance"], answer["percent"]) for answer in drafts[4].content["answers"]] == [("3", "2", 100), ("7", "1", 50)]
    assert drafts[5].content == {"pairs": [{"left": "SKM", "right": "Survei"}, {"left": "JP", "right": "Jam"}], "extra": ["Surat"]}
    assert [(option.is_correct, option.feedback) for option in drafts[6].options] == [(False, "salah"), (True, "tepat")]
    said = [problem.message for problem in found.problems]
    assert any("$CATEGORY" in message for message in said) and any("urung kurawal tutup" in message for message in said)
    assert any("sebagian" in message for message in said), "the partial weight of an option is named"
    assert found.read == found.imported + found.skipped == 10


def test_moodle_xml():
    found = _taken(MOODLE)
    assert [question.type for question in found.questions] == ["single", "ordering", "essay"] and (found.read, found.skipped) == (4, 1)
    single, order, essay = (bank.present_draft(question) for question in found.questions)
    assert single.stem == "Baris satu\nbaris dua" and single.points == 2 and single.options[0].text == "a <b" and single.options[0].feedback == "Ya"
    assert order.content["items"] == ["A", "B", "C"]
    assert essay.content["min_words"] == 10 and essay.content["guide"] == "Panduan" and essay.stem == "Ceritakan"
    said = [problem.message for problem in found.problems]
    assert any("cloze" in message for message in said) and any("Gambar" in message for message in said)


@pytest.mark.parametrize("data", [
    b"", b"PK\x03\x04", b"%PDF-1.7", b"\0\0\0\0{}", b"hanya teks", b"<html><body>halo</body></html>", b"x" * (LARGEST + 1),
    b"<quiz><question type='essay'>",
    b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "b">]><quiz><question type="essay">&a;</question></quiz>',
    b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz><question>&a;</question></quiz>',
], ids=["empty", "zip", "pdf", "nul", "text", "html", "large", "cut", "entity", "external"])
def test_a_file_that_is_none_is_refused_in_words(data):
    with pytest.raises(RuleViolation) as refused:
        _taken(data)
    assert refused.value.reasons and not Question.objects.exists()


@pytest.mark.parametrize("text", [
    "a{=b}" * 3, "::x{", "{}", "x{=}", "x{~}", "x{#}", "x{#abc}", "x{#1e400}", "x{=->}", "x{T#}", "x{=" + "y" * 5000 + "}", "x{%%}",
    "x{=%9999999999%a ~b}",
    "x\u202e{=a\0b ~c}", "x{#1..}", "x{=a -> b =c}"])
def test_odd_gift_is_taken_or_named_never_raised(text):
    found = format_of("gift", b"{}").read(text.replace("\0", "").encode())
    assert found.read == len(found.items) + len(found.problems)
    result = _taken(text.replace("\0", ""), format="gift")
    assert result.read == result.imported + result.skipped


@pytest.mark.parametrize("number", ["1e400", "NaN", "Infinity", "-Infinity", "dua", ""])
def test_odd_numbers_in_moodle_xml_are_named(number):
    data = f"""<quiz><question type="numerical"><name><text>N</text></name><questiontext><text>Berapa?</text></questiontext>
    <answer fraction="100"><text>{number}</text><tolerance>0</tolerance></answer></question></quiz>"""
    found = _taken(data)
    assert (found.imported, found.skipped) == (0, 1) and found.problems


def test_encodings():
    assert text_of("café".encode("cp1252")) == text_of("café".encode("utf-16")) == text_of(b"\xef\xbb\xbf" + "café".encode()) == "café"
    assert _taken(AIKEN.encode("utf-16"), format="aiken").imported == 1


def test_markup_becomes_lines():
    assert plain("<p>Satu</p><ul><li>dua</li></ul>&lt;tiga&gt; &amp; <script>x()</script>empat") == "Satu\ndua\n<tiga> & empat"


def test_a_dry_run_stores_nothing():
    found = _taken(GIFT, is_trial=True)
    assert found.imported == 8 and not Question.objects.exists()


def test_the_command(tmp_path):
    file, out = tmp_path / "soal.txt", StringIO()
    file.write_text(AIKEN)
    call_command("import_questions", str(file), "--category", default_shelf().name, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["read"], told["imported"], told["skipped"]) == (3, 1, 2) and set(told["problems"][0]) == {"where", "message"}
    assert Question.objects.get().collection == default_shelf()
    with pytest.raises(CommandError) as refused:
        call_command("import_questions", str(file), "--category", "Rak yang tidak ada", stdout=out)
    assert refused.value.returncode == 2


def test_the_screen_checks_first_and_stores_then(client, tono):
    shelf, address = open_shelf_to_trainers(), reverse("assessments:import_file")
    client.force_login(tono)
    assert client.get(address).status_code == 200

    def post(data, name="soal.txt", **more):
        return client.post(address, {"collection": shelf.pk, "file": SimpleUploadedFile(name, data), **more})

    checked = post(AIKEN.encode())
    assert checked.status_code == 200 and "1 soal dapat diambil" in checked.content.decode() and not Question.objects.exists()
    assert post(AIKEN.encode(), act="save").status_code == 200 and Question.objects.count() == 1
    for data in (b"", b"PK\x03\x04\0\0", b"<html></html>"):
        refused = post(data, name="soal.xml", act="save")
        assert refused.status_code == 422 and "msg" in refused.content.decode()
    assert client.post(address, {"collection": shelf.pk}).status_code == 422 and Question.objects.count() == 1


def test_every_format_says_what_it_is():
    for code, kind in FORMATS.items():
        assert kind.code == code and kind.label and kind.endings
