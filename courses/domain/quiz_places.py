"""What the quiz screens may say of the course around an attempt: its title, the way back, and where each topic is taught."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Attempt
from courses.models import Enrolment


def place_of(attempt: Attempt) -> dict[str, Any]:
    """``topic_urls``: a topic named like a lesson or its module leads there, with "Lesson 3, about 6 minutes" beside it (one query)."""
    pk = attempt.context_key.partition(":")[2]
    enrolment = Enrolment.objects.filter(pk=pk).select_related("course", "release").first() if pk.isdecimal() else None
    if enrolment is None:
        return {}
    slug, topics = enrolment.course.slug, {}
    for module in enrolment.release.outline:
        for lesson in module["lessons"]:
            note = _("Lesson %(position)d, about %(minutes)d minutes") % {
                "position": lesson["position"],
                "minutes": lesson["minutes"],
            }
            target = (reverse("courses:lesson", args=[slug, lesson["position"]]), note)
            topics[lesson["title"]] = target
            topics.setdefault(module["title"], target)
    return {"title": enrolment.release.title, "url": reverse("courses:course", args=[slug]), "topic_urls": topics}
