"""The chain from evaluation to record: whole, healed where it was left undone, and broken loudly where a link was taken out."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from core.domain.errors import RuleViolation
from courses.models import Completion
from improvement.domain import counselling, daily, guidance, loop, transfer
from improvement.domain.check import check_trails
from improvement.domain.evidence import fingerprint
from improvement.domain.loop_summary import loop_summary
from improvement.domain.reconcile import reconcile_loop
from improvement.domain.siasn_export import COLUMNS, completions_of, evidence_text, kursus_file
from improvement.domain.trail import trail_of
from improvement.models import Evidence, Proposal, TrainingAssignment, TransferQuestion
from people.models import Account
from performance.domain import evaluations
from performance.domain.evaluation_facts import ScoreFacts
from performance.enums import Rating
from performance.models import Gap, PerformanceRecord, Score
from tests.factories.improvement import jakarta
from tests.factories.performance import period


@pytest.fixture
def told(story, sari, budi):
    """The whole story: talk, course, questions, measurement."""
    story.missed("Triwulan II 2026", 71)
    story.assigned(due_on=jakarta(2026, 9, 30).date())
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=story.now, gap=story.case, by=budi, at=story.now)
    talk = guidance.save_talk(talk, version=1, by=budi, action="Lembar periksa", action_due_on=jakarta(2026, 8, 31).date(), asks_agreement=True,
                              at=story.now)
    talk = guidance.confirm_agreement(talk, by=sari, at=story.now)
    guidance.mark_action_done(talk, by=sari, at=story.now)
    story.clock.move_to(2026, 9, 12)
    story.learned()
    daily.open_questions(at=story.clock.pass_time(days=30))
    transfer.answer(TransferQuestion.objects.get(day="30"), "often", by=sari, at=story.now)
    story.clock.move_to(2027, 1, 14)
    story.measured("Triwulan IV 2026", 93)
    return story


LINKS = [
    "performance_evaluation", "performance_gapevidence", "performance_gapchange", "performance_gap", "performance_performancerecord",
    "improvement_proposal", "improvement_trainingassignment", "improvement_evidence", "improvement_guidance", "improvement_transferquestion",
    "courses_completion", "courses_enrolment", "courses_courserelease", "courses_learninghours", "assessments_attempt", "certificates_certificate",
]


@pytest.fixture
def told_on(told, sari, budi, counsellor, ratna):
    """And then: a miss again, a course that did not help, an appointment, a review; offers that nobody has decided on yet."""
    told.clock.move_to(2027, 4, 12)
    told.measured("Triwulan I 2027", 70, behaviour=Rating.BELOW)
    gap = Gap.objects.unfinished().get(indicator__isnull=False)
    told.assigned(gap, course=told.courses[1])
    told.learned()
    told.clock.move_to(2027, 7, 12)
    told.measured("Triwulan II 2027", 75, behaviour=Rating.BELOW)
    behaviour = Gap.objects.get(kind="behaviour")
    session = counselling.plan_counselling(sari, counsellor=counsellor, scheduled_at=told.now, gap=behaviour, by=ratna, at=told.now)
    session = counselling.save_session(session, version=1, by=counsellor, notes="x", shared_summary="y", agreed_result="z", at=told.now)
    counselling.close_session(session, by=counsellor, at=told.now)
    loop.review(behaviour, verdict="persisting", finding="Belum terlihat di loket.", by=budi, at=told.clock.pass_time(days=3))
    assert PerformanceRecord.objects.filter(kind="persisting").count() == 3 and Proposal.objects.filter(state="proposed").exists()
    return told


@pytest.mark.parametrize("table", [*LINKS, "performance_score", "improvement_counselling", "improvement_review"])
def test_every_single_row_of_the_chain_is_missed(told_on, table):
    """Not the first row of a table only: one after the other, of every kind."""
    assert check_trails().broken == []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        for pk in ids:
            with transaction.atomic():
                cursor.execute(f"DELETE FROM {table} WHERE id = {pk}")
                assert check_trails().broken, f"nobody misses row {pk} of {table}"
                transaction.set_rollback(True)
    assert ids


def test_every_judgement_gets_its_entry_back(told_on):
    """Also of a gap that persists, by a measurement or by a review; and only what is missing."""
    expected = _story_of(told_on)
    for entry in PerformanceRecord.objects.exclude(kind="completion"):
        entry.delete()
        assert reconcile_loop(at=told_on.now)["records"] == 1
        assert _story_of(told_on) == expected
        assert check_trails().broken == []
    assert not any(reconcile_loop(at=told_on.now).values())


def test_a_score_changed_behind_the_product_is_seen(told):
    Score.objects.filter(realisation=93).update(realisation=97)
    assert any("its hash" in sentence for sentence in check_trails().broken)


def test_the_official_evaluation_after_an_internal_one_of_the_same_quarter_breaks_nothing(story, sari, budi):
    """The internal measurement stays final and its evidence stays as history; the quarter was missed once."""
    measured = evaluations.record_internal(
        sari, period=period("Triwulan II 2026"), result_rating="below", scores=[ScoreFacts(story.indicator.pk, Decimal(90), Decimal(71), "higher")],
        by=budi, at=story.now)
    evaluations.finalise([measured], by=budi, at=story.now)
    story.clock.pass_time(days=3)
    story.measured("Triwulan II 2026", 70)
    assert {gap.misses for gap in Gap.objects.all()} == {1} and story.child.evidence.count() == 2
    assert check_trails().broken == []
    assert not any(reconcile_loop(at=story.now).values())


@pytest.mark.parametrize("table", LINKS)
def test_a_link_deleted_behind_the_product_breaks_the_trail(told, table):
    """By raw SQL, as an intruder with the database in her hands would (keys are only compared at the end of a transaction)."""
    assert check_trails().broken == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})")
        assert cursor.rowcount == 1
        assert check_trails().broken, f"nobody misses the row of {table}"
        with pytest.raises(SystemExit):
            call_command("check_trails")
        cursor.execute(f"DELETE FROM {table}")
        assert check_trails().broken
        transaction.set_rollback(True)


def test_changed_evidence_is_seen(told):
    piece = Evidence.objects.get(kind="completion")
    Evidence.objects.filter(pk=piece.pk).update(snapshot={**piece.snapshot, "score": "7"})
    assert any("hash" in sentence for sentence in check_trails().broken)
    assert not trail_of(told.child).is_intact


def test_reconcile_changes_nothing_twice(told):
    assert not any(reconcile_loop(at=told.now).values())
    before = _everything()
    assert not any(reconcile_loop(at=told.now).values())
    assert _everything() == before


def test_reconcile_does_again_what_was_left_undone(told):
    """As if the process had died between two steps: evidence, waiting, record and offers are made again from the tables."""
    expected = _story_of(told)
    Evidence.objects.all().delete()
    PerformanceRecord.objects.all().delete()
    TrainingAssignment.objects.update(state="active", ended_at=None)
    healed = reconcile_loop(at=told.now)
    assert healed["completions"] == 1 and healed["talks"] == 1 and healed["records"] == 2
    assert not any(reconcile_loop(at=told.now).values())
    assert _story_of(told) == expected


def _story_of(told):
    return sorted((entry.kind, entry.summary, entry.gap_id, tuple(entry.done_before)) for entry in PerformanceRecord.objects.all())


def _everything():
    models = (Gap, Evidence, PerformanceRecord, Proposal, TrainingAssignment, TransferQuestion)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_loop_in_numbers(told, capsys):
    call_command("loop_summary", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed == loop_summary() == {
        "people": Account.objects.count(),
        "evaluations": [
            {"period": "2026-04/2026-06", "count": 1, "result_below": 1, "behaviour_below": 0},
            {"period": "2026-10/2026-12", "count": 1, "result_below": 0, "behaviour_below": 0},
        ],
        "gaps": [{"kind": "indicator", "status": "improved", "count": 1}, {"kind": "result", "status": "improved", "count": 1}],
        "assignments": 1, "completions": 1, "certificates": 1, "records": 3,
    }


def test_the_same_export_has_the_same_bytes(told, sari):
    for file_format in ("csv", "xlsx"):
        first, second = (kursus_file(completions_of([sari]), file_format=file_format) for _turn in range(2))
        assert first.data == second.data and first.name == f"siasn-kursus.{file_format}"
    header, row = kursus_file(completions_of([sari])).data.decode("utf-8-sig").splitlines()
    cells = dict(zip(COLUMNS, row.split(";"), strict=True))
    assert header == ";".join(COLUMNS)
    assert (cells["nipBaru"], cells["namaKursus"], cells["jumlahJam"]) == (sari.nip, told.courses[0].title, "5")
    assert (cells["tahunKursus"], cells["tanggalSelesaiKursus"], cells["pnsOrangId"]) == ("2026", "12-09-2026", "")


def test_the_text_for_the_official_record_claims_no_cause(told):
    text = evidence_text(PerformanceRecord.objects.get(gap=told.child, kind="improved"))
    assert "71\N{NO-BREAK SPACE}%" in text and "93\N{NO-BREAK SPACE}%" in text and told.courses[0].title in text
    assert text.endswith("tanpa kelompok pembanding, sebabnya tidak dapat dipastikan.")


@pytest.mark.parametrize("whose", ["case", "child"])
def test_her_trail_costs_its_reader_few_queries(whose, told, client, sari, django_assert_max_num_queries):
    """Session and person count. A table that holds nothing for this trail is not asked (decision 12)."""
    gap = getattr(told, whose)
    client.force_login(sari)
    address = reverse("improvement:trail", args=[gap.pk])
    client.get(address)
    with django_assert_max_num_queries(10 if whose == "case" else 9):
        page = client.get(address)
    assert told.courses[0].title in page.content.decode()


def test_the_trail_of_a_fresh_finding_costs_three(story, client, sari, django_assert_max_num_queries):
    gap = story.missed("Triwulan II 2026", 71)
    client.force_login(sari)
    address = reverse("improvement:trail", args=[gap.pk])
    client.get(address)
    with django_assert_max_num_queries(3):
        client.get(address)


def test_nobody_reads_a_trail_unseen(told, budi, sari):
    from core.models import AuditEvent

    trail_of(told.child, viewer=sari)
    assert not AuditEvent.objects.filter(verb="trail.read").exists()
    trail_of(told.child, viewer=budi)
    assert AuditEvent.objects.get(verb="trail.read").subject_id == sari.pk


def test_a_completion_that_served_several_gaps_stands_on_the_trail_of_each(told):
    PerformanceRecord.objects.filter(kind="completion").update(gap=None)  # kept with another gap
    completed = PerformanceRecord.objects.get(kind="completion").summary
    assert completed in [step.text for step in trail_of(told.child).steps if step.kind == "record"]


def test_a_finding_of_the_snapshot_is_the_same_on_every_database(told):
    piece = Evidence.objects.get(kind="completion")
    assert piece.sha256 == fingerprint(piece.snapshot) and Completion.objects.get().pk == piece.object_id


def test_a_review_without_words_is_refused(told, budi):
    with pytest.raises(RuleViolation):
        loop.review(told.child, verdict="improved", finding="", by=budi, at=told.now)
