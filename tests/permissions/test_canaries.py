"""Planted secrets: every page is opened as every identity, and no secret stands where it must not be read (reliability T2, G4): pages, error
pages, workbooks (unpacked), PDFs (as text), the editor, and nowhere at all in mails and logs."""

from __future__ import annotations

import io
import logging
import re
import subprocess
import zipfile
from datetime import datetime, time, timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import AnswerKey
from core.domain import crypto, outbox
from core.domain.dates import JAKARTA, local_today
from core.logs import JsonFormatter
from improvement.domain import guidance, transfer
from improvement.models import Counselling, LearnerRequest, Proposal, TrainingAssignment, TransferPlan
from people.domain import one_time
from people.domain.digests import enqueue_digests
from people.enums import RowOutcome
from people.models import Account, ImportRow
from performance.models import Evaluation, Gap, GapContext
from tests.permissions.identities import IDENTITIES
from tests.permissions.policy import ROWS

pytestmark = pytest.mark.django_db

DECIDERS = {"asn", "superior", "hr_unit", "hr_central"}  # Sari, and who decides for her
GAP = DECIDERS | {"evaluator", "auditor"}  # who reads Sari's gap
OFFICE = {"hr_central", "auditor", "admin"}  # who reads anybody's number and address; HR of a unit: its own people
BELOW = {"31.10.": {"hr_unit"}, "31.10.02": {"hr_other"}}  # unit codes: Ratna looks after Puspa, Hana after Cempaka
READERS = {
    # secret: who may read it anywhere
    "KANARI-PEMBAHASAN": {"trainer"},  # explanation of an answer, before the hand-in
    "KANARI-UMPAN-BALIK": {"trainer"},
    "KANARI-CATATAN-PRIBADI": {"superior"},  # private note of the talk
    "KANARI-BAGIAN-BERSAMA": {"asn", "superior"},  # shared boxes of the talk, the agreement in their words among them
    "KANARI-BELUM-DISETUJUI": {"asn", "superior"},  # action and formal record of a talk that one of the two has yet to confirm
    "KANARI-RENCANA-AKSI": DECIDERS,  # the action that both confirmed
    "KANARI-CATATAN-RESMI": DECIDERS,  # the formal record of a closed talk
    "KANARI-KONSELING": {"counsellor"},
    "KANARI-RINGKASAN": {"counsellor", "counselled"},
    "KANARI-HASIL": {"counsellor", "recipient"},
    "KANARI-PENILAIAN": GAP,  # remarks on Sari's evaluation
    "KANARI-CATATAN-SEBAB": GAP,
    "KANARI-KONTEKS": DECIDERS,  # what Sari said about it
    "KANARI-JAWAB-KONTEKS": DECIDERS,
    "KANARI-ALASAN-KEPUTUSAN": DECIDERS,  # why a proposal was declined or changed
    "KANARI-PERMINTAAN": DECIDERS,
    "KANARI-ALASAN-TUGAS": GAP,
    "KANARI-JIKA": GAP,  # Sari's plan, what she tried, and what her superior offered
    "KANARI-MAKA": GAP,
    "KANARI-CONTOH": GAP,
    "KANARI-BANTUAN": GAP,
    "KANARI-BARIS-IMPOR": {"hr_unit", "hr_central", "auditor"},  # what an import said about a row
    "KANARI-SANDI-SALAH": set(),  # a password that somebody mistyped
}


@pytest.fixture
def planted(world, people):
    for key in AnswerKey.objects.filter(version__question__quiz_items__quiz=world.quiz):
        key.explanation = "KANARI-PEMBAHASAN"
        key.option_feedback = {option["id"]: "KANARI-UMPAN-BALIK" for option in key.version.body["options"]}
        key.save()
    _plant_talks(world, people["superior"])
    Counselling.objects.update(
        notes_encrypted=crypto.encrypt("KANARI-KONSELING"), shared_summary="KANARI-RINGKASAN", agreed_result="KANARI-HASIL"
    )
    Evaluation.objects.filter(person=world.sari).update(remarks="KANARI-PENILAIAN")
    Gap.objects.filter(person=world.sari).update(cause_note="KANARI-CATATAN-SEBAB")
    GapContext.objects.update(text="KANARI-KONTEKS", answer="KANARI-JAWAB-KONTEKS")
    Proposal.objects.filter(gap__person=world.sari).update(decision_reason="KANARI-ALASAN-KEPUTUSAN")
    TrainingAssignment.objects.filter(person=world.sari).update(reason="KANARI-ALASAN-TUGAS")
    LearnerRequest.objects.update(text="KANARI-PERMINTAAN")
    TransferPlan.objects.update_or_create(
        enrolment=world.question_30.enrolment,
        defaults={"person": world.sari, "situation": "KANARI-JIKA", "action": "KANARI-MAKA", "starts_on": local_today(), "created_at": timezone.now(),
                  "updated_at": timezone.now()},
    )  # fmt: skip
    transfer.answer(world.question_30, "not_yet", by=world.sari, barrier="time", example="KANARI-CONTOH")
    transfer.answer(world.question_60, "partly", by=people["superior"], help_offered="KANARI-BANTUAN")
    ImportRow.objects.create(
        run=world.run, sheet="pegawai", row=2, outcome=RowOutcome.REFUSED,
        problems=[{"column": "name", "severity": "error", "message": "KANARI-BARIS-IMPOR"}],
    )  # fmt: skip
    world.readers = READERS | _plant_persons(world, people)
    return world


