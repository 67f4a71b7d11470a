"""Reference rows of an empty installation: the default plan of each cell (domain.md §1.6). Configurable, never law; a row that stands is left alone."""

from __future__ import annotations

from improvement.enums import Remedy
from improvement.models import RemedyRule
from performance.enums import Rating

BASIS = "Rencana bawaan Bina (PermenPANRB 6/2022 tentang pembinaan dan tindak lanjut); sesuaikan dengan ketetapan instansi"

# (result, behaviour): remedies in their order, within how many days, what HR reads.
PLANS: dict[tuple[str, str], tuple[list[str], int | None, str]] = {
    (Rating.BELOW, Rating.MEETS): ([Remedy.GUIDANCE, Remedy.COURSE], 14, "Bimbingan dalam 14 hari; 1-3 pelatihan bila sebabnya keterampilan; periksa "
                                                                         "setelah 3 dan 6 bulan."),
    (Rating.BELOW, Rating.ABOVE): ([Remedy.GUIDANCE, Remedy.COURSE], 14, "Bimbingan dalam 14 hari; 1-3 pelatihan bila sebabnya keterampilan; periksa "
                                                                         "setelah 3 dan 6 bulan."),
    (Rating.MEETS, Rating.BELOW): ([Remedy.COUNSELLING, Remedy.COURSE], 14, "Konseling lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama."),
    (Rating.ABOVE, Rating.BELOW): ([Remedy.COUNSELLING, Remedy.COURSE], 14, "Konseling lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama."),
    (Rating.BELOW, Rating.BELOW): ([Remedy.COUNSELLING, Remedy.GUIDANCE, Remedy.COURSE], 14, "Konseling, bimbingan, dan rencana bersama SDM; masa "
                                                                                             "perbaikan 6 bulan (PP 30/2019 pasal 57)."),
    (Rating.MEETS, Rating.MEETS): ([], None, "Saran pengembangan, bila diinginkan."),
    (Rating.MEETS, Rating.ABOVE): ([], None, "Saran pengembangan, bila diinginkan."),
    (Rating.ABOVE, Rating.MEETS): ([], None, "Saran pengembangan, bila diinginkan."),
    (Rating.ABOVE, Rating.ABOVE): ([], None, "Usul penghargaan; ajak menjadi mentor."),
}


def seed_remedy_rules() -> None:
    for (result, behaviour), (remedies, within_days, note) in PLANS.items():
        RemedyRule.objects.get_or_create(
            result_rating=result, behaviour_rating=behaviour,
            defaults={"remedies": [str(remedy) for remedy in remedies], "within_days": within_days, "note": note, "legal_basis": BASIS},
        )
