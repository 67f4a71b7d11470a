"""Several at once: one evaluation, one open gap, and learners' writes in between. The controls take a protection away and must show the race."""

from __future__ import annotations

import io
import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from core.models import AuditEvent
from people.domain import imports
from performance.domain import gaps
from performance.models import Evaluation, Gap, Indicator
from performance.signals import evaluations_finalised
from tests.factories.people import AccountFactory
from tests.factories.performance import apply, evaluate, reference
from tests.parallel import together
from tests.performance.evaluation_files import indicator, rating, workbook

pytestmark = pytest.mark.django_db(transaction=True)
Q2 = "Triwulan II 2025"
HANDS = 6


def upload(content: bytes):
    run = imports.upload("evaluations", [("kinerja.xlsx", io.BytesIO(content))], by=None)
    imports.ask_apply(run, by=None)
    return run


def file_of(people) -> bytes:
    return workbook(
        [rating(one.nip, hasil_kerja="Di bawah ekspektasi", predikat="Butuh Perbaikan") for one in people],
        [indicator(one.nip, realisasi=20) for one in people],
    )


def test_two_imports_of_the_same_evaluations_at_once():
    reference()
    people = [AccountFactory() for _number in range(30)]
    evaluations_finalised.connect(lambda evaluations, at, **_more: gaps.apply_evaluations(evaluations, at=at), weak=False)
    runs = [upload(file_of(people)) for _number in range(3)]

    results = together(lambda index: imports.apply(runs[index]).counts, 3)

    assert not [result for result in results if isinstance(result, Exception)]
    assert sum(result["created"] for result in results) == 60
    assert sum(result["unchanged"] for result in results) == 120
    assert Evaluation.objects.count() == 30
    assert Gap.objects.filter(status="open").count() == 60
    assert Indicator.objects.count() == 1


def test_many_hands_open_one_gap():
    reference()
    people = [AccountFactory() for _number in range(5)]
    rows = [evaluate(person, Q2, result="below") for person in people]

    results = together(lambda _index: len(gaps.apply_evaluations(rows)), HANDS)

    assert sorted(results) == [0] * (HANDS - 1) + [5]
    assert Gap.objects.count() == 5


def test_control_without_the_lock_the_constraint_has_to_refuse(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in: there is no lock to take away")
    monkeypatch.setattr(type(connection.features), "has_select_for_update", False)
    reference()
    for _try in range(20):
        rows = [evaluate(AccountFactory(), Q2, result="below")]
        results = together(lambda _index, rows=rows: len(gaps.apply_evaluations(rows)), HANDS)
        assert Gap.objects.filter(person=rows[0].person).count() == 1
        if any(isinstance(result, IntegrityError) for result in results):
            return
    pytest.fail("the race did not show: this test proves nothing")


def test_the_database_holds_one_unfinished_gap():
    reference()
    evaluation = evaluate(AccountFactory(), Q2, result="below")
    apply(evaluation)
    facts = {"person": evaluation.person, "kind": "result", "opened_by": evaluation, "last_missed_period": evaluation.period,
             "opened_at": timezone.now()}  # fmt: skip
    with pytest.raises(IntegrityError):
        Gap.objects.create(status="persisting", **facts)
    Gap.objects.create(status="waived", **facts)  # the control: closed ones may be many
    Gap.objects.create(status="improved", **facts)


def test_others_write_while_an_import_runs():
    reference()
    people = [AccountFactory() for _number in range(120)]
    evaluations_finalised.connect(lambda evaluations, at, **_more: gaps.apply_evaluations(evaluations, at=at), weak=False)
    run, saved, done = upload(file_of(people)), [], threading.Event()

    def write():
        while not done.wait(0.01):  # a learner thinks longer than that between two answers
            saved.append(AuditEvent.objects.create(at=timezone.now(), verb="answer.saved", object_kind="x", object_id=1).pk)

    def bring_in():
        try:
            return imports.apply(run).counts["created"]
        finally:
            done.set()

    results = together(lambda index: bring_in() if index else write(), 2)

    assert sorted(results, key=str) == [240, None]
    assert len(saved) > len(people) * 2 / 60, "at least one between two batches"
    assert AuditEvent.objects.filter(verb="answer.saved").count() == len(saved)
