"""What an installation must not be like (``manage.py check``, run by script/server and before each release)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError, connections


@register(Tags.security, deploy=True)
def check_production(app_configs: Any, **_kwargs: Any) -> list:
    """Secrets given, addresses https, connections kept."""
    if not settings.PRODUCTION:
        return []
    problems: list = []
    for name in ("SECRET_KEY", "BINA_HASH_KEY", "BINA_NOTES_KEYS"):
        if not getattr(settings, name):
            variable = name if name.startswith("BINA_") else f"BINA_{name}"
            problems.append(Error(f"{variable} must be given in production.", id="bina.E001"))
    if not settings.BASE_URL.startswith("https://"):
        problems.append(Error("BINA_BASE_URL must begin with https:// in production.", id="bina.E002"))
    if settings.DATABASES["default"].get("CONN_MAX_AGE", 0) == 0:
        problems.append(Error("The production database needs persistent connections (CONN_MAX_AGE).", id="bina.E003"))
    if not settings.EMAIL_HOST:
        problems.append(Warning("EMAIL_HOST is not set: notices and sign-in links are only written to a folder.", id="bina.W001"))
    return problems


@register(Tags.database)
def check_no_demo_accounts(app_configs: Any, databases: Any = None, **_kwargs: Any) -> list:
    """Demo accounts have printed passwords: they cannot exist beside production settings."""
    if not settings.PRODUCTION:
        return []
    from django.contrib.auth import get_user_model

    try:
        connection = connections["default"]
        model = get_user_model()
        if model._meta.db_table not in connection.introspection.table_names():
            return []
        count = model._default_manager.filter(is_demo=True).count()
    except DatabaseError:
        return []
    return [Error(f"{count} demo accounts exist; a production installation begins with an empty database.", id="bina.E004")] if count else []
