"""Devices that an account signed in from before, remembered in a signed cookie on the device itself; the server stores nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.core import signing

SALT = "people.device"
MAX_ACCOUNTS = 12  # of a shared computer
MAX_AGE = 400 * 24 * 3600


@dataclass(frozen=True)
class KnownDevice:
    """``key`` names the device (random); ``accounts`` are those that signed in from it, the latest last."""

    key: str
    accounts: tuple[int, ...] = field(default=())

    def key_for(self, account_id: int | None) -> str:
        """The device's name where this account used it before, else empty: it counts as a stranger."""
        return self.key if account_id is not None and account_id in self.accounts else ""

    def with_account(self, account_id: int) -> KnownDevice:
        others = tuple(pk for pk in self.accounts if pk != account_id)
        return KnownDevice(self.key, (*others, account_id)[-MAX_ACCOUNTS:])

    def cookie(self) -> str:
        return signing.dumps([self.key, list(self.accounts)], salt=SALT, compress=True)


def read_device(cookie: str | None) -> KnownDevice:
    """The device of a cookie that we signed, or a new one."""
    try:
        key, accounts = signing.loads(cookie or "", salt=SALT, max_age=MAX_AGE)
        return KnownDevice(str(key), tuple(int(pk) for pk in accounts))
    except (signing.BadSignature, ValueError, TypeError):
        return KnownDevice(secrets.token_urlsafe(12))


def label_of(user_agent: str) -> str:
    """``Chrome · Android``: enough for a person to recognise her own device."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), "")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return " · ".join(filter(None, (browser, system)))
