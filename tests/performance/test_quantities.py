"""Numbers with point or comma; what can be read in two ways is asked back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import RuleViolation
from performance.importers.quantities import NumberReader, parse_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("40", "40"),
        ("42.59", "42.59"),
        ("71,5", "71.5"),
        ("1.250,75", "1250.75"),
        ("1,250.75", "1250.75"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("98 %", "98"),
        ("98%", "98"),
        ("-3,5", "-3.5"),
        ("\u22123", "-3"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1e3", "1000"),
        ("33.333333333333336", "33.3333"),
        ("66.66666666", "66.6667"),
        ("1\u00a0250,5", "1250.5"),
        ("0", "0"),
        ("+7", "7"),
        ("1250.5", "1250.5"),
        ("12345,678", "12345.678"),
    ],
)
def test_numbers(text, number):
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1.2.3",
        "1,2,3",
        "1.250,7.5",
        "NaN",
        "inf",
        "1e400",
        "²",
        "٤٢",
        "--1",
        "5" * 5000,
        "99999999999",
        "%",
        "12/5",
        "1 2x",
        "0x10",
        "=1+1",
        "1.23.456,5",
    ],
)
def test_what_is_no_number(text):
    with pytest.raises(RuleViolation):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["1.000", "1,000", "68.485", "12,345"])
def test_two_readings_are_not_guessed(text):
    with pytest.raises(RuleViolation):
        parse_quantity(text)


def test_the_other_numbers_of_the_file_decide():
    assert NumberReader(["71,5", "1.000"]).read("1.000") == 1000
    assert NumberReader(["71.5", "1.000"]).read("68.485") == Decimal("68.485")
    assert NumberReader(["71.5", "1,000"]).read("1,000") == 1000
    with pytest.raises(RuleViolation):
        NumberReader(["71.5", "71,5"]).read("1.000")
    with pytest.raises(RuleViolation):
        NumberReader(["40", "50"]).read("1.000")


def test_a_number_cell_of_a_workbook_has_a_point():
    reader = NumberReader(["40", "68.485"], is_workbook=True)
    assert reader.read("68.485") == Decimal("68.485")
    with pytest.raises(RuleViolation):
        reader.read("1.000")


@given(st.text(max_size=40))
def test_any_text_gives_a_number_or_a_sentence(text):
    try:
        number = parse_quantity(text)
    except RuleViolation as refusal:
        assert refusal.reasons[0]
    else:
        assert number.is_finite()


@given(st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2))
def test_what_an_indonesian_spreadsheet_writes_is_read_back(number):
    text = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert NumberReader([text, "0,5"]).read(text) == number
