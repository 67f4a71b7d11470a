"""What the page of a completed course says about its certificate (decisions 3)."""

from __future__ import annotations

from typing import Any

from certificates.models import Certificate, PendingCertificate
from courses.domain.panels import Panel
from courses.models import Enrolment


def certificate_panel(user: Any, course: Any, enrolment: Enrolment | None) -> list[Panel]:
    """The newest certificate of this enrolment, or that it waits for HR; nothing before completion. One query, two while it waits."""
    if enrolment is None or enrolment.completed_at is None or enrolment.person_id != user.pk:
        return []
    found = Certificate.objects.filter(completion__enrolment=enrolment).select_related("revocation").order_by("-pk").first()
    if found is not None:
        return [Panel("certificates/course_panel.html", {"certificate": found}, order=30, place="aside")]
    if PendingCertificate.objects.filter(completion__enrolment=enrolment, declined_reason="").exists():
        return [Panel("certificates/course_panel.html", {"certificate": None}, order=30, place="aside")]
    return []
