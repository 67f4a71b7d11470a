"""Pictures in questions: kept small, with words, never changed under an attempt; through the editor, copies, files and corrections."""

import base64
import io
from random import Random

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageFile

from assessments.domain import attempts, bank, export_questions, key_correction, pictures
from assessments.domain.import_questions import import_questions
from assessments.models import Question
from assessments.question_types import type_of
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz
from tests.factories.questions import draft_of, keywords_of, picture_bytes

pytestmark = pytest.mark.django_db
ALT = "Loket dengan tiga kursi"


def upload(data=None, name="loket.png"):
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/png")


@pytest.fixture
def shelf(db):
    return open_shelf_to_trainers()


@pytest.fixture
def trainer(client, tono, shelf):
    client.force_login(tono)
    return client


@pytest.fixture
def with_picture(shelf):
    return make_question("single", **keywords_of("single"), collection=shelf, picture=pictures.keep(picture_bytes(), ALT))


def page_of(client, attempt):
    return client.get(reverse("assessments:attempt", args=[attempt.pk, 1])).content.decode()


def written(shelf, **more):
    return {"stem": "Apa yang tampak?", "rows": "2", "option_0": "Kursi", "option_1": "Meja", "right": "0", "explanation": "Sebab.",
            "difficulty": "2", "points": "1", "collection": shelf.pk, **more}


def test_a_picture_is_kept_small_without_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010E] = "rahasia kamera"
    kept = pictures.keep(picture_bytes("JPEG", exif=exif), ALT)
    file = pictures.file_of(kept)
    assert (kept["width"], kept["height"], kept["alt"]) == (720, 405, ALT)
    assert b"rahasia" not in file.data and Image.open(io.BytesIO(file.data)).format == "WEBP" and len(file.data) < 60_000


