"""A declaration of honesty, ticked before the start and kept in the start step. It asks; nothing watches."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.access_rules.base import Declaration, Situation, StartRule

PROMISE = "janji"


class Honesty(StartRule):
    def declaration(self, situation: Situation) -> Declaration | None:
        if not situation.spec.get("asks_honesty"):
            return None
        return Declaration(PROMISE, _("I answer by myself, and I do not pass the questions on."))

    def undeclared(self, situation: Situation) -> str:
        return _("Tick the declaration first, then begin.")
