from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateState(TextChoices):
    """As stored; *expired* follows from ``valid_until`` (see ``Certificate.standing``)."""

    VALID = "valid", _("Valid")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")


class Standing(TextChoices):
    """What the verify page says (decisions 23)."""

    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    REPLACED = "replaced", _("Replaced")
    REVOKED = "revoked", _("Revoked")
    UNKNOWN = "unknown", _("Not found")
    DOUBTFUL = "doubtful", _("Cannot be confirmed")


class BatchState(TextChoices):
    DRAFT = "draft", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
