"""What real files say, and what is refused with a sentence."""

import pytest

from core.domain.errors import RuleViolation
from performance.enums import Aspect, Direction, Predicate, Rating
from performance.importers.labels import parse_aspect, parse_direction, parse_predicate, parse_rating
from performance.models import SourceProfile

ATAS = SourceProfile(
    code="a", name="1 = di atas", rating_codes={"1": "above", "2": "meets", "3": "below"}, predicate_codes={"4": "poor"}
)
BAWAH = SourceProfile(code="b", name="1 = di bawah", rating_codes={"1": "below", "2": "meets", "3": "above"})


@pytest.mark.parametrize(
    "text",
    [
        "Di atas ekspektasi",
        "diatas",
        "DI ATAS",
        " Diatas  Ekspektasi ",
        "di\u00a0atas ekspektasi",
        "Melebihi ekspektasi",
        "di-atas ekspektasi",
        "di atas ekspetasi",
    ],
)
def test_above(text):
    assert parse_rating(text) == Rating.ABOVE


@pytest.mark.parametrize("text", ["Sesuai ekspektasi", "sesuai", "SESUAI EKSPEKTASI", "Memenuhi ekspektasi"])
def test_meets(text):
    assert parse_rating(text) == Rating.MEETS


@pytest.mark.parametrize(
    "text", ["Di bawah ekspektasi", "dibawah", "Dibawah Ekspektasi", "di bawah", "Belum memenuhi ekspektasi"]
)
def test_below(text):
    assert parse_rating(text) == Rating.BELOW


@pytest.mark.parametrize("text", ["", "   ", "Istimewa", "Buruk", "ekspektasi", "di", "<b>sesuai</b> x", "=1+1", "𝟏𝟐x"])
def test_what_is_no_rating(text):
    with pytest.raises(RuleViolation):
        parse_rating(text)


@pytest.mark.parametrize("code", ["1", "2", "3", "1.0", " 2 ", "3,0", "²", "٢", "-1", "2147483648", "9" * 5000])
def test_a_bare_code_is_refused(code):
    with pytest.raises(RuleViolation) as refusal:
        parse_rating(code)
    assert "profil" in str(refusal.value).lower()
    with pytest.raises(RuleViolation):
        parse_predicate(code)


def test_a_declared_profile_reads_codes():
    assert parse_rating("1", ATAS) == Rating.ABOVE
    assert parse_rating("1", BAWAH) == Rating.BELOW
    assert parse_rating("3.0", ATAS) == Rating.BELOW
    assert parse_predicate("4", ATAS) == Predicate.POOR
    assert parse_rating("di atas", BAWAH) == Rating.ABOVE
    with pytest.raises(RuleViolation):
        parse_rating("4", ATAS)
    with pytest.raises(RuleViolation):
        parse_predicate("1", BAWAH)


@pytest.mark.parametrize("text", ["Kurang", "misconduct", "Kurang/misconduct", "KURANG / MISCONDUCT", "Kurang (misconduct)"])
def test_one_predicate_with_three_names(text):
    assert parse_predicate(text) == Predicate.POOR


def test_the_other_predicates():
    words = {
        "Sangat Baik": Predicate.VERY_GOOD,
        "sangatbaik": Predicate.VERY_GOOD,
        "baik": Predicate.GOOD,
        "BUTUH PERBAIKAN": Predicate.NEEDS_IMPROVEMENT,
        "Cukup": Predicate.NEEDS_IMPROVEMENT,
        "Sangat kurang": Predicate.VERY_POOR,
    }
    assert {word: parse_predicate(word) for word in words} == words
    with pytest.raises(RuleViolation):
        parse_predicate("Buruk")


def test_aspects_and_directions():
    assert parse_aspect("kuantitas") == Aspect.QUANTITY
    assert parse_aspect("Berorientasi Pelayanan") == Aspect.SERVICE
    assert parse_direction("Tinggi") == Direction.HIGHER
    assert parse_direction("Lebih rendah lebih baik") == Direction.LOWER
    for nonsense in ("", "miring", "1"):
        with pytest.raises(RuleViolation):
            parse_direction(nonsense)
        with pytest.raises(RuleViolation):
            parse_aspect(nonsense)
