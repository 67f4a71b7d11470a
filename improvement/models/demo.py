"""The one thing demo content must remember: from which day it was counted (decisions 26)."""

from django.db import models


class DemoMark(models.Model):
    """One row at most. ``anchor_on`` is the last day of the last completed quarter before the first filling; later runs reuse it."""

    anchor_on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.anchor_on}"
