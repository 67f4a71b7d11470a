"""The menu items of this app and its panels on the course page; called once, when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.domain import menu
from courses.domain.panels import Panel
from courses.domain.panels import register as register_panels
from improvement.enums import AssignmentState
from improvement.models import TrainingAssignment, TransferPlan
from performance.domain import reference_tabs

#: Area, label, URL name, icon, order, word in the tabs of a phone (empty: only in the rail), further pages that belong to it.
ITEMS = (
    ("learner", _("Home"), "improvement:home", "house", 10, _("Home"), ("improvement:assignment", "improvement:transfer")),
    (
        "learner", _("My performance"), "improvement:my_performance", "target", 30, "",
        ("improvement:gap_context", "improvement:records", "improvement:record", "improvement:trail", "improvement:proof_text"),
    ),  # fmt: skip
    ("learner", _("Coaching"), "improvement:talks", "messages-square", 40, _("Coaching"), ("improvement:guidance", "improvement:counselling")),
    (
        "superior", _("My team"), "improvement:team", "users", 10, _("My team"),
        ("improvement:person", "improvement:gap", "improvement:review", "improvement:remind", "improvement:assign",
         "improvement:trail", "improvement:confirm"),
    ),  # fmt: skip
    (
        "superior", _("Seen at work?"), "improvement:transfer_confirm", "eye", 20, _("Seen?"),
        ("improvement:transfer_confirm_one",),
    ),  # fmt: skip
    ("superior", _("Coaching"), "improvement:talks", "messages-square", 30, _("Coaching"), ("improvement:guidance", "improvement:move_guidance")),
    ("superior", _("Requests"), "improvement:approvals", "message-square-text", 40, "", ("improvement:approval", "improvement:answer_context")),
    ("hr", _("Overview"), "improvement:overview", "gauge", 10, _("Overview"), ()),
    ("hr", _("From gaps to training"), "improvement:gaps", "target", 20, _("Gaps"), ("improvement:bulk",)),
    ("hr", _("All gaps"), "improvement:gap_list", "list-checks", 25, "", ("improvement:gap", "improvement:trail")),
    ("hr", _("Coaching in the units"), "improvement:coaching_monitor", "handshake", 40, "", ()),
    ("hr", _("Requests"), "improvement:approvals", "message-square-text", 45, "", ()),
    ("auditor", _("Overview"), "improvement:overview", "gauge", 10, _("Overview"), ()),
    ("auditor", _("All gaps"), "improvement:gap_list", "list-checks", 20, _("Gaps"), ("improvement:trail",)),
    ("counsellor", _("Confidential support"), "improvement:talks", "hand-heart", 10, _("Support"), ("improvement:counselling",)),
)  # fmt: skip


def register() -> None:
    for area, label, url_name, icon, order, short, also in ITEMS:
        menu.register(area, label, url_name, icon, order=order, short=short, also=also)
    register_panels(course_panels)
    reference_tabs.register("improvement:plans", _("Plans"))


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
