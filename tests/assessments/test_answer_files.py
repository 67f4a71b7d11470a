"""A file as answer: what is taken, what is refused in words, who reads it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from assessments.domain import answer_files, attempts, hand_grading
from assessments.domain.hand_grading import Written
from assessments.models import AnswerFile
from assessments.question_types.file import FileAnswer
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nisi surat"


def _picture(kind):
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, kind)
    return made.getvalue()


def _office(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.fixture
def shelf():
    return open_shelf_to_trainers()


@pytest.fixture
def attempt(sari, shelf):
    content = {"kinds": ["pdf", "picture", "document"], "guide": "Rahasia penilai", "rubric": [{"name": "Isi", "points": 4}]}
    question = make_question("file", options=[], content=content, collection=shelf, stem="Unggah surat balasan Anda.")
    return attempts.start(sari, make_quiz(questions=[question], collection=shelf, kind="post").current, context_key="enrolment:1")


def _page(attempt, name="attempt"):
    return reverse(f"assessments:{name}", args=[attempt.pk, 1])


def _send(client, attempt, name, data):
    return client.post(_page(attempt, "answer_upload"), {"berkas": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(("name", "data"), [
    ("surat.pdf", PDF), ("FOTO.JPG", _picture("JPEG")), ("bagan.png", _picture("PNG")),
    ("surat.docx", _office("[Content_Types].xml", "word/document.xml")),
    ("C:\\Users\\sari\\surat balasan.pdf", PDF), ("../../etc/passwd.pdf", PDF), ("\u202efdp.surat.pdf", PDF), ("x" * 300 + ".pdf", PDF)])
def test_good_files_become_the_answer(client, sari, attempt, name, data):
    client.force_login(sari)
    assert _send(client, attempt, name, data).url == _page(attempt)
    stored, version = AnswerFile.objects.get(), attempt.layout[0]["v"]
    attempt.refresh_from_db()
    assert attempt.answers == {str(version): f"{stored.pk}:{stored.name}"} and attempts.replay(attempt).answers == attempt.answers
    assert stored.file.read() == data and stored.size == len(data)
    assert not set("/\\:\u202e") & set(stored.name) and len(stored.name) <= 100 and stored.name.lower().endswith(name[-4:].lower())
    assert stored.name not in stored.file.name
    assert stored.name in client.get(_page(attempt)).content.decode()


@pytest.mark.parametrize(("name", "data", "words"), [
    ("surat.pdf", b"", "Berkas kosong"), ("surat.exe", b"MZ", "tidak diminta"), ("surat", PDF, "tidak diminta"), ("surat.pdf", b"<html>", "rusak"),
    ("foto.jpg", PDF, "rusak"), ("foto.png", _picture("JPEG"), "rusak"), ("surat.docx", _office("xl/a.xml"), "rusak"), ("a.xlsx", b"PK\3\4", "rusak"),
    ("besar.pdf", PDF + b" " * 5_000_000, "lebih besar"), ("halaman.html", b"<script>", "tidak diminta")])
def test_bad_files_are_refused_in_words_and_nothing_is_kept(client, sari, attempt, name, data, words):
    client.force_login(sari)
    answer = _send(client, attempt, name, data)
    assert answer.status_code == 422 and words in answer.content.decode()
    attempt.refresh_from_db()
    assert attempt.answers == {} and not AnswerFile.objects.exists()


def test_no_file_another_question_and_a_closed_attempt(client, sari, attempt):
    client.force_login(sari)
    assert client.post(_page(attempt, "answer_upload")).status_code == 422
    assert client.post(reverse("assessments:answer_upload", args=[attempt.pk, 9])).status_code == 404
    attempts.finish(attempt, by=sari)
    assert _send(client, attempt, "surat.pdf", PDF).url == reverse("assessments:result", args=[attempt.pk])
    assert not AnswerFile.objects.exists()
    other = attempts.start(sari, make_quiz(1).current)
    assert _send(client, other, "surat.pdf", PDF).status_code == 404


def test_the_last_upload_counts_and_ten_are_enough(sari, attempt):
    version = attempt.layout[0]["v"]
    for number in range(10):
        answer_files.store(attempt, version, SimpleUploadedFile(f"surat-{number}.pdf", PDF), kinds=["pdf"])
    assert FileAnswer.name_of(attempt.answers[str(version)]) == "surat-9.pdf"
    with pytest.raises(RuleViolation, match="10 berkas"):
        answer_files.store(attempt, version, SimpleUploadedFile("lagi.pdf", PDF), kinds=["pdf"])


def test_who_grades_reads_it_and_nobody_else(client, sari, tono, attempt):
    client.force_login(sari)
    _send(client, attempt, "surat.pdf", PDF)
    url = reverse("assessments:answer_file_download", args=[AnswerFile.objects.get().pk])
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(tono)
    assert client.get(url).status_code == 404, "not before it is handed in"
    attempts.finish(attempt, by=sari)
    mark = attempt.marks.get()
    page = client.get(reverse("assessments:grade", args=[mark.pk])).content.decode()
    assert url in page and "surat.pdf" in page
    assert client.get(url).status_code == 200
    client.force_login(AccountFactory())
    assert client.get(url).status_code == 404
    hand_grading.give(mark, Written(given=[3]), by=tono)
    attempt.refresh_from_db()
    assert attempt.score == 75


def test_a_number_of_somebody_elses_file_leads_nowhere(client, sari, tono, attempt, shelf):
    other = AccountFactory()
    foreign = attempts.start(other, attempt.version, context_key="enrolment:2")
    stored = answer_files.store(foreign, foreign.layout[0]["v"], SimpleUploadedFile("rahasia.pdf", PDF), kinds=["pdf"])
    client.force_login(sari)
    client.post(_page(attempt), {"pilihan": f"{stored.pk}:rahasia.pdf"})
    assert client.get(reverse("assessments:answer_file_download", args=[stored.pk])).status_code == 404
    attempts.finish(attempt, by=sari)
    client.force_login(tono)
    page = client.get(reverse("assessments:grade", args=[attempt.marks.get().pk])).content.decode()
    assert reverse("assessments:answer_file_download", args=[stored.pk]) not in page
    assert not AnswerFile.objects.visible_to(AccountFactory()).exists()
    elsewhere = Collection.get_first_root_node().add_child(name="Rak lain")
    assert make_quiz(1, collection=elsewhere)
