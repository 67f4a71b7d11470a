"""Database triggers that refuse UPDATE, DELETE and TRUNCATE on the audit tables.

They are put in after each migrate (a later migration may rebuild a table on SQLite and lose them). On SQLite the owner of the file can always
remove them: there they protect against mistakes, the chain detects the rest. Tests switch them off (``BINA_AUDIT_GUARD``), because Django's
test cases empty the tables; ``tests/core/test_audit.py`` puts them in and takes them out.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

TABLES = ("core_auditevent", "core_auditlink")
MESSAGE = "audit rows are append-only"


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Puts the triggers in; nothing where the tables are not there yet (``migrate`` of one app alone)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(TABLES) <= set(connection.introspection.table_names(cursor)):
            return
        for statement in _drop(connection.vendor) + _create(connection.vendor):
            cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in _drop(connection.vendor):
            cursor.execute(statement)


def is_installed(using: str = DEFAULT_DB_ALIAS) -> bool:
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'bina_audit_%%' AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'bina_audit_%%'")
        return cursor.fetchone()[0] >= 2 * len(TABLES)


def _drop(vendor: str) -> list[str]:
    on = " ON {table}" if vendor == "postgresql" else ""
    kinds = ("row", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [f"DROP TRIGGER IF EXISTS bina_audit_{kind}_{table}{on.format(table=table)}" for table in TABLES for kind in kinds]


def _create(vendor: str) -> list[str]:
    if vendor == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION bina_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        return [function] + [
            statement
            for table in TABLES
            for statement in (
                f"CREATE TRIGGER bina_audit_row_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION bina_audit_refuse()",
                f"CREATE TRIGGER bina_audit_truncate_{table} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION bina_audit_refuse()",
            )
        ]
    return [
        f"CREATE TRIGGER bina_audit_{kind}_{table} BEFORE {kind.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table in TABLES
        for kind in ("update", "delete")
    ]
