"""Twenty questions from a spreadsheet or a text, with a sentence for each faulty row."""

import pytest
from django.urls import reverse

from assessments.domain import paste
from assessments.models import Question
from core.domain.errors import RuleViolation
from tests.factories.assessments import make_quiz, open_shelf_to_trainers

ROWS = """Soal\tA\tB\tC\tKunci\tPembahasan\tTopik\tBobot
Ukuran mana yang ikut dilaporkan?\tRata-rata\tMedian dan persentil 90\tJumlah loket\tB\tRata-rata menyembunyikan.\tMengukur\t2
Nilai apa yang dijaga?\tAkuntabel\tHarmonis\tLoyal\tA, B\tKeduanya dijaga.\tEtika\t
Verifikasi boleh dilewati.\t\t\t\tSalah\tTidak pernah.\t\t
"Soal dengan
dua baris?"\tYa\tTidak\t\ttidak\tSebab ""begitu"".\t\t
"""

TEXT = """1. Ukuran mana yang ikut dilaporkan,
bila sebagian warga menunggu lama?
A. Rata-rata saja
B. Median
   dan persentil 90
C. Jumlah loket
Kunci: B
Pembahasan: Rata-rata menyembunyikan
yang menunggu paling lama.
Topik: Mengukur

2. Siapa yang diberi tahu?
A) Warga
*B) Pelapor
C) Tidak ada
Pembahasan: Pelapor.

Gambar tanda tangan adalah TTE tersertifikasi.
Jawaban: Salah
Penjelasan: TTE memakai sertifikat elektronik.
"""


def test_rows_of_a_spreadsheet():
    first, second, third, fourth = paste.read(ROWS)
    assert not any(found.problems for found in (first, second, third, fourth)), [found.problems for found in (first, second, third, fourth)]
    assert (first.type, first.right, first.row, first.values["topic"], first.values["points"]) == ("single", (1,), 2, "Mengukur", "2")
    assert (second.type, second.right) == ("multiple", (0, 1))
    assert (third.type, third.right) == ("true_false", (1,))
    assert (fourth.stem, fourth.type, fourth.right) == ("Soal dengan\ndua baris?", "true_false", (1,))


def test_rows_without_a_heading():
    [found] = paste.read("Berapa?\tSatu\tDua\tTiga\tC\tKarena tiga.")
    assert (found.options, found.right, found.values["explanation"]) == (["Satu", "Dua", "Tiga"], (2,), "Karena tiga.")


def test_plain_text():
    first, second, third = paste.read(TEXT)
    assert not (first.problems or second.problems or third.problems)
    assert first.stem == "Ukuran mana yang ikut dilaporkan,\nbila sebagian warga menunggu lama?"
    assert first.options[1] == "Median dan persentil 90" and first.right == (1,)
    assert first.values["explanation"].endswith("paling lama.") and first.values["topic"] == "Mengukur"
    assert (second.stem, second.right, second.row) == ("Siapa yang diberi tahu?", (1,), 12)
    assert (third.type, third.right) == ("true_false", (1,))


def test_a_list_copied_from_a_word_processor_has_tabs_after_its_letters():
    [found] = paste.read("Berapa?\nA.\tSatu\nB.\tDua\nKunci: a\nPembahasan: Satu.")
    assert found.options == ["Satu", "Dua"] and not found.problems


@pytest.mark.parametrize(("row", "sentence"), [
    ("Berapa?\tSatu\tDua\t\tKarena.", "Kunci belum ada"), ("Berapa?\tSatu\tDua\tE\tKarena.", "Kunci “E” tidak ada"),
    ("Berapa?\tSatu\tDua\tA\t", "Tuliskan pembahasan"), ("\tSatu\tDua\tA\tKarena.", "Tuliskan soalnya"),
    ("Berapa?\tSatu\tsatu\tA\tKarena.", "dua pilihan yang sama"), ("Berapa?\tSatu\tA\tKarena.", "2 sampai 10 pilihan"),
    ("Berapa?\tSatu\tDua\tA,B\tKarena.", "Semua pilihan benar"), ("x" * 4001 + "\tSatu\tDua\tA\tKarena.", "lebih panjang"),
    ("Berapa?\tSatu\tDua\tke-2\tKarena.", "tidak ada di antara pilihan"), ("hanya satu sel\t", "Kunci belum ada"),
])
def test_each_faulty_row_gets_a_sentence(row, sentence):
    [found] = paste.read(row)
    assert any(sentence in problem for problem in found.problems), found.problems


@pytest.mark.parametrize("text", ["", "   \n\n", "\t\t\n\t", "\0", "x" * 300_001, "Soal?\tA\tB\tA\tSebab\n" * 201])
def test_what_is_no_paste_at_all(text):
    with pytest.raises(RuleViolation):
        paste.read(text)


def test_hostile_text_is_read_in_bounded_time():
    for text in ('"' * 100_000, '"\t' * 50_000, "A. x\n" * 5_000, "\t" * 250_000, "Kunci: " * 30_000, "\u202eSoal?\tA\tB\tA\tx\ud800"):
        try:
            paste.read(text)
        except RuleViolation:
            pass


@pytest.mark.django_db
def test_tono_pastes_mends_and_saves(client, tono):
    shelf = open_shelf_to_trainers()
    quiz = make_quiz(questions=[], publish=False)
    client.force_login(tono)
    address = reverse("assessments:paste")
    broken = ROWS + "Rusak?\tSatu\tDua\t\tE\tSebab.\t\t\n"
    form = {"text": broken, "collection": shelf.pk, "quiz": quiz.pk, "topic": ""}

    looked = client.post(address, {**form, "act": "check"}).content.decode()
    assert "5 soal ditemukan" in looked and "Kunci “E” tidak ada" in looked and "Simpan 4 yang sudah baik" in looked
    assert not Question.objects.exists(), "looking stores nothing"

    saved = client.post(address, {**form, "act": "save"})
    text = saved.content.decode()
    assert Question.objects.count() == quiz.items.count() == 4
    assert "4 soal masuk ke bank" in text and "Rusak?" in text and "Nilai apa yang dijaga" not in text, "only the faulty row is left in the box"

    mended = client.post(address, {**form, "text": "Rusak?\tSatu\tDua\tB\tSebab.", "act": "save"})
    assert mended.url == reverse("assessments:quiz", args=[quiz.pk]) and Question.objects.count() == 5
    again = client.post(address, {**form, "text": ROWS, "act": "save"})
    assert again.status_code == 422 and "sudah ada di bank" in again.content.decode() and Question.objects.count() == 5
    assert client.post(address, {"text": "", "collection": shelf.pk}).status_code == 422
