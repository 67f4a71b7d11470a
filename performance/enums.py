from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Aspect(TextChoices):
    """Aspects of a work result (PermenPANRB 6/2022) and the seven BerAKHLAK values of work behaviour (SE MenPANRB 20/2021)."""

    QUANTITY = "quantity", _("Quantity")
    QUALITY = "quality", _("Quality")
    TIME = "time", _("Time")
    COST = "cost", _("Cost")
    SERVICE = "service", "Berorientasi Pelayanan"
    ACCOUNTABLE = "accountable", "Akuntabel"
    COMPETENT = "competent", "Kompeten"
    HARMONIOUS = "harmonious", "Harmonis"
    LOYAL = "loyal", "Loyal"
    ADAPTIVE = "adaptive", "Adaptif"
    COLLABORATIVE = "collaborative", "Kolaboratif"


RESULT_ASPECTS = (Aspect.QUANTITY, Aspect.QUALITY, Aspect.TIME, Aspect.COST)


class Direction(TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")


class Rating(TextChoices):
    """Ordinal rating of one axis; never averaged (domain.md §1.3)."""

    ABOVE = "above", _("Above expectation")
    MEETS = "meets", _("Meets expectation")
    BELOW = "below", _("Below expectation")


class Predicate(TextChoices):
    VERY_GOOD = "very_good", "Sangat Baik"
    GOOD = "good", "Baik"
    NEEDS_IMPROVEMENT = "needs_improvement", "Butuh Perbaikan"
    POOR = "poor", "Kurang/misconduct"
    VERY_POOR = "very_poor", "Sangat Kurang"


class PeriodKind(TextChoices):
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    SEMESTER = "semester", _("Semester")
    YEAR = "year", _("Year")
    OTHER = "other", _("Other")


class EvaluationSource(TextChoices):
    IMPORTED = "imported", _("Imported from the official record")
    INTERNAL = "internal", _("Internal measurement, not an official predicate")


class EvaluationState(TextChoices):
    DRAFT = "draft", _("Draft")
    FINAL = "final", _("Final")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


class GapKind(TextChoices):
    RESULT = "result", _("Work result")
    BEHAVIOUR = "behaviour", _("Work behaviour")
    INDICATOR = "indicator", _("Indicator")
    COMPETENCE = "competence", _("Competence")
    UNIT = "unit", _("Unit")


class GapStatus(TextChoices):
    """Decisions 17. The allowed transitions stand beside it; only ``performance.domain.gaps.move_gap`` writes it."""

    OPEN = "open", _("Open")
    ADDRESSED = "addressed", _("Being addressed")
    AWAITING_REVIEW = "awaiting_review", _("Awaiting review")
    IMPROVED = "improved", _("Improved")
    PERSISTING = "persisting", _("Persisting")
    WAIVED = "waived", _("Closed without measurement")


FINAL_STATUSES = (GapStatus.IMPROVED, GapStatus.WAIVED)
GAP_TRANSITIONS: dict[str, frozenset[str]] = {
    GapStatus.OPEN: frozenset({GapStatus.ADDRESSED, GapStatus.IMPROVED, GapStatus.WAIVED}),
    GapStatus.ADDRESSED: frozenset({GapStatus.AWAITING_REVIEW, GapStatus.IMPROVED, GapStatus.PERSISTING, GapStatus.WAIVED}),
    GapStatus.AWAITING_REVIEW: frozenset({GapStatus.IMPROVED, GapStatus.PERSISTING, GapStatus.WAIVED}),
    GapStatus.PERSISTING: frozenset({GapStatus.ADDRESSED, GapStatus.IMPROVED, GapStatus.WAIVED}),
    GapStatus.IMPROVED: frozenset(),
    GapStatus.WAIVED: frozenset(),
}


class Severity(TextChoices):
    """Distance from the target: < 10 %, 10-25 %, > 25 % (decisions 14)."""

    LIGHT = "light", _("Small distance")
    MEDIUM = "medium", _("Medium distance")
    LARGE = "large", _("Large distance")


class Cause(TextChoices):
    """Only *skill* leads to a course (architecture §2)."""

    SKILL = "skill", _("Skill")
    TOOL = "tool", _("Tools or systems")
    WORKLOAD = "workload", _("Workload")
    PROCEDURE = "procedure", _("Procedure")
    MOTIVATION = "motivation", _("Motivation")


class ContextKind(TextChoices):
    CONTEXT = "context", _("Context")
    OBJECTION = "objection", _("Objection")


class RecordState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    FINAL = "final", _("Final")


class RecordKind(TextChoices):
    COMPLETION = "completion", _("Learning completed")
    IMPROVED = "improved", _("Improved")
    PERSISTING = "persisting", _("Not yet improved")
    WAIVED = "waived", _("Closed without measurement")
