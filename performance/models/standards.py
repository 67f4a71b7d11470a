"""What is measured and what is expected: indicators, standards, periods, and the 3x3 table as data."""

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from performance.enums import Aspect, Direction, PeriodKind, Predicate, Rating

#: Stands for "no start date" inside unique constraints.
EVER = Value(date(1, 1, 1), output_field=models.DateField())


class LegalRow(models.Model):
    """A legal number or table row: data with its basis and validity, never a constant in code."""

    legal_basis = models.CharField(_("Legal basis"), max_length=200, blank=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)

    class Meta:
        abstract = True


def dates_in_order(name: str) -> models.CheckConstraint:
    """A row whose validity has two ends does not end before it begins."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message=_("The end lies before the start."),
    )


class Indicator(models.Model):
    name = models.CharField(_("Indicator"), max_length=200)
    aspect = models.CharField(_("Aspect"), max_length=16, choices=Aspect.choices)
    unit_of_measure = models.CharField(_("Unit of measure"), max_length=40, blank=True)
    direction = models.CharField(_("Direction"), max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    description = models.TextField(_("Description"), blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "aspect", "unit_of_measure"],
                name="indicator_unique",
                violation_error_message=_("This indicator exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PerformanceStandard(LegalRow):
    """The target of an indicator for a post, a unit, both, or everybody; the narrowest valid row wins."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="standards")
    position = models.ForeignKey("people.Position", models.CASCADE, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("people.OrgUnit", models.CASCADE, null=True, blank=True, related_name="+")
    target = models.DecimalField(_("Target"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints = [
            # Coalesce instead of nulls_distinct=False, which SQLite lacks.
            models.UniqueConstraint(
                "indicator",
                Coalesce("position", 0),
                Coalesce("unit", 0),
                Coalesce("valid_from", EVER),
                name="standard_unique",
                violation_error_message=_("A standard with these dates exists already."),
            ),
            dates_in_order("standard_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.target}"


class EvaluationPeriod(models.Model):
    """A range of days with a kind; never an enum of four quarters (domain.md §1.2)."""

    kind = models.CharField(_("Kind"), max_length=8, choices=PeriodKind.choices)
    starts_on = models.DateField(_("Starts on"))
    ends_on = models.DateField(_("Ends on"))

    class Meta:
        verbose_name = _("evaluation period")
        verbose_name_plural = _("evaluation periods")
        ordering = ["starts_on", "ends_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on", "ends_on"], name="period_unique", violation_error_message=_("This period exists already.")
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="period_dates_in_order",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def code(self) -> str:
        """``2025-04/2025-06``, as ``loop_summary`` prints it (decisions 28)."""
        return f"{self.starts_on:%Y-%m}/{self.ends_on:%Y-%m}"

    @property
    def label(self) -> str:
        """``Triwulan II 2025``, ``Semester I 2025``, ``Tahun 2025`` or the range."""
        if self.kind == PeriodKind.QUARTER:
            return f"Triwulan\N{NO-BREAK SPACE}{('I', 'II', 'III', 'IV')[(self.starts_on.month - 1) // 3]} {self.starts_on.year}"
        if self.kind == PeriodKind.SEMESTER:
            return f"Semester\N{NO-BREAK SPACE}{'I' if self.starts_on.month < 7 else 'II'} {self.starts_on.year}"
        if self.kind == PeriodKind.YEAR:
            return f"Tahun {self.starts_on.year}"
        return self.code


class PredicateCell(LegalRow):
    """One cell of the 3x3 table: two ratings give a predicate (PermenPANRB 6/2022, SE MenPANRB 3/2023)."""

    result_rating = models.CharField(max_length=5, choices=Rating.choices)
    behaviour_rating = models.CharField(max_length=5, choices=Rating.choices)
    predicate = models.CharField(max_length=20, choices=Predicate.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "result_rating",
                "behaviour_rating",
                Coalesce("valid_from", EVER),
                name="cell_unique",
                violation_error_message=_("This place of the table has a row with this beginning already."),
            ),
            dates_in_order("cell_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.result_rating} x {self.behaviour_rating} = {self.get_predicate_display()}"
