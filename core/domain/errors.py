"""The one exception of the rules: sentences for the person in front of the screen."""

from __future__ import annotations

from collections.abc import Iterable


class RuleViolation(Exception):
    """Raised by domain functions with the list of unmet requirements (translated sentences). Views show them, tests compare them."""

    def __init__(self, reasons: Iterable[str] | str):
        self.reasons = [str(reasons)] if isinstance(reasons, str) else [str(reason) for reason in reasons]
        super().__init__("; ".join(self.reasons))
