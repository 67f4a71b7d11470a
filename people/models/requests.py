"""Changes that wait for a second person: a new e-mail address for its owner, a superior for a colleague of HR (decisions 10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models.access import scope_of


class EmailChange(models.Model):
    """A new address of an account that is in use: the old address was told, the new one must be confirmed (token as a hash)."""

    person = models.ForeignKey("people.Account", models.CASCADE, related_name="email_changes")
    new_email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(confirmed_at__isnull=True, is_withdrawn=False), name="email_change_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.new_email}"


class LineChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """HR of the person's unit and central HR: they decide; the one who asked sees that it waits."""
        scope = scope_of(user)
        if scope.has("hr_central", "auditor"):
            return self
        wanted = Q(asked_by_id=user.pk)
        for path in scope.hr_paths:
            wanted |= Q(unit__path__startswith=path)
        return self.filter(wanted) if user.is_authenticated else self.none()

    def waiting(self):
        return self.filter(decided_at__isnull=True)


class LineChange(models.Model):
    """An import would make the importer himself the superior of ``person``: another colleague of HR decides."""

    person = models.ForeignKey("people.Account", models.CASCADE, related_name="line_changes")
    superior = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    unit = models.ForeignKey("people.OrgUnit", models.CASCADE, related_name="+")
    run = models.ForeignKey("people.ImportRun", models.SET_NULL, null=True, blank=True, related_name="line_changes")
    asked_by = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(default=False)

    objects = LineChangeQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(decided_at__isnull=True), name="line_change_one_open"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")),
                name="line_change_four_eyes",
                violation_error_message=_("A second person decides."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} below {self.superior_id}"
