"""The shared cache: Redis, or the database while Redis is away. Limits that count in it never turn into "allowed"."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("bina.cache")
PAUSE_SECONDS = 10


class RedisOrDatabaseCache(RedisCache):
    """After an error Redis is left alone for ten seconds, so that no request waits for it again and again."""

    _resting_until = 0.0


def _falling_back(name: str) -> Any:
    def method(self: RedisOrDatabaseCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= type(self)._resting_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError):
                type(self)._resting_until = time.monotonic() + PAUSE_SECONDS
                log.warning("Redis is away; the cache uses the database")
        return getattr(caches["database"], name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(RedisOrDatabaseCache, _name, _falling_back(_name))
