from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CompletionRule(TextChoices):
    """When a course counts as completed; always shown in words."""

    LESSONS = "lessons", _("All lessons read")
    LESSONS_AND_QUIZ = "lessons_quiz", _("All lessons read and the final quiz passed")
    QUIZ = "quiz", _("The final quiz passed")


class EnrolmentState(TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    ACTIVE = "active", _("In progress")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EnrolmentOrigin(TextChoices):
    SELF = "self", _("Chosen by the person")
    ASSIGNED = "assigned", _("Assigned")


class DevelopmentForm(TextChoices):
    """Form of development in the JP ledger (PerLAN 10/2018); conversion rates are rows of ``HoursRate``."""

    ELEARNING = "elearning", "E-learning"
    COURSE = "course", "Kursus"
    WORKSHOP = "workshop", "Workshop"
    SEMINAR = "seminar", "Seminar"
    COACHING = "coaching", "Coaching"
    MENTORING = "mentoring", "Mentoring"
