"""What this app hears from itself: a final quiz that was graded is followed by practice. Connected in ``AppConfig.ready``."""

from __future__ import annotations

from django.dispatch import receiver

from assessments.domain import practice
from assessments.signals import attempt_finished


@receiver(attempt_finished, dispatch_uid="assessments.plan_practice")
def attempt_was_finished(sender, attempt, at, **kwargs) -> None:
    practice.plan(attempt)
