"""One row of an evaluation file by itself: what it says, or why it cannot be read. Every fault of a row is told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from core.domain import nip as nips
from core.domain.errors import RuleViolation
from core.domain.tabular import clean_text, header_key
from people.domain.import_plan import Plan
from performance.domain.periods import Span, parse_period, span_of_columns
from performance.importers import labels
from performance.importers.evaluation_columns import PERIOD_KEYS
from performance.importers.quantities import NumberReader
from performance.models import SourceProfile

Parsed = TypeVar("Parsed")
_QUARTERS = frozenset("i ii iii iv 1 2 3 4".split())
HUNDRED = Decimal(100)
MAX_NAME, MAX_UNIT, MAX_REMARKS, MAX_CASES = 200, 40, 2000, 2_000_000_000


@dataclass(slots=True)
class RatingRow:
    """``span`` None: the row does not say its period."""

    nip: str
    span: Span | None = None
    result: str = ""
    behaviour: str = ""
    predicate: str = ""
    appraiser_nip: str = ""
    appraiser_name: str = ""
    remarks: str = ""


@dataclass(slots=True)
class IndicatorRow:
    nip: str
    span: Span | None = None
    name: str = ""
    unit_of_measure: str = ""
    aspect: str = ""
    direction: str = ""
    target: Decimal | None = None
    realisation: Decimal = Decimal(0)
    sample_size: int | None = None

    @property
    def name_key(self) -> tuple[str, str]:
        """How two spellings of an indicator count as one: case, spaces and punctuation do not matter, ``%`` does."""
        return header_key(self.name), unit_key(self.unit_of_measure)


def unit_key(unit_of_measure: str) -> str:
    raw = "".join(unit_of_measure.casefold().split())
    return "%" if raw in {"%", "persen", "prosen", "percent"} else raw


def read_rating(plan: Plan, profile: SourceProfile | None) -> None:
    """Fill ``plan.data`` from a row of ratings."""
    row = RatingRow(_nip(plan), _span(plan))
    row.result = _word(plan, "hasil_kerja", lambda text: labels.parse_rating(text, profile))
    row.behaviour = _word(plan, "perilaku_kerja", lambda text: labels.parse_rating(text, profile))
    row.predicate = _word(plan, "predikat", lambda text: labels.parse_predicate(text, profile))
    if not plan.is_refused and not (row.result or row.behaviour):
        plan.refuse("hasil_kerja", _("The row holds no rating."))
    if row.predicate and labels.is_older_word(plan.line.get("predikat")):
        plan.warn("predikat", _("“Cukup” belongs to the scale before 2022; it was read as Butuh Perbaikan."))
    _appraiser(plan, row)
    row.remarks = _text(plan, "catatan", MAX_REMARKS)
    plan.data = row


def read_indicator(plan: Plan, numbers: NumberReader) -> None:
    """Fill ``plan.data`` from a row of indicators. Aspect, direction and target may come from what is known of the indicator."""
    row = IndicatorRow(_nip(plan), _span(plan))
    row.name = _text(plan, "indikator", MAX_NAME)
    if not any(char.isalpha() for char in row.name):
        plan.refuse("indikator", _("The name of the indicator is missing."))
    row.unit_of_measure = _text(plan, "satuan", MAX_UNIT)
    row.aspect = _word(plan, "aspek", labels.parse_aspect)
    row.direction = _word(plan, "arah", labels.parse_direction)
    row.target = _quantity(plan, "target", numbers)
    realisation = _quantity(plan, "realisasi", numbers)
    if realisation is not None:
        row.realisation = realisation
    elif not plan.is_refused:
        plan.refuse("realisasi", _("A number is missing here."))
    row.sample_size = _cases(plan)
    if unit_key(row.unit_of_measure) == "%":
        for column, value in (("target", row.target), ("realisasi", realisation)):
            if value is not None and value > HUNDRED:
                plan.warn(column, _("More than 100 percent; it was taken as it stands."))
    plan.data = row


def _nip(plan: Plan) -> str:
    return _parsed(plan, "nip", lambda text: nips.parse(text).value) or ""


def _span(plan: Plan) -> tuple[date, date] | None:
    """The period that the row itself states."""
    line = plan.line
    stated = {key: line.get(key) for key in PERIOD_KEYS}
    if not any(stated.values()):
        return None
    try:
        if stated["periode"] and not (stated["bulan_mulai"] or stated["bulan_selesai"]):
            text = stated["periode"]
            if header_key(text) in _QUARTERS:
                text = f"Triwulan {text}"
            if stated["tahun"] and stated["tahun"].removesuffix(".0") not in text:
                text = f"{text} {stated['tahun'].removesuffix('.0')}"
            return parse_period(text)
        return span_of_columns(
            first_year=stated["tahun_mulai"] or stated["tahun"],
            first_month=stated["bulan_mulai"],
            last_year=stated["tahun_selesai"],
            last_month=stated["bulan_selesai"],
        )
    except RuleViolation as violation:
        column = next((key for key in PERIOD_KEYS if stated[key]), "periode")
        plan.refuse(column, violation.reasons[0])
        return None


def _appraiser(plan: Plan, row: RatingRow) -> None:
    """A faulty appraiser is no fault of the person: told, and left out."""
    text = plan.line.get("nip_penilai")
    row.appraiser_name = _text(plan, "nama_penilai", 150)
    if not text:
        return
    try:
        row.appraiser_nip = nips.parse(text).value
    except RuleViolation as violation:
        plan.warn("nip_penilai", violation.reasons[0])
        return
    if row.appraiser_nip == row.nip:
        row.appraiser_nip = ""
        plan.warn("nip_penilai", _("Nobody appraises herself; the appraiser was left out."))


def _cases(plan: Plan) -> int | None:
    text = plan.line.get("jumlah_data").strip().removesuffix(".0")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_CASES:
        return int(text)
    plan.warn("jumlah_data", _("“%(text)s” is no number of cases; it was left out.") % {"text": text[:40]})
    return None


def _quantity(plan: Plan, column: str, numbers: NumberReader) -> Decimal | None:
    return _parsed(plan, column, numbers.read) if plan.line.get(column) else None


def _word(plan: Plan, column: str, parse: Callable[[str], str]) -> str:
    return _parsed(plan, column, parse) or "" if plan.line.get(column) else ""


def _parsed(plan: Plan, column: str, parse: Callable[[str], Parsed]) -> Parsed | None:
    try:
        return parse(plan.line.get(column))
    except RuleViolation as violation:
        plan.refuse(column, violation.reasons[0])
        return None


def _text(plan: Plan, column: str, longest: int) -> str:
    text = clean_text(plan.line.get(column))
    if len(text) > longest:
        plan.refuse(column, _("This text holds more than %(limit)d characters.") % {"limit": longest})
        return ""
    if "\ufffd" in text:
        plan.refuse(column, _("This text holds characters that cannot be read."))
        return ""
    return text
