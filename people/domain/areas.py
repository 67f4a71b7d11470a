"""The areas a person can act in, for the navigation (core.domain.menu). Rights never follow from here: see ``visible_to``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.domain import menu
from people.domain.notices import unread_count
from people.enums import EmploymentStatus, Role
from people.models.access import scope_of


def register_areas() -> None:
    """Called once, when the app is ready; the homes are URL names of apps above and may be absent."""
    for order, (key, label, condition, home) in enumerate(
        (
            ("learner", _("Staff member"), _learns, "improvement:home"),
            ("superior", _("Superior"), lambda user: scope_of(user).has_staff, "improvement:team"),
            ("hr", _("HR"), _has(Role.HR_UNIT, Role.HR_CENTRAL), "improvement:overview"),
            ("evaluator", _("Evaluator"), _has(Role.EVALUATOR), ""),
            ("counsellor", _("Counsellor"), _has(Role.COUNSELLOR), ""),
            ("trainer", _("Trainer"), _has(Role.TRAINER), "courses:studio"),
            ("auditor", _("Auditor"), _has(Role.AUDITOR), ""),
            ("admin", _("Administrator"), _has(Role.ADMIN), ""),
        )
    ):
        menu.register_area(key, label, condition=condition, home=home, order=order * 10)
    menu.register_line(post_line)
    menu.register_unread(unread_count)


def post_line(user) -> str:
    """``Petugas loket, Kelurahan Melati``: the words under the name in the menu."""
    placement = user.placement
    if placement is None:
        return ""
    return ", ".join(str(part) for part in (placement.position, placement.unit) if part)


def _learns(user) -> bool:
    return user.status != EmploymentStatus.TECHNICAL


def _has(*roles: str):
    return lambda user: scope_of(user).has(*roles)
