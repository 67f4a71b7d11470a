"""Issuing: one certificate per completion, its number and its facts in one transaction; the file follows from the outbox."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from certificates.domain.facts import build_facts, facts_hash, valid_until
from certificates.domain.numbers import new_check_code, new_token, take_serial, write_number
from certificates.models import Certificate, CertificateDesign, PendingCertificate
from certificates.signals import certificate_issued
from core.domain import audit
from core.domain.dates import local_year
from core.domain.outbox import enqueue
from core.models import JobState
from courses.models import Completion, CoursePage
from people.models import Account

log = logging.getLogger("bina.certificates")
ENDED = (JobState.DONE, JobState.DEAD, JobState.DISMISSED)


def design_for(course: CoursePage) -> CertificateDesign | None:
    """The published design of the course, else the published default one."""
    usable = CertificateDesign.objects.filter(Q(course=course) | Q(course__isnull=True), live=True)
    return usable.select_related("issuer", "type").order_by(F("course").asc(nulls_last=True), "pk").first()


@transaction.atomic
def issue_for_completion(
    completion: Completion,
    *,
    at: datetime | None = None,
    by: Account | None = None,
) -> Certificate | PendingCertificate | None:
    """What the completion is due: the certificate at once, a place among those that wait for HR, or nothing without a design.

    Called again, it returns what there is; a revoked certificate is not issued anew here (``reissue`` is a decision).
    """
    moment = at or timezone.now()
    completion = _locked(completion)
    existing = completion.certificates.order_by("-pk").first()
    if existing is not None:
        return existing
    design = design_for(completion.course)
    if design is None:
        return None
    if design.needs_confirmation:
        return PendingCertificate.objects.get_or_create(completion=completion, defaults={"design": design, "created_at": moment})[
            0
        ]
    return write_certificate(completion, design=design, by=by, at=moment)


def issue_or_ask_again(completion: Completion, *, at: datetime | None = None) -> Certificate | PendingCertificate | None:
    """As ``issue_for_completion``, inside the learner's own hand-in: what is wrong with a paper takes no answer and no score with it.

    A fault (a design that cannot be printed, a number that cannot be made) is rolled back with the number it took, and a job issues the
    certificate later: tried with rising delay, then on the operators' list of dead jobs until a person has mended the cause.
    """
    try:
        with transaction.atomic():
            return issue_for_completion(completion, at=at)
    except Exception as error:
        # Every fault, foreseen or not: the hand-in behind it is the learner's work.
        log.error("certificate not issued, a job tries again", extra={"completion": completion.pk}, exc_info=error)
        enqueue("certificates.issue", f"certificates.issue:{completion.pk}", {"completion": completion.pk}, run_after=at)
        return None


@transaction.atomic
def write_certificate(
    completion: Completion,
    *,
    design: CertificateDesign,
    by: Account | None,
    at: datetime,
    replaces: Certificate | None = None,
) -> Certificate:
    """Number, snapshot, token and the job for the file. The number is taken last, because its row is held until the transaction ends."""
    token, check_code, year = new_token(), new_check_code(), local_year(at)
    serial = take_serial(design, year=year)
    number = write_number(design, serial=serial, at=at)
    facts = build_facts(completion, design=design, number=number, token=token, check_code=check_code, at=at)
    certificate = Certificate.objects.create(
        number=number,
        issuer=design.issuer,
        type=design.type,
        year=year,
        serial=serial,
        design=design,
        design_revision_id=design.live_revision_id,
        person=completion.person,
        completion=completion,
        facts=facts,
        facts_sha256=facts_hash(facts),
        token=token,
        check_code=check_code,
        issued_at=at,
        valid_until=valid_until(completion),
        replaces=replaces,
    )
    audit.record(
        "certificate.issued", certificate, by=by, subject=completion.person, after=facts, detail={"number": number}, at=at
    )
    enqueue_render(certificate, at=at)
    certificate_issued.send(sender=Certificate, certificate=certificate, at=at)
    return certificate


def enqueue_render(certificate: Certificate, *, at: datetime | None = None) -> None:
    """The job that makes the file: the one that waits or runs, else a new one (the file was lost, or an operator is needed for the last)."""
    key, payload = f"certificates.render:{certificate.pk}", {"certificate": certificate.pk}
    job = enqueue("certificates.render", key, payload, run_after=at)
    while job.state in ENDED:
        job = enqueue("certificates.render", f"{key}:{job.pk}", payload, run_after=at)


def _locked(completion: Completion) -> Completion:
    """One at a time for one completion; the related rows are read with it."""
    return (
        Completion.objects.select_for_update(of=("self",))
        .select_related("person", "release", "course")
        .get(pk=completion.pk)
    )
