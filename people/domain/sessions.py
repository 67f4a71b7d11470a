"""Sessions of a person: her devices, and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.domain.audit import keyed_hash
from people.models import Account
from people.models.session import AccountSession

# Keys in the session itself, written when it begins.
BEGAN_AT, DEVICE = "bina_began_at", "bina_device"


@dataclass(frozen=True)
class Device:
    """One open session as its owner sees it. ``key`` names it in forms: never the cookie itself."""

    key: str
    label: str
    began_at: datetime | None
    expires_at: datetime
    is_current: bool


def end_sessions(person: Account, *, keep: str | None = None) -> int:
    """End all sessions of ``person`` but the one with the cookie ``keep``; returns how many ended."""
    ended, _rows = AccountSession.objects.filter(account_id=person.pk).exclude(session_key=keep or "").delete()
    return ended


def devices_of(person: Account, *, current: str | None) -> list[Device]:
    """The open sessions of ``person``, the newest first."""
    devices = []
    for session in AccountSession.objects.filter(account_id=person.pk, expire_date__gt=timezone.now()):
        data = session.get_decoded()
        devices.append(
            Device(
                key=public_key(session.session_key),
                label=str(data.get(DEVICE, "")),
                began_at=parse_datetime(str(data.get(BEGAN_AT, ""))),
                expires_at=session.expire_date,
                is_current=session.session_key == current,
            )
        )
    return sorted(devices, key=lambda device: device.began_at or device.expires_at, reverse=True)


def end_device(person: Account, key: str) -> bool:
    """End the session of ``person`` that ``devices_of`` named ``key``."""
    for session in AccountSession.objects.filter(account_id=person.pk):
        if public_key(session.session_key) == key:
            session.delete()
            return True
    return False


def public_key(session_key: str) -> str:
    """A name for a session that gives no way in: the cookie's value never stands in a page."""
    return keyed_hash(["session", session_key])[:24]
