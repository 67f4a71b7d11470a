"""Sign-in security: one-time links, known devices and the rising delay per account (decisions 11, reliability T14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OneTimeLink(models.Model):
    """A single-use way in: a link by e-mail (30 minutes) or a code printed by HR. Only the hash is stored."""

    person = models.ForeignKey("people.Account", models.CASCADE, related_name="one_time_links")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=[("first", _("First sign-in")), ("recovery", _("Recovery"))])
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"


class SignInDelay(models.Model):
    """Wrong passwords of one account from one kind of client (a known device or strangers): the next try waits longer.

    ``subject`` is a keyed hash of the account name, so that unknown names are treated alike and nothing personal is stored.
    """

    subject = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True, help_text=_("Empty: all devices we do not know."))
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "device"], name="sign_in_delay_once")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
