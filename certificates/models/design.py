"""Who issues, which types there are, how a certificate looks: data, revisioned where people author it."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import DraftStateMixin, RevisionMixin


class Issuer(models.Model):
    code = models.CharField(_("Code in the number"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    heading = models.CharField(_("Heading on the certificate"), max_length=200, blank=True)
    place = models.CharField(_("Place"), max_length=80, default="Jakarta")

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        # A number is looked up in capitals.
        self.code = self.code.upper()
        super().save(*args, **kwargs)


class CertificateType(models.Model):
    code = models.CharField(_("Code in the number"), max_length=12, unique=True)
    name = models.CharField(_("Title on the certificate"), max_length=120)
    legal_basis = models.CharField(_("Legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate type")
        verbose_name_plural = _("certificate types")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.code = self.code.upper()
        super().save(*args, **kwargs)


class CertificateDesign(DraftStateMixin, RevisionMixin, models.Model):
    """Texts and signer of a certificate; a certificate keeps a snapshot of all texts and the revision it was issued from."""

    name = models.CharField(_("Name"), max_length=120)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="designs", verbose_name=_("Issuer"))
    type = models.ForeignKey(CertificateType, models.PROTECT, related_name="designs", verbose_name=_("Type"))
    statement = models.TextField(_("Statement"), default="telah menyelesaikan pelatihan")
    signer_name = models.CharField(_("Signer"), max_length=150)
    signer_post = models.CharField(_("Post of the signer"), max_length=200)
    signer_rank = models.CharField(_("Rank of the signer"), max_length=80, blank=True)
    signer_nip = models.CharField(_("NIP of the signer"), max_length=18, blank=True)
    predicates = models.TextField(
        _("Words for the result"),
        blank=True,
        default="90 Sangat memuaskan\n80 Memuaskan\n70 Baik",
        help_text=_("One line each: the lowest score and its word. Empty: the score alone."),
    )
    needs_confirmation = models.BooleanField(_("Issue only after HR confirms a batch"), default=False)
    course = models.OneToOneField(
        "courses.CoursePage",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="certificate_design",
        verbose_name=_("Only for this course"),
        help_text=_("Empty: the default design."),
    )

    panels = [
        FieldPanel(n)
        for n in (
            "name",
            "issuer",
            "type",
            "course",
            "statement",
            "signer_name",
            "signer_post",
            "signer_rank",
            "signer_nip",
            "predicates",
            "needs_confirmation",
        )
    ]

    class Meta:
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")

    def __str__(self) -> str:
        return self.name

    def clean(self):
        super().clean()
        self.steps()

    def steps(self) -> list[tuple[Decimal, str]]:
        """The words for the result, highest score first. ``ValidationError`` for a line that is none."""
        found = []
        for line in self.predicates.splitlines():
            if not line.strip():
                continue
            lowest, _space, word = line.strip().partition(" ")
            if not re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", lowest) or not word.strip():
                raise ValidationError(
                    {"predicates": _("“%(line)s”: write the lowest score, a space, and the word.") % {"line": line.strip()}}
                )
            found.append((Decimal(lowest.replace(",", ".")), word.strip()))
        return sorted(found, reverse=True)

    def predicate_for(self, score: Decimal) -> str:
        return next((word for lowest, word in self.steps() if score >= lowest), "")
