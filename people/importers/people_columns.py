"""The columns of a list of people (domain: SIASN's names and what offices call them)."""

from django.utils.translation import gettext_lazy as _

from people.domain.import_plan import Column, TableSpec

COLUMNS = (
    Column(
        "nip",
        _("NIP"),
        (
            "NIP Baru",
            "Nomor Induk Pegawai",
            "NIP/NI PPPK",
            "NIP / NIPPPK",
            "NI PPPK",
            "NIPPPK",
            "NIP PPPK",
            "NIP Pegawai",
            "NIP/NRP",
            "No NIP",
            "pns nip",
        ),
        is_required=True,
    ),
    Column(
        "nama",
        _("Name"),
        (
            "Nama Lengkap",
            "Nama Pegawai",
            "Nama PNS",
            "Nama ASN",
            "Nama tanpa gelar",
            "Nama Pegawai ASN",
            "nama pns asn",
            "Full name",
            "Name",
        ),
        is_required=True,
    ),
    Column("gelar_depan", _("Title before the name"), ("Glr Depan", "Gelar Di Depan")),
    Column("gelar_belakang", _("Title after the name"), ("Glr Belakang", "Gelar Di Belakang")),
    Column(
        "status",
        _("Status"),
        (
            "Status Pegawai",
            "Status Kepegawaian",
            "Jenis Pegawai",
            "Jenis Pegawai Nama",
            "Status ASN",
            "Status CPNS PNS",
            "Status CPNS/PNS",
            "Jenis ASN",
            "Kedudukan Pegawai",
        ),
    ),
    Column(
        "golongan",
        _("Grade"),
        (
            "Gol",
            "Gol Ruang",
            "Golongan Ruang",
            "Golongan/Ruang",
            "Gol Akhir Nama",
            "Golongan Akhir",
            "Gol Akhir",
            "Gol Ruang Akhir",
            "Golongan Nama",
        ),
    ),
    Column("pangkat", _("Rank"), ("Pangkat Akhir", "Nama Pangkat", "Pangkat Nama")),
    Column(
        "tmt_golongan", _("Grade since"), ("TMT Gol", "TMT Gol Akhir", "TMT Pangkat", "TMT Golongan Ruang", "TMT Golongan Akhir")
    ),
    Column("jenis_jabatan", _("Kind of post"), ("Jenis Jabatan Nama",)),
    Column("jabatan", _("Post"), ("Nama Jabatan", "Jabatan Nama", "Jabatan Terakhir", "Nama Jabatan Terakhir")),
    Column("kelas_jabatan", _("Class of post"), ("Kelas", "Kelas Jab")),
    Column("tmt_jabatan", _("In this post since"), ("TMT Jab",)),
    Column(
        "kode_unit",
        _("Code of the unit"),
        (
            "Kode Unit Kerja",
            "Unor ID",
            "ID Unor",
            "Kode Unor",
            "Unit Kerja Kode",
            "Unit Kode",
            "ID Unit Kerja",
            "Unor Kode",
            "kode unit organisasi",
        ),
    ),
    Column(
        "unit_kerja",
        _("Unit"),
        (
            "Unor Nama",
            "Nama Unor",
            "Unor",
            "Nama Unit Kerja",
            "Unit Kerja Nama",
            "Nama Unit",
            "Unit",
            "Unit Organisasi",
            "Nama Unit Organisasi",
            "UKPD",
        ),
    ),
    Column(
        "kode_induk",
        _("Code of the unit above"),
        (
            "Kode Unit Induk",
            "Unor Induk ID",
            "ID Unor Induk",
            "Kode Unor Induk",
            "Unit Kerja Induk Kode",
            "Unor Induk Kode",
            "Unor Atasan ID",
            "induk kode",
        ),
    ),
    Column(
        "unit_induk",
        _("Unit above"),
        (
            "Unor Induk Nama",
            "Nama Unor Induk",
            "Unor Induk",
            "Nama Unit Induk",
            "Nama Induk",
            "Induk",
            "Unit Kerja Induk",
            "Perangkat Daerah",
            "Unor Atasan",
        ),
    ),
    Column(
        "atasan_nip",
        _("NIP of the superior"),
        (
            "NIP Atasan",
            "NIP Atasan Langsung",
            "Atasan Langsung NIP",
            "NIP Atasan Langsungnya",
            "Atasan NIP Baru",
            "NIP Baru Atasan",
            "Atasan Langsung",
            "Atasan",
            "NIP Pimpinan",
        ),
    ),
    Column(
        "email_dinas",
        _("Office e-mail"),
        (
            "Email",
            "E-mail",
            "Email Gov",
            "Surel",
            "Surel Dinas",
            "Alamat Email",
            "Email Kantor",
            "Alamat Surel",
            "E-mail Dinas",
            "Email Pemerintah",
        ),
    ),
    Column(
        "no_hp",
        _("Phone"),
        ("HP", "Nomor HP", "No Telepon", "Telepon", "Nomor Telepon", "Handphone", "No Handphone", "Nomor Handphone", "No WA"),
    ),
    Column(
        "pendidikan",
        _("Education"),
        (
            "Pendidikan Terakhir",
            "Tingkat Pendidikan",
            "Tingkat Pendidikan Nama",
            "Pendidikan Terakhir Nama",
            "Pendidikan Nama",
        ),
    ),
    Column("tanggal_pensiun", _("Retires on"), ("TMT Pensiun", "Tgl Pensiun", "BUP Tanggal", "Tanggal BUP")),
    # Compared with the digits of the NIP, never stored.
    Column("tanggal_lahir", _("Date of birth"), ("Tgl Lahir", "Tanggal Lahir Pegawai")),
    Column("jenis_kelamin", _("Sex"), ("JK", "L/P", "Kelamin", "Gender")),
)

PEOPLE = TableSpec("people", _("People"), COLUMNS)

# Column -> field of Account for texts that are taken as they are; the number is the longest that the field holds.
TEXT_FIELDS = {
    "gelar_depan": ("title_front", 40),
    "gelar_belakang": ("title_back", 60),
    "golongan": ("grade", 8),
    "pangkat": ("rank", 60),
    "no_hp": ("phone", 24),
    "pendidikan": ("education", 60),
}
DATE_FIELDS = {"tmt_golongan": "grade_since_on", "tanggal_pensiun": "retires_on"}
LABELS = {column.key: column.label for column in COLUMNS}
