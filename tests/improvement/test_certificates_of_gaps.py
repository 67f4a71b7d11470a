"""A certificate that came later than its completion (HR's batch, a replacement) stands as evidence on the gap too."""

from __future__ import annotations

from certificates.domain.batches import confirm_batch, prepare_batch
from certificates.domain.revocation import reissue
from certificates.models import Certificate, CertificateDesign, PendingCertificate
from core.domain import outbox
from improvement.domain.check import check_trails
from improvement.domain.reconcile import reconcile_loop
from improvement.models import Evidence


def test_a_certificate_from_hrs_batch_and_its_replacement(story, dewi):
    CertificateDesign.objects.update(needs_confirmation=True)
    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.learned()
    assert PendingCertificate.objects.count() == 1 and not Evidence.objects.filter(kind="certificate").exists()
    assert check_trails().broken == []
    batch = prepare_batch(PendingCertificate.objects.all(), by=dewi, at=story.now)
    confirm_batch(batch, by=dewi, at=story.now)
    outbox.drain(at=story.now)
    issued = Certificate.objects.get()
    assert Evidence.objects.get(kind="certificate").object_id == issued.pk
    reissue(issued, reason="Nama pelatihan diperbaiki.", by=dewi, at=story.now)
    assert Evidence.objects.filter(kind="certificate").count() == 2
    assert check_trails().broken == [] and not any(reconcile_loop(at=story.now).values())


def test_the_late_certificate_stands_beside_its_completion_on_the_gap(story):
    CertificateDesign.objects.update(predicates="tujuh puluh Baik")  # no score can be compared with it
    story.missed("Triwulan II 2026", 71)
    story.assigned()
    story.learned()
    assert not Evidence.objects.filter(kind="certificate").exists()
    assert check_trails().broken == []
    CertificateDesign.objects.update(predicates="")
    outbox.drain(at=story.now)

    assert Evidence.objects.get(kind="certificate").object_id == Certificate.objects.get().pk
    assert check_trails().broken == []
