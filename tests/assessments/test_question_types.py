"""The promises of every question type, asked of all of them."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain import bank
from assessments.question_types import TYPES, Draft, OptionDraft, type_of
from core.domain.errors import RuleViolation

CALMLY = settings(deadline=None, suppress_health_check=list(HealthCheck))  # no verdict hangs on how busy the machine is
DRAFTS = {
    "single": Draft("Berapa?", "Sebab.", [OptionDraft("Satu"), OptionDraft("Dua", True, "Tepat."), OptionDraft("Tiga")]),
    "multiple": Draft("Mana?", "Sebab.", scoring="partial", options=[
        OptionDraft("Satu", True), OptionDraft("Dua", True), OptionDraft("Tiga"), OptionDraft("Empat")]),
    "true_false": Draft("Begitu.", "Sebab.", [OptionDraft("Benar"), OptionDraft("Salah", True)]),
}


def test_every_type_has_a_draft_here():
    assert set(DRAFTS) == set(TYPES)


@pytest.fixture(params=TYPES)
def built(request):
    kind, draft = type_of(request.param), DRAFTS[request.param]
    return kind, draft, *kind.build(draft)


def test_a_draft_comes_back_as_it_was_written(built):
    kind, draft, body, key, feedback = built
    assert bank.problems(kind.code, draft) == [] and kind.is_usable(body, key)
    assert kind.draft_options(body, key, feedback) == list(draft.options)


def test_nothing_public_tells_the_key(built):
    kind, _draft, body, key, _feedback = built
    assert not [name for name in body if "correct" in name or "right" in name or "key" in name]
    swapped = kind.build(Draft("x", "x", [OptionDraft(option.text, not option.is_correct) for option in _draft.options], scoring=_draft.scoring))[0]
    assert [set(option) for option in body["options"]] == [set(option) for option in swapped["options"]]


def test_right_wrong_and_blank(built):
    kind, _draft, body, key, _feedback = built
    assert kind.grade(key["correct"], body, key) == 1
    assert kind.grade(None, body, key) == kind.grade([], body, key) == 0
    wrong = [option["id"] for option in body["options"] if option["id"] not in key["correct"]]
    assert kind.grade(wrong[:1], body, key) == 0
    assert not kind.is_complete(None) and not kind.is_complete([]) and kind.is_complete(wrong[:1])
    assert kind.summary(body, None) == [] and kind.correct_answer(body, key) == [option.text for option in _draft.options if option.is_correct]


def test_what_the_page_posts_is_what_was_chosen(built):
    kind, _draft, body, key, _feedback = built
    laid = kind.lay_out(body, random=Random(1), is_shuffled=True)
    page = kind.form_field(body, laid, key["correct"])
    names = [choice.name for choice in page.choices if choice.is_chosen]
    assert kind.read(names, laid) == sorted(key["correct"])
    assert {choice.text for choice in page.choices} == {option["text"] for option in body["options"]}
    other = kind.lay_out(body, random=Random(1), is_shuffled=True)
    with pytest.raises(RuleViolation):
        kind.read([other["t"][0]], laid)
    assert kind.is_same(kind.check(list(reversed(key["correct"])), laid), key["correct"])


@pytest.mark.parametrize("code", TYPES)
@CALMLY
@given(data=st.data())
def test_a_grade_is_a_fraction_between_none_and_all(code, data):
    kind = type_of(code)
    body, key, _feedback = kind.build(DRAFTS[code])
    ids = [option["id"] for option in body["options"]]
    response = data.draw(st.one_of(st.none(), st.lists(st.sampled_from(ids), unique=True)))
    grade = kind.grade(sorted(response) if response else response, body, key)
    assert isinstance(grade, Fraction) and 0 <= grade <= 1


def test_ticking_everything_earns_nothing_much():
    kind = type_of("multiple")
    body, key, _feedback = kind.build(DRAFTS["multiple"])
    ids = [option["id"] for option in body["options"]]
    assert kind.grade(ids, body, key) == 0
    assert kind.grade(key["correct"][:1], body, key) == Fraction(1, 2)
    exact = {**body, "scoring": "exact"}
    assert kind.grade(key["correct"][:1], exact, key) == 0 and kind.grade(key["correct"], exact, key) == 1


@CALMLY
@given(st.text(max_size=300))
def test_cleaned_text_is_clean(text):
    from assessments.domain.text import clean_line, clean_text

    once = clean_text(text)
    assert clean_text(once) == once and "\0" not in once and "\u202e" not in once and not any("\ud800" <= char <= "\udfff" for char in once)
    assert "\n" not in clean_line(text)