def _plant_persons(world, people) -> dict[str, set[str]]:
    """How each person is reached and numbered, and what nobody reads: codes, links, passwords, the secret of a second step."""
    found: dict[str, set[str]] = {}
    for number, (identity, person) in enumerate(people.items()):
        private, email = {"phone": f"KANARI-TELP-{number:02d}", "education": f"KANARI-DIDIK-{number:02d}"}, f"kanari-{number:02d}@rahasia.example"
        Account.objects.filter(pk=person.pk).update(email=email, **private)
        person.refresh_from_db()
        office = OFFICE.union(*(readers for code, readers in BELOW.items() if person.placement and person.placement.unit.code.startswith(code)))
        found |= dict.fromkeys(private.values(), {identity}) | {email: office | {identity}}
        if len(person.nip) == 18:
            leads = {"superior", "evaluator"} if identity in ("asn", "counselled") else set()
            found[person.nip] = office | leads | {identity}
    world.second_step = Authenticator.objects.create(
        user=people["counselled"], type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt("KANARIRAHASIALANGKAHKEDUA")}
    )
    world.link = one_time.make_link(people["other_asn"], by=None, valid_for=timedelta(minutes=30))
    world.code = one_time.print_code(people["counselled"], by=people["hr_central"])
    world.coded, world.password = people["counselled"], people["asn"].password
    return found | {kept: set() for kept in ("KANARIRAHASIALANGKAHKEDUA", world.link, world.code, world.password)}


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
    """What a person reads in it: a workbook unpacked, a PDF as text."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{_read(body)}"


def _read(body: bytes) -> str:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist())
    if body.startswith(b"%PDF"):
        return subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True, timeout=60).stdout.decode()
    return body.decode("utf-8", errors="replace")


def _addresses(world):
    """Every route of the policy, and the pages of the closed talk and its case, which no row opens."""
    yield from ((name, reverse(name, kwargs=row.kwargs(world)), row.data) for name, row in ROWS.items())
    yield "improvement:guidance", reverse("improvement:guidance", args=[world.closed_talk.pk]), None
    yield "improvement:transfer", reverse("improvement:transfer", args=[world.question_60.pk]), None
    for name in ("improvement:trail", "improvement:gap"):
        yield name, reverse(name, args=[world.gap.parent_id]), None
    for name in ("wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index", "wagtaildocs:index", "wagtailadmin_api:pages:listing"):
        yield name, reverse(name), None
    for name in ("edit", "history", "usage", "view_draft", "workflow_history"):
        yield f"wagtailadmin_pages:{name}", reverse(f"wagtailadmin_pages:{name}", args=[world.course.pk]), None
    yield "wagtailadmin_pages:search", f"{reverse('wagtailadmin_pages:search')}?q=KANARI", None
    yield "a workbook", f"{reverse('improvement:export_unit_learning', args=[world.melati.pk])}?jenis=xlsx", None
    yield "a workbook of one's own", f"{reverse('improvement:export_learning')}?jenis=xlsx", None
    yield "no route", "/tidak-ada/KANARI/", None
    # doors last: who gets through is somebody else from there on
    yield "account_login", reverse("account_login"), {"login": "admin-teknis", "password": "KANARI-SANDI-SALAH"}
    yield "people:link_request", reverse("people:link_request"), {"name": world.sari.email}
    yield "people:one_time_code", reverse("people:one_time_code"), {"name": world.coded.nip, "code": world.code}
    yield "people:one_time", reverse("people:one_time", args=[world.link]), None


def crawl(identity: str, world, client) -> dict[str, list[str]]:
    """Each secret that ``identity`` meets: where."""
    found: dict[str, list[str]] = {}
    for name, url, data in _addresses(world):
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(url, (data or {}) if method == "post" else {})
                text = _text(response)
                transaction.set_rollback(True)
            text += re.sub("[ \N{NO-BREAK SPACE}]", "", text)  # a NIP is shown in groups
            for secret in world.readers:
                if secret in text:
                    found.setdefault(secret, []).append(f"{method.upper()} {name} ({url})")
    return found


def test_no_secret_stands_where_it_must_not_be_read(planted, client_of):
    """And each secret that somebody may read is read by one who may, so that this cannot pass by emptiness."""
    world = planted
    # The result of a finished attempt shows its explanations to the learner: that attempt is of another quiz than the open one.
    assert world.finished.quiz_id != world.quiz.pk
    assert len(world.readers) >= 60
    outbox.drain(raises=False)  # certificates are on paper, so that the crawl reads them
    lines = Lines()
    logging.getLogger().addHandler(lines)
    try:
        met = {identity: crawl(identity, world, client_of(identity)) for identity in IDENTITIES}
    finally:
        logging.getLogger().removeHandler(lines)
    leaks = [
        f"{identity} reads {secret} at {place}"
        for identity, secrets in met.items()
        for secret, places in secrets.items()
        if identity not in world.readers[secret]
        for place in places
    ]
    assert not leaks, "\n" + "\n".join(leaks)
    unseen = [secret for secret, readers in world.readers.items() if readers and not any(secret in met[identity] for identity in readers)]
    assert not unseen, f"planted where nobody looks: {unseen}"
    assert len(lines.kept) > 1000, "the log was listened to"
    assert not [(secret, line) for line in lines.kept for secret in world.readers if secret in line], "a secret in the log"


class Lines(logging.Handler):
    """What stands in the log of an installation."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.kept: list[str] = []
        self.said: list[str] = []  # before the formatter
        self.setFormatter(JsonFormatter())

    def emit(self, record):
        self.kept.append(self.format(record))
        self.said.append(record.getMessage())


