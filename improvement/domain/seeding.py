"""Reference rows of an empty installation: the default plan of each cell (domain.md §1.6). Configurable, never law."""

from __future__ import annotations

from improvement.models import RemedyRule
from performance.enums import Rating

BASIS = "Rencana bawaan Bina (PermenPANRB 6/2022 tentang pembinaan dan tindak lanjut); sesuaikan dengan ketetapan instansi"

RESULT_NOTE = "Bimbingan dalam 14 hari; 1-3 pelatihan bila sebabnya keterampilan; periksa setelah 3 dan 6 bulan."
BEHAVIOUR_NOTE = "Pendampingan lebih dulu; lalu modul etika atau BerAKHLAK yang dipilih bersama."
BOTH_NOTE = "Pendampingan, bimbingan, dan rencana bersama SDM; masa perbaikan 6 bulan (PP 30/2019 pasal 57)."
GROWTH_NOTE = "Saran pengembangan, bila diinginkan."
PRAISE_NOTE = "Usul penghargaan; ajak menjadi mentor."

# (result, behaviour): talk within how many days, months of time to improve, what whoever decides reads.
PLANS: dict[tuple[Rating, Rating], tuple[int | None, int | None, str]] = {
    (Rating.BELOW, Rating.MEETS): (14, None, RESULT_NOTE),
    (Rating.BELOW, Rating.ABOVE): (14, None, RESULT_NOTE),
    (Rating.MEETS, Rating.BELOW): (14, None, BEHAVIOUR_NOTE),
    (Rating.ABOVE, Rating.BELOW): (14, None, BEHAVIOUR_NOTE),
    (Rating.BELOW, Rating.BELOW): (14, 6, BOTH_NOTE),
    (Rating.MEETS, Rating.MEETS): (None, None, GROWTH_NOTE),
    (Rating.MEETS, Rating.ABOVE): (None, None, GROWTH_NOTE),
    (Rating.ABOVE, Rating.MEETS): (None, None, GROWTH_NOTE),
    (Rating.ABOVE, Rating.ABOVE): (None, None, PRAISE_NOTE),
}


def seed_remedy_rules() -> None:
    """A cell that has any plan is left alone."""
    for (result, behaviour), (within_days, months, note) in PLANS.items():
        if not RemedyRule.objects.filter(result_rating=result, behaviour_rating=behaviour).exists():
            RemedyRule.objects.create(
                result_rating=result, behaviour_rating=behaviour, within_days=within_days, improvement_months=months, note=note,
                legal_basis=BASIS,
            )
