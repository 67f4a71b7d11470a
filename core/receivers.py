"""After each migrate: the audit tables get their triggers back."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from core.domain import audit_guard


def guard_audit(sender: Any, using: str, **_kwargs: Any) -> None:
    if settings.BINA_AUDIT_GUARD:
        audit_guard.install(using)
