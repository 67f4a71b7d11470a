"""Read models of the screens: everything a page needs in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from certificates.enums import CertificateState, Standing
from certificates.models import Certificate, CertificateBatch, PendingCertificate
from core.domain.dates import local_today, local_year
from core.domain.nip import normalise
from courses.models import Completion
from people.models import Account

FIRST_YEAR = 2020  # no certificate and no learning hours here are older


def years() -> range:
    """The years that can be looked at, this one first; the same on every screen."""
    return range(local_year(timezone.now()), FIRST_YEAR - 1, -1)


def own_certificates(person: Account) -> QuerySet[Certificate]:
    return Certificate.objects.filter(person=person).select_related("revocation", "replaced_by")


def find_certificates(
    user: Account, *, text: str = "", standing: str = "", year: str = "", type_code: str = ""
) -> QuerySet[Certificate]:
    """What ``user`` may see, narrowed; unknown filter values are ignored. ``text``: part of the name, a number, or a NIP."""
    found = Certificate.objects.visible_to(user).select_related("person", "type", "revocation", "replaced_by")
    if text := " ".join(text.split()):
        found = found.filter(Q(person__name__icontains=text) | Q(number__istartswith=text) | Q(person__nip=normalise(text)[:18]))
    if standing in Standing.values:
        found = found.filter(_standing(standing))
    if year.isascii() and year.isdigit() and len(year) == 4:
        found = found.filter(year=int(year))
    if type_code:
        found = found.filter(type__code=type_code.upper()[:12])
    return found


def waiting(user: Account) -> QuerySet[PendingCertificate]:
    """Completions that wait for HR's confirmation, of the people ``user`` sees; not those that were declined or are being issued."""
    return (
        PendingCertificate.objects.filter(
            completion__in=Completion.objects.visible_to(user), declined_reason="", completion__certificates__isnull=True
        )
        .filter(Q(batch__isnull=True) | ~Q(batch__state="confirmed"))
        .select_related("completion__person", "completion__release", "design__type")
        .order_by("completion__release__title", "completion__completed_at", "pk")
    )


def batches(user: Account) -> QuerySet[CertificateBatch]:
    """Batches that hold somebody whom ``user`` sees."""
    seen = PendingCertificate.objects.filter(completion__in=Completion.objects.visible_to(user), batch__isnull=False)
    return CertificateBatch.objects.filter(pk__in=seen.values("batch_id")).select_related("design__type", "confirmed_by")


def _standing(standing: str) -> Q:
    today = local_today()
    if standing == Standing.EXPIRED:
        return Q(state=CertificateState.VALID, valid_until__lt=today)
    if standing == Standing.VALID:
        return Q(state=CertificateState.VALID) & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))
    return Q(state=standing)
