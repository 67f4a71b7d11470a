from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EmploymentStatus(TextChoices):
    """Kinds of civil servant (UU 20/2023; part-time PPPK by KepmenPANRB 16/2025)."""

    PNS = "pns", "PNS"
    CPNS = "cpns", "CPNS"
    PPPK = "pppk", "PPPK"
    PPPK_PART_TIME = "pppk_pw", "PPPK Paruh Waktu"
    TECHNICAL = "technical", _("Technical account")


class Role(TextChoices):
    """Scoped grants. *Superior* is not here: it follows from the reporting line (Placement.superior)."""

    HR_UNIT = "hr_unit", _("HR of a unit")
    HR_CENTRAL = "hr_central", _("Central HR")
    TRAINER = "trainer", _("Trainer")
    EVALUATOR = "evaluator", _("Evaluator")
    COUNSELLOR = "counsellor", _("Counsellor")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class PostKind(TextChoices):
    """Jenis jabatan (UU 5/2014 as used in SIASN)."""

    JPT = "jpt", "Jabatan pimpinan tinggi"
    ADMINISTRATOR = "administrator", "Administrator"
    SUPERVISOR = "pengawas", "Pengawas"
    EXECUTIVE = "pelaksana", "Pelaksana"
    FUNCTIONAL = "fungsional", "Fungsional"


class ImportKind(TextChoices):
    PEOPLE = "people", _("People")
    EVALUATIONS = "evaluations", _("Evaluations")


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    PREVIEWED = "previewed", _("Checked")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")


class RowOutcome(TextChoices):
    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")


class NoticeKind(TextChoices):
    ASSIGNMENT = "assignment", _("New assignment")
    REMINDER = "reminder", _("Reminder")
    REVIEW = "review", _("Review due")
    TRANSFER = "transfer", _("Application at work")
    COACHING = "coaching", _("Coaching")
    CERTIFICATE = "certificate", _("Certificate")
    RECORD = "record", _("Performance record")
    REQUEST = "request", _("Request")
    SECURITY = "security", _("Account security")
    SYSTEM = "system", _("System")
