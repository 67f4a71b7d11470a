"""E1: an appraiser records an internal measurement; the page of an evaluation; who finds them."""

from datetime import date

import pytest
from django.urls import reverse

from core.models import AuditEvent
from people.enums import Role
from performance.domain.evaluations import record_internal
from performance.enums import Rating
from performance.models import Evaluation
from tests.factories.people import AccountFactory, GrantFactory, PlacementFactory
from tests.factories.performance import IndicatorFactory, PerformanceStandardFactory, apply, evaluate, period, reference

pytestmark = pytest.mark.django_db
Q2, Q3 = "Triwulan II 2026", "Triwulan III 2026"
CODE = "2026-07-01:2026-09-30"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    reference()
    monkeypatch.setattr("performance.domain.measuring.local_today", lambda: date(2026, 11, 24))


@pytest.fixture
def speed():
    indicator = IndicatorFactory(name="Kecepatan")
    PerformanceStandardFactory(indicator=indicator, target=90)
    return indicator


def url(name, *args):
    return reverse(f"performance:{name}", args=args)


def values(indicator, **more):
    return {
        "periode": CODE,
        "result_rating": "",
        "behaviour_rating": "",
        f"value_{indicator.pk}": "71,5",
        f"cases_{indicator.pk}": "40",
    } | more


def test_from_list_to_final_measurement(client, sari, budi, speed):
    client.force_login(budi)
    assert "Sari Wulandari" in client.get(url("measuring")).content.decode()
    page = client.get(url("measure", sari.pk), {"periode": CODE}).content.decode()
    assert "Kecepatan" in page
    assert "Juli–September 2026" in page
    response = client.post(url("measure", sari.pk), values(speed, remarks="Buku loket"))
    draft = Evaluation.objects.get()
    assert response["Location"] == url("evaluation", draft.pk)
    assert (draft.state, draft.source, draft.period.code, draft.scores.get().realisation, draft.scores.get().sample_size) == (
        "draft", "internal", "2026-07/2026-09", 71.5, 40)  # fmt: skip
    shown = client.get(url("evaluation", draft.pk)).content.decode()
    assert url("evaluation_finalise", draft.pk) in shown
    assert 'value="71,5"' in client.get(url("measure", sari.pk), {"periode": CODE}).content.decode()
    client.post(url("measure", sari.pk), values(speed, result_rating="below"))
    assert Evaluation.objects.get().result_rating == "below"
    client.post(url("evaluation_finalise", draft.pk))
    draft.refresh_from_db()
    assert draft.state == "final"
    client.force_login(sari)
    mine = client.get(url("evaluation", draft.pk)).content.decode()
    assert url("evaluation_finalise", draft.pk) not in mine
    assert "e-Kinerja" in mine


def test_a_correction_of_a_final_one_needs_a_reason(client, sari, budi, speed):
    client.force_login(budi)
    client.post(url("measure", sari.pk), values(speed))
    client.post(url("evaluation_finalise", Evaluation.objects.get().pk))
    assert client.post(url("measure", sari.pk), values(speed)).status_code == 422
    assert client.post(url("measure", sari.pk), values(speed, reason="Salah hitung")).status_code == 302
    draft = Evaluation.objects.get(state="draft")
    assert client.post(url("evaluation_finalise", draft.pk)).status_code == 302
    assert Evaluation.objects.get(state="superseded").version == 1
    assert client.post(url("evaluation_finalise", draft.pk)).status_code == 422, "final already"


def test_nothing_is_lost_when_a_value_is_wrong(client, sari, budi, speed):
    client.force_login(budi)
    response = client.post(url("measure", sari.pk), values(speed, remarks="Tetap ada", **{f"value_{speed.pk}": "tujuh"}))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Tetap ada" in text
    assert 'value="tujuh"' in text
    assert f'href="#id_value_{speed.pk}"' in text
    empty = client.post(url("measure", sari.pk), {"periode": CODE})
    assert empty.status_code == 422
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("bad", ["NaN", "1e999", "9" * 4000, "²", "\x00", "1.000", "--1"])
def test_hostile_numbers(client, sari, budi, speed, bad):
    client.force_login(budi)
    assert client.post(url("measure", sari.pk), values(speed, **{f"value_{speed.pk}": bad})).status_code in (400, 422)
    assert client.post(url("measure", sari.pk), values(speed, **{f"cases_{speed.pk}": bad})).status_code in (400, 422)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("strange", ["", "x", "1900-01-01:1900-03-31", CODE + "'"])