@pytest.mark.parametrize("data", [
    b"", b"\x89PNG gambar", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture_bytes("GIF"), picture_bytes()[:60],
    picture_bytes("PNG", size=(9_000, 9_000)), b"x" * (pictures.LARGEST + 1),
], ids=["empty", "damaged", "svg", "gif", "cut", "many pixels", "large"])
def test_what_is_no_picture_is_refused_in_words(data, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it for the whole process
    with pytest.raises(RuleViolation) as refused:
        pictures.keep(data, ALT)
    assert len(refused.value.reasons) == 1


def test_a_photo_of_a_large_camera_is_refused_for_what_it_is():
    with pytest.raises(RuleViolation, match="40 megapiksel"):
        pictures.keep(picture_bytes("JPEG", size=(8_000, 6_000)), ALT)


def test_a_new_picture_is_a_new_version_and_an_attempt_keeps_the_old_one(with_picture, sari, client):
    attempt = attempts.start(sari, make_quiz(questions=[with_picture]).current)
    old, number = with_picture.current.body["picture"], with_picture.current.number
    bank.revise_question(with_picture, picture=pictures.keep(picture_bytes(color="red"), "Lain"), by=None)
    assert with_picture.current.number == number + 1 and with_picture.current.body["picture"]["file"] != old["file"]
    client.force_login(sari)
    page = page_of(client, attempt)
    address = reverse("assessments:picture", args=[old["file"]])
    assert f'src="{address}" alt="{ALT}" width="720" height="405" loading="lazy"' in page
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp" and b"".join(answer.streaming_content) == pictures.file_of(old).data
    client.logout()
    assert client.get(address).status_code == 302, "pictures are for people who are signed in"
    bank.revise_question(with_picture, picture=None, by=None)
    assert "picture" not in with_picture.current.body


def test_the_same_picture_again_makes_no_version(with_picture):
    number = with_picture.current.number
    bank.revise_question(with_picture, picture=pictures.keep(picture_bytes(), ALT), by=None)
    assert with_picture.current.number == number


def test_a_picture_needs_words(shelf):
    with pytest.raises(RuleViolation):
        make_question("single", **keywords_of("single"), picture=pictures.keep(picture_bytes(), " "))


def test_a_copy_and_a_corrected_key_leave_the_picture_alone(with_picture):
    shown = with_picture.current.body["picture"]
    assert bank.duplicate_question(with_picture, by=None).current.body["picture"] == shown
    assert key_correction.make_draft(with_picture.current, explanation="Lain.").picture == shown


def test_a_picture_costs_no_query(with_picture, sari, client):
    client.force_login(sari)
    counts = []
    for question in (make_question("single", **keywords_of("single")), with_picture):
        attempt = attempts.start(sari, make_quiz(questions=[question]).current)
        page_of(client, attempt)
        with CaptureQueriesContext(connection) as found:
            page_of(client, attempt)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_editor_takes_keeps_and_removes_a_picture(trainer, shelf):
    new = reverse("assessments:question_new", args=["single"])
    assert trainer.post(new, written(shelf, picture=upload(), picture_alt=ALT)).status_code == 302
    question = Question.objects.get()
    first = question.current
    assert first.body["picture"]["alt"] == ALT
    detail = trainer.get(reverse("assessments:question", args=[question.pk])).content.decode()
    assert first.body["picture"]["file"] in detail
    edit = reverse("assessments:question_edit", args=[question.pk])
    assert first.body["picture"]["file"] in trainer.get(edit).content.decode()
    trainer.post(edit, written(shelf, picture_alt=ALT))
    question.refresh_from_db()
    assert question.current_id == first.pk, "kept as it is: no new version"
    trainer.post(edit, written(shelf, picture_alt="Tiga kursi di loket"))
    question.refresh_from_db()
    assert question.current.body["picture"] == {**first.body["picture"], "alt": "Tiga kursi di loket"}
    trainer.post(edit, written(shelf, picture_alt="", picture_off="on"))
    question.refresh_from_db()
    assert "picture" not in question.current.body and question.versions.count() == 3


@pytest.mark.parametrize(("more", "sentence"), [
    ({"picture": b"bukan gambar", "picture_alt": ALT}, "id_picture_error"), ({"picture": None, "picture_alt": ""}, "id_picture_alt_error"),
    ({"picture": picture_bytes("GIF"), "picture_alt": ALT}, "id_picture_error")])
def test_the_editor_refuses_at_the_field_and_stores_nothing(trainer, shelf, more, sentence, settings):
    more = {**more, "picture": upload(more["picture"])}
    answer = trainer.post(reverse("assessments:question_new", args=["single"]), written(shelf, **more))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Question.objects.exists() and not default_storage.exists(pictures.FOLDER)


def moodle(data, alt=' alt="Tiga &amp;quot;kursi&amp;quot;"'):
    return f"""<quiz><question type="truefalse"><name><text>S1</text></name><questiontext format="html"><text>&lt;p&gt;Benarkah?&lt;img
        src="@@PLUGINFILE@@/loket%20satu.png"{alt.replace("<", "&lt;")}&gt;&lt;/p&gt;</text><file name="loket satu.png" path="/"
        encoding="base64">{base64.b64encode(data).decode()}</file></questiontext><generalfeedback><text>Sebab.</text></generalfeedback>
        <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>""".encode()


def test_a_picture_comes_along_from_moodle(shelf):
    found = import_questions(moodle(picture_bytes()), shelf, by=None)
    assert found.imported == 1 and found.problems == []
    kept = found.questions[0].current.body["picture"]
    assert kept["alt"] == 'Tiga "kursi"' and pictures.file_of(kept).data


def test_a_picture_without_words_or_unreadable_is_named_and_the_question_comes_in(shelf):
    silent = import_questions(moodle(picture_bytes(), alt=""), shelf, by=None)
    assert silent.imported == 1 and len(silent.problems) == 1 and silent.questions[0].current.body["picture"]["alt"]
    broken = import_questions(moodle(b"rusak"), shelf, by=None)
    assert broken.imported == 1 and len(broken.problems) == 1 and "picture" not in broken.questions[0].current.body


def test_a_trial_keeps_no_picture(shelf):
    assert import_questions(moodle(picture_bytes()), None, by=None, is_trial=True).imported == 1
    assert not default_storage.exists(pictures.FOLDER)


def test_the_result_shows_the_picture_again(with_picture, sari, client):
    attempt = take_quiz(sari, make_quiz(questions=[with_picture], kind="practice"))
    client.force_login(sari)
    page = client.get(reverse("assessments:result", args=[attempt.pk])).content.decode()
    assert with_picture.current.body["picture"]["file"] in page


# --- places on a picture ---------------------------------------------------------------------------------------------------------------
HOT = type_of("hotspot")
AREAS = "* 12,5 40 10 : Loket pengaduan\n60 20 25 15 : Ruang tunggu"


def content_from(text):
    return HOT.cleaned(HOT.content_of({"areas": text}))


def test_lines_are_circles_and_rectangles():
    assert content_from(AREAS) == {"areas": [
        {"at": [12.5, 40.0, 10.0], "text": "Loket pengaduan", "is_correct": True},
        {"at": [60.0, 20.0, 25.0, 15.0], "text": "Ruang tunggu", "is_correct": False}]}
    assert content_from(HOT.values_of(content_from(AREAS))["areas"]) == content_from(AREAS)


@pytest.mark.parametrize("line", [
    "* 12 40 : Dua angka", "12 40 10 tanpa titik dua", "a b c : Huruf", "120 10 5 : Di luar", "90 10 20 10 : Lewat tepi", "10 10 0 : Tanpa luas",
    "10 10 90 : Terlalu besar", "1 2 3 4 5 : Lima", "10 10 5 :"])
def test_a_line_that_is_no_place_is_named(line):
    draft = draft_of("hotspot", content=content_from(f"{AREAS}\n{line}"))
    assert len(HOT.problems(draft)) == 1
    assert HOT.values_of(draft.content)["areas"].splitlines()[2].split() == line.replace("*", "* ").split() or line.endswith(":")


def test_places_need_a_picture(shelf):
    with pytest.raises(RuleViolation):
        make_question("hotspot", **{**keywords_of("hotspot"), "picture": None})


def test_one_right_place_asks_for_one():
    draft = draft_of("hotspot", content=content_from(AREAS))
    body, key, _remarks = HOT.build(draft)
    laid = HOT.lay_out(body, random=Random(1), is_shuffled=True)
    page = HOT.form_field(body, laid, None)
    assert page.kind == "radio" and HOT.read([], laid) is None
    with pytest.raises(RuleViolation):
        HOT.read(laid["t"], laid)
    several, _key, _remarks = HOT.build(draft_of("hotspot", content=content_from(AREAS.replace("60", "* 60") + "\n5 5 4 : Lain")))
    assert HOT.form_field(several, HOT.lay_out(several, random=Random(1), is_shuffled=True), None).kind == "checkbox"


def test_a_corrected_key_moves_no_place_and_asks_for_as_many():
    draft = draft_of("hotspot", content=content_from(AREAS))
    body, key, _remarks = HOT.build(draft)
    other = content_from("12,5 40 10 : Loket pengaduan\n* 60 20 25 15 : Ruang tunggu")
    assert HOT.key_for(draft_of("hotspot", content=other), body)["correct"] == [body["options"][1]["id"]]
    for text in (AREAS.replace("40", "41"), AREAS.replace("60", "* 60"), AREAS.replace("tunggu", "lain")):
        with pytest.raises(ValueError, match="place|areas|options"):
            HOT.key_for(draft_of("hotspot", content=content_from(text)), body)


def test_the_editor_makes_places_and_learners_see_them_numbered(trainer, shelf, sari, client):
    posted = {"stem": "Di mana?", "content_areas": AREAS, "scoring": "partial", "explanation": "Sebab.", "difficulty": "2", "points": "1",
              "collection": shelf.pk, "rows": "4"}
    new = reverse("assessments:question_new", args=["hotspot"])
    without = trainer.post(new, posted)
    assert without.status_code == 422 and "id_picture_error" in without.content.decode()
    assert trainer.post(new, {**posted, "picture": upload(), "picture_alt": ALT}).status_code == 302
    question = Question.objects.get()
    assert "<svg" in trainer.get(reverse("assessments:question", args=[question.pk])).content.decode()
    assert "* 12.5 40 10 : Loket pengaduan" in trainer.get(reverse("assessments:question_edit", args=[question.pk])).content.decode()
    attempt = attempts.start(sari, make_quiz(questions=[question], is_shuffled=False).current)
    client.force_login(sari)
    page = page_of(client, attempt)
    assert '<circle class="area" cx="90" cy="162" r="72"/>' in page and "1. Loket pengaduan" in page and "<img" not in page
    assert 'style="' not in page.split("<main")[1]


def test_no_format_writes_places_and_each_says_so(shelf):
    question = make_question("hotspot", **keywords_of("hotspot"), collection=shelf)
    for kind in export_questions.writable():
        found = export_questions.export_questions([question], kind.code, by=None, is_trial=True)
        assert (found.written, found.skipped) == (0, 1) and found.problems, kind.code


def test_a_picture_goes_out_and_comes_back(with_picture, shelf):
    for code in ("qti", "moodle-xml"):
        data = export_questions.export_questions([with_picture], code, by=None, is_trial=True).data
        back = import_questions(data, shelf, by=None).questions[0].current.body["picture"]
        assert back["alt"] == ALT and (back["width"], back["height"]) == (720, 405)
