"""H9: central HR keeps indicators, standards, periods and rules; HR of a unit and auditors read; everybody else meets 404."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.domain import outbox
from core.models import AuditEvent
from performance.domain.predicates import predicate_table
from performance.enums import Rating
from performance.models import EvaluationPeriod, Gap, GapRule, Indicator, PerformanceStandard, PredicateCell, SourceProfile
from performance.signals import evaluations_finalised
from tests.factories.people import AccountFactory, OrgUnitFactory, PlacementFactory
from tests.factories.performance import IndicatorFactory, PerformanceStandardFactory, apply, evaluate, period, reference

pytestmark = pytest.mark.django_db
LISTS = ["standards", "indicators", "periods", "predicates", "rules"]
NEW = ["standard_new", "indicator_new", "period_new", "rule_new"]


@pytest.fixture(autouse=True)
def _rules():
    reference()


def url(name, *args):
    return reverse(f"performance:{name}", args=args)


@pytest.mark.parametrize("name", LISTS)
def test_who_reads(name, client, sari, budi, ratna, dewi, agus, tono):
    statuses = {}
    for person in (sari, budi, tono, ratna, agus, dewi):
        client.force_login(person)
        statuses[person.name] = client.get(url(name)).status_code
    assert statuses == {sari.name: 404, budi.name: 404, tono.name: 404, ratna.name: 200, agus.name: 200, dewi.name: 200}


@pytest.mark.parametrize("name", NEW)
def test_who_writes(name, client, ratna, dewi, agus):
    for person, status in ((ratna, 404), (agus, 404), (dewi, 200)):
        client.force_login(person)
        assert client.get(url(name)).status_code == status
    client.force_login(ratna)
    assert client.post(url(name), {}).status_code == 404
    client.force_login(dewi)
    response = client.post(url(name), {})
    assert response.status_code == 422
    assert "Galat:" in response.content.decode()


def test_an_empty_installation_says_what_to_do(client, dewi):
    GapRule.objects.all().delete()
    PredicateCell.objects.all().delete()
    client.force_login(dewi)
    for name in LISTS:
        assert 'class="empty"' in client.get(url(name)).content.decode(), name


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_and_three(name, count, client, dewi, django_assert_max_num_queries):
    GapRule.objects.all().delete()
    unit = OrgUnitFactory()
    for number in range(count):
        indicator = IndicatorFactory()
        PerformanceStandardFactory(indicator=indicator, unit=unit)
        evaluate(AccountFactory(), f"Triwulan {('I', 'II', 'III')[number]} 2025")
        GapRule.objects.create(name=f"Aturan {number}", kind="indicator").indicators.add(indicator)
    client.force_login(dewi)
    client.get(url(name))
    with django_assert_max_num_queries(8):
        assert client.get(url(name)).status_code == 200


def test_an_indicator_and_its_standard(client, dewi, melati, sari):
    client.force_login(dewi)
    fields = {
        "name": "KK selesai paling lama 24 jam",
        "aspect": "time",
        "unit_of_measure": "%",
        "direction": "higher",
        "is_active": "on",
    }
    assert client.post(url("indicator_new"), fields).status_code == 302
    indicator = Indicator.objects.get()
    assert client.post(url("indicator_new"), fields).status_code == 422, "it exists already"
    standard = {
        "indicator": indicator.pk,
        "target": "92,5",
        "post": "petugas loket",
        "unit": melati.pk,
        "legal_basis": "Kepgub 1/2025",
    }
    assert client.post(url("standard_new"), standard | {"target": "1.000"}).status_code == 422
    assert client.post(url("standard_new"), standard | {"post": "Raja"}).status_code == 422
    assert client.post(url("standard_new"), standard).status_code == 302
    kept = PerformanceStandard.objects.get()
    assert (str(kept.target), kept.position.name, kept.unit, kept.legal_basis) == (
        "92.5000",
        "Petugas loket",
        melati,
        "Kepgub 1/2025",
    )
    assert client.post(url("standard_new"), standard).status_code == 422, "the same scope and time"
    page = client.get(url("standard", kept.pk)).content.decode()
    assert 'value="92,5"' in page
    assert 'value="Petugas loket"' in page
    client.post(url("standard", kept.pk), standard | {"target": "95", "valid_to": "2026-12-31"})
    kept.refresh_from_db()
    assert kept.target == 95
    assert AuditEvent.objects.filter(verb__in=["indicator.saved", "performancestandard.saved"]).count() == 3
    assert "95" in client.get(url("standards"), {"cari": "melati"}).content.decode()
    assert 'class="empty"' in client.get(url("standards"), {"cari": "tidak ada"}).content.decode()


def test_only_listed_fields_are_written(client, dewi):
    used = period("Triwulan II 2025")
    client.force_login(dewi)
    client.post(url("indicator_new"), {"name": "X", "aspect": "time", "direction": "higher", "id": 999, "pk": 999})
    assert Indicator.objects.get().pk != 999
    client.post(url("period", used.pk), {"starts_on": "2025-04-01", "ends_on": "2025-06-30", "kind": "year"})
    used.refresh_from_db()
    assert used.kind == "quarter"


def test_a_period_that_cuts_across_another_is_asked_about(client, dewi):
    period("Triwulan II 2025")
    client.force_login(dewi)
    fields = {"starts_on": "2025-06-01", "ends_on": "2025-08-31"}
    response = client.post(url("period_new"), fields)
    assert response.status_code == 422
    assert 'name="sure"' in response.content.decode()
    assert client.post(url("period_new"), fields | {"sure": "1"}).status_code == 302
    assert EvaluationPeriod.objects.filter(kind="other").count() == 1
    for wrong in ({"starts_on": "2025-02-30", "ends_on": "x"}, {"starts_on": "2025-03-01", "ends_on": "2025-02-01"}):
        assert client.post(url("period_new"), wrong).status_code == 422


def test_a_cell_of_the_table(client, dewi, ratna):
    cell = PredicateCell.objects.get(result_rating="above", behaviour_rating="below")
    client.force_login(dewi)
    assert client.post(url("cell", cell.pk), {"predicate": "very_poor", "legal_basis": "Peraturan baru"}).status_code == 302
    cell.refresh_from_db()
    assert cell.predicate == "very_poor"
    assert "Peraturan baru" in client.get(url("predicates")).content.decode()


def test_another_predicate_from_a_later_day_leaves_what_was_in_force(client, dewi):
    cell = PredicateCell.objects.get(result_rating="above", behaviour_rating="below")
    before = cell.predicate
    client.force_login(dewi)
    assert url("cell_later", cell.pk) in client.get(url("cell", cell.pk)).content.decode()
    page = url("cell_later", cell.pk)
    assert client.get(page).status_code == 200
    new = {"predicate": "very_poor", "valid_from": "2099-01-01", "legal_basis": "PermenPANRB 9/2098"}
    assert client.post(page, new | {"valid_from": ""}).status_code == 422
    assert client.post(page, new | {"valid_to": "2098-01-01"}).status_code == 422
    assert client.post(page, new).status_code == 302
    cell.refresh_from_db()
    assert (cell.predicate, cell.valid_to) == (before, date(2098, 12, 31))
    assert predicate_table(date(2098, 12, 31))[("above", "below")] == before
    assert predicate_table(date(2099, 1, 1))[("above", "below")] == "very_poor"
    assert "Januari 2099" in client.get(url("predicates")).content.decode()
    assert client.post(page, new).status_code == 422, "this beginning is taken"
    assert AuditEvent.objects.filter(verb="predicatecell.saved").count() == 2


def test_a_source_profile_is_kept_with_codes_of_ratings_and_predicates(client, dewi, ratna):
    client.force_login(dewi)
    fields = {
        "name": "Sistem kecamatan",
        "code": "kecamatan",
        "is_active": "on",
        "rating_codes_above": "3",
        "rating_codes_meets": "2, 20",
        "rating_codes_below": "1",
        "predicate_codes_good": "B",
    }
    assert client.post(url("profile_new"), fields | {"rating_codes_below": "3"}).status_code == 422, "one code, one meaning"
    assert client.post(url("profile_new"), {"name": "Kosong", "code": "kosong"}).status_code == 422
    assert client.post(url("profile_new"), fields).status_code == 302
    kept = SourceProfile.objects.get(code="kecamatan")
    assert kept.rating_codes == {"3": "above", "2": "meets", "20": "meets", "1": "below"}
    assert kept.predicate_codes == {"B": "good"}
    page = client.get(url("profile", kept.pk)).content.decode()
    assert 'value="2, 20"' in page
    assert "B = Baik" in client.get(url("predicates")).content.decode()
    client.post(url("profile", kept.pk), fields | {"rating_codes_meets": "2", "is_active": ""})
    kept.refresh_from_db()
    assert (kept.rating_codes, kept.is_active) == ({"3": "above", "2": "meets", "1": "below"}, False)
    client.force_login(ratna)
    text = client.get(url("predicates")).content.decode()
    assert "Sistem kecamatan" in text
    assert url("profile", kept.pk) not in text


@pytest.mark.parametrize("model, facts", [(GapRule, {"name": "X", "kind": "result"}), (PredicateCell, {})])
def test_a_row_never_ends_before_it_begins(model, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 31), **facts)


# --- rules ---------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def missed(sari, wati, bkd):
    speed = IndicatorFactory(name="Kecepatan")
    stranger = AccountFactory(name="Orang Jauh")
    PlacementFactory(person=stranger, unit=bkd)
    for person in (sari, wati, stranger):
        evaluate(person, "Triwulan II 2025", scores=[(speed, 60)])
    GapRule.objects.all().delete()
    return speed


RULE = {"name": "Sekali meleset", "kind": "indicator", "consecutive_misses": "1", "cool_down_days": "0", "evidence_months": "18", "medium_from": "10",
        "large_from": "25", "default_remedies": ["course"]}  # fmt: skip


def test_a_rule_is_seen_before_it_is_switched_on(client, dewi, sari, missed):
    client.force_login(dewi)
    response = client.post(url("rule_new"), RULE)
    rule = GapRule.objects.get()
    assert response["Location"] == url("rule_simulation", rule.pk)
    assert not rule.is_active
    page = client.get(response["Location"])
    text = page.content.decode()
    assert "Sari Wulandari" in text
    assert "Kecepatan: 60" in text
    assert Gap.objects.count() == 0
    assert client.post(url("rule_on", rule.pk), {"token": "geraten"}).status_code == 422
    client.post(url("rule", rule.pk), RULE | {"consecutive_misses": "2"})
    assert client.post(url("rule_on", rule.pk), {"token": page.context["simulation"].token}).status_code == 422, (
        "it changed since"
    )
    client.post(url("rule", rule.pk), RULE)
    token = client.get(url("rule_simulation", rule.pk)).context["simulation"].token
    assert client.post(url("rule_on", rule.pk), {"token": token}).status_code == 302
    evaluations_finalised.connect(lambda evaluations, at, **_more: apply(*evaluations), weak=False)
    outbox.drain()
    assert Gap.objects.count() == 3
    assert "kesenjangan" in client.get(url("rule_simulation", rule.pk)).content.decode()
    client.post(url("rule", rule.pk), RULE | {"medium_from": "12"})
    rule.refresh_from_db()
    assert not rule.is_active
    assert client.get(url("rule_on", rule.pk)).status_code == 405


def test_hr_of_a_unit_simulates_with_her_people_only(client, dewi, ratna, missed):
    client.force_login(dewi)
    client.post(url("rule_new"), RULE)
    rule = GapRule.objects.get()
    client.force_login(ratna)
    text = client.get(url("rule_simulation", rule.pk)).content.decode()
    assert "Sari Wulandari" in text
    assert "Orang Jauh" not in text
    assert 'name="token"' not in text
    assert client.post(url("rule_on", rule.pk), {"token": ""}).status_code == 404
    assert client.post(url("rule_off", rule.pk)).status_code == 404
    assert AuditEvent.objects.filter(verb="rule.simulated", actor_id=ratna.pk, is_read=True).count() == 1


@pytest.mark.parametrize("wrong", [
    {"medium_from": "30"}, {"consecutive_misses": "0"}, {"kind": "unit"}, {"kind": "behaviour", "default_remedies": ["course"]},
    {"large_from": "viel"},
    {"valid_from": "2025-06-01", "valid_to": "2025-05-31"},
    {"evidence_months": "2147483648"}, {"name": ""}, {"consecutive_misses": "²"}, {"valid_from": "2025-06-01", "valid_to": "gestern"},
])  # fmt: skip
def test_a_rule_that_makes_no_sense(client, dewi, wrong):
    client.force_login(dewi)
    before = GapRule.objects.count()
    assert client.post(url("rule_new"), RULE | wrong).status_code == 422
    assert GapRule.objects.count() == before


def test_switching_off(client, dewi):
    rule = GapRule.objects.get(kind="result")
    client.force_login(dewi)
    client.post(url("rule_off", rule.pk))
    rule.refresh_from_db()
    assert not rule.is_active


def test_names_are_escaped(client, dewi, sari):
    IndicatorFactory(name="<script>alert(1)</script>")
    evaluate(sari, "Triwulan II 2025", result=Rating.BELOW)
    client.force_login(dewi)
    for name in LISTS:
        assert "<script>alert" not in client.get(url(name)).content.decode()
