"""Words of ratings, predicates, aspects and directions as they stand in real files: any case, spaces, "di atas" or "diatas".

A bare number is a code and is read only through a declared source profile (decisions 13, domain.md §1.3).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from core.domain.errors import RuleViolation
from core.domain.tabular import header_key
from performance.enums import Aspect, Direction, Predicate, Rating
from performance.models import SourceProfile

_EXPECTATION = ("ekspektasi", "ekspetasi", "harapan", "expectations", "expectation")
_RATINGS = {
    "diatas": Rating.ABOVE,
    "atas": Rating.ABOVE,
    "melebihi": Rating.ABOVE,
    "melampaui": Rating.ABOVE,
    "above": Rating.ABOVE,
    "exceeds": Rating.ABOVE,
    "sesuai": Rating.MEETS,
    "memenuhi": Rating.MEETS,
    "meets": Rating.MEETS,
    "dibawah": Rating.BELOW,
    "bawah": Rating.BELOW,
    "belummemenuhi": Rating.BELOW,
    "tidakmemenuhi": Rating.BELOW,
    "below": Rating.BELOW,
}
_PREDICATES = {
    "sangatbaik": Predicate.VERY_GOOD,
    "verygood": Predicate.VERY_GOOD,
    "baik": Predicate.GOOD,
    "good": Predicate.GOOD,
    "butuhperbaikan": Predicate.NEEDS_IMPROVEMENT,
    "perluperbaikan": Predicate.NEEDS_IMPROVEMENT,
    "needsimprovement": Predicate.NEEDS_IMPROVEMENT,
    "cukup": Predicate.NEEDS_IMPROVEMENT,  # the word of the older scale, never stored as a value of its own
    "kurang": Predicate.POOR,
    "misconduct": Predicate.POOR,
    "miskonduk": Predicate.POOR,
    "kurangmisconduct": Predicate.POOR,
    "misconductkurang": Predicate.POOR,
    "kurangmiskonduk": Predicate.POOR,
    "poor": Predicate.POOR,
    "sangatkurang": Predicate.VERY_POOR,
    "verypoor": Predicate.VERY_POOR,
}
_ASPECTS = {
    "kuantitas": Aspect.QUANTITY,
    "quantity": Aspect.QUANTITY,
    "jumlah": Aspect.QUANTITY,
    "kualitas": Aspect.QUALITY,
    "quality": Aspect.QUALITY,
    "mutu": Aspect.QUALITY,
    "waktu": Aspect.TIME,
    "time": Aspect.TIME,
    "biaya": Aspect.COST,
    "cost": Aspect.COST,
    "berorientasipelayanan": Aspect.SERVICE,
    "orientasipelayanan": Aspect.SERVICE,
    "pelayanan": Aspect.SERVICE,
    "service": Aspect.SERVICE,
    "akuntabel": Aspect.ACCOUNTABLE,
    "accountable": Aspect.ACCOUNTABLE,
    "kompeten": Aspect.COMPETENT,
    "competent": Aspect.COMPETENT,
    "harmonis": Aspect.HARMONIOUS,
    "harmonious": Aspect.HARMONIOUS,
    "loyal": Aspect.LOYAL,
    "adaptif": Aspect.ADAPTIVE,
    "adaptive": Aspect.ADAPTIVE,
    "kolaboratif": Aspect.COLLABORATIVE,
    "collaborative": Aspect.COLLABORATIVE,
}
_DIRECTIONS = {
    **dict.fromkeys(
        "tinggi lebihtinggi lebihtinggilebihbaik makintinggimakinbaik semakintinggisemakinbaik naik maks maksimal maksimum maximize max "
        "positif higher high up".split(),
        Direction.HIGHER,
    ),
    **dict.fromkeys(
        "rendah lebihrendah lebihrendahlebihbaik makinrendahmakinbaik semakinrendahsemakinbaik turun min minimal minimum minimize "
        "negatif lower low down".split(),
        Direction.LOWER,
    ),
}
MAX_SHOWN = 40


def parse_rating(text: str, profile: SourceProfile | None = None) -> Rating:
    """``Di atas ekspektasi``, ``diatas``, ``SESUAI  EKSPEKTASI`` ...; ``RuleViolation`` with a sentence for anything else."""
    key = header_key(text)
    if _is_code(text):
        return Rating(_through_profile(text, profile, "rating_codes", _("above, meets or below expectation")))
    for ending in _EXPECTATION:
        key = key.removesuffix(ending) or key
    if key not in _RATINGS:
        raise RuleViolation(_("“%(text)s” is no rating. Write above, meets or below expectation.") % {"text": text[:MAX_SHOWN]})
    return _RATINGS[key]


def parse_predicate(text: str, profile: SourceProfile | None = None) -> Predicate:
    """``Sangat Baik`` ... ``Sangat Kurang``; "Kurang", "Misconduct" and "Kurang/misconduct" are one predicate."""
    key = header_key(text)
    if _is_code(text):
        return Predicate(
            _through_profile(text, profile, "predicate_codes", "Sangat Baik, Baik, Butuh Perbaikan, Kurang, Sangat Kurang")
        )
    if key not in _PREDICATES:
        raise RuleViolation(
            _("“%(text)s” is no predicate. Write Sangat Baik, Baik, Butuh Perbaikan, Kurang or Sangat Kurang.")
            % {"text": text[:MAX_SHOWN]}
        )
    return _PREDICATES[key]


def parse_aspect(text: str) -> Aspect:
    """``Kuantitas``, ``Kualitas``, ``Waktu``, ``Biaya`` or one of the seven BerAKHLAK values."""
    sentence = _("“%(text)s” is no aspect. Write Kuantitas, Kualitas, Waktu, Biaya or a BerAKHLAK value.")
    return Aspect(_word(text, _ASPECTS, sentence))


def parse_direction(text: str) -> Direction:
    """``tinggi``: more is better; ``rendah``: less is better."""
    sentence = _("“%(text)s” is no direction. Write tinggi (more is better) or rendah (less is better).")
    return Direction(_word(text, _DIRECTIONS, sentence))


def is_older_word(text: str) -> bool:
    """ "Cukup" belongs to the scale before 2022; it is read as Butuh Perbaikan and pointed out."""
    return header_key(text) == "cukup"


def _word(text: str, known: Mapping[str, str], sentence: str) -> str:
    key = header_key(text)
    if key not in known:
        raise RuleViolation(sentence % {"text": text[:MAX_SHOWN]})
    return known[key]


def _is_code(text: str) -> bool:
    stripped = text.strip().removesuffix(".0").removesuffix(",0")
    return bool(stripped) and stripped.lstrip("-+").isnumeric()


def _through_profile(text: str, profile: SourceProfile | None, field: str, words: str) -> str:
    shown = text.strip()[:MAX_SHOWN]
    if profile is None:
        raise RuleViolation(
            _(
                "“%(code)s” is a code that means different things in different systems. Choose the source profile of this file, "
                "or write the word (%(words)s)."
            )
            % {"code": shown, "words": words}
        )
    code = text.strip().removesuffix(".0").removesuffix(",0")
    value = getattr(profile, field).get(code)
    if value is None:
        raise RuleViolation(
            _("The source profile “%(profile)s” knows no code “%(code)s” here. Write the word (%(words)s).")
            % {"profile": profile.name, "code": shown, "words": words}
        )
    return value
