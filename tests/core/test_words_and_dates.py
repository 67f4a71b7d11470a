"""Numbers in words, dates as Jakarta writes and counts them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import dates
from core.domain.errors import RuleViolation
from core.domain.terbilang import decimal_words, number_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (12, "dua belas"), (19, "sembilan belas"), (20, "dua puluh"),
        (24, "dua puluh empat"), (100, "seratus"), (101, "seratus satu"), (111, "seratus sebelas"), (199, "seratus sembilan puluh sembilan"),
        (200, "dua ratus"), (999, "sembilan ratus sembilan puluh sembilan"), (1000, "seribu"), (1001, "seribu satu"), (1100, "seribu seratus"),
        (2026, "dua ribu dua puluh enam"), (9999, "sembilan ribu sembilan ratus sembilan puluh sembilan"), (10_000, "sepuluh ribu"),
        (11_000, "sebelas ribu"), (100_000, "seratus ribu"), (1_000_000, "satu juta"), (2_001_500, "dua juta seribu lima ratus"),
        (1_000_000_000, "satu miliar"), (10**12, "satu triliun"),
    ],
)
def test_numbers_in_words(number, words):
    assert number_words(number) == words


def test_decimals_are_read_digit_by_digit():
    assert decimal_words("71.5") == "tujuh puluh satu koma lima"
    assert decimal_words(Decimal("68.05")) == "enam puluh delapan koma nol lima"
    assert decimal_words("90.0") == "sembilan puluh"


@pytest.mark.parametrize("number", [-1, 10**15])
def test_numbers_outside_the_range_are_refused(number):
    with pytest.raises(ValueError):
        number_words(number)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_different_numbers_have_different_words(one, other):
    assert (number_words(one) == number_words(other)) == (one == other)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24", "2026-11-24T10:30:00Z", "2026-11-24 00:00", "24-11-2026", "24/11/2026", "24.11.2026", "24 11 2026", "24 November 2026",
        "24 Nov 2026", "24 nopember 2026", "Selasa, 24 November 2026", " 24  November   2026 ",
    ],
)
def test_a_day_is_read_day_first_or_iso_or_with_the_months_name(text):
    assert dates.parse_day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(("text", "month"), [("1 Mei 2026", 5), ("1 May 2026", 5), ("1 Agustus 2026", 8), ("1 agt 2026", 8), ("1 Pebruari 2026", 2)])
def test_months_have_indonesian_and_english_names(text, month):
    assert dates.parse_day(text) == date(2026, month, 1)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "belum diisi"), (None, "belum diisi"), ("31-02-2026", "kalender"), ("2026-13-01", "kalender"), ("kemarin", "bukan tanggal"),
        ("24 Foo 2026", "bukan tanggal"), ("45985", "bukan tanggal"), ("²4-11-2026", "bukan tanggal"), ("01-01-9999", "9999"),
        ("0001-01-01", "1900"), ("24-11-26", "bukan tanggal"),
    ],
)
def test_what_is_no_day_gets_a_sentence(text, part):
    with pytest.raises(RuleViolation) as refused:
        dates.parse_day(text)
    assert part in refused.value.reasons[0]


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_the_date_reader(text):
    try:
        assert dates.parse_day(text).year
    except RuleViolation as refused:
        assert refused.reasons[0]


def test_days_and_times_are_written_as_in_jakarta():
    late = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)  # already the 25th in Jakarta
    assert dates.format_day(late) == "25 November 2026"
    assert dates.format_daytime(late) == "25 November 2026, 01.05 WIB"
    assert dates.format_day(date(2026, 5, 1)) == "1 Mei 2026"
    assert dates.format_day(date(2026, 5, 1), language="en") == "1 May 2026"
    assert dates.format_day(None) == dates.format_daytime(None) == ""
    assert dates.local_year(datetime(2026, 12, 31, 17, tzinfo=UTC)) == 2027


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 4, 1), date(2026, 6, 30), "April–Juni 2026"), (date(2026, 4, 1), date(2026, 4, 30), "April 2026"),
        (date(2026, 1, 1), date(2027, 12, 31), "Januari 2026 – Desember 2027"), (date(2026, 4, 3), date(2026, 4, 24), "3–24 April 2026"),
        (date(2026, 4, 3), date(2026, 5, 2), "3 April – 2 Mei 2026"), (date(2026, 4, 3), date(2026, 4, 3), "3 April 2026"),
        (date(2026, 12, 3), date(2027, 1, 2), "3 Desember 2026 – 2 Januari 2027"), (date(2026, 4, 3), None, "3 April 2026 –"),
    ],
)
def test_spans_are_written_short(first, last, text):
    assert dates.format_span(first, last) == text


def test_month_spans_and_quarters():
    assert dates.month_span(2025, 4, 6) == (date(2025, 4, 1), date(2025, 6, 30))
    assert dates.month_span(2024, 2, 2) == (date(2024, 2, 1), date(2024, 2, 29))
    assert dates.quarter_span(2025, 4) == (date(2025, 10, 1), date(2025, 12, 31))
    assert dates.quarter_of(date(2025, 12, 31)) == (2025, 4)
    assert dates.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert dates.add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    for wrong in [(2025, 0, 3), (2025, 4, 13), (2025, 6, 4), (99999, 1, 3)]:
        with pytest.raises(RuleViolation):
            dates.month_span(*wrong)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-24T09:00+07:00", "2026-11-24T09:00+07:00"),  # a Tuesday at work
        ("2026-11-24T05:00+07:00", "2026-11-24T07:30+07:00"), ("2026-11-24T16:00+07:00", "2026-11-25T07:30+07:00"),
        ("2026-11-27T18:00+07:00", "2026-11-30T07:30+07:00"), ("2026-11-28T09:00+07:00", "2026-11-30T07:30+07:00"),
    ],
)
def test_mail_waits_for_working_hours(at, expected):
    assert dates.next_working_instant(datetime.fromisoformat(at)) == datetime.fromisoformat(expected)
