from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Remedy(TextChoices):
    """Outside the counsellor's own screens a counselling is called *support*, everywhere (decisions 24)."""

    COURSE = "course", _("Course")
    GUIDANCE = "guidance", _("Guidance")
    COUNSELLING = "counselling", _("Support")


class ProposalState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("No longer needed")


class AssignmentState(TextChoices):
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    VOLUNTARY = "voluntary", _("Voluntary")
    CANCELLED = "cancelled", _("Cancelled")
    UNDONE = "undone", _("Undone")


class RequestKind(TextChoices):
    OTHER_COURSE = "other_course", _("Another course")
    OTHER_DATE = "other_date", _("Another date")
    CONTEXT = "context", _("Context")


class RequestState(TextChoices):
    OPEN = "open", _("Waiting for an answer")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")


class SessionState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class TransferDay(TextChoices):
    DAY_30 = "30", _("Day 30, learner")
    DAY_60 = "60", _("Day 60, superior")
    DAY_90 = "90", _("Day 90, indicator")


class TransferAnswerChoice(TextChoices):
    OFTEN = "often", _("Often")
    SOMETIMES = "sometimes", _("Sometimes")
    NOT_YET = "not_yet", _("Not yet")
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")


class Barrier(TextChoices):
    NONE = "none", _("No barrier")
    TIME = "time", _("No time at the counter")
    TOOL = "tool", _("Tools or systems")
    PROCEDURE = "procedure", _("Procedure does not allow it")
    CONFIDENCE = "confidence", _("Not sure how yet")
    SUPPORT = "support", _("Support is missing")


class ReviewVerdict(TextChoices):
    """An internal finding by somebody other than the learner (decisions 18)."""

    IMPROVED = "improved", _("Improved")
    PERSISTING = "persisting", _("Not yet improved")
    WAIVED = "waived", _("Close without measurement")


class EvidenceKind(TextChoices):
    """What happened for a gap. A counselling shows as *support* only (decisions 24)."""

    ASSIGNMENT = "assignment", _("Assignment")
    COMPLETION = "completion", _("Course completed")
    CERTIFICATE = "certificate", _("Certificate")
    GUIDANCE = "guidance", _("Guidance")
    COUNSELLING = "counselling", _("Support")
    TRANSFER = "transfer", _("Application at work")
    REVIEW = "review", _("Review")
