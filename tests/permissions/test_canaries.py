"""Planted secrets: every page is opened as every identity, and no secret stands where it must not be read (reliability T2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import AnswerKey
from core.domain import crypto
from core.domain.dates import local_today
from improvement.domain import guidance
from improvement.models import Counselling
from performance.models import Evaluation
from tests.permissions.identities import IDENTITIES
from tests.permissions.policy import ROWS

pytestmark = pytest.mark.django_db

READERS = {
    # secret: who may read it anywhere
    "KANARI-PEMBAHASAN": {"trainer"},  # explanation of an answer, before the hand-in
    "KANARI-UMPAN-BALIK": {"trainer"},
    "KANARI-CATATAN-PRIBADI": {"superior"},  # private note of the talk
    "KANARI-BAGIAN-BERSAMA": {"asn", "superior"},  # shared boxes of the talk, the agreement in their words among them
    "KANARI-BELUM-DISETUJUI": {"asn", "superior"},  # action and formal record of a talk that one of the two has yet to confirm
    "KANARI-RENCANA-AKSI": {"asn", "superior", "hr_unit", "hr_central"},  # the action that both confirmed
    "KANARI-CATATAN-RESMI": {"asn", "superior", "hr_unit", "hr_central"},  # the formal record of a closed talk
    "KANARI-KONSELING": {"counsellor"},
    "KANARI-RINGKASAN": {"counsellor", "counselled"},
    "KANARI-HASIL": {"counsellor", "recipient"},
    "KANARI-PENILAIAN": {"asn", "superior", "hr_unit", "hr_central", "evaluator", "auditor"},  # remarks on Sari's evaluation
}


@pytest.fixture
def planted(world, people):
    for key in AnswerKey.objects.filter(version__question__quiz_items__quiz=world.quiz):
        key.explanation, key.option_feedback = "KANARI-PEMBAHASAN", {"x": "KANARI-UMPAN-BALIK"}
        key.save()
    _plant_talks(world, people["superior"])
    Counselling.objects.update(
        notes_encrypted=crypto.encrypt("KANARI-KONSELING"), shared_summary="KANARI-RINGKASAN", agreed_result="KANARI-HASIL"
    )
    Evaluation.objects.filter(person=world.sari).update(remarks="KANARI-PENILAIAN")
    return world


def _plant_talks(world, superior) -> None:
    """One talk that waits for its confirmation, and one that both confirmed, with its evidence on the case."""
    said = dict.fromkeys(("goal", "reality", "options", "agreement"), "KANARI-BAGIAN-BERSAMA") | {"private_note": "KANARI-CATATAN-PRIBADI"}
    guidance.save_talk(
        world.talk, version=world.talk.version, by=superior, action="KANARI-BELUM-DISETUJUI", formal_summary="KANARI-BELUM-DISETUJUI",
        action_due_on=local_today(), asks_agreement=True, **said,
    )
    closed = guidance.plan_guidance(
        world.sari, conductor=superior, scheduled_at=timezone.now() - timedelta(days=9), gap=world.gap, by=superior
    )
    closed = guidance.save_talk(
        closed, version=1, by=superior, action="KANARI-RENCANA-AKSI", formal_summary="KANARI-CATATAN-RESMI",
        action_due_on=local_today() - timedelta(days=2), asks_agreement=True, **said,
    )
    world.closed_talk = guidance.confirm_agreement(closed, by=world.sari)


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", errors="replace")


def _addresses(world):
    """Every route of the policy, and the pages of the closed talk and its case, which no row opens."""
    yield from ((name, reverse(name, kwargs=row.kwargs(world)), row.data) for name, row in ROWS.items())
    yield "improvement:guidance", reverse("improvement:guidance", args=[world.closed_talk.pk]), None
    for name in ("improvement:trail", "improvement:gap"):
        yield name, reverse(name, args=[world.gap.parent_id]), None


def leaks(identity: str, world, client) -> list[str]:
    found = []
    for name, url, data in _addresses(world):
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(url, (data or {}) if method == "post" else {})
                text = _text(response)
                transaction.set_rollback(True)
            for secret, readers in READERS.items():
                if secret in text and identity not in readers:
                    found.append(f"{identity} reads {secret} at {method.upper()} {name} ({url})")
    return found


def test_no_secret_stands_where_it_must_not_be_read(planted, client_of):
    world = planted
    # The result of a finished attempt shows its explanations to the learner: that attempt is of another quiz than the open one.
    assert world.finished.quiz_id != world.quiz.pk
    found = [line for identity in IDENTITIES for line in leaks(identity, world, client_of(identity))]
    assert not found, "\n" + "\n".join(found)


def test_the_secrets_are_really_planted(planted, client_of):
    """A control: those who may read a secret do read it, so that the test above cannot pass by emptiness."""
    world = planted
    own = client_of("superior").get(reverse("improvement:guidance", args=[world.talk.pk]))
    assert "KANARI-CATATAN-PRIBADI" in _text(own) and "KANARI-BAGIAN-BERSAMA" in _text(own)
    assert "KANARI-BELUM-DISETUJUI" in _text(own)
    formal = _text(client_of("hr_unit").get(reverse("improvement:guidance", args=[world.closed_talk.pk])))
    assert "KANARI-RENCANA-AKSI" in formal and "KANARI-CATATAN-RESMI" in formal
    trail = reverse("improvement:trail", args=[world.gap.parent_id])
    assert "KANARI-RENCANA-AKSI" in _text(client_of("superior").get(trail))
    for identity in ("evaluator", "auditor"):
        assert "Pertemuan bimbingan" in _text(client_of(identity).get(trail))
    assert "KANARI-KONSELING" in _text(client_of("counsellor").get(reverse("improvement:counselling", args=[world.session.pk])))
    assert "KANARI-PEMBAHASAN" in _text(client_of("trainer").get(reverse("assessments:question", args=[world.bank_question.pk])))


def test_no_page_shows_another_persons_nip(planted, client_of, people):
    """Colleagues' NIPs stay out of learners', trainers' and strangers' pages."""
    numbers = {name: person.nip for name, person in people.items() if len(person.nip) == 18}
    found = []
    for identity in ("anonymous", "asn", "other_asn", "trainer", "counsellor", "recipient", "counselled"):
        client = client_of(identity)
        for name, row in ROWS.items():
            text = _text(client.get(reverse(name, kwargs=row.kwargs(planted)))).replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
            found += [
                f"{identity} reads the NIP of {owner} at {name}"
                for owner, nip in numbers.items()
                if owner != identity and nip in text
            ]
    assert not found, "\n" + "\n".join(sorted(set(found)))
