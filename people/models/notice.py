"""A notice to one person: in the product at once, by e-mail in a digest."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import NoticeKind


class NoticeQuerySet(models.QuerySet):
    def shown(self, *, at=None):
        """A notice may wait for its time (the ten minutes of undo, decisions 25)."""
        return self.filter(created_at__lte=at or timezone.now())

    def visible_to(self, user):
        return self.shown().filter(person_id=user.pk) if user.is_authenticated else self.none()

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """``key`` makes a notice unique (the same fact is told once); ``url`` is our own relative path and survives sign-in.

    ``created_at`` is when it is shown first; before that instant it waits and can be taken back.
    """

    person = models.ForeignKey("people.Account", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    is_by_email = models.BooleanField(default=True)
    mail_to = models.EmailField(blank=True)  # where the person's present address is not the one that must be told

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread")]

    def __str__(self) -> str:
        return self.title
