"""The columns of evaluation files: what offices call them, and SIASN's names (kinerja periodik, skp22)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people.domain.import_plan import Column, TableSpec
from people.importers.people_columns import PEOPLE

_NIP = (*PEOPLE.column("nip").aliases, "NIP Pegawai Dinilai", "NIP Dinilai", "NIP yang dinilai", "pns dinilai nip")
_NAME = PEOPLE.column("nama").aliases

_PERIOD = (
    Column("periode", _("Evaluation period"), ("Periode Penilaian", "Periode Kinerja", "Triwulan", "period")),
    Column("tahun", _("Year"), ("Tahun Penilaian", "Tahun Kinerja", "Tahun SKP", "year")),
    Column("tahun_mulai", _("First year"), ("tahunMulaiPenilaian", "Tahun Awal")),
    Column("tahun_selesai", _("Last year"), ("tahunSelesaiPenilaian", "Tahun Akhir")),
    Column("bulan_mulai", _("First month"), ("bulanMulaiPenilaian", "Bulan Awal", "Dari Bulan", "Mulai Bulan")),
    Column("bulan_selesai", _("Last month"), ("bulanSelesaiPenilaian", "Bulan Akhir", "Sampai Bulan", "s.d. Bulan")),
)
PERIOD_KEYS = tuple(column.key for column in _PERIOD)

RATINGS = TableSpec(
    "kinerja",
    _("Ratings"),
    (
        Column("nip", _("NIP"), _NIP, is_required=True),
        Column("nama", _("Name"), _NAME),
        *_PERIOD,
        # Where a file has words and codes, the words are read; codes alone need a source profile.
        Column(
            "hasil_kerja",
            _("Work result"),
            (
                "hasilKinerja",
                "Rating Hasil Kerja",
                "Hasil Kerja Rating",
                "Rating Hasil",
                "Penilaian Hasil Kerja",
                "hasilKinerjaNilai",
            ),
            is_required=True,
        ),
        Column(
            "perilaku_kerja",
            _("Work behaviour"),
            (
                "perilakuKerja",
                "Rating Perilaku Kerja",
                "Perilaku",
                "Rating Perilaku",
                "Penilaian Perilaku Kerja",
                "perilakuKerjaNilai",
            ),
        ),
        Column(
            "predikat",
            _("Predicate"),
            (
                "kuadranKinerja",
                "Predikat Kinerja",
                "Predikat Kinerja Pegawai",
                "Kuadran",
                "Predikat Pegawai",
                "kuadranKinerjaNilai",
            ),
        ),
        Column(
            "nip_penilai",
            _("NIP of the appraiser"),
            (
                "penilaiNipNrp",
                "nipNrpPenilai",
                "NIP Pejabat Penilai",
                "NIP Pejabat Penilai Kinerja",
                "Penilai NIP",
                "NIP/NRP Penilai",
            ),
        ),
        Column(
            "nama_penilai",
            _("Name of the appraiser"),
            ("penilaiNama", "namaPenilai", "Nama Pejabat Penilai", "Pejabat Penilai Kinerja", "Penilai"),
        ),
        Column("catatan", _("Remarks"), ("Keterangan", "Rekomendasi", "Umpan Balik", "Catatan Penilai")),
    ),
)

INDICATORS = TableSpec(
    "indikator",
    _("Indicators"),
    (
        Column("nip", _("NIP"), _NIP, is_required=True),
        Column("nama", _("Name"), _NAME),
        *_PERIOD,
        Column("aspek", _("Aspect"), ("Aspek Kinerja", "Aspek Indikator", "aspect")),
        Column(
            "indikator",
            _("Indicator"),
            (
                "Indikator Kinerja Individu",
                "Indikator Kinerja",
                "IKI",
                "Nama Indikator",
                "Indikator Kinerja Individu (IKI)",
                "indicator",
            ),
            is_required=True,
        ),
        Column("satuan", _("Unit of measure"), ("Satuan Ukuran", "Satuan Target", "unit of measure")),
        Column("target", _("Target"), ("Target Kinerja", "Target IKI", "Nilai Target")),
        Column("arah", _("Direction"), ("Polaritas", "Polarisasi", "Arah Capaian", "Sifat Indikator", "direction")),
        Column(
            "realisasi",
            _("Realisation"),
            ("Capaian", "Realisasi Kinerja", "Realisasi IKI", "Nilai Realisasi", "Hasil Realisasi", "realisation"),
            is_required=True,
        ),
        Column("jumlah_data", _("Number of cases"), ("n", "Jumlah Sampel", "Jumlah Kasus", "Banyak Data")),
    ),
)

TABLES = (RATINGS, INDICATORS)
