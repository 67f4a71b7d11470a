"""Brakes against guessing numbers and codes: counted per address of the asker, in the shared cache, minute by minute."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

MISSES_A_MINUTE = 15  # an inspector mistypes a few times; a list of guesses stops here
CHECKS_A_MINUTE = 200  # a whole office may scan papers behind one address


def may_check(address: str, *, at: datetime | None = None) -> bool:
    minute = _minute(at)
    return (
        cache.get(_key("misses", address, minute), 0) < MISSES_A_MINUTE and _count("checks", address, minute) <= CHECKS_A_MINUTE
    )


def note_miss(address: str, *, at: datetime | None = None) -> None:
    _count("misses", address, _minute(at))


def _count(kind: str, address: str, minute: int) -> int:
    key = _key(kind, address, minute)
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:
        # Pushed out between the two calls: begin again.
        cache.set(key, 1, timeout=120)
        return 1


def _key(kind: str, address: str, minute: int) -> str:
    # The address itself is not kept anywhere.
    return f"certificates:{kind}:{minute}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"


def _minute(at: datetime | None) -> int:
    return int((at or timezone.now()).timestamp()) // 60
