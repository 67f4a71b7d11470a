"""A sample of every question type: how its author writes it, and how people answer it rightly, partly and wrongly, in the words on the page.

``fill(field, words)`` gives the values that the page posts when somebody answers with these words: options are chosen by their text, parts
(rows to match, gaps, items to order) are filled in their order, a typed answer is its one word.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from PIL import Image

from assessments.domain import pictures
from assessments.question_types import AnswerField, Draft, OptionDraft, type_of

PICTURE = {"file": "0" * 32 + ".webp", "alt": "Denah ruang layanan", "width": 720, "height": 405}
Words = Sequence[str] | Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """``right``, ``wrong``: words of one answer each (a mapping where the parts are shown in an order that is drawn); ``partly``: words and the
    share they earn. For types that are not graded ``right`` is just an answer; ``wrong`` and ``partly`` stay empty."""

    draft: Draft
    right: Words
    wrong: Words = ()
    partly: tuple[Words, Fraction] | None = None


SAMPLES: dict[str, Sample] = {
    "single": Sample(
        Draft("Berapa hari kerja?", "Sebab.", [OptionDraft("Satu"), OptionDraft("Dua", True, "Tepat."), OptionDraft("Tiga")]), ["Dua"], ["Satu"]),
    "multiple": Sample(
        Draft("Mana saja?", "Sebab.", scoring="partial", options=[
            OptionDraft("Satu", True), OptionDraft("Dua", True), OptionDraft("Tiga"), OptionDraft("Empat")]),
        ["Satu", "Dua"], ["Tiga"], (["Satu"], Fraction(1, 2))),
    "true_false": Sample(Draft("Begitu.", "Sebab.", [OptionDraft("Benar"), OptionDraft("Salah", True)]), ["Salah"], ["Benar"]),
    "short_text": Sample(
        Draft("Apa nama layanannya?", "Sebab.", content={
            "answers": [{"text": "pelayanan prima", "percent": 100, "remark": "Tepat."}, {"text": "*prima*", "percent": 50, "remark": ""}],
            "heeds_case": False, "heeds_accents": False}),
        ["  Pelayanan PRIMA "], ["cepat"], (["layanan prima kita"], Fraction(1, 2))),
    "number": Sample(
        Draft("Berapa menit?", "Sebab.", content={
            "answers": [{"value": "12.5", "tolerance": "0.5", "percent": 100, "remark": ""}, {"value": "10", "tolerance": "0", "percent": 25,
                                                                                        "remark": "Itu nilai lama."}],
            "unit": "menit", "unit_rule": "optional"}),
        ["12,75 menit"], ["13,1"], (["10"], Fraction(1, 4))),
    "matching": Sample(
        Draft("Apa kepanjangannya?", "Sebab.", scoring="partial", content={
            "pairs": [{"left": "SKM", "right": "Survei Kepuasan Masyarakat"}, {"left": "JP", "right": "Jam Pelajaran"}], "extra": ["Surat Kuasa"]}),
        {"SKM": "Survei Kepuasan Masyarakat", "JP": "Jam Pelajaran"}, {"SKM": "Surat Kuasa", "JP": "Surat Kuasa"},
        ({"SKM": "Survei Kepuasan Masyarakat"}, Fraction(1, 2))),
    "gaps": Sample(
        Draft("Lengkapi.", "Sebab.", content={
            "text": "Loket buka [[1]] hari,\ndilayani dengan [[2]], paling lama [[3]] menit.", "heeds_case": False,
            "gaps": [{"kind": "text", "answers": [
                         {"text": "lima", "percent": 100, "remark": ""}, {"text": "5|6", "percent": 50, "remark": "Angka = kata."}]},
                     {"kind": "choice", "options": [{"text": "ramah", "is_correct": True}, {"text": "kasar [~]", "is_correct": False}]},
                     {"kind": "number", "answers": [{"value": "12.5", "tolerance": "0.5", "percent": 100, "remark": ""}]}]}),
        ["Lima", "ramah", "12,2"], ["tujuh", "kasar [~]", "20"], (["5|6", "ramah", "20"], Fraction(1, 2))),
    "hotspot": Sample(
        Draft("Di mana pengaduan diterima?", "Sebab.", scoring="partial", picture={**PICTURE}, content={"areas": [
            {"at": [25.0, 40.5, 12.0], "text": "Loket pengaduan", "is_correct": True},
            {"at": [60.0, 20.0, 25.0, 30.0], "text": "Meja informasi", "is_correct": True},
            {"at": [75.0, 80.0, 8.0], "text": "Ruang tunggu", "is_correct": False}]}),
        ["Loket pengaduan", "Meja informasi"], ["Ruang tunggu"], (["Meja informasi"], Fraction(1, 2))),
    "ordering": Sample(
        Draft("Urutkan langkahnya.", "Sebab.", scoring="partial", content={"items": ["Sapa", "Dengar", "Jawab", "Tutup"]}),
        {"Sapa": "1", "Dengar": "2", "Jawab": "3", "Tutup": "4"}, {"Sapa": "4", "Dengar": "3", "Jawab": "2", "Tutup": "1"},
        ({"Tutup": "1", "Sapa": "2", "Dengar": "3", "Jawab": "4"}, Fraction(2, 3))),
    "essay": Sample(
        Draft("Bagaimana Anda menjelaskan penolakan?", "Sebab.", content={
            "min_words": 20, "max_words": 300, "guide": "Menyebut dasar dan jalan keluar.",
            "rubric": [{"name": "Isi", "points": 4}, {"name": "Bahasa = jelas", "points": 2}]}), ["Saya mulai dengan salam."]),
    "file": Sample(
        Draft("Unggah surat balasan Anda.", "Sebab.", content={
            "kinds": ["pdf", "picture"], "guide": "Menyebut dasar.", "rubric": [{"name": "Isi", "points": 4}]}), ["17:surat balasan.pdf"]),
    "scale": Sample(
        Draft("Seberapa setuju Anda?", "", content={
            "statements": ["Saya tahu cara menenangkan warga.", "Saya percaya diri."], "labels": ["Tidak", "Netral", "Ya"]}), ["Ya", "Netral"]),
    "reflection": Sample(Draft("Apa yang akan Anda coba besok?", "", content={"min_words": 20}), ["Menyapa lebih dulu.\nLalu mendengar."]),
}


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (1600, 900), color: str = "lightblue", **more) -> bytes:
    """A picture as people upload it."""
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, kind, **more)
    return target.getvalue()


def draft_of(type: str, **changes) -> Draft:
    """The sample's draft, with some of its fields changed."""
    given = {**vars(SAMPLES[type].draft), "points": Decimal(1), **changes}
    return Draft(**given)


def fill(field: AnswerField, words: Words) -> list[str]:
    if field.parts:
        words = [words.get(part.label, "") for part in field.parts] if isinstance(words, Mapping) else words
        return [next((choice.name for choice in part.choices if choice.text == word), "") if part.choices else word
                for part, word in zip(field.parts, words, strict=True)]
    if field.choices:
        return [choice.name for choice in field.choices if choice.text in words]
    return list(words)


def response_of(type: str, body: dict, laid: dict, words: Words):
    """What is stored when somebody answers with these words."""
    kind = type_of(type)
    return kind.read(fill(kind.form_field(body, laid, None), words), laid)


def keywords_of(type: str) -> dict:
    """For ``bank.create_question`` and ``make_question``; a picture is drawn and kept."""
    draft = SAMPLES[type].draft
    picture = {"picture": pictures.keep(picture_bytes(), draft.picture["alt"])} if draft.picture else {}
    return {"stem": draft.stem, "explanation": draft.explanation, "scoring": draft.scoring, **picture,
            **({"options": list(draft.options)} if draft.options else {"content": dict(draft.content)})}
