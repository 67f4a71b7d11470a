"""What the clock does for the loop: who is told, once; what is asked, for a while; nothing that grows for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from improvement.domain import daily
from improvement.domain.opened import tell_superiors
from people.models import Notice
from performance.enums import GapStatus
from performance.models import Gap
from tests.factories.people import AccountFactory, PlacementFactory

pytestmark = pytest.mark.django_db


def told(budi):
    return Notice.objects.filter(person=budi, key__startswith="gaps:").count()


def test_a_gap_found_late_in_the_evening_is_told_once(story, budi):
    story.clock.move_to(2026, 7, 13, hour=22)
    story.measured("Triwulan II 2026", 71)
    assert tell_superiors(at=story.clock.pass_time(minutes=30)) == 1
    for _half_hour in range(20):
        tell_superiors(at=story.clock.pass_time(minutes=30))
    assert told(budi) == 1


def test_what_was_found_after_today_s_notice_is_told_tomorrow(story, budi, melati):
    story.measured("Triwulan II 2026", 71)
    tell_superiors(at=story.now)
    colleague = AccountFactory()
    PlacementFactory(person=colleague, unit=melati, superior=budi)
    story.clock.pass_time(hours=6)
    story.measured("Triwulan II 2026", 71, person=colleague)
    tell_superiors(at=story.now)
    assert told(budi) == 1, "at most once a day"
    tell_superiors(at=story.clock.pass_time(hours=16))
    assert told(budi) == 2


def test_the_call_for_a_review_goes_out_and_ends(story):
    story.measured("Triwulan II 2026", 71)
    waiting = Gap.objects.get(pk=story.case.pk)
    Gap.objects.filter(pk=waiting.pk).update(status=GapStatus.AWAITING_REVIEW, awaiting_since=story.now)

    def due(days):
        return list(daily.gaps_due_for_review(at=story.now + timedelta(days=days)))

    assert due(89) == []
    assert due(90) == due(119) == [waiting]
    assert due(121) == [], "not looked up every day for ever"
