"""Transactional tests empty every table, also of the rows that migrations made (Wagtail's root page, sites, collections, groups).

A copy of those rows is taken once a session and put back after each such test, so that the next test, and the next run on the kept file,
find the database as migrations left it.
"""

from __future__ import annotations

import sqlite3

from django.db import connection, transaction

_copy: dict = {}


def remember() -> None:
    """Called once, right after the test database exists."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _copy["file"] = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_copy["file"])
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                _copy[table] = b"".join(bytes(part) for part in rows)


def put_back() -> None:
    """After a transactional test has emptied the tables."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        _copy["file"].backup(connection.connection)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(f'"{table}"' for table in _copy)
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, rows in _copy.items():
            if rows:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(rows)


def is_transactional(item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_marker = marker is not None and bool(marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    return by_marker or bool({"transactional_db", "live_server", "django_db_reset_sequences"} & set(getattr(item, "fixturenames", ())))
