"""Logs: one JSON object a line, which no input can break into two, and in which no NIP, address or query string stands in clear."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings

request_id: ContextVar[str] = ContextVar("request_id", default="")

_NIP = re.compile(r"(?<!\d)\d{8}[ .]?\d{4}[ .]?\d{2}[ .]?\d[ .]?\d{3}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# What stands in these addresses opens a door once: a one-time link, the confirmation of an address.
_TOKEN = re.compile(r"(/akun/(?:tautan|surel)/)(?!dikirim/)[^/\s\"'<>?]+")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]+")
_STANDARD = set(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName", "request", "server_time", "stack_info"}


def hashed(value: str) -> str:
    """Twelve characters of a keyed hash: the same person gives the same mark, nobody can compute it back by trying all NIPs."""
    if not value:
        return ""
    return hmac.new(settings.BINA_HASH_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()[:12]


def scrubbed(text: str) -> str:
    """``text`` without personal data and live tokens: a NIP becomes its mark, an address, a token and a query string are taken out."""
    text = _NIP.sub(lambda match: f"nip:{hashed(re.sub(r'[^0-9]', '', match.group()))}", text)
    return _QUERY.sub("?…", _EMAIL.sub("…@…", _TOKEN.sub(r"\1…", text)))


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        if request_id.get():
            line["request"] = request_id.get()
        for name, value in record.__dict__.items():
            if name not in _STANDARD and not name.startswith("_"):
                line[name] = value if isinstance(value, (int, float, bool, type(None))) else scrubbed(str(value))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = scrubbed(self.formatException(record.exc_info))
        # json.dumps escapes every newline and control character; the separators U+2028/9 are escaped too because the output is ASCII.
        return json.dumps(line)
