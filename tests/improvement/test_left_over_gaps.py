"""The result is at expectation again, one of its indicators is not: what is left over stands for itself and is seen by everybody concerned."""

from __future__ import annotations

import pytest
from django.urls import reverse

from improvement.domain import guidance, loop
from improvement.domain.check import check_trails
from improvement.domain.opened import tell_superiors
from improvement.domain.reconcile import reconcile_loop
from improvement.domain.summary import compute_summaries
from improvement.domain.team import counts_of, person_page, staff_of
from improvement.models import UnitSummary
from performance.enums import Cause, GapStatus, Rating
from performance.models import Gap
from tests.factories.improvement import jakarta


@pytest.fixture
def left_over(story) -> Gap:
    """Quarter 3: the result meets the expectation, the indicator stands at 75 of 90."""
    story.missed("Triwulan II 2026", 71)
    story.clock.move_to(2026, 10, 5)
    story.measured("Triwulan III 2026", 75, result=Rating.MEETS)
    assert (story.case.status, story.child.status) == (GapStatus.IMPROVED, GapStatus.OPEN)
    return story.child


def test_an_indicator_left_over_from_a_closed_case_is_a_case(left_over, story):
    assert left_over.is_case and list(Gap.objects.cases().order_by("pk")) == [story.case, left_over]
    story.clock.move_to(2027, 1, 5)
    story.measured("Triwulan IV 2026", 95)
    assert list(Gap.objects.cases()) == [story.case], "closed itself, it is a part of its case again"


def test_the_superior_sees_it_among_her_people_and_on_the_persons_page(left_over, story, budi, sari, client):
    assert [person.pk for person in staff_of(budi, on=story.now.date(), wanted="talk")] == [sari.pk]
    assert counts_of(budi, on=story.now.date()).decide == 1
    assert person_page(sari, viewer=budi).cases == [left_over]
    client.force_login(budi)
    assert reverse("improvement:gap", args=[left_over.pk]) in client.get(reverse("improvement:person", args=[sari.pk])).content.decode()


def test_hr_counts_and_lists_it(left_over, story, ratna, melati, client):
    compute_summaries(at=story.now)
    assert UnitSummary.objects.get(unit=melati).figures["gaps"]["open"] == 1
    client.force_login(ratna)
    page = client.get(reverse("improvement:gap_list")).content.decode()
    assert reverse("improvement:gap", args=[left_over.pk]) in page or reverse("improvement:trail", args=[left_over.pk]) in page


def test_what_was_waived_as_a_case_leaves_its_indicator_to_be_seen(story, budi, sari):
    story.missed("Triwulan II 2026", 71)
    loop.waive(story.case, reason="Predikat dipersoalkan.", by=budi, at=story.now)
    assert person_page(sari, viewer=budi).cases == [story.child]
    assert [person.pk for person in staff_of(budi, on=story.now.date(), wanted="talk")] == [sari.pk]
    assert tell_superiors(at=story.now) == 1


def test_it_gets_a_talk_of_its_own_offered_and_planned(left_over, story, budi, sari):
    """Not a lack of skill: a course is no answer, so the talk must be one."""
    assert list(left_over.proposals.values_list("remedy", "state")) == [("guidance", "proposed")]
    offers = loop.agree_on_cause(left_over, Cause.TOOL, by=budi, at=story.now)
    assert [offer.remedy for offer in offers] == ["guidance"]
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2026, 10, 12), gap=left_over, by=budi, at=story.now)
    assert talk.gap == left_over and story.child.status == GapStatus.ADDRESSED
    talk = guidance.save_talk(talk, version=talk.version, by=budi, at=story.now)
    guidance.close_without_action(talk, by=budi, at=story.now)
    assert story.child.status == GapStatus.AWAITING_REVIEW
    assert check_trails().broken == [] and not any(reconcile_loop(at=story.now).values())


def test_a_talk_on_the_case_before_it_closed_still_answers_the_part(story, budi, sari):
    """The case improves while the talk is still to come: the part was addressed by it and stays so."""
    story.missed("Triwulan II 2026", 71)
    loop.agree_on_cause(story.child, Cause.TOOL, by=budi, at=story.now)
    talk = guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2026, 10, 12), gap=story.case, by=budi, at=story.now)
    story.clock.move_to(2026, 10, 5)
    loop.review(story.case, verdict="improved", finding="Kelas loket tertib.", by=budi, at=story.now)
    assert story.child.status == GapStatus.ADDRESSED
    talk = guidance.save_talk(talk, version=talk.version, by=budi, at=story.now)
    guidance.close_without_action(talk, by=budi, at=story.now)
    assert story.child.status == GapStatus.AWAITING_REVIEW
