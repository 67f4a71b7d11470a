"""Who is at the door: names as people type them, and the rising delay after wrong tries (reliability T14, decisions 11).

Tries are counted per account **and** kind of client: each device that this account signed in from before has a count of its own, all strangers
share one. So a stranger can slow down strangers, never the owner on her own phone, and an address behind which an office sits is not counted at
all. Names that belong to nobody are counted just the same.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.domain import nip as nips
from core.domain.audit import keyed_hash
from people.models import Account, SignInDelay

FREE_TRIES = 5
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
NAME_LENGTH = 254


def normal_name(text: str) -> str:
    """NIP in groups or plain becomes its digits, an e-mail address small letters; spaces around do not matter."""
    name = unicodedata.normalize("NFC", text).strip()[:NAME_LENGTH]
    if "@" in name:
        return "".join(name.split()).lower()
    digits = nips.normalise(name)
    return digits if digits.isascii() and digits.isdigit() else name


def account_named(text: str) -> Account | None:
    """The account with this NIP or office address; one query whatever was typed."""
    name = normal_name(text)
    wanted = Q(email__iexact=name) if "@" in name else Q(nip=name)
    return Account.objects.filter(wanted).first() if name else None


@dataclass(frozen=True)
class Door:
    """One account (or one name that nobody has) seen from one kind of client. ``device`` "" = a client that this account never used."""

    subject: str
    device: str = ""

    def waits(self, *, at: datetime | None = None) -> timedelta:
        """How long the next try has to wait; takes a ticket for it when it need not (the count rises before the password is looked at,
        so that many tries at once cannot slip through, the first ones neither). Each statement decides by itself; no transaction is held."""
        now = at or timezone.now()
        row = self._row()
        if row is not None and now - row.last_failed_at > FORGOTTEN_AFTER:
            self._rows().filter(last_failed_at=row.last_failed_at).delete()
            row = None
        if row is None and self._begin(now):
            return timedelta()
        row = row or self._row()
        if row is None:  # a right try at the same moment cleared it
            return FIRST_DELAY
        free = Q(blocked_until__isnull=True) | Q(blocked_until__lte=now)
        if (
            self._rows()
            .filter(free, failures=row.failures)
            .update(failures=F("failures") + 1, last_failed_at=now, blocked_until=_blocked_until(row.failures + 1, now))
        ):
            return timedelta()
        row = self._row()
        return max((row.blocked_until or now) - now, FIRST_DELAY) if row is not None else FIRST_DELAY

    def failed(self, *, at: datetime | None = None) -> None:
        """A wrong try. Where a count exists, the ticket has counted it already."""
        now = at or timezone.now()
        if self._row() is None and not self._begin(now):
            self._rows().update(failures=F("failures") + 1, last_failed_at=now)

    def passed(self) -> None:
        """A right try clears the count of a known device; for strangers it gives back one ticket only, since others may be guessing."""
        if self.device:
            self._rows().delete()
        elif not self._rows().filter(failures__lte=1).delete()[0]:
            self._rows().update(failures=F("failures") - 1, blocked_until=None)

    def _begin(self, now: datetime) -> bool:
        """The first ticket; False when another try at the same moment has taken it."""
        try:
            with transaction.atomic():
                SignInDelay.objects.create(subject=self.subject, device=self.device, failures=1, last_failed_at=now)
        except IntegrityError:
            return False
        return True

    def _rows(self):
        return SignInDelay.objects.filter(subject=self.subject, device=self.device)

    def _row(self) -> SignInDelay | None:
        return self._rows().first()


def door_for(name: str, account: Account | None, *, device: str = "") -> Door:
    """NIP and e-mail address of one account are one door."""
    key = ["account", account.pk] if account is not None else ["name", normal_name(name)]
    return Door(subject=keyed_hash(key), device=device)


def wait_sentence(wait: timedelta, *, is_known_device: bool) -> str:
    """Says how long, and the way around it."""
    seconds = max(int(wait.total_seconds()), 1)
    minutes = -(-seconds // 60)
    length = (
        ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
        if seconds < 60
        else ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    )
    if is_known_device:
        return _("Too many tries. Try again in %(time)s, or have a sign-in link sent to your e-mail.") % {"time": length}
    return _(
        "Too many tries from devices that are new to this account. Try again in %(time)s, or have a sign-in link sent to your e-mail."
    ) % {"time": length}


def forget_old_delays(*, at: datetime | None = None) -> int:
    """Nightly: counts that nobody added to for a day."""
    return SignInDelay.objects.filter(last_failed_at__lt=(at or timezone.now()) - FORGOTTEN_AFTER).delete()[0]


def _blocked_until(failures: int, now: datetime) -> datetime | None:
    """5 free tries, then 5 s, 10 s, 20 s ... up to a quarter of an hour: about twenty tries in the first hour, four in each later one."""
    if failures <= FREE_TRIES:
        return None
    return now + min(FIRST_DELAY * 2 ** min(failures - FREE_TRIES - 1, 10), LONGEST_DELAY)
