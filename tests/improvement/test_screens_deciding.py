"""What superiors and HR decide on a screen: taking back, severity by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from improvement.domain import loop
from improvement.models import TrainingAssignment
from performance.enums import Cause, GapStatus
from performance.models import Gap


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
