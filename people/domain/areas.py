"""The areas a person can act in, for the navigation (core.domain.menu). Rights never follow from here: see ``visible_to``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.domain import menu
from people.domain.notices import unread_count
from people.enums import EmploymentStatus, Role
from people.models.access import scope_of

# Key, label, who has it, URL name of its home, weight (where a person of several areas begins).
AREAS = (
    ("learner", _("Staff member"), lambda user: user.status != EmploymentStatus.TECHNICAL, "improvement:home", 10),
    ("superior", _("Superior"), lambda user: scope_of(user).has_staff, "improvement:team", 50),
    ("hr", _("HR"), lambda user: scope_of(user).has(Role.HR_UNIT, Role.HR_CENTRAL), "improvement:overview", 70),
    ("evaluator", _("Evaluator"), lambda user: scope_of(user).has(Role.EVALUATOR), "", 30),
    ("counsellor", _("Counsellor"), lambda user: scope_of(user).has(Role.COUNSELLOR), "improvement:talks", 20),
    ("trainer", _("Trainer"), lambda user: scope_of(user).has(Role.TRAINER), "courses:studio", 40),
    ("auditor", _("Auditor"), lambda user: scope_of(user).has(Role.AUDITOR), "improvement:overview", 45),
    ("admin", _("Administrator"), lambda user: scope_of(user).has(Role.ADMIN), "core:health", 60),
)


def register_areas() -> None:
    """Called once, when the app is ready; the homes are URL names of apps above and may be absent."""
    for order, (key, label, condition, home, weight) in enumerate(AREAS):
        menu.register_area(key, label, condition=condition, home=home, order=order, weight=weight)
        if key != "learner":
            _join(key)
    menu.register_line(post_line)
    menu.register_unread(unread_count)


def _join(key: str) -> None:
    """Ways between learning and the other area: whoever leads or teaches is staff too."""
    menu.register(key, _("My learning"), "improvement:home", "house", order=95, condition=_has_area("learner"), owns=False)


def _has_area(key: str):
    return lambda user: key in {area.key for area in menu.areas_of(user)}


def post_line(user) -> str:
    """``Petugas loket, Kelurahan Melati``: the words under the name in the menu."""
    placement = user.placement
    if placement is None:
        return ""
    return ", ".join(str(part) for part in (placement.position, placement.unit) if part)
