"""Several at once: for tests of races, which need ``django_db(transaction=True)``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def together(work: Callable[[int], Any], count: int) -> list[Any]:
    """``work(index)`` in so many threads that begin at the same moment; what they raise is returned among the results."""
    gate, results = threading.Barrier(count), []

    def run(index: int) -> None:
        try:
            gate.wait(30)
            results.append(work(index))
        except Exception as error:  # noqa: BLE001 (a thread's error is a result)
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
