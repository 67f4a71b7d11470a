"""Agreements as HR reads them (H4): unit by unit, so that help goes where it is needed and nobody is ranked."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from people.models import OrgUnit, Placement


def in_unit(talks: QuerySet[Any], unit: OrgUnit | None) -> QuerySet[Any]:
    """Rows of people (field ``person``) who work in ``unit`` or below it now; all of them without one."""
    if unit is None:
        return talks
    return talks.filter(person__in=Placement.objects.current().filter(unit__path__startswith=unit.path).values("person"))


def unit_by_unit(talks: QuerySet[Any]) -> QuerySet[Any]:
    """With ``unit_name``, in the order of the organisation, then of the agreed dates."""
    here = Placement.objects.current().filter(person=OuterRef("person")).order_by("pk")
    named = talks.annotate(unit_name=Subquery(here.values("unit__name")[:1]), unit_path=Subquery(here.values("unit__path")[:1]))
    return named.order_by("unit_path", "action_due_on", "pk")
