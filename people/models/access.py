"""Scoped grants, and the scope that follows from them: the one place where roles are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.domain.dates import local_today
from people.enums import Role

if TYPE_CHECKING:
    from datetime import date


class GrantQuerySet(models.QuerySet):
    def valid(self, on: date | None = None):
        day = on or local_today()
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day)).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Grant(models.Model):
    """A role given to a person, for a unit and everything below it (no unit: everywhere)."""

    person = models.ForeignKey("people.Account", models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12, choices=Role.choices)
    unit = models.ForeignKey("people.OrgUnit", models.PROTECT, null=True, blank=True, related_name="grants")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            # Coalesce instead of nulls_distinct=False, which SQLite lacks.
            models.UniqueConstraint("person", "role", Coalesce("unit", 0), name="grant_once"),
            models.CheckConstraint(condition=~Q(role__in=[Role.HR_UNIT, Role.EVALUATOR]) | Q(unit__isnull=False), name="grant_unit_named",
                                   violation_error_message=_("This role needs a unit.")),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


@dataclass(frozen=True)
class Scope:
    """What the grants of one account amount to today. ``unit_paths`` are treebeard paths (a path sees all that starts with it)."""

    roles: frozenset[str] = frozenset()
    hr_paths: tuple[str, ...] = ()
    evaluator_paths: tuple[str, ...] = ()
    has_staff: bool = False
    details: dict = field(default_factory=dict)

    def has(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    @property
    def sees_everybody(self) -> bool:
        return self.has(Role.HR_CENTRAL, Role.AUDITOR, Role.ADMIN)

    @property
    def unit_paths(self) -> tuple[str, ...]:
        return self.hr_paths + self.evaluator_paths


def scope_of(user, *, on: date | None = None) -> Scope:
    """The scope of ``user``, read once and kept on the user object (a request has one user object): one query."""
    if not getattr(user, "is_authenticated", False):
        return Scope()
    cached = getattr(user, "_bina_scope", None)
    if cached is not None and on is None:
        return cached
    from people.models.placement import Placement

    grants = list(
        Grant.objects.filter(person_id=user.pk).valid(on).annotate(unit_path=models.F("unit__path")).values_list("role", "unit_path")
    )
    staff = Placement.objects.filter(superior_id=user.pk, ends_on__isnull=True).exists()
    scope = Scope(
        roles=frozenset(role for role, _path in grants),
        hr_paths=tuple(sorted({path for role, path in grants if role == Role.HR_UNIT and path})),
        evaluator_paths=tuple(sorted({path for role, path in grants if role == Role.EVALUATOR and path})),
        has_staff=staff,
    )
    if on is None:
        user._bina_scope = scope
    return scope
