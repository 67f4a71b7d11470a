"""Who is in the demo: ten units, about 300 people with fictitious names and NIP serials 900 to 999, and the cast who can sign in.

The rows are those of an HR file; ``build`` imports them like any other file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

HEADER = ("nip", "nama", "gelar_belakang", "status", "golongan", "jenis_jabatan", "jabatan", "kode_unit", "unit_kerja", "kode_induk", "atasan_nip",
          "email_dinas")

FIRST = ("Aditya", "Agung", "Aisyah", "Anisa", "Arif", "Ayu", "Bayu", "Bima", "Cahya", "Citra", "Danu", "Dian", "Dimas", "Eka", "Endah", "Fajar",
         "Farah", "Galih", "Gita", "Hadi", "Hesti", "Ilham", "Indah", "Intan", "Irfan", "Kartika", "Krisna", "Laras", "Lukman", "Mega", "Mira",
         "Nabila", "Nanda", "Putra", "Putri", "Raka", "Rani", "Reza", "Rina", "Rudi", "Salsa", "Satria", "Siti", "Surya", "Tari", "Teguh", "Tia",
         "Utami", "Vina", "Wahyu", "Widya", "Yoga", "Yuni", "Zahra")
LAST = ("Anggraini", "Ardiansyah", "Darmawan", "Fadhilah", "Gunawan", "Halim", "Handayani", "Hermawan", "Iskandar", "Kurniawan", "Kusuma", "Lubis",
        "Maharani", "Maulana", "Nasution", "Nugraha", "Permana", "Prasetyo", "Pratiwi", "Purnama", "Rahayu", "Ramadhan", "Safitri", "Saputra",
        "Setiawan", "Siregar", "Suryani", "Utomo", "Wibowo", "Wijayanti", "Yulianti", "Yusuf")

# code, name, parent, people, sections (each with a head)
UNITS = (
    ("31", "Pemerintah Provinsi Contoh", "", 2, ()),
    ("31.03", "Badan Kepegawaian Daerah Contoh", "31", 16, ("Pembinaan dan Kinerja",)),
    ("31.05", "Badan Pengembangan SDM Contoh", "31", 14, ("Pengembangan Kompetensi",)),
    ("31.07", "Inspektorat Contoh", "31", 12, ()),
    ("31.10", "Kecamatan Puspa", "31", 46, ("Pemerintahan", "Pelayanan", "Perekonomian")),
    ("31.10.01", "Kelurahan Melati", "31.10", 42, ("Pelayanan", "Pemerintahan", "Kesejahteraan")),
    ("31.10.02", "Kelurahan Cempaka", "31.10", 40, ("Pelayanan", "Pemerintahan", "Kesejahteraan")),
    ("31.10.03", "Kelurahan Anggrek", "31.10", 38, ("Pelayanan", "Pemerintahan")),
    ("31.10.04", "Kelurahan Teratai", "31.10", 36, ("Pelayanan", "Pemerintahan")),
    ("31.20", "Suku Dinas Dukcapil Contoh", "31", 54, ("Pendaftaran Penduduk", "Pencatatan Sipil", "Data dan Inovasi")),
)
COUNTER, COMPLAINTS, DATA, OFFICE = "Petugas loket", "Pengelola pengaduan", "Pengelola data kependudukan", "Pengadministrasi umum"
STAFF_POSTS = (COUNTER, COUNTER, COMPLAINTS, DATA, OFFICE)
BUREAU_POSTS = (OFFICE, "Pengelola kepegawaian", OFFICE, "Analis tata laksana")
BUREAUS = ("31", "31.03", "31.05", "31.07")
ADMIN_NAME = "admin-contoh"


@dataclass
class Person:
    """One row of the HR file. ``key`` names those who have a part in the story."""

    nip: str
    name: str
    post: str
    unit: str
    superior: str = ""
    title: str = ""
    status: str = "PNS"
    grade: str = "III/a"
    kind: str = "pelaksana"
    key: str = ""
    email: str = ""

    @property
    def is_head(self) -> bool:
        return self.kind != "pelaksana" and self.kind != "fungsional"


@dataclass
class Cast:
    people: list[Person] = field(default_factory=list)

    def __getitem__(self, key: str) -> Person:
        return next(person for person in self.people if person.key == key)

    def staff(self, unit: str, post: str) -> list[Person]:
        """Without a part in the story, in the order of the file."""
        return [one for one in self.people if one.unit == unit and one.post == post and not one.key]


# key: (nip, name, title, post, unit, status, grade, kind of post, key of the superior or "head:<unit>")
PARTS = (
    ("dewi", "197604042001122903", "Dewi Lestari", "M.Si.", "Kepala Bidang Pembinaan Kinerja", "31.03", "PNS", "IV/a", "administrator", "head:31.03"),
    ("tono", "198009102005011907", "Tono Prakoso", "M.Pd.", "Widyaiswara Ahli Muda", "31.05", "PNS", "III/d", "fungsional", "head:31.05"),
    ("nadia", "198803252012012906", "Nadia Permata", "M.Psi., Psikolog", "Analis SDM aparatur", "31.03", "PNS", "III/c", "fungsional", "dewi"),
    ("agus", "197202152000031911", "Agus Firmansyah", "M.Ak.", "Auditor Ahli Madya", "31.07", "PNS", "IV/b", "fungsional", "head:31.07"),
    ("ratna", "198502202010012905", "Ratna Hapsari", "S.E.", "Analis SDM aparatur", "31.10", "PNS", "III/c", "fungsional", "head:31.10"),
    ("hendra", "198107142006041909", "Hendra Wijaya", "S.IP.", "Sekretaris Kecamatan", "31.10", "PNS", "III/d", "pengawas", "head:31.10"),
    ("budi", "197805122003121902", "Budi Santoso", "S.Sos.", "Kepala Seksi Pelayanan", "31.10.01", "PNS", "III/d", "pengawas", "head:31.10.01"),
    ("sari", "199304172019032914", "Sari Wulandari", "A.Md.", COUNTER, "31.10.01", "PNS", "III/a", "pelaksana", "budi"),
    ("andi", "199006082014021915", "Andi Nugroho", "S.E.", COUNTER, "31.10.01", "PNS", "III/b", "pelaksana", "budi"),
    ("joko", "198711192023211908", "Joko Susilo", "", COMPLAINTS, "31.10.01", "PPPK", "IX", "pelaksana", "budi"),
    ("lestari", "199509032020122917", "Lestari Putri", "S.AP.", OFFICE, "31.10.01", "PNS", "III/a", "pelaksana", "budi"),
    ("maya", "199201302018012919", "Maya Anggraini", "A.Md.", COUNTER, "31.10.01", "PNS", "II/d", "pelaksana", "budi"),
    ("rizky", "199408212022031910", "Rizky Maulana", "S.Kom.", COUNTER, "31.10.01", "PNS", "III/a", "pelaksana", "budi"),
    ("fitri", "198904112024212916", "Fitri Amalia", "", COUNTER, "31.10.01", "PPPK", "VII", "pelaksana", "budi"),
    ("bagus", "199612052025211912", "Bagus Pratama", "", COMPLAINTS, "31.10.01", "PPPK Paruh Waktu", "V", "pelaksana", "budi"),
    ("wati", "199111232016022921", "Wati Marpaung", "A.Md.", COUNTER, "31.10.02", "PNS", "III/a", "pelaksana", "section:31.10.02"),
)
SIGN_IN = ("sari", "budi", "ratna", "tono", "wati", "dewi", "agus", "nadia", "hendra")


def make_cast(seed: int = 26) -> Cast:
    """The same people on every machine: a head for each unit, heads of sections, staff, and the parts of the story."""
    random, cast, taken = Random(seed), Cast(), {part[1] for part in PARTS}  # noqa: S311 (fiction, not secrets)
    names = _names(random)
    heads: dict[str, str] = {}
    for code, _name, parent, size, sections in UNITS:
        head = Person(_nip(random, taken, born=(1966, 1975)), next(names), _head_post(code), code, heads.get(parent, ""), "M.Si.", "PNS", "IV/b",
                      "administrator")
        cast.people.append(head)
        heads[code] = head.nip
        leaders = []
        for section in sections:
            if code == "31.10.01" and section == "Pelayanan" or code == "31.03":
                continue  # Budi and Dewi lead these
            leader = Person(_nip(random, taken, born=(1972, 1985)), next(names), f"Kepala Seksi {section}", code, head.nip, "S.Sos.", "PNS", "III/d",
                            "pengawas")
            cast.people.append(leader)
            leaders.append(leader)
        parts = [part for part in PARTS if part[5] == code]
        _add_parts(cast, parts, heads, leaders)
        posts = BUREAU_POSTS if code in BUREAUS else STAFF_POSTS
        for number in range(size - 1 - len(leaders) - len(parts)):
            superior = leaders[number % len(leaders)].nip if leaders else head.nip
            cast.people.append(_staff(random, taken, names, code, superior, posts[number % len(posts)]))
    return cast


def rows(cast: Cast) -> list[list[str]]:
    units = {code: (name, parent) for code, name, parent, _size, _sections in UNITS}
    listed = []
    for number, one in enumerate(cast.people):
        name, parent = units[one.unit]
        one.email = f"{one.key or f'pegawai{number:03d}'}@contoh.jakarta.example"
        listed.append([one.nip, one.name, one.title, one.status, one.grade, one.kind, one.post, one.unit, name, parent, one.superior, one.email])
    return listed


def _add_parts(cast: Cast, parts, heads: dict[str, str], leaders: list[Person]) -> None:
    for key, nip, name, title, post, unit, status, grade, kind, above in parts:
        if above.startswith("head:"):
            superior = heads[above.removeprefix("head:")]
        elif above.startswith("section:"):
            superior = leaders[0].nip
        else:
            superior = cast[above].nip
        cast.people.append(Person(nip, name, post, unit, superior, title, status, grade, kind, key))


def _head_post(code: str) -> str:
    posts = {"31": "Asisten Pemerintahan", "31.03": "Kepala Badan", "31.05": "Kepala Badan", "31.07": "Inspektur", "31.10": "Camat Puspa",
             "31.20": "Kepala Suku Dinas"}
    return posts.get(code, "Lurah")


def _staff(random: Random, taken: set[str], names, unit: str, superior: str, post: str) -> Person:
    draw = random.random()
    if draw < 0.62:
        status, grade = "PNS", random.choice(("II/c", "II/d", "III/a", "III/b", "III/c"))
    elif draw < 0.66:
        status, grade = "CPNS", "III/a"
    elif draw < 0.9:
        status, grade = "PPPK", random.choice(("VII", "IX"))
    else:
        status, grade = "PPPK Paruh Waktu", "V"
    nip = _nip(random, taken, born=(1975, 1999), pppk=status.startswith("PPPK"))
    return Person(nip, next(names), post, unit, superior, random.choice(("", "", "S.E.", "S.AP.", "A.Md.", "S.Kom.")), status, grade)


def _names(random: Random):
    """Every pair once, in a shuffled order; nobody of the cast."""
    parts = {part[2] for part in PARTS}
    pairs = [f"{first} {last}" for first in FIRST for last in LAST]
    random.shuffle(pairs)
    return iter([name for name in pairs if name not in parts])


def _nip(random: Random, taken: set[str], *, born: tuple[int, int], pppk: bool = False) -> str:
    while True:
        birth = date(born[0], 1, 1) + timedelta(days=random.randrange((born[1] - born[0]) * 365))
        if pppk:
            middle = f"{random.choice((2021, 2022, 2023))}21"
        else:
            middle = f"{birth.year + random.randrange(20, 26)}{random.choice(('01', '02', '03', '04', '12'))}"
        nip = f"{birth:%Y%m%d}{middle}{random.choice('12')}{random.randrange(900, 1000)}"
        if nip not in taken:
            taken.add(nip)
            return nip
