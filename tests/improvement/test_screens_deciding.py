"""What superiors and HR decide on a screen (taking back, severity by hand), and what the person reads of it (L7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from improvement.domain import loop
from improvement.models import TrainingAssignment
from performance.enums import Cause, GapStatus, Severity
from performance.models import Gap
from tests.factories.performance import IndicatorFactory, evaluate


def opened(client, name, *args, **query):
    response = client.get(reverse(f"improvement:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


@pytest.fixture
def at_budi(client, budi):
    client.force_login(budi)
    return client


def test_a_course_just_given_is_taken_back_from_the_page_of_the_person(at_budi, story, sari, budi):
    story.measured("Triwulan II 2026", 71)
    offers = loop.agree_on_cause(story.child, Cause.SKILL, by=budi, at=story.now)
    assert at_budi.post(reverse("improvement:confirm", args=[offers[0].pk]), {}).status_code == 302
    given = TrainingAssignment.objects.get()
    back = reverse("improvement:take_back", args=[given.pk])
    assert f'action="{back}"' in opened(at_budi, "person", sari.pk)
    assert at_budi.post(back).status_code == 302
    assert Gap.objects.get(pk=story.child.pk).status == GapStatus.OPEN
    assert back not in opened(at_budi, "person", sari.pk)


def test_after_ten_minutes_the_button_is_gone(at_budi, story, sari, budi):
    loop.assign_without_gap(sari, course=story.courses[0], reason="Tugas baru.", due_on=None, by=budi)
    given = TrainingAssignment.objects.get()
    back = reverse("improvement:take_back", args=[given.pk])
    assert back in opened(at_budi, "person", sari.pk)
    TrainingAssignment.objects.update(undo_until=given.undo_until - timedelta(minutes=11))
    assert back not in opened(at_budi, "person", sari.pk)


# --- a target of 0 ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def complaints(story, sari, budi):
    """Three complaints where none is expected: a gap without a distance in percent."""
    indicator = IndicatorFactory(name="Pengaduan", direction="lower", unit_of_measure="kasus")
    evaluate(sari, "Triwulan II 2026", scores=[(indicator, 3, 0)], appraiser=budi, at=story.now)
    return Gap.objects.get(indicator=indicator)


def test_the_distance_from_a_target_of_nothing_is_given_by_hand(at_budi, complaints, sari):
    address = reverse("improvement:set_severity", args=[complaints.pk])
    assert f'action="{address}"' in opened(at_budi, "gap", complaints.pk)
    assert at_budi.post(address, {"severity": "enormous"}).status_code == 422
    assert at_budi.post(address, {"severity": Severity.LARGE}).status_code == 302
    complaints.refresh_from_db()
    assert complaints.severity == Severity.LARGE
    assert "Jarak besar" in opened(at_budi, "gap", complaints.pk)
    at_budi.force_login(sari)
    assert at_budi.post(address, {"severity": Severity.LIGHT}).status_code == 404


def test_a_distance_that_is_computed_is_not_changed_by_hand(at_budi, story):
    gap = story.missed("Triwulan II 2026", 71)
    address = reverse("improvement:set_severity", args=[gap.pk])
    assert address not in opened(at_budi, "gap", gap.pk)
    before = gap.severity
    assert at_budi.post(address, {"severity": Severity.LIGHT if before != Severity.LIGHT else Severity.LARGE}).status_code == 422
    gap.refresh_from_db()
    assert gap.severity == before


# --- L7 ---------------------------------------------------------------------------------------------------------------------------
def test_each_finding_says_on_how_many_cases_it_was_measured(client, story, sari):
    story.measured("Triwulan II 2026", 71)
    client.force_login(sari)
    assert "diukur dari 412 kasus" in opened(client, "my_performance")


def test_who_sees_the_page_is_told_in_full(client, story, sari):
    client.force_login(sari)
    page = opened(client, "my_performance")
    for reader in ("atasan langsung", "SDM pusat", "penilai", "auditor"):
        assert reader in page.lower() or reader in page, reader