def test_nothing_is_saved_into_a_period_that_was_not_stated(strange, client, sari, budi, speed):
    client.force_login(budi)
    response = client.post(url("measure", sari.pk), values(speed, periode=strange, remarks="Tetap ada"))
    assert response.status_code == 422
    assert not Evaluation.objects.exists()
    shown = response.content.decode()
    assert "Tetap ada" in shown
    assert f'name="periode" value="{CODE}"' in shown, "the next save goes into the period that the page now shows"


def test_indicators_of_earlier_evaluations_are_expected_again(client, sari, budi):
    older = IndicatorFactory(name="Berkas benar", unit_of_measure="%")
    evaluate(sari, Q2, scores=[(older, 95, 98)])
    client.force_login(budi)
    text = client.get(url("measure", sari.pk), {"periode": CODE}).content.decode()
    assert "Berkas benar" in text
    assert "98" in text
    assert "95" in text


def test_who_measures_whom(client, sari, budi, wati, ratna, dewi, agus, tono, melati):
    evaluator = AccountFactory()
    GrantFactory(person=evaluator, role=Role.EVALUATOR, unit=melati)
    open_to = []
    for person in (sari, budi, wati, ratna, dewi, agus, tono, evaluator):
        client.force_login(person)
        lists, form = client.get(url("measuring")).status_code, client.get(url("measure", sari.pk)).status_code
        assert (lists == 200) >= (form == 200)
        if form == 200:
            open_to.append(person)
        else:
            assert client.post(url("measure", sari.pk), {"periode": CODE, "result_rating": "meets"}).status_code == 404
    assert open_to == [budi, evaluator]
    assert not Evaluation.objects.exists()


def test_drafts_are_their_authors(client, sari, budi, ratna, melati):
    draft = record_internal(sari, period=period(Q3), result_rating=Rating.MEETS, by=budi)
    other = GrantFactory(role=Role.EVALUATOR, unit=melati).person
    for person in (sari, ratna, other):
        client.force_login(person)
        assert client.get(url("evaluation", draft.pk)).status_code == 404
        assert client.post(url("evaluation_finalise", draft.pk)).status_code == 404
        assert client.post(url("evaluation_discard", draft.pk)).status_code == 404
    client.force_login(other)
    clash = client.post(url("measure", sari.pk), {"periode": CODE, "result_rating": "meets"})
    assert clash.status_code == 422
    client.force_login(budi)
    assert client.post(url("evaluation_discard", draft.pk)).status_code == 302
    assert not Evaluation.objects.exists()


def test_reading_somebody_elses_evaluation_leaves_a_trace(client, sari, budi):
    found = evaluate(sari, Q2, result=Rating.BELOW, predicate="very_good", appraiser=budi)
    apply(found)
    client.force_login(sari)
    client.get(url("evaluation", found.pk))
    assert not AuditEvent.objects.filter(verb="evaluation.read").exists()
    client.force_login(budi)
    text = client.get(url("evaluation", found.pk)).content.decode()
    assert "Sangat Baik" in text
    read = AuditEvent.objects.get(verb="evaluation.read")
    assert (read.actor_id, read.subject_id, read.is_read) == (budi.pk, sari.pk, True)


def test_versions_are_listed(client, sari, dewi):
    evaluate(sari, Q2, result=Rating.BELOW)
    final = evaluate(sari, Q2, reason="Salah unggah")
    client.force_login(dewi)
    text = client.get(url("evaluation", final.pk)).content.decode()
    assert "Salah unggah" in text
    assert url("evaluation", final.supersedes.pk) in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(count, client, budi, melati, speed, django_assert_max_num_queries):
    for _number in range(count):
        person = AccountFactory()
        PlacementFactory(person=person, unit=melati, superior=budi)
        evaluate(person, Q2, scores=[(speed, 50)])
    client.force_login(budi)
    client.get(url("measuring"))
    with django_assert_max_num_queries(9):
        assert client.get(url("measuring")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_and_three(count, client, sari, budi, django_assert_max_num_queries):
    indicators = [IndicatorFactory() for _number in range(count)]
    for indicator in indicators:
        PerformanceStandardFactory(indicator=indicator)
    found = evaluate(sari, Q2, result=Rating.BELOW, scores=[(indicator, 50) for indicator in indicators])
    apply(found)
    client.force_login(budi)
    client.get(url("evaluation", found.pk))
    with django_assert_max_num_queries(11):
        client.get(url("evaluation", found.pk))
    with django_assert_max_num_queries(14):
        client.get(url("measure", sari.pk))


def test_nobody_assigned(client, melati):
    lonely = GrantFactory(role=Role.EVALUATOR, unit=melati).person
    client.force_login(lonely)
    assert 'class="empty"' in client.get(url("measuring")).content.decode()
