"""Certificates that wait for HR: chosen together, looked at once, confirmed together, then issued by the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.domain import facts as snapshots
from certificates.domain.issue import write_certificate
from certificates.domain.numbers import write_number
from certificates.domain.queries import waiting
from certificates.enums import BatchState
from certificates.models import Certificate, CertificateBatch, PendingCertificate
from certificates.rules import may_confirm
from core.domain import audit
from core.domain.errors import RuleViolation
from core.domain.outbox import enqueue
from courses.models import Completion
from people.models import Account

ISSUED_AT_ONCE = 25  # certificates in one transaction: the counter's row is held for a fraction of a second
MOST_IN_BATCH = 500


@transaction.atomic
def prepare_batch(chosen: Iterable[PendingCertificate], *, by: Account, at: datetime | None = None) -> CertificateBatch:
    """A draft of everything chosen that ``by`` may confirm. ``RuleViolation``: not HR, nothing chosen, too many, one's own, mixed designs."""
    wanted = {pending.pk for pending in chosen}
    found = list(waiting(by).select_for_update(of=("self",)).filter(pk__in=wanted))
    unmet = may_confirm(by=by)
    if not found:
        unmet.append(_("Choose at least one certificate."))
    if len(found) > MOST_IN_BATCH:
        unmet.append(_("At most %(most)d certificates can be confirmed together.") % {"most": MOST_IN_BATCH})
    if any(pending.completion.person_id == by.pk for pending in found):
        unmet.append(_("Your own certificate is confirmed by a colleague."))
    if len({pending.design_id for pending in found}) > 1:
        unmet.append(_("Certificates of different designs are confirmed separately."))
    if unmet:
        raise RuleViolation(unmet)
    batch = CertificateBatch.objects.create(design=found[0].design, created_at=at or timezone.now())
    PendingCertificate.objects.filter(pk__in=[pending.pk for pending in found]).update(batch=batch)
    audit.record("certificate_batch.prepared", batch, by=by, detail={"count": len(found)}, at=at)
    return batch


@transaction.atomic
def confirm_batch(batch: CertificateBatch, *, by: Account, at: datetime | None = None) -> CertificateBatch:
    """HR has looked at one: all of them are issued, by a job that goes on after any interruption. ``RuleViolation``: not HR, not all hers."""
    moment = at or timezone.now()
    batch = CertificateBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.CONFIRMED:
        return batch
    unmet = may_confirm(by=by)
    seen = set(waiting(by).filter(batch=batch).values_list("pk", flat=True))
    held = set(_open(batch).values_list("pk", flat=True))
    if not held:
        unmet.append(_("This batch is empty."))
    if held - seen:
        unmet.append(_("This batch holds people of other units; central HR confirms it."))
    if batch.pending.filter(completion__person=by, declined_reason="").exists():
        unmet.append(_("Your own certificate is confirmed by a colleague."))
    if unmet:
        raise RuleViolation(unmet)
    batch.state, batch.confirmed_at, batch.confirmed_by = BatchState.CONFIRMED, moment, by
    batch.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    audit.record("certificate_batch.confirmed", batch, by=by, detail={"count": len(held)}, at=moment)
    enqueue("certificates.issue_batch", f"certificates.issue_batch:{batch.pk}", {"batch": batch.pk}, run_after=at)
    return batch


@transaction.atomic
def decline(pending: PendingCertificate, *, reason: str, by: Account, at: datetime | None = None) -> None:
    """No certificate for this completion, with a reason; learning hours are not touched.

    ``RuleViolation``: not HR, one's own, no reason; decided by a colleague meanwhile (issued, confirmed for issue, declined).
    """
    # What was read a while ago may have been issued since: the row is read anew and held.
    locked = PendingCertificate.objects.select_for_update(of=("self",)).select_related("completion__person", "batch")
    pending = locked.get(pk=pending.pk)
    unmet = may_confirm(by=by) + _decided_meanwhile(pending)
    if pending.completion.person_id == by.pk:
        unmet.append(_("A colleague decides about your own certificate."))
    if len(reason.split()) < 2:
        unmet.append(_("Give a reason in a few words."))
    if unmet:
        raise RuleViolation(unmet)
    pending.declined_reason, pending.batch = " ".join(reason.split())[:300], None
    pending.save(update_fields=["declined_reason", "batch"])
    audit.record("certificate.declined", pending, by=by, subject=pending.completion.person, at=at)


def issue_confirmed(batch: CertificateBatch, *, at: datetime | None = None) -> int:
    """Everything of a confirmed batch that has no certificate yet, a few in each transaction; how many. Safe to run again."""
    moment, count = at or timezone.now(), 0
    while True:
        with transaction.atomic():
            part = list(_open(batch).select_for_update(of=("self",)).order_by("completion__completed_at", "pk")[:ISSUED_AT_ONCE])
            for pending in part:
                completion = Completion.objects.select_related("person", "release").get(pk=pending.completion_id)
                write_certificate(completion, design=pending.design, by=batch.confirmed_by, at=moment)
        count += len(part)
        if len(part) < ISSUED_AT_ONCE:
            return count


@transaction.atomic
def undo_batch(batch: CertificateBatch, *, by: Account, at: datetime | None = None) -> None:
    """A draft that was not confirmed: its certificates wait again; one that is gone already stays gone.

    ``RuleViolation``: not HR, or confirmed meanwhile.
    """
    found = CertificateBatch.objects.select_for_update().filter(pk=batch.pk).first()
    if found is None:
        return
    batch, unmet = found, may_confirm(by=by)
    if batch.state != BatchState.DRAFT:
        unmet.append(_("This batch is confirmed already."))
    if unmet:
        raise RuleViolation(unmet)
    audit.record("certificate_batch.undone", batch, by=by, at=at)
    batch.pending.update(batch=None)
    batch.delete()


def preview_facts(batch: CertificateBatch, *, by: Account) -> snapshots.Facts | None:
    """What the first certificate of the batch that ``by`` sees will print, with a number that says it is none yet."""
    seen = waiting(by).filter(batch=batch).values("pk")
    pending = (
        _open(batch)
        .filter(pk__in=seen)
        .select_related("completion__person", "completion__release")
        .first()
    )
    if pending is None:
        return None
    design, moment = pending.design, timezone.now()
    number = f"PRATINJAU/{write_number(design, serial=0, at=moment).partition('/')[2]}"
    return snapshots.build_facts(
        pending.completion,
        design=design,
        number=number,
        token="pratinjau",  # noqa: S106 (stands where the token will be)
        check_code="PRATINJAU",
        at=moment,
    )


def certificates_of(batch: CertificateBatch, by: Account):
    """What came out of a batch, as far as ``by`` sees it."""
    return (
        Certificate.objects.visible_to(by)
        .filter(completion__pending_certificate__batch=batch)
        .select_related("person")
        .order_by("serial", "pk")
    )


def _decided_meanwhile(pending: PendingCertificate) -> list[str]:
    if pending.completion.certificates.exists():
        return [_("The certificate has been issued meanwhile.")]
    if pending.batch is not None and pending.batch.state == BatchState.CONFIRMED:
        return [_("A colleague has confirmed this certificate; it is being issued.")]
    return [_("A colleague has declined this certificate already.")] if pending.declined_reason else []


def _open(batch: CertificateBatch):
    return PendingCertificate.objects.filter(
        batch=batch, declined_reason="", completion__certificates__isnull=True
    ).select_related("design__issuer", "design__type")
