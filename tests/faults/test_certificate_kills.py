"""Certificates while workers are killed (reliability F2, Done-when 8): none lost, no number twice, no gap, every file whole."""

from __future__ import annotations

import hashlib

import pytest

from certificates.domain import batches
from certificates.domain.facts import facts_hash
from certificates.domain.issue import issue_for_completion
from certificates.models import Certificate, SerialCounter
from core.models import Job, JobState
from people.enums import Role
from people.models import Notice
from tests.factories.certificates import ISSUED_AT, certified_course, completed, default_design
from tests.factories.people import AccountFactory, GrantFactory
from tests.faults.arena import arena

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def everything_is_done():
    return not Job.objects.exclude(state=JobState.DONE).exists()


def play(folder, *, count: int, kills: int, seconds: float) -> int:
    """``count`` completions wait for HR; she confirms them; workers issue and print them while they are killed. How many kills hit."""
    default_design(needs_confirmation=True)
    course, dewi = certified_course(), AccountFactory()
    GrantFactory(person=dewi, role=Role.HR_CENTRAL)
    waiting = [issue_for_completion(completed(AccountFactory(), course), at=ISSUED_AT) for _paper in range(count)]
    batches.confirm_batch(batches.prepare_batch(waiting, by=dewi), by=dewi)
    # A worker that is killed in the middle spends a try; how often that happens is the dice's choice, not the product's.
    Job.objects.update(max_attempts=100)
    with arena(folder, workers=2, seed=2026) as field:
        field.kill(times=kills, until=lambda: everything_is_done() and Certificate.objects.exists(), pause=(0.4, 2.0), seconds=seconds)
        return field.kills


def check(folder, count: int) -> None:
    certificates = list(Certificate.objects.order_by("serial"))
    assert [certificate.serial for certificate in certificates] == list(range(1, count + 1))
    assert len({certificate.number for certificate in certificates}) == count
    assert len({certificate.completion_id for certificate in certificates}) == count
    assert SerialCounter.objects.get().last == count
    assert Notice.objects.filter(kind="certificate").count() == count
    media = folder / "data" / "media"
    for certificate in certificates:
        data = (media / certificate.file_name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == certificate.file_sha256
        assert data.startswith(b"%PDF")
        assert data.rstrip().endswith(b"%%EOF")
        assert facts_hash(certificate.facts) == certificate.facts_sha256
    assert len(list(media.rglob("*.pdf"))) == count


def test_a_few_kills_lose_nothing(tmp_path):
    assert play(tmp_path, count=40, kills=4, seconds=180) >= 1
    check(tmp_path, 40)


@pytest.mark.arena
def test_twenty_kills_at_two_hundred_certificates(tmp_path):
    kills = play(tmp_path, count=200, kills=20, seconds=600)
    check(tmp_path, 200)
    assert kills >= 15
