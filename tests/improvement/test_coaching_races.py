"""Two taps at the same moment: one talk, one confirmed offer. Without the lock on the person both would look, find nothing, and plan."""

from __future__ import annotations

import pytest

from improvement.domain import guidance
from improvement.models import Guidance
from people.models import Notice
from tests.factories.improvement import jakarta
from tests.performance.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_talk_planned_by_two_taps_at_once_is_one_talk(story, sari, budi):
    story.measured("Triwulan II 2026", 71)
    case = story.case

    def tap(_hand):
        return guidance.plan_guidance(sari, conductor=budi, scheduled_at=jakarta(2026, 7, 23), gap=case, by=budi, at=story.now)

    talks = together(tap, 4)
    assert {getattr(talk, "pk", talk) for talk in talks} == {Guidance.objects.get().pk}
    assert Notice.objects.filter(person=sari, key__contains=":planned:").count() == 1
    assert case.proposals.get().state == "confirmed"
