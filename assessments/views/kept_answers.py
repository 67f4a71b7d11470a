"""An answer posted after the sign-in had run out waits in the visitor's own session until she has signed in again (never in the address:
it may be a text about people)."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "kept_answer"
LARGEST = 24_000  # characters of one answer; a longer one is left to the browser, which keeps it on the device


def keep(request: HttpRequest, attempt: int, n: int, values: list[str]) -> None:
    """Only the last one: who is signed out is sent to the sign-in after each post. Nobody's attempt is opened by it."""
    if values and sum(len(value) + 10 for value in values) <= LARGEST:
        request.session[_KEY] = {"attempt": attempt, "n": n, "values": values}


def take(request: HttpRequest, attempt: int, n: int) -> list[str]:
    """What was posted for this question, once."""
    kept = request.session.get(_KEY)
    if not kept or (kept["attempt"], kept["n"]) != (attempt, n):
        return []
    del request.session[_KEY]
    return kept["values"]
