"""Reference rows of an empty installation: the 3x3 table, the default gap rules, known source profiles. Nothing else is invented."""

from __future__ import annotations

from performance.enums import GapKind, Predicate, Rating
from performance.models import GapRule, PredicateCell, SourceProfile

PREDICATE_BASIS = "PermenPANRB 6/2022; SE MenPANRB 3/2023"
RULE_BASIS = "Aturan bawaan Bina; sesuaikan dengan ketetapan instansi"

# (result, behaviour): predicate. Read in two independent working systems; to be confirmed against the annex (domain.md §1.3).
CELLS = {
    (Rating.ABOVE, Rating.BELOW): Predicate.POOR,
    (Rating.ABOVE, Rating.MEETS): Predicate.GOOD,
    (Rating.ABOVE, Rating.ABOVE): Predicate.VERY_GOOD,
    (Rating.MEETS, Rating.BELOW): Predicate.POOR,
    (Rating.MEETS, Rating.MEETS): Predicate.GOOD,
    (Rating.MEETS, Rating.ABOVE): Predicate.GOOD,
    (Rating.BELOW, Rating.BELOW): Predicate.VERY_POOR,
    (Rating.BELOW, Rating.MEETS): Predicate.NEEDS_IMPROVEMENT,
    (Rating.BELOW, Rating.ABOVE): Predicate.NEEDS_IMPROVEMENT,
}

# kind: name, first remedies in their order (domain.md §1.6: behaviour begins with counselling, never with a course alone).
RULES = {
    GapKind.RESULT: ("Hasil kerja di bawah ekspektasi", ["guidance", "course"]),
    GapKind.BEHAVIOUR: ("Perilaku kerja di bawah ekspektasi", ["counselling", "course"]),
    GapKind.INDICATOR: ("Indikator di bawah target", ["course", "guidance"]),
}

PROFILES = (
    {
        "code": "atas-1",
        "name": "1 = di atas, 2 = sesuai, 3 = di bawah",
        "rating_codes": {"1": Rating.ABOVE, "2": Rating.MEETS, "3": Rating.BELOW},
        "predicate_codes": {
            "1": Predicate.VERY_GOOD,
            "2": Predicate.GOOD,
            "3": Predicate.NEEDS_IMPROVEMENT,
            "4": Predicate.POOR,
            "5": Predicate.VERY_POOR,
        },
        "remarks": "Kuadran 1 Sangat Baik sampai 5 Sangat Kurang; urutan yang dipakai beberapa sistem kepegawaian instansi.",
    },
    {
        "code": "bawah-1",
        "name": "1 = di bawah, 2 = sesuai, 3 = di atas",
        "rating_codes": {"1": Rating.BELOW, "2": Rating.MEETS, "3": Rating.ABOVE},
        "predicate_codes": {},
        "remarks": "Urutan terbalik; kode kuadran tidak dikenal, predikat ditulis dengan kata.",
    },
)


def seed_predicate_cells() -> None:
    for (result, behaviour), predicate in CELLS.items():
        if not PredicateCell.objects.filter(result_rating=result, behaviour_rating=behaviour).exists():
            PredicateCell.objects.create(
                result_rating=result, behaviour_rating=behaviour, predicate=predicate, legal_basis=PREDICATE_BASIS
            )


def seed_gap_rules() -> None:
    """One miss, no cool-down, 18 months of evidence, bands at 10 and 25 %. A kind that has any rule is left alone."""
    for kind, (name, remedies) in RULES.items():
        if not GapRule.objects.filter(kind=kind).exists():
            GapRule.objects.create(name=name, kind=kind, default_remedies=remedies, is_active=True, legal_basis=RULE_BASIS)


def seed_source_profiles() -> None:
    for profile in PROFILES:
        SourceProfile.objects.get_or_create(code=profile["code"], defaults=profile)


def seed() -> None:
    seed_predicate_cells()
    seed_gap_rules()
    seed_source_profiles()
