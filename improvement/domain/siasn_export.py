"""What the official records ask for: learning in the SIASN *kursus* columns, and text for *bukti dukung* (domain.md §8.3).

The same input gives the same bytes, and the same reader the same text. Identifiers that only SIASN knows (instansiId, lokasiId, pnsOrangId,
jenisDiklatId) stay empty; ``nipBaru`` joins the row to its person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from certificates.enums import CertificateState
from core.domain.dates import format_day, local_date
from core.domain.exports import CSV_TYPE, XLSX_TYPE, ExportSheet, csv_bytes, xlsx_bytes
from courses.models import Completion
from improvement.domain.guidance import may_read_action
from improvement.domain.words import measure, stored_language
from improvement.enums import EvidenceKind
from improvement.models import Evidence, Guidance
from people.models import Account
from performance.enums import RecordKind
from performance.models import PerformanceRecord

COLUMNS = (
    "nipBaru", "instansiId", "institusiPenyelenggara", "jenisDiklatId", "jenisKursus", "jenisKursusSertipikat", "jumlahJam", "lokasiId", "namaKursus",
    "nomorSertipikat", "pnsOrangId", "tahunKursus", "tanggalKursus", "tanggalSelesaiKursus",
)


@dataclass(frozen=True)
class ExportFile:
    name: str
    content_type: str
    data: bytes


def kursus_rows(completions: Iterable[Completion]) -> Iterator[list]:
    """One row for each completed course with a valid certificate, by person and day; dates as SIASN writes them (d-m-Y)."""
    listed = sorted(completions, key=lambda done: (done.person.nip, done.completed_at, done.pk))
    for done in listed:
        certificate = next((one for one in done.certificates.all() if one.state == CertificateState.VALID), None)
        if certificate is None:
            continue
        yield [
            done.person.nip, "", certificate.issuer.name, "", "Kursus", certificate.type.name, done.release.jp, "", done.release.title,
            certificate.number, "", local_date(done.completed_at).year, _dmy(local_date(done.started_at)), _dmy(local_date(done.completed_at)),
        ]


def completions_of(people, *, year: int | None = None):
    """Completions of these people with what a row needs; three queries."""
    rows = Completion.objects.filter(person__in=people).select_related("person", "release")
    rows = rows.prefetch_related("certificates__issuer", "certificates__type")
    return rows.filter(completed_at__year=year) if year else rows


def kursus_file(completions: Iterable[Completion], *, file_format: str = "csv", name: str = "siasn-kursus") -> ExportFile:
    """``csv`` (semicolon, UTF-8 with BOM) or ``xlsx``."""
    rows = list(kursus_rows(completions))
    if file_format == "xlsx":
        return ExportFile(f"{name}.xlsx", XLSX_TYPE, xlsx_bytes([ExportSheet("Kursus", COLUMNS, rows)]))
    return ExportFile(f"{name}.csv", CSV_TYPE, csv_bytes(COLUMNS, rows))


def evidence_text(entry: PerformanceRecord, *, viewer: Account | None = None) -> str:
    """Plain text that a superior pastes as *umpan balik berkelanjutan* or *bukti dukung* in e-Kinerja. Facts only, no cause is claimed.

    What was agreed in a guidance talk stands in it for those alone who may read it (``guidance.may_read_action``).
    """
    readable = _readable_agreements(entry, viewer)
    with stored_language():
        lines = [entry.summary]
        for heading, facts in ((_("Before"), entry.before), (_("After"), entry.after)):
            if facts.get("value") is not None:
                target = _(", target %(target)s") % {"target": measure(facts["target"], facts.get("unit", ""))} if facts.get("target") else ""
                when = facts.get("period_label") or facts.get("reviewed_on", "")
                lines.append(f"{heading}: {measure(facts['value'], facts.get('unit', ''))}{target} ({when})")
        lines += [_deed(piece, tells_action=piece["id"] in readable) for piece in entry.evidence if piece["kind"] in _DEEDS]
        if entry.kind in (RecordKind.IMPROVED, RecordKind.PERSISTING):
            lines.append(_("The change came after these steps; without a comparison group its cause cannot be established."))
        return "\n".join(line for line in lines if line)


_DEEDS = ("completion", "certificate", "guidance", "counselling")


def _readable_agreements(entry: PerformanceRecord, viewer: Account | None) -> set[int]:
    """The pieces of evidence of this entry (by their number) that come from a talk whose action ``viewer`` may read."""
    pieces = [piece["id"] for piece in entry.evidence if piece["kind"] == EvidenceKind.GUIDANCE]
    if viewer is None or not pieces:
        return set()
    piece_of = dict(Evidence.objects.filter(pk__in=pieces, kind=EvidenceKind.GUIDANCE).values_list("object_id", "pk"))
    talks = Guidance.objects.filter(pk__in=piece_of).select_related("person")
    return {piece_of[talk.pk] for talk in talks if may_read_action(talk, viewer)}


def _deed(piece: dict, *, tells_action: bool) -> str:
    facts = piece["snapshot"]
    if piece["kind"] == "completion":
        return _("Course: %(course)s, %(jp)s JP, completed %(day)s.") % {
            "course": facts["course"], "jp": facts["minutes"] // 45, "day": _day(facts["completed_on"])}
    if piece["kind"] == "certificate":
        return _("Certificate: %(number)s.") % {"number": facts["number"]}
    if piece["kind"] == "guidance" and not (tells_action and facts["action"]):
        return _("Guidance talk: %(day)s.") % {"day": _day(facts["held_on"])}
    if piece["kind"] == "guidance":
        return _("Guidance talk: %(day)s. Agreed: %(action)s.") % {"day": _day(facts["held_on"]), "action": facts["action"]}
    return _("Support: %(day)s.") % {"day": _day(facts["held_on"])}


def _day(text: str | None) -> str:
    return format_day(date.fromisoformat(text)) if text else "-"


def _dmy(day: date) -> str:
    return f"{day:%d-%m-%Y}"

