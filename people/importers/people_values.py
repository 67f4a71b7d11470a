"""One row of a list of people, read by itself: what it says, and what is wrong with it whatever stands in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.domain import nip as nips
from core.domain.dates import parse_day
from core.domain.errors import RuleViolation
from core.domain.tabular import clean_text, header_key
from people.domain.import_plan import Plan
from people.enums import EmploymentStatus, PostKind
from people.importers.people_columns import DATE_FIELDS, LABELS, TEXT_FIELDS

# An empty cell says nothing; this one says "nothing".
CLEAR = "-"

STATUSES = {
    "pns": EmploymentStatus.PNS,
    "p": EmploymentStatus.PNS,
    "pegawainegerisipil": EmploymentStatus.PNS,
    "asnpns": EmploymentStatus.PNS,
    "cpns": EmploymentStatus.CPNS,
    "c": EmploymentStatus.CPNS,
    "calonpns": EmploymentStatus.CPNS,
    "calonpegawainegerisipil": EmploymentStatus.CPNS,
    "pppk": EmploymentStatus.PPPK,
    "p3k": EmploymentStatus.PPPK,
    "pppkpenuhwaktu": EmploymentStatus.PPPK,
    "asnpppk": EmploymentStatus.PPPK,
    "pegawaipemerintahdenganperjanjiankerja": EmploymentStatus.PPPK,
    "pppkparuhwaktu": EmploymentStatus.PPPK_PART_TIME,
    "pppkpw": EmploymentStatus.PPPK_PART_TIME,
    "p3kparuhwaktu": EmploymentStatus.PPPK_PART_TIME,
}
POST_KINDS = {
    "jpt": PostKind.JPT,
    "jptpratama": PostKind.JPT,
    "jptmadya": PostKind.JPT,
    "jptutama": PostKind.JPT,
    "jabatanpimpinantinggi": PostKind.JPT,
    "pimpinantinggi": PostKind.JPT,
    "jabatanpimpinantinggipratama": PostKind.JPT,
    "jabatanpimpinantinggimadya": PostKind.JPT,
    "administrator": PostKind.ADMINISTRATOR,
    "jabatanadministrator": PostKind.ADMINISTRATOR,
    "pengawas": PostKind.SUPERVISOR,
    "jabatanpengawas": PostKind.SUPERVISOR,
    "pelaksana": PostKind.EXECUTIVE,
    "jabatanpelaksana": PostKind.EXECUTIVE,
    "jabatanfungsionalumum": PostKind.EXECUTIVE,
    "jfu": PostKind.EXECUTIVE,
    "fungsional": PostKind.FUNCTIONAL,
    "jabatanfungsional": PostKind.FUNCTIONAL,
    "jabatanfungsionaltertentu": PostKind.FUNCTIONAL,
    "jft": PostKind.FUNCTIONAL,
    "jf": PostKind.FUNCTIONAL,
    "fungsionaltertentu": PostKind.FUNCTIONAL,
    "fungsionalumum": PostKind.EXECUTIVE,
}
SEXES = {
    "l": nips.MAN,
    "lakilaki": nips.MAN,
    "m": nips.MAN,
    "pria": nips.MAN,
    "1": nips.MAN,
    "p": nips.WOMAN,
    "perempuan": nips.WOMAN,
    "f": nips.WOMAN,
    "wanita": nips.WOMAN,
    "2": nips.WOMAN,
}
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII")
GRADES_PNS = {f"{roman}/{letter}" for roman in ("I", "II", "III") for letter in "abcd"} | {f"IV/{letter}" for letter in "abcde"}
GRADES_PPPK = set(_ROMANS)


@dataclass(slots=True)
class PersonRow:
    """``fields`` and ``place`` hold only what the row says; a value of None or "" there means *empty it*."""

    nip: str
    fields: dict[str, Any] = field(default_factory=dict)
    unit_code: str = ""
    unit_name: str = ""
    parent_code: str = ""
    parent_name: str = ""
    place: dict[str, Any] = field(default_factory=dict)  # position, position_kind, post_class
    since: date | None = None
    superior_nip: str | None = None  # None: the row says nothing; "": she has none
    superior_note: str = ""  # why a named superior cannot be hers


def read_person(plan: Plan, on: date) -> None:
    """Fill ``plan.data``; refuse the row for what cannot be a person, warn about what is odd. Every fault of the row is told at once."""
    person = PersonRow(_nip(plan, on))
    _name(plan, person)
    _status(plan, person)
    _texts(plan, person)
    _dates(plan, person)
    _email(plan, person)
    _post(plan, person)
    _unit(plan, person)
    _superior(plan, person)
    plan.data, plan.title = person, person.fields.get("name", "")
    if person.nip and not plan.is_refused:
        _compare(plan, person, on)


def _nip(plan: Plan, on: date) -> str:
    try:
        return nips.parse(plan.line.get("nip"), on=on).value
    except nips.NipError as error:
        plan.refuse("nip", error.reasons[0])
        return ""


def _name(plan: Plan, person: PersonRow) -> None:
    name = clean_text(plan.line.get("nama"))
    if not any(char.isalpha() for char in name):
        plan.refuse("nama", _("The name is missing.") if not name else _("“%(text)s” is no name.") % {"text": name[:40]})
    elif len(name) > 150:
        plan.refuse("nama", _too_long("nama", 150))
    elif "\ufffd" in name:
        plan.refuse("nama", _("The name holds characters that cannot be read."))
    else:
        person.fields["name"] = name


def _status(plan: Plan, person: PersonRow) -> None:
    text = plan.line.get("status")
    if not text:
        return
    status = STATUSES.get(header_key(text))
    if status is None:
        plan.refuse(
            "status", _("“%(text)s” is not a known status. Known: PNS, CPNS, PPPK, PPPK Paruh Waktu.") % {"text": text[:40]}
        )
    else:
        person.fields["status"] = status.value


def _texts(plan: Plan, person: PersonRow) -> None:
    for column, (name, longest) in TEXT_FIELDS.items():
        text = clean_text(plan.line.get(column))
        if not text:
            continue
        if text == CLEAR:
            person.fields[name] = ""
        elif len(text) > longest:
            plan.refuse(column, _too_long(column, longest))
        elif "\ufffd" in text:
            plan.refuse(column, _("The column %(column)s holds characters that cannot be read.") % {"column": LABELS[column]})
        else:
            person.fields[name] = _grade(plan, text) if column == "golongan" else text


def _grade(plan: Plan, text: str) -> str:
    roman, _slash, letter = text.replace(" ", "").partition("/")
    grade = f"{roman.upper()}/{letter.lower()}" if letter else roman.upper()
    if grade not in GRADES_PNS and grade not in GRADES_PPPK:
        plan.warn("golongan", _("“%(text)s” is not a known grade (I/a to IV/e, or I to XVII for PPPK).") % {"text": text})
        return text
    return grade


def _dates(plan: Plan, person: PersonRow) -> None:
    for column, name in DATE_FIELDS.items():
        text = plan.line.get(column)
        if text == CLEAR:
            person.fields[name] = None
        elif text and (day := _day(plan, column)) is not None:
            person.fields[name] = day
    if plan.line.get("tmt_jabatan") not in ("", CLEAR):
        person.since = _day(plan, "tmt_jabatan")


def _day(plan: Plan, column: str) -> date | None:
    try:
        return parse_day(plan.line.get(column))
    except RuleViolation as violation:
        plan.refuse(column, violation.reasons[0])
        return None


def _email(plan: Plan, person: PersonRow) -> None:
    text = "".join(plan.line.get("email_dinas").split())
    if not text:
        return
    if text == CLEAR:
        person.fields["email"] = ""
        return
    try:
        validate_email(text)
    except ValidationError:
        plan.refuse("email_dinas", _("“%(text)s” is not an e-mail address.") % {"text": text[:80]})
        return
    person.fields["email"] = text.lower()


def _post(plan: Plan, person: PersonRow) -> None:
    name = clean_text(plan.line.get("jabatan"))
    if len(name) > 200:
        plan.refuse("jabatan", _too_long("jabatan", 200))
    elif name:
        person.place["position"] = "" if name == CLEAR else name
    kind = plan.line.get("jenis_jabatan")
    if kind and kind != CLEAR:
        found = POST_KINDS.get(header_key(kind))
        if found is None:
            plan.warn("jenis_jabatan", _("“%(text)s” is not a known kind of post; it was left out.") % {"text": kind[:40]})
        else:
            person.place["position_kind"] = found.value
    level = plan.line.get("kelas_jabatan")
    if level and level != CLEAR:
        if len(level) <= 2 and level.isascii() and level.isdigit() and 1 <= int(level) <= 20:
            person.place["post_class"] = int(level)
        else:
            plan.warn(
                "kelas_jabatan",
                _("The class of a post is a number from 1 to 20; “%(text)s” was left out.") % {"text": level[:20]},
            )


def _unit(plan: Plan, person: PersonRow) -> None:
    for column, name, longest in (
        ("kode_unit", "unit_code", 40),
        ("unit_kerja", "unit_name", 200),
        ("kode_induk", "parent_code", 40),
        ("unit_induk", "parent_name", 200),
    ):
        text = clean_text(plan.line.get(column))
        if text == CLEAR:
            continue
        if len(text) > longest:
            plan.refuse(column, _too_long(column, longest))
        else:
            setattr(person, name, text)
    if person.parent_code and person.parent_code == person.unit_code:
        plan.refuse("kode_induk", _("The unit %(code)s cannot lie below itself.") % {"code": person.unit_code})


def _superior(plan: Plan, person: PersonRow) -> None:
    text = plan.line.get("atasan_nip")
    if not text:
        return
    if text == CLEAR:
        person.superior_nip = ""
        return
    try:
        person.superior_nip = nips.parse(text).value
    except nips.NipError as error:
        person.superior_note = error.reasons[0]
        return
    if person.superior_nip == person.nip:
        person.superior_nip = None
        person.superior_note = _("Nobody is her own superior.")


def _compare(plan: Plan, person: PersonRow, on: date) -> None:
    """Where stored facts contradict the digits of the NIP: told, never corrected (real data has faults)."""
    nip = nips.parse(person.nip, on=on)
    for remark in nip.remarks:
        plan.warn("nip", remark.message)
    born = None
    if text := plan.line.get("tanggal_lahir"):
        try:
            born = parse_day(text)
        except RuleViolation as violation:
            plan.warn("tanggal_lahir", violation.reasons[0])
    sex = SEXES.get(header_key(plan.line.get("jenis_kelamin")))
    columns = {"birth_differs": "tanggal_lahir", "sex_differs": "jenis_kelamin", "status_differs": "status"}
    for remark in nips.compare(nip, birth_on=born, sex=sex, status=person.fields.get("status")):
        plan.warn(columns.get(remark.code, "nip"), remark.message)


def _too_long(column: str, longest: int) -> str:
    return _("The column %(column)s holds more than %(limit)d characters.") % {"column": LABELS[column], "limit": longest}
