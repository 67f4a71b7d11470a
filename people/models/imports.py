"""Runs of an import (people here, evaluations in ``performance``): what was read, what became of each row, how to undo it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import ImportKind, ImportState, RowOutcome
from people.models.access import scope_of


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own runs; central HR and auditors see all."""
        scope = scope_of(user)
        if scope.has("hr_central", "auditor"):
            return self
        if scope.has("hr_unit", "admin"):
            return self.filter(by=user)
        return self.none()


class ImportRun(models.Model):
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    by = models.ForeignKey("people.Account", models.SET_NULL, null=True, blank=True, related_name="import_runs")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64, blank=True)
    stored_name = models.CharField(max_length=200, blank=True, help_text=_("Path below the data directory; emptied after 30 days."))
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class ImportRow(models.Model):
    """One row of the file. ``row`` counts as the spreadsheet does (the header is row 1). ``problems`` holds
    ``{"column", "severity", "message"}``; ``before`` holds the values an undo restores."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    problems = models.JSONField(default=list, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    is_applied = models.BooleanField(default=False)

    class Meta:
        ordering = ["sheet", "row"]
        constraints = [models.UniqueConstraint(fields=["run", "sheet", "row"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}: {self.outcome}"


class ImportMapping(models.Model):
    """The mapping of headers to fields that an installation used last for files with the same headers."""

    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="import_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
