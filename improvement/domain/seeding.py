"""Reference rows of an empty installation: the default plan of each cell (domain.md §1.6). Configurable, never law."""

from __future__ import annotations

from improvement.enums import Remedy
from improvement.models import RemedyRule
from performance.enums import Rating

BASIS = "Rencana bawaan Bina (PermenPANRB 6/2022 tentang pembinaan dan tindak lanjut); sesuaikan dengan ketetapan instansi"

RESULT_NOTE = "Bimbingan dalam 14 hari; 1-3 pelatihan bila sebabnya keterampilan; periksa setelah 3 dan 6 bulan."
BEHAVIOUR_NOTE = "Pendampingan lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama."
BOTH_NOTE = "Pendampingan, bimbingan, dan rencana bersama SDM; masa perbaikan 6 bulan (PP 30/2019 pasal 57)."
GROWTH_NOTE = "Saran pengembangan, bila diinginkan."
PRAISE_NOTE = "Usul penghargaan; ajak menjadi mentor."
FOR_RESULT, FOR_BEHAVIOUR = [Remedy.GUIDANCE, Remedy.COURSE], [Remedy.COUNSELLING, Remedy.COURSE]

# (result, behaviour): remedies in their order, within how many days, what HR reads.
PLANS: dict[tuple[Rating, Rating], tuple[list[Remedy], int | None, str]] = {
    (Rating.BELOW, Rating.MEETS): (FOR_RESULT, 14, RESULT_NOTE),
    (Rating.BELOW, Rating.ABOVE): (FOR_RESULT, 14, RESULT_NOTE),
    (Rating.MEETS, Rating.BELOW): (FOR_BEHAVIOUR, 14, BEHAVIOUR_NOTE),
    (Rating.ABOVE, Rating.BELOW): (FOR_BEHAVIOUR, 14, BEHAVIOUR_NOTE),
    (Rating.BELOW, Rating.BELOW): ([Remedy.COUNSELLING, Remedy.GUIDANCE, Remedy.COURSE], 14, BOTH_NOTE),
    (Rating.MEETS, Rating.MEETS): ([], None, GROWTH_NOTE),
    (Rating.MEETS, Rating.ABOVE): ([], None, GROWTH_NOTE),
    (Rating.ABOVE, Rating.MEETS): ([], None, GROWTH_NOTE),
    (Rating.ABOVE, Rating.ABOVE): ([], None, PRAISE_NOTE),
}


def seed_remedy_rules() -> None:
    for (result, behaviour), (remedies, within_days, note) in PLANS.items():
        RemedyRule.objects.get_or_create(
            result_rating=result, behaviour_rating=behaviour,
            defaults={"remedies": [str(remedy) for remedy in remedies], "within_days": within_days, "note": note, "legal_basis": BASIS},
        )
