"""The promises of every question type, asked of all of them by the words that people see (tests/factories/questions.py)."""

import json
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain import bank
from assessments.question_types import TYPES, type_of
from assessments.question_types.texts import clean_line, clean_text, clean_typed
from core.domain.errors import RuleViolation
from tests.factories.questions import SAMPLES, draft_of, fill, response_of

CALMLY = settings(deadline=None, suppress_health_check=list(HealthCheck))  # no verdict hangs on how busy the machine is
HOSTILE = ["", "\0", "\u202eabc", "\ud800", "x" * 1_000_000, "²", "1e400", "NaN", "٣", "<script>alert(1)</script>", "0:0", "-1", "a:b:c"]


def test_every_type_has_a_sample():
    assert set(SAMPLES) == set(TYPES)


@pytest.fixture(params=TYPES)
def built(request):
    kind, sample = type_of(request.param), SAMPLES[request.param]
    body, key, remarks = kind.build(sample.draft)
    return kind, sample, body, key, remarks, kind.lay_out(body, random=Random(1), is_shuffled=True)


def test_a_draft_comes_back_as_it_was_written(built):
    kind, sample, body, key, remarks, _laid = built
    assert bank.problems(kind.code, sample.draft) == [] and kind.is_usable(body, key)
    assert kind.draft_options(body, key, remarks) == list(sample.draft.options)
    assert kind.draft_content(body, key, remarks) == dict(sample.draft.content)
    json.dumps([body, key, remarks])


def test_the_editor_shows_what_was_written(built):
    kind, sample, *_stored = built
    content = kind.cleaned(sample.draft.content)
    assert content == sample.draft.content, "the sample is in canonical form"
    assert kind.cleaned(kind.content_of(kind.values_of(content))) == content
    assert {asked.name for asked in kind.content_fields()} == set(kind.values_of(content)) or kind.has_options


@pytest.mark.parametrize("junk", [
    {}, {"answers": None}, {"answers": "x"}, {"answers": [1, None, {"text": 3}]}, {"pairs": [{}], "items": 7, "text": []}])
def test_what_cannot_be_understood_is_named_not_raised(junk):
    for code, kind in TYPES.items():
        if not kind.has_options:
            draft = draft_of(code, content=kind.cleaned(junk))
            assert isinstance(kind.problems(draft), list)
            kind.cleaned(kind.content_of({asked.name: None for asked in kind.content_fields()}))


def test_nothing_public_tells_the_key(built):
    kind, sample, body, _key, _remarks, laid = built
    assert not [name for name in body if "correct" in name or "right" in name or "key" in name]
    if kind.has_options:
        options = [type(option)(option.text, not option.is_correct) for option in sample.draft.options]
        swapped = kind.build(draft_of(kind.code, options=options))[0]
        assert [set(option) for option in body["options"]] == [set(option) for option in swapped["options"]]
    elif kind.is_graded and not kind.is_manual:
        page = json.dumps([body, laid])
        assert not [answer["remark"] for answer in sample.draft.content.get("answers", []) if answer["remark"] and answer["remark"] in page]


def test_right_wrong_partly_and_blank(built):
    kind, sample, body, key, _remarks, laid = built
    right = response_of(kind.code, body, laid, sample.right)
    assert kind.is_complete(right) and kind.summary(body, right)
    assert not kind.is_complete(None) and kind.summary(body, None) == []
    if kind.is_manual or not kind.is_graded:
        return
    assert kind.grade(right, body, key) == 1 and kind.correct_answer(body, key)
    assert kind.grade(None, body, key) == 0 == kind.grade(response_of(kind.code, body, laid, sample.wrong), body, key)
    if sample.partly:
        words, share = sample.partly
        assert kind.grade(response_of(kind.code, body, laid, words), body, key) == share


def test_what_the_page_posts_is_what_was_answered(built):
    kind, sample, body, _key, _remarks, laid = built
    response = response_of(kind.code, body, laid, sample.right)
    page = kind.form_field(body, laid, response)
    again = [choice.name for choice in page.choices if choice.is_chosen] if page.choices else \
        [part.value or next((choice.name for choice in part.choices if choice.is_chosen), "") for part in page.parts] if page.parts else [page.value]
    assert kind.is_same(kind.read(again, laid), response)
    assert kind.check(json.loads(json.dumps(response)), laid) == response, "a response is JSON in one canonical form"
    assert kind.is_same(response, kind.check(response, laid))


def test_a_refused_answer_comes_back_on_the_page(built):
    kind, sample, body, _key, _remarks, laid = built
    blank = kind.form_field(body, laid, None)
    typed = fill(blank, sample.right)
    page = kind.retyped(blank, typed)
    assert page != blank
    for values in ([], HOSTILE, ["unheard"] * 3):
        kind.retyped(blank, values)


def test_names_of_another_attempt_are_foreign(built):
    kind, sample, body, _key, _remarks, laid = built
    other = kind.lay_out(body, random=Random(1), is_shuffled=True)
    posted = fill(kind.form_field(body, other, None), sample.right)
    if other == laid:
        return  # nothing in this type has a name
    with pytest.raises(RuleViolation):
        kind.read(posted, laid)


def test_hostile_values_are_taken_in_words_or_refused_in_words(built):
    kind, _sample, body, key, _remarks, laid = built
    count = max(len(kind.form_field(body, laid, None).parts), 1)
    for value in HOSTILE:
        for values in ([value], [value] * count, [value] * (count + 1)):
            try:
                response = kind.read(values, laid)
            except RuleViolation as violation:
                assert violation.reasons
            else:
                stored = json.dumps(response, ensure_ascii=False)
                assert "\0" not in stored and "\u202e" not in stored
                stored.encode()
                assert kind.is_manual or 0 <= kind.grade(response, body, key) <= 1
    for response in (7, [7], {"a": 1}, [[]], [None], True):
        with pytest.raises(RuleViolation):
            kind.check(response, laid)


def test_a_key_can_be_corrected_without_changing_what_was_shown(built):
    kind, sample, body, key, _remarks, _laid = built
    if kind.is_manual or not kind.is_graded:
        return
    assert kind.key_for(sample.draft, body) == key


@pytest.mark.parametrize("code", [code for code, kind in TYPES.items() if kind.has_options])
@CALMLY
@given(data=st.data())
def test_a_grade_is_a_fraction_between_none_and_all(code, data):
    kind = type_of(code)
    body, key, _feedback = kind.build(SAMPLES[code].draft)
    ids = [option["id"] for option in body["options"]]
    response = data.draw(st.one_of(st.none(), st.lists(st.sampled_from(ids), unique=True)))
    grade = kind.grade(sorted(response) if response else response, body, key)
    assert isinstance(grade, Fraction) and 0 <= grade <= 1


def test_ticking_everything_earns_nothing_much():
    kind = type_of("multiple")
    body, key, _feedback = kind.build(SAMPLES["multiple"].draft)
    ids = [option["id"] for option in body["options"]]
    assert kind.grade(ids, body, key) == 0
    assert kind.grade(key["correct"][:1], body, key) == Fraction(1, 2)
    exact = {**body, "scoring": "exact"}
    assert kind.grade(key["correct"][:1], exact, key) == 0 and kind.grade(key["correct"], exact, key) == 1


@CALMLY
@given(st.text(max_size=300))
def test_cleaned_text_is_clean(text):
    for clean in (clean_text, clean_typed):
        once = clean(text)
        assert clean(once) == once and "\0" not in once and "\u202e" not in once and not any("\ud800" <= char <= "\udfff" for char in once)
    assert "\n" not in clean_line(text)
