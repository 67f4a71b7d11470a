"""A period is a range of days with a kind, however it is written."""

from datetime import date

import pytest

from core.domain.errors import RuleViolation
from performance.domain.periods import find_or_make, kind_of, parse_period, span_of_columns
from performance.enums import PeriodKind

Q2 = (date(2025, 4, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    "text",
    [
        "2025-04:2025-06",
        "2025-04/2025-06",
        "2025-04-01:2025-06-30",
        "Triwulan II 2025",
        "TW2 2025",
        "tw ii 2025",
        "Q2 2025",
        "Triwulan 2 Tahun 2025",
        "1 April 2025 s.d. 30 Juni 2025",
    ],
)
def test_the_second_quarter(text):
    assert parse_period(text) == Q2


def test_other_periods():
    assert parse_period("Semester I 2025") == (date(2025, 1, 1), date(2025, 6, 30))
    assert parse_period("2025") == (date(2025, 1, 1), date(2025, 12, 31))
    assert parse_period("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kapan saja",
        "2025-06:2025-04",
        "2025-13",
        "Semester III 2025",
        "0000-01:0000-02",
        "2025-02-30:2025-03-01",
        "9999999",
        "٢٠٢٥",
        "2025-04:",
    ],
)
def test_no_period(text):
    with pytest.raises(RuleViolation):
        parse_period(text)


def test_columns_of_a_row():
    assert span_of_columns(first_year="2025", first_month="4", last_year="", last_month="6") == Q2
    assert span_of_columns(first_year="2025.0", first_month="April", last_year="2025", last_month="Jun") == Q2
    assert span_of_columns(first_year="2025", first_month="11", last_year="2026", last_month="1") == (
        date(2025, 11, 1),
        date(2026, 1, 31),
    )
    assert span_of_columns(first_year="2025", first_month="", last_year="", last_month="")[1] == date(2025, 12, 31)
    for year, first, last in (
        ("", "4", "6"),
        ("2025", "4", ""),
        ("2025", "0", "6"),
        ("2025", "6", "4"),
        ("25", "4", "6"),
        ("²025", "4", "6"),
    ):
        with pytest.raises(RuleViolation):
            span_of_columns(first_year=year, first_month=first, last_year="", last_month=last)


def test_kinds():
    assert kind_of(*Q2) == PeriodKind.QUARTER
    assert kind_of(date(2025, 7, 1), date(2025, 12, 31)) == PeriodKind.SEMESTER
    assert kind_of(date(2025, 2, 1), date(2025, 4, 30)) == PeriodKind.OTHER
    assert kind_of(date(2025, 1, 1), date(2026, 12, 31)) == PeriodKind.OTHER
    assert kind_of(date(2025, 1, 2), date(2025, 1, 31)) == PeriodKind.OTHER


@pytest.mark.django_db
def test_a_period_is_made_once():
    first = find_or_make(*Q2)
    assert find_or_make(*Q2) == first
    assert (first.kind, first.code, first.label) == (PeriodKind.QUARTER, "2025-04/2025-06", "Triwulan\N{NO-BREAK SPACE}II 2025")
