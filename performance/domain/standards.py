"""What is expected of whom: the narrowest valid standard wins. And the writing of indicators, standards and periods with their audit lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from core.domain import audit
from core.domain.errors import RuleViolation
from people.models import Account, Placement
from performance.models import EvaluationPeriod, Indicator, PerformanceStandard, PredicateCell, SourceProfile
from performance.rules import may_manage


class Standards:
    """Standards valid on a day, read once: which target holds for a post in a unit."""

    def __init__(self, on: date, *, indicators: Iterable[int] | None = None):
        valid = PerformanceStandard.objects.filter(valid_on(on), indicator__is_active=True).select_related("indicator", "unit")
        if indicators is not None:
            valid = valid.filter(indicator__in=list(indicators))
        self._by_indicator: dict[int, list[PerformanceStandard]] = {}
        for standard in valid:
            self._by_indicator.setdefault(standard.indicator_id, []).append(standard)

    def for_post(self, indicator_id: int, *, position_id: int | None, unit_path: str | None) -> PerformanceStandard | None:
        """Post and unit together before the post, the post before the unit, the nearer unit before the wider, then everybody's."""
        fitting = [
            one
            for one in self._by_indicator.get(indicator_id, [])
            if one.position_id in (None, position_id) and (one.unit is None or (unit_path or "").startswith(one.unit.path))
        ]
        return max(fitting, key=_narrowness, default=None)

    def all_for_post(self, *, position_id: int | None, unit_path: str | None) -> list[PerformanceStandard]:
        """One standard for each indicator that is expected there, by name."""
        found = [self.for_post(pk, position_id=position_id, unit_path=unit_path) for pk in self._by_indicator]
        return sorted((one for one in found if one is not None), key=lambda one: (one.indicator.name, one.pk))


def valid_on(day: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def standards_for(person: Account, on: date) -> list[PerformanceStandard]:
    """What is expected of a person on a day, by the post and unit she held then. Two queries."""
    placement = Placement.objects.on(on).filter(person=person).select_related("unit").order_by("-pk").first()
    if placement is None:
        return []
    return Standards(on).all_for_post(position_id=placement.position_id, unit_path=placement.unit.path)


def may_save_standard(standard: PerformanceStandard) -> list[str]:
    """Two standards of the same scope never hold on the same day."""
    same = PerformanceStandard.objects.filter(indicator=standard.indicator, position=standard.position, unit=standard.unit)
    for other in same.exclude(pk=standard.pk):
        begins_later = other.valid_from and standard.valid_to and other.valid_from > standard.valid_to
        ends_before = other.valid_to and standard.valid_from and other.valid_to < standard.valid_from
        if not (begins_later or ends_before):
            return [_("Another standard of the same scope holds in this time. End it first.")]
    return []


@transaction.atomic
def save_reference(obj: Model, *, by: Account, at: datetime | None = None) -> Model:
    """Keep an indicator, standard, period, cell or profile as a form filled it. ``ValidationError`` from the model, or ``RuleViolation``."""
    if not isinstance(obj, (Indicator, PerformanceStandard, EvaluationPeriod, PredicateCell, SourceProfile)):
        raise TypeError(f"{type(obj).__name__} is no reference row")
    reasons = may_manage(by)
    if isinstance(obj, PerformanceStandard):
        reasons += may_save_standard(obj)
    if isinstance(obj, EvaluationPeriod) and obj.pk and obj.evaluations.exists():
        reasons.append(_("Evaluations stand on this period; it is not changed any more."))
    if reasons:
        raise RuleViolation(reasons)
    former = type(obj).objects.select_for_update().filter(pk=obj.pk).first() if obj.pk else None
    obj.full_clean()
    obj.save()
    before = _facts(former) if former else None
    audit.record(f"{obj._meta.model_name}.saved", obj, by=by, before=before, after=_facts(obj), at=at)
    return obj


def overlapping_periods(starts_on: date, ends_on: date, *, other_than: int | None = None) -> Sequence[EvaluationPeriod]:
    """Periods that share days without being part of a larger one of another kind: a likely slip, shown as a warning."""
    shared = EvaluationPeriod.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exclude(pk=other_than)
    return [
        one
        for one in shared
        if not (one.starts_on <= starts_on and ends_on <= one.ends_on)
        and not (starts_on <= one.starts_on and one.ends_on <= ends_on)
    ]


def _narrowness(standard: PerformanceStandard) -> tuple:
    depth = len(standard.unit.path) if standard.unit else 0
    return standard.position_id is not None, depth, standard.valid_from or date.min, standard.pk


def _facts(obj: Model) -> dict:
    return {field.attname: str(getattr(obj, field.attname)) for field in obj._meta.concrete_fields}
