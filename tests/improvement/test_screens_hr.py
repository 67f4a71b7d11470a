"""HR's screens: every number opens its rows, filters stand in the address, lists can be taken away as files (H1 to H4); plans of the cells (H9)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from core.domain.dates import local_today
from improvement.domain import loop
from improvement.domain.overview_page import figures_of
from improvement.domain.summary import compute_summaries, overview
from improvement.models import BulkAssignment, Guidance, Proposal, RemedyRule
from people.enums import PostKind, Role
from performance.enums import Cause, GapStatus
from performance.models import EvaluationPeriod, Gap, GapRule
from tests.factories.people import AccountFactory, GrantFactory, PlacementFactory, PositionFactory


def opened(client, name, *args, **query):
    response = client.get(reverse(f"improvement:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


@pytest.fixture
def at_hr(client, ratna):
    client.force_login(ratna)
    return client


@pytest.fixture
def measured(story, melati, budi):
    """Fifteen in Melati: Sari (post pelaksana) in the second quarter; three functional ones in the third, of whom one improved since."""
    others = [AccountFactory(name=f"Rekan {number}") for number in range(13)]
    post = PositionFactory(name="Arsiparis", kind=PostKind.FUNCTIONAL)
    for person in others:
        PlacementFactory(person=person, unit=melati, superior=budi, position=post)
    story.measured("Triwulan II 2026", 71)
    story.clock.move_to(2026, 10, 12)
    for person in others[:3]:
        story.measured("Triwulan III 2026", 80, person=person)
    story.clock.move_to(2027, 1, 11)
    story.measured("Triwulan IV 2026", 95, person=others[0])
    compute_summaries(at=story.now)
    return story


def period(label):
    return next(one for one in EvaluationPeriod.objects.all() if one.label.replace("\N{NO-BREAK SPACE}", " ") == label)


# --- H1 --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("narrowing", [{}, {"period": "Triwulan III 2026"}, {"post": PostKind.FUNCTIONAL}, {"post": PostKind.EXECUTIVE},
                                       {"period": "Triwulan II 2026", "post": PostKind.FUNCTIONAL}])  # fmt: skip
def test_every_number_of_the_overview_opens_exactly_its_rows(narrowing, at_hr, measured, ratna, melati):
    Gap.objects.filter(person__name="Rekan 1").update(status=GapStatus.PERSISTING)
    compute_summaries(at=measured.now)
    chosen = narrowing | ({"period": period(narrowing["period"])} if "period" in narrowing else {})
    for unit in (None, melati):
        for figure in figures_of(overview(ratna, unit=unit, **chosen)):
            if address := figure.get("url"):
                response = at_hr.get(address)
                assert response.status_code == 200, address
                assert response.context["page_obj"].paginator.count == int(figure["value"]), (figure["label"], address)


def test_persisting_gaps_stand_among_the_open_ones(measured, ratna):
    Gap.objects.filter(person__name="Rekan 1").update(status=GapStatus.PERSISTING)
    compute_summaries(at=measured.now)
    assert figures_of(overview(ratna))[1]["value"] == "3"


def test_improved_this_year_opens_this_year_only(at_hr, measured, ratna):
    assert figures_of(overview(ratna))[4]["value"] == "1"
    Gap.objects.filter(status=GapStatus.IMPROVED).update(closed_at=measured.now - timedelta(days=400))
    compute_summaries(at=measured.now)
    figure = figures_of(overview(ratna))[4]
    assert figure["value"] == "0"
    assert dict(parse_qsl(urlsplit(figure["url"]).query))["tahun"] == "2027"
    assert at_hr.get(figure["url"]).context["page_obj"].paginator.count == 0
    assert at_hr.get(reverse("improvement:gap_list"), {"status": "improved"}).context["page_obj"].paginator.count == 1


def test_filters_by_period_and_kind_of_post_count_what_they_say(measured, ratna):
    everything = overview(ratna).figures
    assert (everything["people"], everything["gaps"]["open"], everything["gaps"]["improved"]) == (16, 3, 1)
    third = overview(ratna, period=period("Triwulan III 2026")).figures
    assert (third["people"], third["gaps"]["open"], third["gaps"]["improved"]) == (16, 2, 1)
    functional = overview(ratna, post=PostKind.FUNCTIONAL).figures
    assert (functional["people"], functional["gaps"]["open"]) == (13, 2)
    both = overview(ratna, period=period("Triwulan II 2026"), post=PostKind.FUNCTIONAL).figures
    assert (both["people"], both["gaps"].get("open", 0)) == (13, 0)
    assert overview(ratna, post=PostKind.JPT).figures.get("people", 0) == 0


def test_learning_hours_of_a_period_end_with_it(measured, sari, ratna):
    measured.clock.move_to(2026, 8, 3)
    measured.assigned()
    measured.clock.move_to(2026, 8, 20)
    measured.learned()
    compute_summaries(at=measured.clock.move_to(2027, 1, 11))
    minutes = {label: overview(ratna, period=period(label)).figures["minutes"] for label in ("Triwulan II 2026", "Triwulan III 2026")}
    assert minutes == {"Triwulan II 2026": 0, "Triwulan III 2026": 225}
    assert overview(ratna).figures["minutes"] == 0, "nothing was learned in the new year yet"


def test_the_filters_stand_on_the_page_and_in_its_addresses(at_hr, measured, melati):
    third = period("Triwulan III 2026")
    page = opened(at_hr, "overview", unit=melati.pk, periode=third.pk, jabatan="fungsional")
    assert f'<option value="{third.pk}" selected>' in page and '<option value="fungsional" selected>' in page
    assert f"unit={melati.pk}&amp;periode={third.pk}&amp;jabatan=fungsional" in page
    assert reverse("improvement:export_unit_learning", args=[melati.pk]) in page


@pytest.mark.parametrize("query", [{"unit": "abc"}, {"periode": "x"}, {"periode": "99999"}, {"jabatan": "raja"}])
@pytest.mark.parametrize("name", ["overview", "gap_list"])
def test_a_filter_that_does_not_exist_is_not_found(name, query, at_hr, measured):
    assert at_hr.get(reverse(f"improvement:{name}"), query).status_code == 404


@pytest.mark.parametrize("query", [{"status": "sleeping"}, {"tahun": "MMXXVI"}, {"tahun": "999999"}])
def test_a_choice_of_gaps_that_does_not_exist_is_not_found(query, at_hr, measured):
    assert at_hr.get(reverse("improvement:gap_list"), query).status_code == 404


def test_hr_of_another_unit_is_not_offered_this_unit(client, measured, melati, cempaka):
    client.force_login(GrantFactory(role=Role.HR_UNIT, unit=cempaka).person)
    assert "Kelurahan Melati" not in opened(client, "overview")
    for name in ("overview", "gap_list", "gaps", "coaching_monitor"):
        assert client.get(reverse(f"improvement:{name}"), {"unit": melati.pk}).status_code == 404


# --- H2 --------------------------------------------------------------------------------------------------------------------------
def test_offers_are_narrowed_to_a_unit_and_it_stays_chosen(at_hr, story, budi, melati, cempaka):
    story.measured("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    page = opened(at_hr, "gaps", unit=melati.pk)
    assert f'<option value="{melati.pk}" selected>' in page
    key = page.split('name="usulan" value="')[1].split('"')[0]
    assert 'name="usulan"' not in opened(at_hr, "gaps", unit=cempaka.pk)
    expected = opened(at_hr, "gaps", unit=melati.pk, usulan=key).split('name="expected" value="')[1].split('"')[0]
    done = at_hr.post(f"{reverse('improvement:gaps')}?unit={melati.pk}", {"usulan": key, "expected": expected})
    assert (done.status_code, done["Location"]) == (302, f"{reverse('improvement:gaps')}?unit={melati.pk}")
    assert BulkAssignment.objects.get().count == 1


# --- H3 --------------------------------------------------------------------------------------------------------------------------
def test_rows_left_out_are_taken_away_as_a_file(at_hr, story, sari):
    url = reverse("improvement:bulk")
    facts = {"course": story.courses[0].pk, "nips": f"{sari.nip}\n123\n=CMD()", "reason": "Aplikasi baru."}
    assert 'value="dilewati"' in at_hr.post(url, facts).content.decode()
    response = at_hr.post(url, facts | {"unduh": "dilewati"})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert response["Content-Disposition"] == 'attachment; filename="penugasan-dilewati.csv"'
    assert len(lines) == 3 and lines[1].startswith("2;123;") and "Sari" not in response.content.decode()
    assert not lines[2].startswith("3;=CMD"), "no formula"
    everything = at_hr.post(url, facts | {"unduh": "semua"}).content.decode()
    assert "Sari Wulandari" in everything and len(everything.splitlines()) == 4
    assert at_hr.post(url, facts | {"unduh": "apa"}).status_code == 404
    assert BulkAssignment.objects.count() == 0, "a file assigns nothing"


def test_the_file_holds_every_row_not_only_the_hundred_of_the_page(at_hr, story, sari):
    facts = {"course": story.courses[0].pk, "nips": "\n".join(str(number) for number in range(130)), "reason": "Aplikasi baru."}
    url = reverse("improvement:bulk")
    assert at_hr.post(url, facts).content.decode().count('scope="row"') == 100
    assert len(at_hr.post(url, facts | {"unduh": "dilewati"}).content.decode().splitlines()) == 131


# --- H4 --------------------------------------------------------------------------------------------------------------------------
def test_agreements_are_listed_unit_by_unit(at_hr, story, sari, budi, wati, cempaka, melati, ratna):
    at = story.now
    for person, days in ((sari, 1), (wati, 30)):
        talk = Guidance.objects.create(person=person, conductor=budi, scheduled_at=at, state="closed", created_at=at)
        Guidance.objects.filter(pk=talk.pk).update(action=f"Langkah {person.name}", action_due_on=local_today() - timedelta(days=days))
    page = opened(at_hr, "coaching_monitor")
    table = page[page.index("<tbody>") :]
    assert table.index("Kelurahan Melati") < table.index("Langkah Sari") < table.index("Kelurahan Cempaka") < table.index("Langkah Wati")
    one = opened(at_hr, "coaching_monitor", unit=cempaka.pk)
    assert "Langkah Wati" in one and "Langkah Sari" not in one


# --- H9: the plans of the cells ---------------------------------------------------------------------------------------------------
def test_the_rule_says_what_is_offered_and_the_plan_by_when(client, story, sari, ratna, budi):
    story.measured("Triwulan II 2026", 71, behaviour="below")
    talk, support = (Proposal.objects.get(gap__kind=kind) for kind in ("result", "behaviour"))
    assert (talk.remedy, support.remedy) == ("guidance", "counselling")
    assert talk.reason["within_days"] == 14
    assert talk.reason["improve_until"] == "2027-01-13", "six months from the finding on 13 July"
    for reader, sees_time in ((ratna, True), (budi, False)):
        client.force_login(reader)
        page = opened(client, "gap", story.case.pk)
        assert "27 Juli 2026" in page.replace("\N{NO-BREAK SPACE}", " "), "the talk within 14 days"
        assert talk.reason["note"] in page
        assert ("13 Januari 2027" in page.replace("\N{NO-BREAK SPACE}", " ")) is sees_time


@pytest.mark.parametrize("chosen, offered", [(["course"], set()), (["guidance"], {"guidance"}), ([], {"guidance"})])
def test_remedies_of_a_gap_rule_take_effect(chosen, offered, story, budi):
    GapRule.objects.update(default_remedies=chosen)
    story.measured("Triwulan II 2026", 71)
    assert set(story.case.proposals.values_list("remedy", flat=True)) == offered
    courses = loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    assert bool(courses) == (chosen != ["guidance"])


def test_behaviour_begins_with_support_whatever_the_rule_says(story):
    GapRule.objects.update(default_remedies=["course"])
    story.measured("Triwulan II 2026", 95, behaviour="below")
    assert list(Proposal.objects.values_list("remedy", flat=True)) == ["counselling"]


def test_a_plan_is_kept_and_another_one_follows_from_a_later_day(client, story, dewi, ratna):
    plan = RemedyRule.objects.get(result_rating="below", behaviour_rating="meets")
    client.force_login(dewi)
    assert reverse("improvement:plans") in client.get(reverse("performance:indicators")).content.decode()
    facts = {"within_days": "21", "improvement_months": "", "note": "Bimbingan dalam tiga pekan.", "legal_basis": "Pergub 9/2026"}
    page = reverse("improvement:plan_of_cell", args=[plan.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, facts | {"within_days": "0"}).status_code == 422
    assert client.post(page, facts | {"valid_from": "2026-02-01", "valid_to": "2026-01-01"}).status_code == 422
    assert client.post(page, facts).status_code == 302
    assert "Bimbingan dalam tiga pekan." in opened(client, "plans")
    later = reverse("improvement:plan_later", args=[plan.pk])
    assert client.get(later).status_code == 200
    assert client.post(later, facts | {"within_days": "7"}).status_code == 422, "from which day?"
    assert client.post(later, facts | {"within_days": "7", "valid_from": "2026-10-01"}).status_code == 302
    story.measured("Triwulan III 2026", 71)
    assert story.case.proposals.get().reason["within_days"] == 21, "the quarter had ended before"
    story.measured("Triwulan IV 2026", 71, person=ratna)
    assert Proposal.objects.get(gap__person=ratna, gap__kind="result").reason["within_days"] == 7
    client.force_login(ratna)
    assert page not in opened(client, "plans")
    assert client.get(page).status_code == client.post(later, facts).status_code == 404
