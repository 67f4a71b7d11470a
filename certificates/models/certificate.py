"""Issued certificates: numbers without gaps, facts as a snapshot, the file rebuilt from them at any time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import BatchState, CertificateState, Standing
from core.domain.dates import local_today
from courses.models import LearnerQuerySet


class SerialCounter(models.Model):
    """One row per (issuer, type, year in Asia/Jakarta); raised inside the issuing transaction, never reused (decisions 23)."""

    issuer = models.ForeignKey("certificates.Issuer", models.PROTECT, related_name="+")
    type = models.ForeignKey("certificates.CertificateType", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "type", "year"], name="serial_counter_once")]

    def __str__(self) -> str:
        return f"{self.issuer.code}/{self.type.code}/{self.year}: {self.last}"


class CertificateBatch(models.Model):
    """Certificates that wait for HR's confirmation together (H6)."""

    design = models.ForeignKey("certificates.CertificateDesign", models.PROTECT, related_name="batches")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"batch {self.pk}"


class PendingCertificate(models.Model):
    """A completion that waits for a confirmed batch."""

    completion = models.OneToOneField("courses.Completion", models.PROTECT, related_name="pending_certificate")
    batch = models.ForeignKey(CertificateBatch, models.SET_NULL, null=True, blank=True, related_name="pending")
    design = models.ForeignKey("certificates.CertificateDesign", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    declined_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"pending {self.completion_id}"


class Certificate(models.Model):
    """``facts`` is the snapshot of every printed text; ``token`` the 128-bit QR code; ``check_code`` the short printed code."""

    number = models.CharField(_("Number"), max_length=80, unique=True)
    issuer = models.ForeignKey("certificates.Issuer", models.PROTECT, related_name="certificates")
    type = models.ForeignKey("certificates.CertificateType", models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    design = models.ForeignKey("certificates.CertificateDesign", models.PROTECT, related_name="+")
    design_revision_id = models.BigIntegerField(null=True, blank=True)
    person = models.ForeignKey("people.Account", models.PROTECT, related_name="certificates")
    completion = models.ForeignKey("courses.Completion", models.PROTECT, related_name="certificates")
    state = models.CharField(max_length=8, choices=CertificateState.choices, default=CertificateState.VALID)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    token = models.CharField(max_length=32, unique=True)
    check_code = models.CharField(max_length=12, unique=True)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    former_sha256 = models.JSONField(
        default=list, help_text="Of files made by an earlier version of the renderer; copies of them stay genuine."
    )
    rendered_at = models.DateTimeField(null=True, blank=True)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "type", "year", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(fields=["completion"], condition=Q(state="valid"), name="certificate_one_valid"),
            models.CheckConstraint(condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="certificate_not_self"),
        ]

    def __str__(self) -> str:
        return self.number

    def standing(self, *, on=None) -> str:
        if self.state != CertificateState.VALID:
            return self.state
        if self.valid_until and self.valid_until < (on or local_today()):
            return Standing.EXPIRED
        return Standing.VALID

    @property
    def standing_label(self) -> str:
        return str(Standing(self.standing()).label)


class Revocation(models.Model):
    """Why a certificate stopped being valid (revoked, or replaced by a corrected one); the reason is public."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    reason = models.CharField(_("Reason"), max_length=300)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate}: {self.reason}"
