"""The outbox: work to be done after a commit, written in the business transaction (architecture §5)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Needs a person")
    DISMISSED = "dismissed", _("Dismissed")


class Job(models.Model):
    """A unit of idempotent work. ``key`` is unique, so the same fact enqueues once; ``payload`` holds ids only.

    A worker claims a job with one guarded UPDATE that sets ``lease_token`` and ``lease_until``; a sweeper re-sends what is due.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    run_after = models.DateTimeField(db_index=True)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["run_after", "pk"]
        indexes = [models.Index(fields=["run_after"], condition=Q(state__in=["waiting", "running"]), name="job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