def test_what_stands_in_an_address_does_not_reach_the_log(planted, client_of):
    """An address that leads nowhere is logged: without the number, the mail address and the live link that stood in it."""
    held, lines, client = (planted.sari.nip, planted.sari.email, planted.link), Lines(), client_of("asn")
    logging.getLogger().addHandler(lines)
    try:
        for path in (f"/tidak-ada/{held[0]}/", f"/tidak-ada/{held[1]}/", f"{reverse('people:one_time', args=[held[2]])}lagi/"):
            assert client.get(path).status_code == 404
    finally:
        logging.getLogger().removeHandler(lines)
    assert all(any(secret in line for line in lines.said) for secret in held), "a control: they were in what was logged"
    assert not [line for line in lines.kept for secret in held if secret in line]


def test_no_mail_carries_a_secret(planted, people):
    """A mail says that there is something to read, and leads to the page that asks who reads. Two weeks of the clock: all digests go out."""
    for day in range(15):
        morning = datetime.combine(local_today() + timedelta(days=day), time(9), JAKARTA)
        enqueue_digests(at=morning)
        outbox.drain(at=morning, raises=False)
    bodies = [f"{letter.subject}\n{letter.body}\n{letter.alternatives}" for letter in mail.outbox]
    reached = {address for letter in mail.outbox for address in letter.to}
    assert {people[identity].email for identity in ("asn", "superior", "counsellor", "counselled")} <= reached
    said = {"Loket ramai.", "Sedang cuti.", "Memakai lembar periksa"}  # in the world, each told to somebody when it was written
    secrets = {secret for secret in planted.readers if "@rahasia" not in secret} | said
    assert not [(secret, body) for body in bodies for secret in secrets if secret in body]


def test_a_workbook_and_a_certificate_are_looked_into(planted, client_of):
    """A control: the crawl reads what is inside the files."""
    outbox.drain(raises=False)
    book = client_of("hr_unit").get(reverse("improvement:export_unit_learning", args=[planted.melati.pk]), {"jenis": "xlsx"})
    assert book.status_code == 200 and planted.sari.nip in _text(book)
    paper = client_of("asn").get(reverse("certificates:download", args=[planted.certificate.pk]))
    assert paper.status_code == 200 and "Sari" in _text(paper)


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


def test_what_nobody_reads_is_there_and_works(planted):
    """A control for the secrets that no page shows: they are live ones."""
    assert one_time.link_of(planted.link).person.nip != planted.coded.nip
    assert one_time.redeem_code(planted.coded.nip, planted.code) == planted.coded
    assert get_adapter().decrypt(planted.second_step.data["secret"]) == "KANARIRAHASIALANGKAHKEDUA"
    assert Account.objects.get(pk=planted.sari.pk).password == planted.password != ""
