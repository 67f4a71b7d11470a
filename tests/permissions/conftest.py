"""One world with a thing of each kind, and a client for each identity."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assessments.domain import answer_files, attempts
from assessments.domain.sections import save_section
from assessments.models import AnswerFile, Attempt, Mark, PracticeRound
from certificates.domain import batches
from certificates.domain.issue import issue_for_completion
from certificates.models import Certificate
from core.domain.outbox import enqueue
from core.domain.seeding import seed_reference
from courses.domain.shelves import sync_members
from improvement.domain import bulk, counselling, guidance, loop, requests, transfer
from improvement.models import Proposal, RemedyRule, TransferQuestion
from people.enums import ImportKind, ImportState, Role
from people.models import LineChange, Notice
from performance.domain import gaps
from performance.enums import Cause, EvaluationSource
from performance.models import Evaluation, GapRule, PerformanceRecord, PredicateCell, SourceProfile
from tests.factories.assessments import make_question, make_quiz, open_shelf_to_trainers, take_quiz
from tests.factories.certificates import completed, default_design
from tests.factories.courses import pass_course, published_course
from tests.factories.improvement import Story
from tests.factories.people import AccountFactory, GrantFactory, ImportRunFactory, PlacementFactory, PositionFactory
from tests.factories.performance import PerformanceStandardFactory, period
from tests.factories.questions import keywords_of, picture_bytes


def _at_work(unit, name, superior=None):
    account = AccountFactory(name=name)
    PlacementFactory(person=account, unit=unit, position=PositionFactory(name="Petugas loket"), superior=superior)
    return account


@pytest.fixture
def people(db, sari, wati, budi, tono, ratna, dewi, agus, melati, cempaka):
    seed_reference()
    other_superior = _at_work(cempaka, "Lina Kepala")
    _at_work(cempaka, "Yudi Staf", superior=other_superior)
    found = {
        "asn": sari,
        "other_asn": wati,
        "superior": budi,
        "other_superior": other_superior,
        "trainer": tono,
        "hr_unit": ratna,
        "hr_other": _at_work(cempaka, "Hana SDM"),
        "hr_central": dewi,
        "evaluator": _at_work(cempaka, "Eka Penilai"),
        "auditor": agus,
        "admin": AccountFactory(name="Admin Teknis", status="technical", nip="admin-teknis"),
        "counsellor": _at_work(cempaka, "Nina Konselor"),
        "recipient": _at_work(cempaka, "Rina Penerima"),
        "counselled": _at_work(melati, "Citra Petugas", superior=budi),
    }
    GrantFactory(person=found["hr_other"], role=Role.HR_UNIT, unit=cempaka)
    GrantFactory(person=found["evaluator"], role=Role.EVALUATOR, unit=melati)
    GrantFactory(person=found["admin"], role=Role.ADMIN)
    GrantFactory(person=found["counsellor"], role=Role.COUNSELLOR)
    sync_members(tono)
    open_shelf_to_trainers()
    return found


@pytest.fixture
def world(people, melati):
    sari, budi, ratna = people["asn"], people["superior"], people["hr_unit"]
    open_shelf_to_trainers()
    story = Story(sari, budi, courses=3, quiz=3, now=timezone.now(), lessons=2)
    story.measured("Triwulan II 2026", 71)
    offers = loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    story.learned_offer = loop.confirm_proposal(offers[1], by=budi, at=story.now)
    assignment = loop.confirm_proposal(offers[0], by=budi, at=story.now)
    pass_course(story.learned_offer.enrolment, at=story.now)
    transfer.plan_questions(story.child, at=story.now)  # as when the last open assignment ends
    enrolment, course = assignment.enrolment, story.courses[0]
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=story.child, by=budi, at=story.now)
    talk = guidance.save_talk(
        talk, version=talk.version, by=budi, action="Memakai lembar periksa", action_due_on=story.now.date(), asks_agreement=True
    )
    # HR of the unit when it was planned, in another post since: the row tells what a recipient reads by being the recipient.
    former = GrantFactory(person=people["recipient"], role=Role.HR_UNIT, unit=melati)
    session = counselling.plan_counselling(
        people["counselled"],
        counsellor=people["counsellor"],
        recipient=people["recipient"],
        scheduled_at=story.now,
        by=budi,
        at=story.now,
    )
    former.delete()
    session = counselling.save_session(session, version=session.version, by=people["counsellor"], notes="Catatan", at=story.now)
    TransferQuestion.objects.filter(person=sari).update(opens_on="2026-01-01")
    questions = {question.day: question for question in TransferQuestion.objects.filter(person=sari, gap=story.child)}
    record = PerformanceRecord.objects.filter(person=sari).first()
    design = default_design()
    design.pk, design.name, design.needs_confirmation, design.course = None, "Dengan persetujuan", True, story.courses[2]
    design.latest_revision = design.live_revision = None
    design.save()
    design.save_revision()
    pending = [issue_for_completion(completed(person, story.courses[2]), at=story.now) for person in (sari, people["counselled"])]
    batch = batches.prepare_batch(type(pending[0]).objects.filter(pk=pending[1].pk), by=ratna)
    spare = published_course(title="Pelatihan bersama", lessons=1)
    return SimpleNamespace(
        sari=sari,
        melati=melati,
        course=course,
        enrolment=enrolment,
        assignment=assignment,
        gap=story.child,
        offer=_offer(story),
        talk=talk,
        session=session,
        question_30=questions["30"],
        question_60=questions["60"],
        record=record,
        context=gaps.add_context(story.child, "context", "Loket ramai.", by=sari),
        asked=requests.ask(assignment, "context", text="Sedang cuti.", by=sari),
        notice=_notice(sari),
        bulk=bulk.assign_in_bulk(spare, criteria={"nips": [sari.nip]}, reason="Bersama.", by=ratna),
        certificate=Certificate.objects.filter(person=sari).first(),
        pending=pending[0],
        batch=batch,
        certificatedesign=design,
        certificatetype=design.type,
        issuer=design.issuer,
        quiz=course.post_quiz,
        bank_question=course.post_quiz.items.first().question,
        section=save_section(course.post_quiz, title="Dasar", items=course.post_quiz.items.all()[:1], by=None),
        essay=_essay(sari),
        filing=_filing(sari),
        answer_file=_answer_file(sari),
        round=_round(sari),
        run=_run(ratna),
        applied=_run(ratna, state=ImportState.APPLIED, applied_at=timezone.now()),
        job=_job(),
        grant=people["trainer"].grants.first(),
        line=LineChange.objects.create(
            person=people["counselled"], superior=ratna, unit=melati, asked_by=ratna, asked_at=timezone.now()
        ),
        rule=GapRule.objects.first(),
        cell=PredicateCell.objects.first(),
        profile=SourceProfile.objects.first(),
        cell_plan=RemedyRule.objects.first(),
        evaluation=story.case.opened_by,
        draft=_draft(people["evaluator"], sari),
        standard=PerformanceStandardFactory(),
        **_attempts(sari, story, enrolment),
    )


def _offer(story) -> Proposal:
    return Proposal.objects.filter(gap=story.child, state="proposed", remedy="course").first()


def _essay(person) -> Mark:
    """An answer that waits for a grade."""
    quiz = make_quiz(questions=[make_question("essay", **keywords_of("essay"))])
    attempt = attempts.start(person, quiz.current)
    attempts.answer(attempt, attempt.layout[0]["v"], "Saya jelaskan dasarnya.")
    return attempts.finish(attempt, by=person).marks.get()


def _filing(person) -> Attempt:
    """An open attempt whose question asks for a file."""
    return attempts.start(person, make_quiz(questions=[make_question("file", **keywords_of("file"))]).current)


def _answer_file(person) -> AnswerFile:
    """One that was handed in."""
    attempt = _filing(person)
    stored = answer_files.store(attempt, attempt.layout[0]["v"], SimpleUploadedFile("foto.png", picture_bytes("PNG")), kinds=["picture"])
    attempts.finish(attempt, by=person)
    return stored


def _round(person) -> PracticeRound:
    """A question missed in a final quiz that she has passed comes back."""
    done = take_quiz(person, make_quiz(2, pass_mark=50), right=1, context_key="")
    return PracticeRound.objects.create(person=person, quiz=done.quiz, source=done, day=3, opened_at=timezone.now())


def _notice(person) -> Notice:
    return Notice.objects.create(
        person=person, kind="system", key=f"matrix:{person.pk}", title="Coba", url="/beranda/", created_at=timezone.now()
    )


def _draft(by, person) -> Evaluation:
    return Evaluation.objects.create(
        person=person,
        period=period("Triwulan III 2026"),
        source=EvaluationSource.INTERNAL,
        result_rating="meets",
        appraiser=by,
        created_by=by,
        created_at=timezone.now(),
    )


def _run(by, **more):
    return ImportRunFactory(by=by, kind=ImportKind.PEOPLE, **more)


def _job():
    job = enqueue("tests.none", "matrix:1")
    type(job).objects.filter(pk=job.pk).update(state="dead")
    return job


def _attempts(person, story, enrolment) -> dict:
    quiz = enrolment.course.post_quiz
    done = Attempt.objects.filter(person=person, state="finished").first()
    return {
        "attempt": attempts.start(person, quiz.current, context_key=enrolment.context_key, at=timezone.now()),
        "finished": done,
    }


@pytest.fixture
def client_of(people):
    def make(identity: str) -> Client:
        client = Client(raise_request_exception=False)
        if identity != "anonymous":
            client.force_login(people[identity])
        return client

    return make
