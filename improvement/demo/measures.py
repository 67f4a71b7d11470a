"""What is measured in the demo's four quarters: calm figures for everybody, and the misses that the story needs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from core.domain.exports import ExportSheet, xlsx_bytes
from improvement.demo.cast import COMPLAINTS, COUNTER, DATA, OFFICE, Cast, Person
from performance.enums import Rating

FAMILY_CARD = "Permohonan KK selesai dalam 24 jam"
FILES = "Persentase berkas benar sekali periksa"
COMPLAINT = "Tanggapan pengaduan dalam 1 hari kerja"
RECORDED = "Dokumen terekam elektronik pada hari yang sama"
DIALOGUE = "Dialog kinerja terlaksana tepat waktu"
ATTITUDE = "Keluhan atas sikap petugas"

#: name: (aspect as files write it, unit, target, direction)
INDICATORS = {
    FAMILY_CARD: ("Waktu", "%", 90, "tinggi"), FILES: ("Kualitas", "%", 95, "tinggi"), COMPLAINT: ("Waktu", "%", 90, "tinggi"),
    RECORDED: ("Kualitas", "%", 95, "tinggi"), DIALOGUE: ("Kualitas", "%", 90, "tinggi"),
    ATTITUDE: ("Berorientasi Pelayanan", "keluhan per bulan", 1, "rendah"),
}
OF_POST = {COUNTER: (FAMILY_CARD, FILES), COMPLAINTS: (COMPLAINT, RECORDED), DATA: (RECORDED, FILES), OFFICE: (RECORDED,)}

RATING_WORDS = {Rating.ABOVE: "Di atas ekspektasi", Rating.MEETS: "Sesuai ekspektasi", Rating.BELOW: "Di bawah ekspektasi"}
PREDICATES = {
    (Rating.ABOVE, Rating.BELOW): "Kurang/misconduct", (Rating.ABOVE, Rating.MEETS): "Baik", (Rating.ABOVE, Rating.ABOVE): "Sangat Baik",
    (Rating.MEETS, Rating.BELOW): "Kurang/misconduct", (Rating.MEETS, Rating.MEETS): "Baik", (Rating.MEETS, Rating.ABOVE): "Baik",
    (Rating.BELOW, Rating.BELOW): "Sangat Kurang", (Rating.BELOW, Rating.MEETS): "Butuh Perbaikan", (Rating.BELOW, Rating.ABOVE): "Butuh Perbaikan",
}
RATINGS_HEADER = ("nip", "nama", "tahun", "bulan_mulai", "bulan_selesai", "hasil_kerja", "perilaku_kerja", "predikat", "nip_penilai")
SCORES_HEADER = ("nip", "aspek", "indikator", "satuan", "target", "arah", "realisasi")


@dataclass
class Figures:
    """One person in one quarter."""

    result: Rating
    behaviour: Rating
    scores: dict[str, float]


class Measures:
    def __init__(self, cast: Cast, *, seed: int = 27):
        self.cast, self._random = cast, Random(seed)  # noqa: S311 (fiction, not secrets)
        self._absent: dict[int, set[str]] = defaultdict(set)
        self._figures = {(quarter, one.nip): self._calm(one) for quarter in (1, 2, 3, 4) for one in cast.people}

    def _calm(self, one: Person) -> Figures:
        """At the target or above; ratings mostly at expectation."""
        names = OF_POST.get(one.post, (DIALOGUE,) if one.kind in ("pengawas", "administrator") else (RECORDED,))
        scores = {name: self._usual(name) for name in names}
        rating = lambda: Rating.ABOVE if self._random.random() < 0.3 else Rating.MEETS  # noqa: E731
        return Figures(rating(), rating(), scores)

    def _usual(self, name: str) -> float:
        _aspect, unit, target, _direction = INDICATORS[name]
        if unit != "%":
            return 0
        return round(target + self._random.random() * (99.5 - target), 1)

    # --- what the story says ---------------------------------------------------------------------------------------------------------
    def below(self, one: Person, quarter: int, indicator: str, value: float, *, result: Rating = Rating.BELOW) -> None:
        """Below the target; the result is rated below, unless the story says otherwise."""
        figures = self._figures[quarter, one.nip]
        figures.scores[indicator], figures.result = value, result

    def reached(self, one: Person, quarter: int, indicator: str, value: float) -> None:
        figures = self._figures[quarter, one.nip]
        figures.scores[indicator], figures.result = value, Rating.MEETS

    def behaviour_below(self, one: Person, quarter: int, *, complaints: int = 3) -> None:
        figures = self._figures[quarter, one.nip]
        figures.behaviour, figures.scores[ATTITUDE] = Rating.BELOW, complaints

    def behaviour_met(self, one: Person, quarter: int) -> None:
        figures = self._figures[quarter, one.nip]
        figures.behaviour, figures.scores[ATTITUDE] = Rating.MEETS, 0

    def absent(self, one: Person, *quarters: int) -> None:
        """No evaluation in these quarters: on leave, or the file of the unit is late."""
        for quarter in quarters:
            self._absent[quarter].add(one.nip)

    # --- the file ----------------------------------------------------------------------------------------------------------------------
    def workbook(self, quarter: int, span: tuple[date, date]) -> bytes:
        ratings, scores = [], []
        for one in self.cast.people:
            if one.nip in self._absent[quarter] or not one.superior:
                continue
            figures = self._figures[quarter, one.nip]
            ratings.append([one.nip, one.name, span[0].year, span[0].month, span[1].month, RATING_WORDS[figures.result],
                            RATING_WORDS[figures.behaviour], PREDICATES[figures.result, figures.behaviour], one.superior])
            for name, value in figures.scores.items():
                aspect, unit, target, direction = INDICATORS[name]
                scores.append([one.nip, aspect, name, unit, target, direction, value])
        return xlsx_bytes([ExportSheet("Kinerja", RATINGS_HEADER, ratings), ExportSheet("Indikator", SCORES_HEADER, scores)])
