"""Append-only audit: who did or read what (decisions 5). People and things are named by kind and id; no names, no foreign keys upwards."""

from django.db import models


class AuditEvent(models.Model):
    """One fact. Inserted unchained in the business transaction; ``AuditLink`` chains it a few seconds later."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True, help_text="Account; empty: the system.")
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True, db_index=True, help_text="The account whose data it is.")
    before_hash = models.CharField(max_length=64, blank=True)
    after_hash = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    is_read = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["object_kind", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"


class AuditLink(models.Model):
    """The chain: ``hash = sha256(previous hash + canonical body of the event)``, written by one sealer in batches."""

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return str(self.sequence)
