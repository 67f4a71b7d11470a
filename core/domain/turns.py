"""Long work in batches that lets others write in between."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import connection

Batch = TypeVar("Batch")

WORK_SECONDS = 0.5
PAUSE_SECONDS = 0.11  # longer than the longest sleep of a writer that waits for SQLite (100 ms)


def in_turns(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches one by one; each is written and committed by the caller before she asks for the next.

    SQLite has one writer, and whoever waits for it looks again only every tenth of a second: without a pause the next batch always begins
    first, and a learner's answer waits for the whole import (tests/faults/test_import_meanwhile.py). PostgreSQL needs none.
    """
    rested = time.monotonic()
    for batch in batches:
        yield batch
        if connection.vendor == "sqlite" and time.monotonic() - rested >= WORK_SECONDS:
            time.sleep(PAUSE_SECONDS)
            rested = time.monotonic()
