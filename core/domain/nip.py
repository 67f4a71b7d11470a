"""The 18 digits that name a civil servant: NIP (PNS) and NI PPPK (domain rules: Perka BKN 22 and 43/2007; NI PPPK in use since 2021).

PNS:  ``YYYYMMDD`` birth, ``YYYYMM`` start of service, ``1`` man or ``2`` woman, three digits serial.
PPPK: ``YYYYMMDD`` birth, ``YYYY`` year of appointment, ``21``, ``22``, ... (20 + number of the contract), sex, three digits serial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.domain.dates import local_today
from core.domain.errors import RuleViolation

LENGTH = 18
PNS, PPPK = "pns", "pppk"
MAN, WOMAN = "man", "woman"

_SEPARATORS = re.compile(r"[\s.\-_/'\u00a0\u2007\u202f\u200b\ufeff]+")
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_FLOAT_TAIL = re.compile(r"^(\d{15,})[.,]0+$")


class NipError(RuleViolation):
    """Why a text is no NIP: ``code`` for programs, the sentence for people."""

    def __init__(self, code: str, sentence: str):
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True)
class NipRemark:
    """Something odd that does not make the NIP wrong (real data has faults)."""

    code: str
    message: str


@dataclass(frozen=True)
class Nip:
    """What the digits say. ``kind`` is ``pns`` or ``pppk``; ``contract`` counts from 1 and is None for PNS."""

    value: str
    birth_on: date
    year: int
    month: int | None
    contract: int | None
    sex: str
    serial: str
    kind: str
    remarks: tuple[NipRemark, ...] = ()

    def __str__(self) -> str:
        return self.value


def normalise(text: object) -> str:
    """Spaces, dots, dashes and apostrophes taken out; nothing else is changed or guessed."""
    return _SEPARATORS.sub("", str(text if text is not None else ""))


def grouped(value: str) -> str:
    """``19860926 201505 1 001`` (PNS) or ``19860926 2021 21 1 001`` (PPPK); a text that is no NIP comes back as it is."""
    digits = normalise(value)
    if not _is_digits(digits) or len(digits) != LENGTH:
        return str(value or "")
    if int(digits[12:14]) > 20:
        return f"{digits[:8]} {digits[8:12]} {digits[12:14]} {digits[14]} {digits[15:]}"
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def masked(value: str) -> str:
    """For the public: only the last three digits (decisions 23)."""
    digits = normalise(value)
    return f"{'•' * (len(digits) - 3)}{digits[-3:]}" if len(digits) == LENGTH and _is_digits(digits) else "•••"


def parse(text: object, *, on: date | None = None) -> Nip:
    """The NIP in ``text``, or ``NipError`` with a code and a sentence. ``on`` is the reference day of the plausibility remarks (today)."""
    digits = _digits_of(str(text if text is not None else "").strip())
    birth_on = _calendar_day(digits[:8])
    day = on or local_today()
    if birth_on is None or birth_on > day or birth_on.year < 1900:
        raise NipError("birth_date", _("NIP %(nip)s does not begin with a possible date of birth: %(part)s is not a day in the calendar.")
                       % {"nip": digits, "part": digits[:8]})
    year, middle, sex, serial = int(digits[8:12]), int(digits[12:14]), digits[14], digits[15:]
    if not (1 <= middle <= 12 or middle >= 21) or not 1900 <= year <= 2100:
        raise NipError("appointment", _("NIP %(nip)s has no possible start of service: %(part)s is neither a year with a month (PNS) nor a year "
                                        "with a contract number from 21 (PPPK).") % {"nip": digits, "part": digits[8:14]})
    if sex not in "12":
        raise NipError("sex", _("NIP %(nip)s has %(part)s as its 15th digit; only 1 (man) and 2 (woman) exist.") % {"nip": digits, "part": sex})
    if serial == "000":
        raise NipError("serial", _("NIP %(nip)s ends in 000; serial numbers begin at 001.") % {"nip": digits})
    is_pppk = middle >= 21
    nip = Nip(
        value=digits, birth_on=birth_on, year=year, month=None if is_pppk else middle, contract=middle - 20 if is_pppk else None,
        sex=MAN if sex == "1" else WOMAN, serial=serial, kind=PPPK if is_pppk else PNS,
    )
    remarks = tuple(_plausibility(nip, day))
    return Nip(**{**nip.__dict__, "remarks": remarks}) if remarks else nip


def compare(nip: Nip, *, birth_on: date | None = None, sex: str | None = None, status: str | None = None) -> list[NipRemark]:
    """Remarks where stored facts contradict the digits. ``sex`` is ``man``/``woman``; ``status`` one of pns, cpns, pppk, pppk_pw."""
    remarks = []
    if birth_on is not None and birth_on != nip.birth_on:
        remarks.append(NipRemark("birth_differs", _("The date of birth differs from the one in the NIP.")))
    if sex is not None and sex != nip.sex:
        remarks.append(NipRemark("sex_differs", _("The sex differs from the one in the NIP.")))
    if status and (status in {"pppk", "pppk_pw"}) != (nip.kind == PPPK):
        said = _("PPPK") if nip.kind == PPPK else _("PNS")
        remarks.append(NipRemark("status_differs", _("The NIP has the form of a %(kind)s number, but the status says otherwise.") % {"kind": said}))
    return remarks


def _digits_of(raw: str) -> str:
    """The 18 ASCII digits, or the sentence that explains what happened to them (mostly: Excel)."""
    if not raw:
        raise NipError("empty", _("The NIP is missing."))
    if _SCIENTIFIC.fullmatch(raw.replace(" ", "")):
        raise NipError("scientific", _("%(text)s is a number that Excel has rounded; the last digits of the NIP are lost. Set the column's format to "
                                       "Text, type the 18 digits again and save.") % {"text": raw})
    if _FLOAT_TAIL.match(raw):
        raise NipError("rounded", _("%(text)s was stored as a number with decimals, so its last digits may be wrong. Set the column's format to Text "
                                    "and type the 18 digits again.") % {"text": raw})
    digits = normalise(raw)
    if not _is_digits(digits):
        raise NipError("letters", _("%(text)s contains characters other than the digits 0 to 9.") % {"text": raw[:40]})
    if len(digits) != LENGTH:
        raise NipError("length", _("%(text)s has %(count)d digits; a NIP has exactly 18.") % {"text": digits[:40], "count": len(digits)})
    return digits


def _is_digits(text: str) -> bool:
    # str.isdigit() is also true of "²" and of Arabic digits, which int() or the database read otherwise.
    return text.isascii() and text.isdigit()


def _calendar_day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _plausibility(nip: Nip, day: date) -> list[NipRemark]:
    remarks = []
    age = day.year - nip.birth_on.year - ((day.month, day.day) < (nip.birth_on.month, nip.birth_on.day))
    if not 17 <= age <= 70:
        remarks.append(NipRemark("age", _("By the NIP this person is %(age)d years old.") % {"age": age}))
    begins = (nip.year, nip.month or 12)
    if begins < (nip.birth_on.year + 17, nip.birth_on.month):
        remarks.append(NipRemark("young", _("By the NIP service began before the age of 17.")))
    if (nip.year, nip.month or 1) > (day.year + 1, day.month):
        remarks.append(NipRemark("future", _("By the NIP service begins more than a year from now.")))
    return remarks
