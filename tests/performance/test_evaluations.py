"""Evaluations are facts: final on import, frozen, corrected by new versions; internal measurements are marked as such."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.domain.errors import RuleViolation
from core.models import AuditEvent
from people.domain.placements import place
from people.enums import Role
from performance.domain import evaluations
from performance.domain.evaluation_facts import EvaluationFacts, ScoreFacts
from performance.enums import EvaluationState, Rating
from performance.models import Evaluation
from performance.signals import evaluations_finalised
from tests.factories.people import GrantFactory, PositionFactory
from tests.factories.performance import IndicatorFactory, apply, evaluate, gaps_of, period, reference

pytestmark = pytest.mark.django_db
Q2, Q3 = "Triwulan II 2025", "Triwulan III 2025"


@pytest.fixture(autouse=True)
def _rules():
    reference()


@pytest.fixture
def heard():
    """What the signal announces."""
    calls = []

    def listen(evaluations, at, **_more):
        calls.append([evaluation.pk for evaluation in evaluations])

    evaluations_finalised.connect(listen, weak=False)
    return calls


def facts(person, when=Q2, **more):
    return EvaluationFacts(
        **{"person_id": person.pk, "period_id": period(when).pk, "result_rating": Rating.BELOW, "behaviour_rating": Rating.MEETS}
        | more
    )


def test_many_become_final_with_one_announcement(sari, wati, heard):
    rows = evaluations.record_final([facts(sari), facts(wati)], by=None)
    assert heard == [[row.pk for row in rows]]
    assert {row.state for row in rows} == {EvaluationState.FINAL}
    assert all(row.finalised_at and row.content_hash for row in rows)
    assert AuditEvent.objects.filter(verb="evaluation.finalised").count() == 2
    assert evaluations.record_final([facts(sari), facts(wati)], by=None) == []
    assert len(heard) == 1


def test_a_change_needs_a_reason_and_makes_a_new_version(sari):
    first = evaluate(sari, Q2, result=Rating.BELOW)
    with pytest.raises(RuleViolation):
        evaluations.record_final([facts(sari, result_rating=Rating.MEETS)], by=None)
    second = evaluate(sari, Q2, result=Rating.MEETS, reason="Salah unggah")
    first.refresh_from_db()
    assert (first.state, second.state, second.version, second.supersedes, second.reason) == (
        "superseded",
        "final",
        2,
        first,
        "Salah unggah",
    )


def test_facts_that_are_only_added_complete_an_evaluation(sari):
    speed = IndicatorFactory()
    evaluate(sari, Q2)
    completed = evaluate(sari, Q2, scores=[(speed, 80)])
    assert (completed.version, completed.reason) == (2, "")
    with pytest.raises(RuleViolation):
        evaluate(sari, Q2, scores=[(speed, 85)])


def test_the_database_holds_one_final_evaluation(sari):
    evaluate(sari, Q2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(person=sari, period=period(Q2), state="final", version=9, created_at="2025-08-01T00:00Z")


def test_what_says_nothing_is_refused(sari):
    with pytest.raises(RuleViolation):
        evaluations.record_final([facts(sari, result_rating="", behaviour_rating="")], by=None)


def test_a_predicate_that_contradicts_the_table_is_kept_and_marked(sari):
    plain = evaluate(sari, Q2, predicate="good")
    odd = evaluate(sari, Q3, predicate="very_good")
    assert not plain.is_contradictory
    assert odd.is_contradictory
    assert odd.predicate == "very_good"


def test_unit_and_post_are_those_of_the_period(sari, cempaka):
    place(sari, unit=cempaka, position=PositionFactory(name="Analis"), superior=None, on=date(2025, 7, 1), by=None)
    before, after = evaluate(sari, Q2), evaluate(sari, Q3)
    assert (before.unit.name, before.position_name) == ("Kelurahan Melati", "Petugas loket")
    assert (after.unit.name, after.position_name) == ("Kelurahan Cempaka", "Analis")


def test_scores_are_measured_in_decimals(sari):
    speed, minutes = IndicatorFactory(name="Cepat"), IndicatorFactory(name="Menit", direction="lower")
    evaluation = evaluate(sari, Q2, scores=[(speed, "71", "90"), (minutes, "15", "15")])
    assert {score.indicator.name: (score.is_met, score.distance) for score in evaluation.scores.all()} == {
        "Cepat": (False, Decimal("21.11")),
        "Menit": (True, Decimal(0)),
    }


def test_taking_back_supersedes_and_restores_what_was_replaced(sari, heard):
    speed = IndicatorFactory()
    apply(evaluate(sari, Q2, result=Rating.BELOW, scores=[(speed, 70)]))
    first = Evaluation.objects.get()
    apply(second := evaluate(sari, Q2, scores=[(speed, 95)], reason="Koreksi"))
    restored = evaluations.withdraw([second], restoring={second.pk: first.pk}, reason="Impor dibatalkan", by=None)
    assert [row.version for row in restored] == [3]
    assert heard[-1] == [restored[0].pk]
    assert (restored[0].result_rating, restored[0].scores.get().realisation, restored[0].content_hash) == (
        "below",
        70,
        first.content_hash,
    )
    assert Evaluation.objects.count() == 3
    assert Evaluation.objects.final().get() == restored[0]
    apply(*restored)
    assert gaps_of(sari) == {"result": ["waived", "open"], speed.name: ["waived", "open"]}


def test_taking_back_a_first_version_leaves_none(sari, heard):
    evaluation = evaluate(sari, Q2, result=Rating.BELOW)
    apply(evaluation)
    assert evaluations.withdraw([evaluation], restoring={}, reason="Impor dibatalkan", by=None) == []
    assert heard[-1] == [evaluation.pk]
    apply(evaluation)
    assert gaps_of(sari) == {"result": ["waived"]}
    again = evaluate(sari, Q2, result=Rating.BELOW)
    assert again.version == 2


# --- internal measurements -----------------------------------------------------------------------------------------------------
def test_who_may_measure_whom(sari, budi, wati, ratna, melati, dewi):
    from tests.factories.people import AccountFactory

    evaluator = AccountFactory()
    GrantFactory(person=evaluator, role=Role.EVALUATOR, unit=melati)
    assert evaluations.may_record(sari, by=budi) == []
    assert evaluations.may_record(sari, by=evaluator) == []
    for person, by in ((sari, sari), (sari, wati), (sari, ratna), (sari, dewi), (wati, evaluator), (budi, sari)):
        assert evaluations.may_record(person, by=by)
    evaluate(wati, Q2, appraiser=ratna)
    assert evaluations.may_record(wati, by=ratna) == []
    evaluate(wati, Q3, appraiser=budi)
    assert evaluations.may_record(wati, by=ratna), "somebody else appraised her last"


def test_an_internal_measurement_is_a_draft_first_and_then_judges(sari, budi):
    speed = IndicatorFactory()
    apply(evaluate(sari, Q2, scores=[(speed, 71)]))
    score = ScoreFacts(speed.pk, Decimal(90), Decimal(93), "higher", 40)
    draft = evaluations.record_internal(sari, period=period(Q3), scores=[score], remarks="Dihitung dari buku loket", by=budi)
    assert (draft.state, draft.source, draft.predicate) == ("draft", "internal", "")
    assert apply(draft) == []
    again = evaluations.record_internal(sari, period=period(Q3), scores=[score], by=budi)
    assert again.pk == draft.pk
    evaluations.finalise([again], by=budi)
    assert [event for _name, event, _period in apply(again)] == ["improved"]


def test_a_final_internal_measurement_is_corrected_with_a_reason(sari, budi):
    first = evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.BELOW, by=budi)
    evaluations.finalise([first], by=budi)
    draft = evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.MEETS, by=budi)
    with pytest.raises(RuleViolation):
        evaluations.finalise([draft], by=budi)
    draft = evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.MEETS, reason="Salah pilih", by=budi)
    evaluations.finalise([draft], by=budi)
    first.refresh_from_db()
    draft.refresh_from_db()
    assert (first.state, draft.state, draft.version, draft.supersedes) == ("superseded", "final", 2, first)


def test_drafts_belong_to_their_author(sari, budi, melati):
    other = GrantFactory(role=Role.EVALUATOR, unit=melati).person
    draft = evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.MEETS, by=budi)
    with pytest.raises(RuleViolation):
        evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.BELOW, by=other)
    with pytest.raises(RuleViolation):
        evaluations.finalise([draft], by=other)
    with pytest.raises(RuleViolation):
        evaluations.discard_draft(draft, by=other)
    assert not Evaluation.objects.visible_to(sari).exists()
    evaluations.discard_draft(draft, by=budi)
    assert not Evaluation.objects.exists()
    with pytest.raises(RuleViolation):
        evaluations.finalise([evaluations.record_internal(sari, period=period(Q3), by=budi)], by=budi)


def test_the_official_evaluation_speaks_before_the_internal_one(sari, budi):
    apply(evaluate(sari, Q2, result=Rating.BELOW))
    internal = evaluations.record_internal(sari, period=period(Q3), result_rating=Rating.MEETS, by=budi)
    evaluations.finalise([internal], by=budi)
    apply(internal)
    assert gaps_of(sari) == {"result": ["improved"]}
    apply(evaluate(sari, Q3, result=Rating.BELOW))
    assert gaps_of(sari) == {"result": ["improved", "open"]}


def test_who_sees_an_evaluation(sari, budi, wati, ratna, dewi, agus, tono):
    evaluation = evaluate(sari, Q2, appraiser=wati)
    admin = GrantFactory(role=Role.ADMIN).person
    seen = {
        person.name
        for person in (sari, budi, wati, ratna, dewi, agus, tono, admin)
        if Evaluation.objects.visible_to(person).filter(pk=evaluation.pk)
    }
    assert seen == {sari.name, budi.name, wati.name, ratna.name, dewi.name, agus.name}
