"""A sample of every question type: how its author writes it, and how people answer it rightly, partly and wrongly, in the words on the page.

``fill(field, words)`` gives the values that the page posts when somebody answers with these words: options are chosen by their text, parts
(rows to match, gaps, items to order) are filled in their order, a typed answer is its one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.question_types import AnswerField, Draft, OptionDraft, type_of


@dataclass(frozen=True)
class Sample:
    """``right``, ``wrong``: words of one answer each; ``partly``: words and the share they earn. For types that are not graded ``right`` is
    just an answer; ``wrong`` and ``partly`` stay empty."""

    draft: Draft
    right: Sequence[str]
    wrong: Sequence[str] = ()
    partly: tuple[Sequence[str], Fraction] | None = None


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
}


def draft_of(type: str, **changes) -> Draft:
    """The sample's draft, with some of its fields changed."""
    given = {**vars(SAMPLES[type].draft), "points": Decimal(1), **changes}
    return Draft(**given)


def fill(field: AnswerField, words: Sequence[str]) -> list[str]:
    if field.parts:
        return [next((choice.name for choice in part.choices if choice.text == word), "") if part.choices else word
                for part, word in zip(field.parts, words, strict=True)]
    if field.choices:
        return [choice.name for choice in field.choices if choice.text in words]
    return list(words)


def response_of(type: str, body: dict, laid: dict, words: Sequence[str]):
    """What is stored when somebody answers with these words."""
    kind = type_of(type)
    return kind.read(fill(kind.form_field(body, laid, None), words), laid)


def keywords_of(type: str) -> dict:
    """For ``bank.create_question`` and ``make_question``."""
    draft = SAMPLES[type].draft
    return {"stem": draft.stem, "explanation": draft.explanation, "scoring": draft.scoring,
            **({"options": list(draft.options)} if draft.options else {"content": dict(draft.content)})}
