"""Certificate numbers: ``0001/SERT/BPSDM/XI/2026``, one row of numbers per issuer, type and year, without gaps and never reused (decisions 23)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db.models import F

from certificates.models import CertificateDesign, SerialCounter
from core.domain.dates import ROMAN, local_date

# No 0 and O, 1, I and L, U and V alike: the code is read from paper and typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def take_serial(design: CertificateDesign, *, year: int) -> int:
    """The next number. The caller's transaction holds the counter's row until it ends, so a number that is rolled back is given again."""
    key: dict[str, Any] = {"issuer_id": design.issuer_id, "type_id": design.type_id, "year": year}
    # The UPDATE waits for whoever holds the row; reading first would give two certificates one number.
    if not SerialCounter.objects.filter(**key).update(last=F("last") + 1):
        SerialCounter.objects.get_or_create(**key)
        SerialCounter.objects.filter(**key).update(last=F("last") + 1)
    return SerialCounter.objects.values_list("last", flat=True).get(**key)


def write_number(design: CertificateDesign, *, serial: int, at: datetime) -> str:
    """Four digits at least; the month in Roman figures, day and year as Jakarta counts them."""
    day = local_date(at)
    return f"{serial:04d}/{design.type.code}/{design.issuer.code}/{ROMAN[day.month - 1]}/{day.year}"


def new_token() -> str:
    """128 random bits for the QR code, 22 characters."""
    return secrets.token_urlsafe(16)


def new_check_code() -> str:
    """``7K4Q-M2XD``: eight signs for typing, about 39 bits."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(8))
    return f"{signs[:4]}-{signs[4:]}"
