"""Guidance (bimbingan) and counselling (konseling): two models with different confidentiality (decisions 24)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from improvement.enums import SessionState


class GuidanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The guided person and the conductor see it; HR sees that it exists through counts, not through this list."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(person_id=user.pk) | Q(conductor_id=user.pk))


class Guidance(models.Model):
    """A guidance talk: agenda by both, four GROW boxes, one agreed action. Visibility is printed above each field:
    ``goal, reality, options, agreement`` shared; ``private_note`` only its writer (the conductor); ``formal_summary`` goes to HR."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="guidances")
    conductor = models.ForeignKey("people.Account", models.PROTECT, related_name="conducted_guidances")
    gap = models.ForeignKey("performance.Gap", models.PROTECT, null=True, blank=True, related_name="guidances")
    proposal = models.OneToOneField("improvement.Proposal", models.PROTECT, null=True, blank=True, related_name="guidance")
    state = models.CharField(max_length=9, choices=SessionState.choices, default=SessionState.PLANNED)
    scheduled_at = models.DateTimeField(_("Scheduled at"))
    place = models.CharField(_("Place or link"), max_length=200, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    goal = models.TextField(_("Goal"), max_length=2000, blank=True)
    reality = models.TextField(_("Present situation"), max_length=2000, blank=True)
    options = models.TextField(_("Options"), max_length=2000, blank=True)
    agreement = models.TextField(_("Agreement"), max_length=2000, blank=True)
    private_note = models.TextField(_("Private note"), max_length=2000, blank=True)
    formal_summary = models.TextField(_("Formal record"), max_length=1000, blank=True)
    action = models.CharField(_("Agreed action"), max_length=300, blank=True)
    action_due_on = models.DateField(_("Action due on"), null=True, blank=True)
    action_done_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_person_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_conductor_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Optimistic lock of the form.")

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        ordering = ["-scheduled_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(person=models.F("conductor")), name="guidance_not_oneself")]

    def __str__(self) -> str:
        return f"{self.person} · {self.scheduled_at:%Y-%m-%d}"


class AgendaItem(models.Model):
    guidance = models.ForeignKey(Guidance, models.CASCADE, related_name="agenda")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class CounsellingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Counsellor, counselled person and recipient; each sees other fields (``Counselling.fields_for``)."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(Q(person_id=user.pk) | Q(counsellor_id=user.pk) | Q(recipient_id=user.pk))


class Counselling(models.Model):
    """Confidential. Notes are encrypted (``core.domain.crypto``) and read by the counsellor alone; the recipient sees the agreed
    result; the counselled person sees the shared summary and dates; superior and trail show only "pendampingan"."""

    person = models.ForeignKey("people.Account", models.PROTECT, related_name="counsellings")
    counsellor = models.ForeignKey("people.Account", models.PROTECT, related_name="conducted_counsellings")
    recipient = models.ForeignKey("people.Account", models.PROTECT, null=True, blank=True, related_name="received_counsellings")
    gap = models.ForeignKey("performance.Gap", models.PROTECT, null=True, blank=True, related_name="counsellings")
    proposal = models.OneToOneField("improvement.Proposal", models.PROTECT, null=True, blank=True, related_name="counselling")
    state = models.CharField(max_length=9, choices=SessionState.choices, default=SessionState.PLANNED)
    scheduled_at = models.DateTimeField(_("Scheduled at"))
    held_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    notes_encrypted = models.TextField(blank=True)
    shared_summary = models.TextField(_("Shared summary"), max_length=2000, blank=True)
    agreed_result = models.TextField(_("Agreed result"), max_length=1000, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CounsellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("counselling")
        verbose_name_plural = _("counselling")
        ordering = ["-scheduled_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=models.F("counsellor")), name="counselling_not_oneself"),
            models.CheckConstraint(condition=Q(recipient__isnull=True) | ~Q(person=models.F("recipient")), name="counselling_recipient_other"),
        ]

    def __str__(self) -> str:
        return f"counselling {self.pk}"
