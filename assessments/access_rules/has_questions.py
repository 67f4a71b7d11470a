"""A quiz without questions cannot be started (a version from before the check, or a damaged import)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.access_rules.base import Situation, StartRule


class HasQuestions(StartRule):
    def problems(self, situation: Situation) -> list[str]:
        if situation.spec.get("questions"):
            return []
        return [_("This quiz has no questions yet. Its trainer has to publish it again.")]
