"""The menu items of this app and its panels on the course page; called once, when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.domain import menu
from courses.domain.panels import Panel
from courses.domain.panels import register as register_panels
from improvement.enums import AssignmentState
from improvement.models import TrainingAssignment, TransferPlan


def register() -> None:
    register_menu()
    register_panels(course_panels)


def register_menu() -> None:
    menu.register(
        "learner",
        _("Home"),
        "improvement:home",
        "house",
        order=10,
        short=_("Home"),
        also=("improvement:assignment", "improvement:transfer"),
    )
    menu.register(
        "learner",
        _("My performance"),
        "improvement:my_performance",
        "target",
        order=30,
        also=(
            "improvement:gap_context",
            "improvement:records",
            "improvement:record",
            "improvement:trail",
            "improvement:proof_text",
        ),
    )
    menu.register(
        "learner",
        _("Coaching"),
        "improvement:talks",
        "messages-square",
        order=40,
        short=_("Coaching"),
        also=("improvement:guidance",),
    )
    menu.register(
        "superior",
        _("My team"),
        "improvement:team",
        "users",
        order=10,
        short=_("My team"),
        also=(
            "improvement:person",
            "improvement:gap",
            "improvement:review",
            "improvement:remind",
            "improvement:assign",
            "improvement:trail",
            "improvement:confirm",
        ),
    )
    menu.register(
        "superior",
        _("Seen at work?"),
        "improvement:transfer_confirm",
        "eye",
        order=20,
        short=_("Seen?"),
        also=("improvement:transfer_confirm_one",),
    )
    menu.register(
        "superior",
        _("Coaching"),
        "improvement:talks",
        "messages-square",
        order=30,
        short=_("Coaching"),
        also=("improvement:guidance",),
    )
    menu.register(
        "superior", _("Requests"), "improvement:approvals", "message-square-text", order=40, also=("improvement:approval",)
    )
    menu.register("hr", _("Overview"), "improvement:overview", "gauge", order=10, short=_("Overview"))
    menu.register(
        "hr", _("From gaps to training"), "improvement:gaps", "target", order=20, short=_("Gaps"), also=("improvement:bulk",)
    )
    menu.register(
        "hr", _("All gaps"), "improvement:gap_list", "list-checks", order=25, also=("improvement:gap", "improvement:trail")
    )
    menu.register("hr", _("Coaching in the units"), "improvement:coaching_monitor", "handshake", order=40)
    menu.register("hr", _("Requests"), "improvement:approvals", "message-square-text", order=45)
    menu.register("auditor", _("Overview"), "improvement:overview", "gauge", order=10, short=_("Overview"))
    menu.register(
        "auditor", _("All gaps"), "improvement:gap_list", "list-checks", order=20, short=_("Gaps"), also=("improvement:trail",)
    )
    menu.register(
        "counsellor",
        _("Confidential support"),
        "improvement:talks",
        "hand-heart",
        order=10,
        short=_("Support"),
        also=("improvement:counselling",),
    )


def course_panels(user, course, enrolment) -> list[Panel]:
    """ "Why you?" above the outline, and the plan for work beside a completed course. One query each at most."""
    if not getattr(user, "is_authenticated", False) or enrolment is None:
        return []
    if enrolment.state == "completed":
        plan = TransferPlan.objects.filter(enrolment=enrolment).first()
        return [Panel("improvement/parts/plan_panel.html", {"plan": plan, "enrolment": enrolment}, order=10, place="top")]
    given = TrainingAssignment.objects.filter(
        enrolment=enrolment, state__in=[AssignmentState.ACTIVE, AssignmentState.VOLUNTARY]
    ).select_related("by")
    first = given.order_by("pk").first()
    return [Panel("improvement/parts/why_panel.html", {"given": first}, order=10, place="top")] if first else []
