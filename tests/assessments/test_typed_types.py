"""Short text and numbers: what people in Jakarta type, and what hostile hands do."""

import string
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain import bank
from assessments.question_types import type_of, variants
from assessments.question_types.number import parse, written
from assessments.question_types.short_text import fits
from core.domain.errors import RuleViolation
from tests.factories.questions import draft_of

CALMLY = settings(deadline=None)


def _short(answers, **more):
    draft = draft_of("short_text", content={"answers": answers, "heeds_case": False, "heeds_accents": False, **more})
    return type_of("short_text"), *type_of("short_text").build(draft)[:2]


@pytest.mark.parametrize(("text", "share"), [
    ("SKM", 1), (" skm ", 1), ("s k m", 0), ("Survei   Kepuasan Masyarakat", 1), ("survei kepuasan", Fraction(1, 2)),
    ("", 0), ("résumé", 1), ("resume", 1)])
def test_spaces_case_and_accents_do_not_matter(text, share):
    kind, body, key = _short([
        {"text": "SKM", "percent": 100, "remark": ""}, {"text": "survei kepuasan masyarakat", "percent": 100, "remark": ""},
        {"text": "survei*", "percent": 50, "remark": ""}, {"text": "résumé", "percent": 100, "remark": ""}])
    assert kind.grade(text, body, key) == share


def test_case_and_accents_count_where_the_author_says_so():
    kind, body, key = _short([{"text": "Café", "percent": 100, "remark": ""}], heeds_case=True, heeds_accents=True)
    assert [kind.grade(text, body, key) for text in ("Café", "café", "Cafe")] == [1, 0, 0]


@pytest.mark.parametrize(("text", "pattern", "is_fit"), [
    ("abc", "a*c", True), ("ac", "a*c", True), ("a", "a*a", False), ("a*c", r"a\*c", True), ("abc", r"a\*c", False), ("xaybz", "*a*b*", True),
    ("ba", "*a*b*", False), ("", "*", True)])
def test_a_star_stands_for_anything(text, pattern, is_fit):
    assert fits(text, pattern) is is_fit


def test_no_pattern_is_slow():
    assert not fits("a" * 200, "*a" * 90 + "*b")  # a regular expression would think for centuries


def test_a_star_alone_is_refused():
    content = type_of("short_text").cleaned({"answers": [{"text": "**", "percent": 100}]})
    assert len(bank.problems("short_text", draft_of("short_text", content=content))) == 1


_words = st.text(string.ascii_letters + " #=%\\*±", min_size=1, max_size=30).map(str.strip).filter(lambda text: text and "\\" not in text)


@CALMLY
@given(st.lists(st.fixed_dictionaries({"text": _words, "percent": st.integers(0, 100), "remark": st.one_of(st.just(""), _words)}), max_size=6))
def test_lines_of_accepted_answers_are_lossless(answers):
    answers = variants.cleaned(answers)
    assert variants.cleaned(variants.from_lines(variants.to_lines(answers))) == answers


@pytest.mark.parametrize(("text", "value"), [
    ("12,5", "12.5"), ("12.5", "12.5"), ("1.250", "1250"), ("1.250,75", "1250.75"), ("0.125", "0.125"), ("-3", "-3"), ("−3", "-3"), ("+7", "7"),
    ("1 000", "1000"), ("12.345.678", "12345678")])
def test_numbers_as_people_write_them(text, value):
    assert parse(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "²", "٣", "1e400", "NaN", "inf", "1,2,3", "1.2.3", "12,", ",5", "½", "0x10",
    "1" * 16, "dua", "1.25.000", "--1", "1_000"])
def test_what_is_no_number_is_told_in_words(text):
    assert parse(text) is None
    kind = type_of("number")
    if text:
        with pytest.raises(RuleViolation):
            kind.read([text], {"u": "", "m": False})


@CALMLY
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
def test_a_written_number_is_read_again(value):
    assert parse(written(value)) == value


def test_a_required_unit():
    draft = draft_of("number", content={
        "answers": [{"value": "90", "tolerance": "0", "percent": 100, "remark": ""}], "unit": "%", "unit_rule": "required"})
    kind = type_of("number")
    body, key, _remarks = kind.build(draft)
    laid = kind.lay_out(body)
    assert kind.grade(kind.read(["90 %"], laid), body, key) == kind.grade(kind.read(["90%"], laid), body, key) == 1
    with pytest.raises(RuleViolation):
        kind.read(["90"], laid)


@pytest.mark.parametrize("content", [
    {"answers": []}, {"answers": [{"value": "dua", "percent": 100}]}, {"answers": [{"value": "1", "tolerance": "-1", "percent": 100}]},
    {"answers": [{"value": "1", "percent": 50}]}, {"answers": [{"value": "1e400", "percent": 100}]}, {"answers": [{"value": "1", "percent": 101}]},
    {"answers": [{"value": "1", "percent": 100}], "unit_rule": "required"}, {"answers": [{"value": "1", "percent": 100}], "unit_rule": "x"}])
def test_faulty_numbers_are_named(content):
    assert bank.problems("number", draft_of("number", content=type_of("number").cleaned(content)))
